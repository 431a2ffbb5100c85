// What the tests of the reports share: they open the pages of the folder REPORTS in one Chromium.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { pathToFileURL } from "node:url";
import { open, start } from "./browser.mjs";

let browser;
before(async () => (browser = await start()));
after(() => browser?.close());

/** Opens NAME.html, and holds it against having done anything wrong after the check. */
export async function visit(name, options, check) {
  const page = await open(browser, pathToFileURL(`${process.env.REPORTS}/${name}.html`).href, options);
  try {
    await check(page);
    assert.deepEqual(page.faults, []);
  } finally {
    await page.context().close();
  }
}

/** How many of the chart's lines and bars (what has a series' colour: axes and shades have not) take up room. */
export const shapes = (page, chart) => page.locator(`[data-chart=${chart}] svg path`).evaluateAll((paths) => {
  const style = getComputedStyle(document.documentElement);
  const colours = [1, 2, 3, 4, 5, 6, 7, 8].map((i) => style.getPropertyValue(`--series-${i}`).trim());
  return paths.filter((path) => ["fill", "stroke"].some((name) => colours.includes(path.getAttribute(name))))
    .map((path) => path.getBBox()).filter(({ width, height }) => width > 0 || height > 0).length;
});

/** How far the page scrolls sideways. */
export const overflow = (page) => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
export const ground = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
/** The colour of a chart's texts. */
export const ink_of = (page, chart) => page.locator(`[data-chart=${chart}] svg text`).first().getAttribute("fill");
export const text_of = (page) => page.locator("#page").innerText();

/** Returns when the page has heard of it: media events are sent with the next frame. */
export async function change_media(page, media) {
  await page.emulateMedia(media);
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}
