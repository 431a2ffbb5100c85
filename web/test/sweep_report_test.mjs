// REPORTS=FOLDER node web/test/sweep_report_test.mjs: opens reports of a sweep in Chromium.
// tests/cli/sweep/sweep_html_report_e2etest.cpp writes them: sweep.html (pool × actors × batching × users), hostile.html (markup in
// every text, too many panels for one page), models.html, rates.html (arrivals, two workloads), one.html (one cell),
// unknown.html (figures missing), refuted.html (no curve follows the law), none.html (no recommendation), nothing.html (no cell ran).
import assert from "node:assert/strict";
import { test } from "node:test";
import { change_media, ground, ink_of, overflow, shapes, text_of, visit } from "./pages.mjs";

const data_of = async (page) => JSON.parse(await page.locator("#data").textContent());
const values_of = (page, table, column) => page.locator(`[data-table=${table}] tbody tr > :nth-child(${column})`).allInnerTexts();
const choose = (page, label, option) => page.locator("[data-heat-map]").first().getByLabel(label, { exact: true }).selectOption(option);
const figures_of = (text) => Number(text.replaceAll(",", "").match(/[\d.]+/)[0]);

for (const [chart, least] of Object.entries({ scaling: 12, latency: 12 })) {
  test(`the ${chart} chart is drawn and has a text alternative`, () => visit("sweep", {}, async (page) => {
    const drawn = await shapes(page, chart);
    assert.ok(drawn >= least, `${drawn} lines and points`);
    const box = page.locator(`[data-chart=${chart}]`);
    assert.notEqual(await box.getAttribute("aria-label"), "");
    assert.match(await page.locator(`#${await box.getAttribute("aria-describedby")}`).innerText(), /\d/);
  }));
}

test("the answer stands above everything that is drawn", () => visit("sweep", {}, async (page) => {
  const answer = page.locator(".answer.good");
  assert.match(await answer.locator(".verdict").innerText(), /^Run pool_size=4 /);
  assert.equal(await answer.locator("ul li").count(), 4);
  const { summary } = await data_of(page);
  const { rate_per_s } = summary.cells[summary.recommendations[0].cheapest_cell];
  assert.ok((await answer.locator(".tiles").innerText()).includes(Math.round(rate_per_s.median).toLocaleString("en")));
  const top = (selector) => page.locator(selector).first().evaluate((node) => node.getBoundingClientRect().top);
  assert.ok(await top(".answer") < await top("[data-heat-map]"));
}));

test("the heat map has a cell for each cell of the sweep, and the best one marked", () => visit("sweep", {}, async (page) => {
  const { summary: { cells, recommendations } } = await data_of(page);
  assert.equal(await page.locator(".heat-map").count(), 12);
  assert.equal(await page.locator(".heat-map td.heat").count(), cells.length);
  assert.equal(await page.locator(".heat-map td.blank").count(), 12); // pool 16 with one actor was not measured
  assert.equal(await page.locator(".heat-map td.blank", { hasText: "not measured" }).count(), 12);
  const best = cells.reduce((a, b) => (b.rate_per_s.median > a.rate_per_s.median ? b : a));
  const marked = page.locator(".heat-map td.best");
  assert.equal(await marked.count(), 1);
  assert.match(await marked.innerText(), /★/);
  const { settings } = best.cell.configuration;
  const title = await marked.getAttribute("title");
  assert.ok(title.startsWith(`batching=${settings["database.batching"]} pool_size=${settings["database.pool_size"]} ` +
    `connection_actors=${settings["server.connection_actors"]}, ${best.cell.load.users} users: `), title);
  assert.equal(await marked.evaluate((node) => node.className), "heat heat-8 best");
  const recommended = cells[recommendations[0].cheapest_cell];
  assert.equal(await page.locator(".heat-map td", { has: page.locator(".tick") }).getAttribute("title")
    .then((text) => text.includes(`${Math.round(recommended.rate_per_s.median).toLocaleString("en")}/s`)), true);
  const failed = cells.filter(({ error_rate }) => error_rate > 0).length;
  assert.ok(failed > 0);
  assert.equal(await page.locator(".heat-map .errors").count(), failed);
}));

test("by latency the lowest is best, and never one with errors", () => visit("sweep", {}, async (page) => {
  const { summary: { cells } } = await data_of(page);
  await choose(page, "Show", "p99");
  assert.equal(await page.locator("[data-heat-map] h3").innerText(), "p99 latency");
  const best = cells.reduce((a, b) => (b.p99_us.median < a.p99_us.median ? b : a));
  const title = await page.locator(".heat-map td.best").getAttribute("title");
  assert.match(title, new RegExp(`, 1 user: ${Math.round(best.p99_us.median)} µs|, 1 user: ${(best.p99_us.median / 1e3).toFixed(2)} ms`));
  assert.equal(await page.locator(".heat-map td.best").evaluate((node) => node.className), "heat heat-8 best");
}));

test("the axes of the heat map are the reader's choice", () => visit("sweep", {}, async (page) => {
  const axes = () => page.locator(".heat-map .axes").first().innerText();
  assert.match(await axes(), /↓ pool_size\s*connection_actors →/);
  await choose(page, "Across", "load");
  assert.match(await axes(), /↓ pool_size\s*users →/);
  assert.equal(await page.locator(".heat-map").count(), 9);
  await choose(page, "Down", "load"); // stands across already: they change places
  assert.match(await axes(), /↓ users\s*pool_size →/);
  assert.deepEqual(await page.locator(".heat-map").first().locator("tbody th").allInnerTexts(), ["1", "8", "64", "256"]);
}));

test("what is too much for twelve panels is held behind a choice", () => visit("hostile", {}, async (page) => {
  const first = () => page.locator(".heat-map td.heat").first().innerText();
  assert.equal(await page.locator(".heat-map").count(), 12);
  const held = page.locator("[data-heat-map]").getByLabel("users", { exact: true });
  assert.equal(await held.inputValue(), "256");
  const before_choice = await first();
  await held.selectOption("1");
  assert.notEqual(await first(), before_choice);
  assert.equal(await page.locator(".heat-map").count(), 12);
}));

for (const dark of [false, true]) {
  test(`values in the heat map stand out from their colours${dark ? " in the dark" : ""}`, () => visit("sweep", { dark }, async (page) => {
    const contrasts = await page.locator(".ramp span").evaluateAll((steps) => steps.map((step) => {
      const light = (colour) => {
        const [r, g, b] = colour.match(/\d+/g).map((part) => part / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const style = getComputedStyle(step);
      const [a, b] = [light(style.color), light(style.backgroundColor)].sort((x, y) => y - x);
      return (a + 0.05) / (b + 0.05);
    }));
    assert.equal(contrasts.length, 9);
    assert.ok(contrasts.every((contrast) => contrast >= 4.5), contrasts.join(" "));
  }));
}

test("a click on a header sorts, a second one the other way, and the keyboard does, too", () => visit("sweep", {}, async (page) => {
  const header = (name) => page.locator("[data-table=cells] th", { hasText: name });
  const is_sorted = (values, sign) => values.every((value, i) => i === 0 || sign * (value - values[i - 1]) >= 0);
  const rates = async () => (await values_of(page, "cells", 5)).map(figures_of);
  assert.equal(await header("Requests/s").getAttribute("aria-sort"), "descending");
  assert.ok(is_sorted(await rates(), -1));
  await header("Requests/s").getByRole("button").click();
  assert.equal(await header("Requests/s").getAttribute("aria-sort"), "ascending");
  assert.ok(is_sorted(await rates(), 1));
  await header("In flight").getByRole("button").press("Enter");
  assert.equal(await page.locator("[data-table=cells] [aria-sort]").count(), 1);
  assert.ok(is_sorted((await values_of(page, "cells", 8)).map(figures_of), 1));
  await header("connection_actors").getByRole("button").press("Space");
  const actors = await values_of(page, "cells", 3);
  assert.deepEqual([...new Set(actors)], ["1", "8", "per-connection"], "numbers before words, as they grow");
}));

test("what is not known stands at the end of a sorted table, both ways", () => visit("unknown", {}, async (page) => {
  const button = page.locator("[data-table=cells] th", { hasText: "p99" }).getByRole("button");
  for (const direction of ["ascending", "descending"]) {
    await button.click();
    const values = await values_of(page, "cells", 7);
    const known = values.filter((text) => text !== "–").length;
    assert.ok(known > 0 && known < values.length, direction);
    assert.ok(values.slice(known).every((text) => text === "–"), direction);
  }
}));

test("chips choose which configurations are drawn", () => visit("sweep", {}, async (page) => {
  const chips = page.locator(".chip");
  assert.equal(await chips.count(), 8);
  const [scaling, latency] = [await shapes(page, "scaling"), await shapes(page, "latency")];
  await chips.nth(7).click();
  assert.ok(await shapes(page, "scaling") > scaling);
  assert.ok(await shapes(page, "latency") > latency);
  for (const chip of await chips.all()) if (await chip.locator("input").isChecked()) await chip.click();
  assert.equal(await shapes(page, "scaling"), 0);
  assert.match(await page.locator("figure:has([data-chart=scaling]) .summary").innerText(), /^Choose/);
}));

test("a cursor on a point is answered with its values", () => visit("hostile", {}, async (page) => {
  for (const chart of ["scaling", "latency"]) {
    const { x, y } = await page.locator(`[data-chart=${chart}] svg path`).evaluateAll((paths) => {
      const colour = getComputedStyle(document.documentElement).getPropertyValue("--series-1").trim();
      const filled = paths.filter((path) => path.getAttribute("fill") === colour).map((path) => path.getBoundingClientRect())
        .filter(({ width, height }) => width > 6 && width < 12 && Math.abs(width - height) < 2);
      const { left, top, width, height } = filled[filled.length - 1];
      return { x: left + width / 2 + window.scrollX, y: top + height / 2 + window.scrollY };
    });
    const box = page.locator(`[data-chart=${chart}]`);
    const origin = await box.evaluate((node) => {
      const { left, top } = node.getBoundingClientRect();
      return { x: left + window.scrollX, y: top + window.scrollY };
    });
    await box.hover({ position: { x: x - origin.x, y: y - origin.y } });
    await page.locator(`[data-chart=${chart}] .tip-row`, { hasText: "requests/s" }).waitFor({ timeout: 5000 });
  }
}));

test("each model has a waterfall of all its stages", () => visit("models", {}, async (page) => {
  assert.equal(await page.locator(".waterfalls li").count(), 4);
  assert.equal(await page.locator(".waterfalls .part").count(), 20);
  const ends = await page.locator(".stack").evaluateAll((bars) => bars.map((bar) =>
    bar.lastElementChild.getBoundingClientRect().right - bar.getBoundingClientRect().right));
  assert.ok(ends.every((beyond) => beyond < 1) && ends.some((beyond) => Math.abs(beyond) < 1), ends.join(" "));
  assert.equal(await page.locator("[data-table=waterfall] tbody tr").count(), 4);
  assert.match(await page.locator(".heat-map .axes").innerText(), /↓ model\s*users →/);
}));

test("the fitted law is given in numbers, and the seed with all its 64 bits", () => visit("sweep", {}, async (page) => {
  const { summary } = await data_of(page);
  assert.equal(await page.locator("[data-table=usl] tbody tr").count(), summary.curves.length);
  assert.match(await page.locator("[data-table=usl] tbody tr").first().innerText(), /3,100 3,038–3,162.*2\.1 %.*0\.340.*knee at \d+ in flight/s);
  assert.ok((await text_of(page)).includes("12345678901234567891"));
}));

test("a law that does not describe the server is not drawn and has no peak, but its knee by Kneedle is told", () => visit("refuted", {}, async (page) => {
  const row = await page.locator("[data-table=usl] tbody tr").first().innerText();
  assert.match(row, /23\.0 %\s+< 0\.001\s+–\s+–\s+knee at 20 in flight \(Kneedle alone: USL does not describe this server/);
  const legend = await page.locator("figure:has([data-chart=scaling]) .legend").innerText();
  assert.doesNotMatch(legend, /Universal Scalability Law/);
  assert.match(legend, /knee/);
  assert.ok(await shapes(page, "scaling") > 0);
}));

test("arrival rates need no law, and each workload has an answer of its own", () => visit("rates", {}, async (page) => {
  assert.equal(await page.locator(".answer").count(), 2);
  assert.equal(await page.locator("[data-heat-map]").count(), 2);
  assert.equal(await page.locator("[data-table=usl]").count(), 0);
  assert.equal(await page.locator("[data-heat-map] h3").first().innerText(), "p99 latency", "the rate is given");
  assert.deepEqual(await page.locator("[data-heat-map]").first().locator("caption").allInnerTexts(),
    ["1,000 arrivals/s", "5,000 arrivals/s", "20,000 arrivals/s"]);
  assert.ok(await shapes(page, "latency-2") > 0);
}));

test("one cell has no map and no curve, but its row", () => visit("one", {}, async (page) => {
  assert.equal(await page.locator("[data-heat-map], [data-chart]").count(), 0);
  assert.equal(await page.locator("[data-table=cells] tbody tr").count(), 1);
  assert.equal(await page.locator(".waterfalls li").count(), 1);
}));

test("an outside service is told by its axes and its CPUs, without connections and workers", () => visit("outside", {}, async (page) => {
  assert.match(await page.locator("h1").innerText(), /pool/);
  const tiles = await page.locator(".answer .tiles").innerText();
  assert.match(tiles, /1\.25/);
  assert.doesNotMatch(tiles, /connections|worker/i);
  const heads = await page.locator("[data-table=cells] thead").innerText();
  assert.match(heads, /service cpus/i);
  assert.doesNotMatch(heads, /worker cpu|rows/i);
  assert.doesNotMatch(await text_of(page), /NaN|null|undefined|Infinity/);
}));

test("figures that are not known are dashes, never numbers", () => visit("unknown", {}, async (page) => {
  assert.doesNotMatch(await text_of(page), /NaN|null|undefined|Infinity/);
  assert.equal(await page.locator(".answer.warn").count(), 1);
  assert.equal(await page.locator(".heat-map td.unknown").count(), (await data_of(page)).summary.cells.length / 2);
}));

test("a sweep without a recommendation says so and recommends nothing", () => visit("none", {}, async (page) => {
  assert.match(await page.locator(".answer.bad").innerText(), /^No configuration can be recommended/);
  assert.equal(await page.locator(".heat-map .tick, .answer .tiles").count(), 0);
}));

test("a sweep that ended at once says so and draws nothing", () => visit("nothing", {}, async (page) => {
  assert.match(await text_of(page), /Nothing was measured/);
  assert.equal(await page.locator("[data-chart], [data-heat-map], [data-table]").count(), 0);
}));

test("markup in texts is shown and never obeyed", () => visit("hostile", {}, async (page) => {
  const hostile = "<img src=x onerror=alert(1)> </script><b>&amp;";
  await page.locator("details").evaluateAll((all) => all.forEach((one) => (one.open = true)));
  for (const place of [".origin", ".verdict", ".answer ul", ".banner", "[data-heat-map] .summary", ".heat-map caption", ".chips",
    "figure:has([data-chart=scaling]) .summary", ".waterfalls", "[data-table=cells] tbody", "[data-table=usl] tbody",
    "section:last-of-type pre", "section:last-of-type .card >> nth=0", "section:last-of-type .card >> nth=1"]) {
    const texts = await page.locator(place).allInnerTexts();
    assert.ok(texts.some((text) => text.replace(/\s+/g, " ").includes(hostile)), place);
  }
  assert.equal(await page.locator("img, #page b:not(.tip b):not(.waterfall-name b):not(.marks b)").count(), 0);
}));

for (const name of ["sweep", "hostile", "models", "rates", "unknown"]) {
  test(`${name}: a phone shows it without scrolling sideways`, () => visit(name, { size: [375, 800] }, async (page) => {
    assert.equal(await overflow(page), 0);
    const panel = await page.locator(".panel").first().boundingBox();
    assert.ok(panel.x >= 0 && panel.x + panel.width <= 375, `panel to ${panel.x + panel.width}`);
  }));
}

test("dark mode changes page, map and charts, also while the report is open", () => visit("sweep", {}, async (page) => {
  const map = () => page.locator(".heat-map td.best").evaluate((node) => getComputedStyle(node).backgroundColor);
  const colours = async () => [await ground(page), await ink_of(page, "scaling"), await map()];
  const light = await colours();
  await change_media(page, { colorScheme: "dark" });
  const dark = await colours();
  light.forEach((colour, i) => assert.notEqual(dark[i], colour));
  await change_media(page, { colorScheme: "light" });
  assert.deepEqual(await colours(), light);
}));

test("a dark report is printed on white, with every row", () => visit("sweep", { dark: true }, async (page) => {
  const dark = await ink_of(page, "scaling");
  await change_media(page, { media: "print" });
  assert.equal(await ground(page), "rgba(0, 0, 0, 0)");
  assert.notEqual(await ink_of(page, "scaling"), dark);
  assert.equal(await page.locator("[data-table=cells]").evaluate((node) => node.scrollHeight - node.clientHeight), 0);
}));
