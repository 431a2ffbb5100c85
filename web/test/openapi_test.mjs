// SERVER=URL node web/test/openapi_test.mjs: holds a server against its own OpenAPI document, and opens its /docs in
// Chromium. tests/cli/serve/serve_openapi_e2etest.cpp starts it, over several tables.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Validator } from "@seriousme/openapi-schema-validator";
import { start } from "./browser.mjs";
import { ask, Document } from "./openapi_document.mjs";

const server = process.env.SERVER;
const document = new Document((await ask(`${server}/openapi.json`)).text);
const operations = document.operations();
const rows_paths = [...new Set(operations.filter(({ method }) => method === "post").map(({ path }) => path))];

test("the document is OpenAPI 3.1", async () => {
  const { valid, errors } = await new Validator().validate(structuredClone(document.content));
  assert.ok(valid, JSON.stringify(errors));
});

const of = (path, method) => operations.find((one) => one.path === path && one.method === method);
const below = (path, method) => operations.find((one) => one.method === method && one.path.startsWith(`${path}{`));
const body_of = ({ operation }) =>
  document.example(document.resolve(operation.requestBody).content["application/json"].schema);

/** Asks, and holds the answer against what the operation promises. */
async function held(operation, url, request = {}) {
  const answer = await ask(server + url, { method: operation.method, ...request });
  assert.deepEqual(document.faults_of(operation, answer), []);
  return answer;
}

for (const path of rows_paths) {
  test(`${path} does what its document promises`, async () => {
    const create = of(path, "post");
    const created = await held(create, path, { body: body_of(create) });
    assert.equal(created.status, 201, created.text);
    const at = created.headers.get("location");
    await held(create, path, { body: body_of(create) }); // 201 again, or 409
    await held(create, path, { body: [body_of(create)] });
    assert.equal((await held(create, path, { body: "{" })).status, 400);
    assert.equal((await held(create, path, { body: "x", headers: { "content-type": "text/plain" } })).status, 415);
    await held(create, path, { body: {} }); // 422, or there is nothing that must be given
    await check_list(path, created.json);
    if (at !== null) await check_row(path, at);
  });
}

async function check_list(path, row) {
  const list = of(path, "get");
  assert.ok((await held(list, path)).json.length > 0);
  assert.equal((await held(list, path, { headers: { accept: "image/png" } })).status, 406);
  assert.equal((await held(list, `${path}?limit=0`)).status, 400);
  const known = new Map(Object.entries(document.example(document.resolve(list.operation.responses[200].content["application/json"].schema).items)));
  for (const { name, schema } of list.parameters) {
    const column = name.replace(/__[a-z]+$/, "");
    const shown = known.get(name) ?? known.get(column) ?? row[column];
    const value = schema.type === "boolean" ? true
      : name === "fields" ? schema.items.enum // fewer than all would be rows without what the schema requires
      : name === "offset" ? 0
      : schema.items?.enum && !known.has(column) ? schema.items.enum[0]
      : name === "limit" ? schema.maximum : shown;
    if (value === undefined || value === null || name === "after") continue;
    const answer = await held(list, `${path}?${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
    assert.equal(answer.status, 200, `${name}=${value}: ${answer.text}`);
  }
  const [first] = Object.keys(row);
  const narrowed = await ask(`${server}${path}?fields=${encodeURIComponent(first)}&limit=1`);
  assert.deepEqual(Object.keys(narrowed.json[0]), [first]);
  const paged = await held(list, `${path}?limit=1`);
  const next = /<([^>]*)>; rel="next"/.exec(paged.headers.get("link") ?? "");
  if (next) assert.equal((await held(list, next[1])).status, 200);
}

async function check_row(path, at) {
  const [read, replace, change, remove] = ["get", "put", "patch", "delete"].map((method) => below(path, method));
  const found = await held(read, at);
  assert.equal(found.status, 200, found.text);
  await held(read, document.path(read));
  const tag = found.headers.get("etag");
  if (tag !== null) {
    assert.equal((await held(read, at, { headers: { "if-none-match": tag } })).status, 304);
    assert.equal((await held(remove, at, { headers: { "if-match": '"0j"' } })).status, 412);
  }
  const match = async () => {
    const now = (await held(read, at)).headers.get("etag");
    return now === null ? {} : { "if-match": now };
  };
  for (const operation of [replace, change]) {
    const answer = await held(operation, at, { body: body_of(operation), headers: await match() });
    assert.equal(answer.status, 200, `${operation.method}: ${answer.text}`);
  }
  const merged = { "content-type": "application/merge-patch+json", ...(await match()) };
  assert.equal((await held(change, at, { body: body_of(change), headers: merged })).status, 200);
  const gone = await held(remove, at, { headers: await match() });
  assert.ok([204, 409].includes(gone.status), gone.text); // 409: another row refers to it
  if (gone.status !== 204) return;
  assert.equal((await held(read, at)).status, 404);
  await held(remove, at);
  if (replace.operation.responses[201]) assert.equal((await held(replace, at, { body: body_of(replace) })).status, 201);
}

for (const operation of operations.filter(({ path }) => !rows_paths.some((rows) => path.startsWith(rows)))) {
  test(`${operation.method} ${operation.path} does what its document promises`, () => held(operation, document.path(operation)));
}

test("/docs shows every operation, and asks no other host", async () => {
  const browser = await start();
  try {
    const page = await (await browser.newContext()).newPage();
    page.setDefaultTimeout(120_000); // a busy machine is no fault of the page
    const faults = [];
    page.on("console", (message) => message.type() === "error" && faults.push(`console: ${message.text()}`));
    page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
    page.on("request", (request) => {
      if (!request.url().startsWith(`${server}/`) && !request.url().startsWith("data:")) faults.push(`request: ${request.url()}`);
    });
    await page.goto(`${server}/docs`);
    await page.locator(".opblock").nth(operations.length - 1).waitFor();
    assert.equal(await page.locator(".opblock").count(), operations.length);
    await page.locator(".opblock-summary").first().click();
    await page.locator(".opblock-body .responses-wrapper").first().waitFor();
    assert.deepEqual(faults, []);
  } finally {
    await browser.close();
  }
});
