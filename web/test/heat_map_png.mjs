// node web/test/heat_map_png.mjs REPORT.html OUT.png: the first heat map of a sweep's report as a picture.
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { open, start } from "./browser.mjs";

const [report, out] = process.argv.slice(2);
if (!report || !out) {
  console.error("usage: node web/test/heat_map_png.mjs REPORT.html OUT.png");
  process.exit(2);
}
const browser = await start();
try {
  const page = await open(browser, pathToFileURL(resolve(report)).href, { size: [980, 900], scale: 2 });
  await page.addStyleTag({ content: "[data-heat-map] .controls { display: none }" }); // a picture has no switches
  const map = page.locator("[data-heat-map]").first();
  if ((await map.count()) === 0) throw new Error(`${report} has no heat map: it is not a sweep of several cells`);
  await map.screenshot({ path: out });
} catch (error) {
  console.error(`heat_map_png: ${error.message}`);
  process.exitCode = 1;
} finally {
  await browser.close();
}
