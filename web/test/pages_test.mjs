// SERVER=URL node web/test/pages_test.mjs: the pages of a server over the shop's tables, in Chromium with and without
// JavaScript. tests/cli/serve/serve_pages_e2etest.cpp starts it, with rows. SHOTS=FOLDER: also writes pictures there.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { start } from "./browser.mjs";

const server = process.env.SERVER;
let browser;
before(async () => (browser = await start()));
after(() => browser?.close());

/** Opens a path, and holds the page against having done anything wrong after the check: `expected` errors are none. */
async function visit(path, { script = true, size = [1280, 900], dark = false, expected = /$^/ } = {}, check) {
  const context = await browser.newContext({
    javaScriptEnabled: script, viewport: { width: size[0], height: size[1] }, colorScheme: dark ? "dark" : "light",
  });
  context.setDefaultTimeout(120_000); // a busy machine is no fault of the page
  const page = await context.newPage();
  const faults = [];
  page.on("console", (message) => message.type() === "error" && !expected.test(message.text()) && faults.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    return dialog.dismiss();
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(`${server}/`) && !request.url().startsWith("data:")) faults.push(`request: ${request.url()}`);
  });
  try {
    await page.goto(server + path);
    await check(page);
    assert.deepEqual(faults, []);
  } finally {
    await context.close();
  }
}

const where = (page) => page.url().slice(server.length);
const heading = (page) => page.locator("h1").innerText();
const rows = (page) => page.locator("table.rows tbody tr").count();
const column = (page, place) => page.locator(`table.rows tbody tr > :nth-child(${place})`).allInnerTexts();
const field = (page, name) => page.locator(`.field[data-name="${name}"]`);
const entry = (page, name) => field(page, name).locator(".entry > :not(.state)");
const state = (page, name) => field(page, name).locator(".state");
const fault = (page, name) => field(page, name).locator(".fault");
const form_fault = (page) => page.locator("form.write > .fault:visible");
const overflow = (page) => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
const read = async (path) => (await fetch(server + path)).json();
const open = (page, summary) => page.locator("summary", { hasText: summary }).click();

for (const script of [true, false]) {
  const how = script ? "with JavaScript" : "without JavaScript";

  test(`${how} one goes from what there is to a list, a row and what it refers to`, () => visit("/", { script }, async (page) => {
    assert.equal(await heading(page), "What there is");
    await page.getByRole("link", { name: "orders", exact: true }).click();
    assert.equal(where(page), "/orders/");
    assert.equal(await heading(page), "orders");
    assert.equal(await rows(page), 100);
    await page.locator("table.rows tbody a").first().click();
    assert.equal(where(page), "/orders/1");
    await page.locator("table.row a").click();
    assert.match(where(page), /^\/customers\/\d+$/);
    await page.locator(".referrers a", { hasText: "orders" }).click();
    assert.match(where(page), /^\/orders\/\?customer_id=\d+$/);
    assert.ok(await rows(page) > 0);
  }));

  test(`${how} a list is paged, to its end and back to its start`, () => visit("/orders/?limit=100&order=-id", { script }, async (page) => {
    const seen = [];
    for (let pages = 1; ; ++pages) {
      seen.push(...await column(page, 1));
      if (await page.locator("a[rel=next]").count() === 0) break;
      assert.ok(pages < 10);
      await page.locator("a[rel=next]").first().click();
    }
    assert.deepEqual(seen.map(Number), (await read("/orders/?limit=1000&order=-id&fields=id")).map(({ id }) => id));
    await page.locator("a[rel=first]").first().click();
    assert.equal((await column(page, 1))[0], seen[0]);
  }));

  test(`${how} the form filters by what is filled in, and shows it again`, () => visit("/orders/", { script }, async (page) => {
    await open(page, "Filter");
    await page.locator("select[name=status]").selectOption("paid");
    await page.locator("input[name=total__gte]").fill("100");
    await page.locator("input[name=limit]").fill("1000");
    await page.locator("input[name=fields]").fill("id,status,total");
    await page.locator("input[name=count]").check();
    await page.locator(".filters button").click();
    assert.equal(where(page), "/orders/?status=paid&total__gte=100&fields=id%2Cstatus%2Ctotal&limit=1000&count=true");
    const expected = await read("/orders/?status=paid&total__gte=100&limit=1000");
    assert.ok(expected.length > 0);
    assert.deepEqual((await column(page, 1)).map(Number), expected.map(({ id }) => id));
    assert.equal(await page.locator("select[name=status]").inputValue(), "paid");
    assert.equal(await page.locator("input[name=total__gte]").inputValue(), "100");
    assert.match(await page.locator(".pager").first().innerText(), new RegExp(` of ${expected.length}`));
    await page.getByRole("link", { name: "Clear" }).click();
    assert.equal(where(page), "/orders/");
  }));

  test(`${how} a column's head orders by it, up and down`, () => visit("/orders/?status=open", { script }, async (page) => {
    const totals = async () => (await column(page, 4)).map(Number);
    await page.getByRole("link", { name: "total" }).click();
    assert.equal(where(page), "/orders/?status=open&order=total");
    assert.deepEqual(await totals(), (await totals()).sort((a, b) => a - b));
    await page.getByRole("link", { name: "total" }).click();
    assert.equal(where(page), "/orders/?status=open&order=-total");
    assert.deepEqual(await totals(), (await totals()).sort((a, b) => b - a));
  }));

  test(`${how} what is wrong is a page, too`, () => visit("/orders/?colour=red", { script, expected: /400/ }, async (page) => {
    assert.match(await heading(page), /^400 /);
    assert.match(await page.locator(".faults").innerText(), /colour is no parameter and no column/);
    await page.getByRole("link", { name: "The same without the parameters" }).click();
    assert.equal(await heading(page), "orders");
  }));

  test(`${how} a name or value that is markup is shown as it is`, () => visit("/Quoted-Table/", { script }, async (page) => {
    assert.deepEqual(await column(page, 2), [`<img src=x onerror=alert(1)>`, `"'&amp;</td>`]);
    await page.locator("table.rows tbody a").first().click();
    assert.equal(await page.locator("table.row td").nth(1).innerText(), "<img src=x onerror=alert(1)>");
    assert.equal(await page.locator("img").count(), 0);
  }));
}

test("without JavaScript there are no forms to write, and a word why", () => visit("/orders/1", { script: false }, async (page) => {
  await open(page, "Change");
  assert.equal(await page.locator("form.write:visible").count(), 0);
  assert.match(await page.locator("noscript").first().innerText(), /needs JavaScript/);
}));

test("a row is made, and its page follows", () => visit("/orders/", {}, async (page) => {
  await open(page, "New");
  await entry(page, "customer_id").fill("3");
  await entry(page, "total").fill("12345678.90");
  await entry(page, "note").fill("");
  assert.equal(await state(page, "note").inputValue(), "null");
  await state(page, "note").selectOption("value"); // an empty text
  await page.getByRole("button", { name: "Create" }).click();
  await page.locator(".told:visible", { hasText: "Created." }).waitFor();
  const made = await read(where(page));
  assert.equal(made.customer_id, 3);
  assert.equal(made.note, "");
  assert.equal(made.status, "open"); // its default
  assert.match(await page.locator("table.row").innerText(), /12345678\.90/);
}));

test("what the server refuses stands beside the fields that it is about", () => visit("/orders/", { expected: /422|409/ }, async (page) => {
  await open(page, "New");
  await page.getByRole("button", { name: "Create" }).click();
  await fault(page, "total").filter({ visible: true }).waitFor();
  assert.match(await fault(page, "total").innerText(), /must be a number/);
  assert.match(await fault(page, "customer_id").innerText(), /must be an integer/);
  assert.equal(await fault(page, "note").isVisible(), false);
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute("aria-invalid")), "true");
  await entry(page, "customer_id").fill("999999");
  await entry(page, "total").fill("1");
  await page.getByRole("button", { name: "Create" }).click();
  await fault(page, "customer_id").filter({ hasText: "names no existing row" }).waitFor();
  assert.equal(await fault(page, "total").isVisible(), false);
  assert.equal(where(page), "/orders/");
}));

test("what is wrong with the row as a whole stands above its form", () => visit("/swallowed/", { expected: /422/ }, async (page) => {
  await open(page, "New");
  await entry(page, "what").fill("loud");
  await page.getByRole("button", { name: "Create" }).click();
  await form_fault(page).filter({ hasText: "too loud" }).waitFor();
}));

test("only what was touched is changed", () => visit("/customers/2", {}, async (page) => {
  const before = await read("/customers/2");
  await open(page, "Change");
  await entry(page, "name").fill("Somebody \"else\" <b>");
  await entry(page, "settings").fill('{"big": 12345678901234567890}');
  const [request] = await Promise.all([
    page.waitForRequest((one) => one.method() === "PATCH"), page.getByRole("button", { name: "Save" }).click(),
  ]);
  assert.equal(request.postData(), '{"name":"Somebody \\"else\\" <b>","settings":{"big": 12345678901234567890}}');
  assert.match(request.headers()["if-match"], /^"\d+h/);
  await page.locator(".told:visible", { hasText: "Saved." }).waitFor();
  assert.equal(where(page), "/customers/2");
  assert.match(await page.locator("table.row").innerText(), /12345678901234567890/);
  assert.deepEqual(await read("/customers/2"), { ...before, name: "Somebody \"else\" <b>", settings: { big: 12345678901234567890 } });
}));

test("null is set and taken away", () => visit("/orders/5", {}, async (page) => {
  await open(page, "Change");
  await entry(page, "note").fill("two\nlines");
  await page.getByRole("button", { name: "Save" }).click();
  await page.locator(".told:visible").waitFor();
  assert.equal((await read("/orders/5")).note, "two\nlines");
  await open(page, "Change");
  assert.equal(await entry(page, "note").inputValue(), "two\nlines");
  await state(page, "note").selectOption("null");
  await page.getByRole("button", { name: "Save" }).click();
  await page.locator("table.row i", { hasText: "null" }).waitFor();
  assert.equal((await read("/orders/5")).note, null);
}));

test("a form that says nothing new sends nothing", () => visit("/orders/6", {}, async (page) => {
  await open(page, "Change");
  page.on("request", (request) => assert.notEqual(request.method(), "PATCH"));
  await page.getByRole("button", { name: "Save" }).click();
  await form_fault(page).filter({ hasText: "Nothing has been changed" }).waitFor();
}));

test("what is no JSON is told before it is sent", () => visit("/customers/4", {}, async (page) => {
  await open(page, "Change");
  await entry(page, "settings").fill("{nothing");
  await page.getByRole("button", { name: "Save" }).click();
  await fault(page, "settings").filter({ hasText: "must be JSON" }).waitFor();
}));

test("a change that came between is not overwritten", () => visit("/orders/7", { expected: /412/ }, async (page) => {
  await open(page, "Change");
  await entry(page, "note").fill("mine");
  await fetch(`${server}/orders/7`, { method: "PATCH", headers: { "content-type": "application/json" }, body: '{"note":"theirs"}' });
  await page.getByRole("button", { name: "Save" }).click();
  await form_fault(page).filter({ hasText: "Somebody has changed this row" }).waitFor();
  assert.equal((await read("/orders/7")).note, "theirs");
  await open(page, "Delete");
  await page.getByRole("button", { name: "Delete this" }).click();
  await page.locator('form[data-method="DELETE"] > .fault:visible', { hasText: "Somebody has changed this row" }).waitFor();
  assert.equal((await read("/orders/7")).note, "theirs");
}));

test("a row that others refer to stays, and is told to", () => visit("/orders/8", { expected: /409/ }, async (page) => {
  await open(page, "Delete");
  await page.getByRole("button", { name: "Delete this row" }).click();
  await form_fault(page).filter({ hasText: "rows of another table refer to this row" }).waitFor();
  assert.equal((await fetch(`${server}/orders/8`)).status, 200);
}));

test("a row is deleted, and the list follows", () => visit("/orders/200", {}, async (page) => {
  await open(page, "Delete");
  await page.getByRole("button", { name: "Delete this row" }).click();
  await page.locator(".told:visible", { hasText: "Deleted." }).waitFor();
  assert.equal(where(page), "/orders/");
  assert.equal((await fetch(`${server}/orders/200`)).status, 404);
}));

test("keys that need to be encoded lead to their rows", () => visit("/films/", {}, async (page) => {
  await page.locator("table.rows tbody a", { hasText: "M/1 ü?" }).click();
  assert.equal(await heading(page), "films M/1 ü?");
  await open(page, "Change");
  await entry(page, "title").fill("another");
  await page.getByRole("button", { name: "Save" }).click();
  await page.locator(".told:visible", { hasText: "Saved." }).waitFor();
  assert.equal(await heading(page), "films M/1 ü?");
  assert.match(await page.locator("table.row").innerText(), /another/);
}));

test("a key of several columns leads to its row, and that to what it is a part of", () => visit("/order_lines/", {}, async (page) => {
  await page.getByRole("link", { name: "open" }).first().click();
  assert.equal(await heading(page), "order_lines 1 / 1");
  await page.locator("table.row a").first().click();
  assert.equal(where(page), "/orders/1");
}));

test("the line for a shell names this server as the browser does", () => visit("/orders/?limit=1", {}, async (page) => {
  await open(page, "As a program");
  assert.equal(await page.locator(".curl").innerText(), `curl '${server}/orders/?limit=1'`);
}));

for (const dark of [false, true]) {
  test(`pages are readable at a phone's width, ${dark ? "in the dark" : "by day"}`, async () => {
    for (const path of ["/", "/orders/", "/orders/1", "/customers/2", "/order_lines/", "/films/", "/nowhere"]) {
      await visit(path, { size: [375, 800], dark, expected: /404/ }, async (page) => {
        for (const tool of await page.locator("summary").all()) await tool.click();
        assert.ok(await overflow(page) <= 0, `${path} scrolls sideways`);
        const [ink, ground] = await page.evaluate(() => {
          const style = getComputedStyle(document.body);
          return [style.color, style.backgroundColor].map((colour) => colour.match(/\d+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0));
        });
        assert.equal(ink > ground, dark);
      });
    }
  });
}

if (process.env.SHOTS) {
  test("pictures", async () => {
    const shots = { index: "/", list: "/orders/", customers: "/customers/", row: "/orders/1", lines: "/order_lines/", films: "/films/", problem: "/orders/?colour=red", film: "/films/M%2F1%20%C3%BC%3F" };
    for (const [name, path] of Object.entries(shots)) {
      for (const [how, options] of Object.entries({ wide: {}, dark: { dark: true }, phone: { size: [375, 800] } })) {
        await visit(path, { ...options, expected: /400/ }, async (page) => {
          await page.screenshot({ path: `${process.env.SHOTS}/${name}-${how}.png` });
          for (const tool of await page.locator("summary").all()) await tool.click();
          await page.screenshot({ path: `${process.env.SHOTS}/${name}-${how}-open.png` });
        });
      }
    }
  });
}
