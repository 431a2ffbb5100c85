// node bundle.mjs OUT.cpp: makes each report's page one HTML text, split where the data go, and writes them as C++.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname } from "node:path";

const pages = ["run", "sweep"]; // a folder each, with a main.js, and a constant each in src/report/report_page.hpp
const delimiter = "troupe_page"; // of the raw string literals
const data_mark = "@DATA@";

const version_of = (name) => createRequire(import.meta.url)(`${name}/package.json`).version;
const notice =
  `/*! Contains Apache ECharts ${version_of("echarts")} (Apache License 2.0, copyright The Apache Software Foundation), ` +
  `zrender (BSD 3-Clause, copyright Baidu Inc.) and tslib (0BSD, copyright Microsoft Corporation). */`;

/** What a browser would take for the element's end must not stand inside it. */
function checked(text, ending) {
  if (text.toLowerCase().includes(ending)) throw new Error(`the bundle contains ${ending}`);
  return text.trim();
}

async function bundle(page) {
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

async function html(page) {
  const { script, style } = await bundle(page);
  const script_hash = createHash("sha256").update(script).digest("base64");
  const parts = { "@STYLE@": style, "@SCRIPT@": script, "@SCRIPT_HASH@": script_hash };
  const shell = await readFile(new URL("base/page.html", import.meta.url), "utf8");
  return shell.replace(/@(STYLE|SCRIPT|SCRIPT_HASH)@/g, (mark) => parts[mark]);
}

function cpp_constant(page, text) {
  const [head, tail, ...more] = text.split(data_mark);
  if (tail === undefined || more.length > 0) throw new Error(`${page}: ${data_mark} must occur exactly once`);
  const literal = (part) => {
    if (part.includes(`)${delimiter}"`)) throw new Error(`${page}: contains the delimiter of its literal`);
    return `R"${delimiter}(${part})${delimiter}"`;
  };
  return `extern const ReportPage ${page}_page{${literal(head)},\n${literal(tail)}};\n`;
}

const out = process.argv[2];
let cpp = '// Made by web/bundle.mjs.\n#include "report/report_page.hpp"\n\nnamespace troupe::report {\n';
for (const page of pages) cpp += cpp_constant(page, await html(page));
cpp += "}  // namespace troupe::report\n";
await mkdir(dirname(out), { recursive: true });
await writeFile(out, cpp);
