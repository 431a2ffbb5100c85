// node bundle.mjs OUT.cpp: makes each page one HTML text and writes them as C++: those of the reports (a folder each, with
// a main.js, and a constant each in src/report/report_page.hpp) split where the data go; of what is served, docs/
// (http/api/docs_page.hpp) and pages/ (http/api/pages/assets.hpp), the script and the style are files of their own.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname } from "node:path";

const reports = ["run", "sweep"];
const delimiter = "troupe_page"; // of the raw string literals
const data_mark = "@DATA@";

const require = createRequire(import.meta.url);
const version_of = (name) => require(`${name}/package.json`).version;
const report_notice =
  `/*! Contains Apache ECharts ${version_of("echarts")} (Apache License 2.0, copyright The Apache Software Foundation), ` +
  `zrender (BSD 3-Clause, copyright Baidu Inc.) and tslib (0BSD, copyright Microsoft Corporation). */`;

/** That of swagger-ui, and those of what its bundle contains. */
async function docs_notice() {
  const licenses = require.resolve("swagger-ui-dist/swagger-ui-es-bundle.js.LICENSE.txt");
  return `/*! Contains swagger-ui ${version_of("swagger-ui-dist")} (Apache License 2.0, copyright 2020-2021 SmartBear Software Inc.). */\n` +
    `${await readFile(licenses, "utf8")}\n`;
}

/** What a browser would take for the element's end must not stand inside it. */
function checked(text, ending) {
  if (text.toLowerCase().includes(ending)) throw new Error(`the bundle contains ${ending}`);
  return text.trim();
}

async function bundle(page, notice) {
  const result = await build({
    entryPoints: [new URL(`${page}/main.js`, import.meta.url).pathname],
    outdir: "out", // only names the files, nothing is written
    write: false,
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2020",
    charset: "utf8",
    legalComments: "none",
    define: { "process.env.NODE_ENV": '"production"' },
    logLevel: "warning",
  });
  const text = (ending) => result.outputFiles.find((file) => file.path.endsWith(ending)).text;
  return { script: notice + checked(text(".js"), "</script"), style: checked(text(".css"), "</style") };
}

const sha256 = (text) => createHash("sha256").update(text).digest("base64");

async function html(shell, { script, style }) {
  const parts = { "@STYLE@": style, "@SCRIPT@": script, "@SCRIPT_HASH@": sha256(script) };
  const text = await readFile(new URL(shell, import.meta.url), "utf8");
  return text.replace(/@(STYLE|SCRIPT|SCRIPT_HASH)@/g, (mark) => parts[mark]);
}

function literal(text) {
  if (text.includes(`)${delimiter}"`)) throw new Error("a page contains the delimiter of its literal");
  return `R"${delimiter}(${text})${delimiter}"`;
}

async function report_constant(page) {
  const [head, tail, ...more] = (await html("base/page.html", await bundle(page, report_notice))).split(data_mark);
  if (tail === undefined || more.length > 0) throw new Error(`${page}: ${data_mark} must occur exactly once`);
  return `extern const ReportPage ${page}_page{${literal(head)},\n${literal(tail)}};\n`;
}

const short_hash = (text) => createHash("sha256").update(text).digest("hex").slice(0, 16);
const asset = (text) => `{${literal(text)},\n"${short_hash(text)}"}`;

async function docs_constant() {
  const { script, style } = await bundle("docs", await docs_notice());
  const parts = { "@STYLE_HASH@": short_hash(style), "@SCRIPT_HASH@": short_hash(script) };
  const shell = await readFile(new URL("docs/page.html", import.meta.url), "utf8");
  const page = shell.replace(/@(STYLE_HASH|SCRIPT_HASH)@/g, (mark) => parts[mark]);
  return `extern const DocsPage docs_page{${asset(page)},\n${asset(script)},\n${asset(style)}};\n`;
}

async function assets_constant() {
  const { script, style } = await bundle("pages", "");
  return `extern const PageAssets page_assets{${asset(script)},\n${asset(style)}};\n`;
}

const out = process.argv[2];
let cpp = '// Made by web/bundle.mjs.\n#include "http/api/docs_page.hpp"\n#include "http/api/pages/assets.hpp"\n#include "report/report_page.hpp"\n\n';
cpp += "namespace troupe::report {\n";
for (const page of reports) cpp += await report_constant(page);
cpp += `}  // namespace troupe::report\n\nnamespace troupe::http {\n${await docs_constant()}${await assets_constant()}}  // namespace troupe::http\n`;
await mkdir(dirname(out), { recursive: true });
await writeFile(out, cpp);
