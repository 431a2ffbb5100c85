// Chromium for the reports: opens a page and gathers what went wrong on it.
import { execFileSync } from "node:child_process";
import { chromium } from "playwright-core";

const flags = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

export function start() {
  const executablePath = execFileSync("sh", ["-c", "command -v chromium"], { encoding: "utf8" }).trim();
  return chromium.launch({ executablePath, args: flags });
}

/** size: [width, height]; scale: pixels of the device to one of the page; the page's `faults` are errors, warnings, dialogs and requests to anywhere but its file. */
export async function open(browser, url, { size = [1280, 900], dark = false, scale = 1 } = {}) {
  const context = await browser.newContext({
    viewport: { width: size[0], height: size[1] }, colorScheme: dark ? "dark" : "light", deviceScaleFactor: scale,
  });
  context.setDefaultTimeout(120_000); // a busy machine is no fault of the page
  const page = await context.newPage();
  page.faults = [];
  page.on("console", (message) => page.faults.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => page.faults.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => {
    page.faults.push(`dialog: ${dialog.message()}`);
    return dialog.dismiss();
  });
  page.on("request", (request) => {
    if (!/^(file|data):/.test(request.url())) page.faults.push(`request: ${request.url()}`);
  });
  await page.goto(url, { waitUntil: "load" });
  await page.waitForFunction(() => [...document.querySelectorAll(".chart")].every((chart) => chart.querySelector("svg")));
  return page;
}
