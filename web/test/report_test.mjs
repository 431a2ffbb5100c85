// REPORTS=FOLDER node web/test/report_test.mjs: opens reports of a run in Chromium. tests/cli/report/run_html_report_e2etest.cpp
// writes them: run.html, quiet.html (no thresholds), hostile.html (markup in every text), nothing.html (no second
// ran), long.html (points of 30 seconds, with 60 failures each), outside.html (of a server that is not ours).
import assert from "node:assert/strict";
import { test } from "node:test";
import { change_media, ground, ink_of, overflow, shapes, text_of, visit } from "./pages.mjs";

const charts = ["rate", "latency", "users", "errors", "distribution", "waterfall"];
const chart_ink = (page) => ink_of(page, "rate");

for (const [chart, least] of Object.entries({ rate: 1, latency: 3, users: 1, errors: 5, distribution: 1, waterfall: 5 })) {
  test(`the ${chart} chart is drawn and has a text alternative`, () => visit("run", {}, async (page) => {
    const drawn = await shapes(page, chart);
    assert.ok(drawn >= least, `${drawn} lines or bars`);
    const box = page.locator(`[data-chart=${chart}]`);
    assert.notEqual(await box.getAttribute("aria-label"), "");
    const summary = page.locator(`#${await box.getAttribute("aria-describedby")}`);
    assert.match(await summary.innerText(), /\d/);
  }));
}

test("a report of a run that ended at once says so and draws no empty chart", () => visit("nothing", {}, async (page) => {
  assert.match(await text_of(page), /The run was interrupted/);
  assert.match(await text_of(page), /Nobody judged the load generator/);
  assert.equal(await page.locator("[data-chart]").count(), 0);
}));

test("a long run's points are of many seconds, and errors are still per second", () => visit("long", {}, async (page) => {
  const summary = (chart) => page.locator(`figure:has([data-chart=${chart}]) .summary`).innerText();
  assert.match(await summary("latency"), /^p99 of each 30 seconds between /);
  assert.match(await page.locator("[data-chart=users] svg").innerHTML(), />41:40</);
  await page.locator("[data-chart=errors]").hover({ position: { x: 250, y: 90 } });
  const value = page.locator("[data-chart=errors] .tip-row", { hasText: "Failed" });
  await value.waitFor({ timeout: 5000 });
  assert.match(await value.innerText(), /2\.00/);
}));

test("stages of another server are seen from outside, with how many requests connected", () => visit("outside", {}, async (page) => {
  assert.match(await page.locator("main").textContent(), /Seen from outside/);
  const connect = page.locator("[data-table=waterfall] tbody tr", { hasText: "connect" });
  assert.match(await connect.textContent(), /64$/);
  assert.ok(await shapes(page, "waterfall") >= 3);
}));

test("the figures are the result's", () => visit("run", {}, async (page) => {
  const { total, tasks } = JSON.parse(await page.locator("#data").textContent());
  const text = await text_of(page);
  assert.ok(text.includes(total.requests.toLocaleString("en")));
  assert.ok(text.includes("12345678901234567891"), "the seed has all its 64 bits");
  assert.equal(await page.locator("[data-table=tasks] tbody tr").count(), tasks.length);
  assert.match(await page.locator("[data-table=thresholds]").innerText(), /p99 > 50ms\s+\d+(\.\d+)? ms\s+✓ passed/);
}));

test("the distribution ends at the slowest request and shows the chosen tasks", () => visit("run", {}, async (page) => {
  const summary = page.locator("figure:has([data-chart=distribution]) .summary");
  assert.match(await summary.innerText(), /^all good requests: .*max 343 ms\.$/);
  const before_choice = await shapes(page, "distribution");
  await page.locator(".chip", { hasText: "create" }).click();
  assert.match(await summary.innerText(), /; create: p50 /);
  assert.ok(await shapes(page, "distribution") > before_choice);
  await page.getByLabel("Which time").selectOption("lag");
  assert.match(await summary.innerText(), /max (199|200) µs/);
}));

test("a cursor over a chart is answered with values", () => visit("hostile", {}, async (page) => {
  for (const chart of charts) {
    await page.locator(`[data-chart=${chart}]`).hover({ position: { x: 250, y: 90 } });
    await page.locator(`[data-chart=${chart}] .tip-row`).first().waitFor({ timeout: 5000 });
  }
}));

test("what is wrong with a run stands above its figures", () => visit("hostile", {}, async (page) => {
  const banners = await page.locator(".banner").allInnerTexts();
  assert.equal(banners.length, 3);
  assert.match(banners[0], /The load generator was the bottleneck.*\n.*worker 1 was busy/s);
  const bottom = (selector) => page.locator(selector).last().evaluate((node) => node.getBoundingClientRect().bottom);
  assert.ok(await bottom(".banner") < await bottom(".tiles"));
}));

test("what the generator says of itself is shown, and a ceiling only when it is known", async () => {
  for (const [name, ceiling] of [["run", 1], ["hostile", 0]]) {
    await visit(name, {}, async (page) => {
      const trust = page.locator("section", { hasText: "Can these numbers be trusted?" });
      assert.equal(await trust.getByText("about 1,612 users of this kind").count(), ceiling);
      assert.equal(await trust.getByText("users and server share the workers").count(), 1);
    });
  }
});

test("failures without a threshold to judge them are not called good", () => visit("quiet", {}, async (page) => {
  assert.equal(await page.locator(".banner.warn").count(), 1);
  assert.equal(await page.locator("[data-table=thresholds]").count(), 0);
}));

test("the first failure of each kind is there to be opened", () => visit("run", {}, async (page) => {
  const { failures } = JSON.parse(await page.locator("#data").textContent());
  assert.equal(await page.locator(".samples details").count(), failures.length);
  const first = page.locator(".samples details").first();
  await first.locator("summary").click();
  assert.match(await first.getByLabel("Answer").innerText(), /^Status 503\nA:\n\nbusy$/);
}));

test("markup in texts is shown and never obeyed", () => visit("hostile", {}, async (page) => {
  await page.locator(".samples summary").first().click();
  const hostile = "<img src=x onerror=alert(1)> </script><b>&amp;";
  for (const place of ["h1", "[data-table=tasks]", "[data-table=failures]", "[data-table=phases]", "[data-table=thresholds]",
    ".samples pre", ".samples summary", ".chips", "header .facts", ".banner"]) {
    assert.ok((await page.locator(place).first().innerText()).includes(hostile), place);
  }
  assert.ok((await page.title()).includes(hostile));
  assert.equal(await page.locator("img, #page b:not(.tip b)").count(), 0);
}));

for (const name of ["run", "hostile"]) {
  test(`${name}: a phone shows it without scrolling sideways`, () => visit(name, { size: [375, 800] }, async (page) => {
    assert.equal(await overflow(page), 0);
    for (const chart of charts) {
      const { x, width } = await page.locator(`[data-chart=${chart}] svg`).boundingBox();
      assert.ok(x >= 0 && x + width <= 375 && width > 200, chart);
    }
  }));
}

test("charts follow the width of the window", () => visit("run", {}, async (page) => {
  await page.setViewportSize({ width: 375, height: 800 });
  await page.waitForFunction(() => [...document.querySelectorAll(".chart svg")].every((svg) => svg.clientWidth < 375));
  assert.equal(await overflow(page), 0);
}));

test("dark mode changes page and charts, also while the report is open", () => visit("run", {}, async (page) => {
  const light = [await ground(page), await chart_ink(page)];
  await change_media(page, { colorScheme: "dark" });
  const dark = [await ground(page), await chart_ink(page)];
  assert.notEqual(dark[0], light[0]);
  assert.notEqual(dark[1], light[1]);
  await change_media(page, { colorScheme: "light" });
  assert.deepEqual([await ground(page), await chart_ink(page)], light);
}));

test("a dark report is printed on white", () => visit("run", { dark: true }, async (page) => {
  const dark = await chart_ink(page);
  await change_media(page, { media: "print" });
  assert.equal(await ground(page), "rgba(0, 0, 0, 0)");
  assert.notEqual(await chart_ink(page), dark);
  for (const chart of charts) assert.ok((await page.locator(`[data-chart=${chart}] svg`).boundingBox()).height > 150, chart);
}));
