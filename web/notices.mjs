// node notices.mjs OUT: the licences of what bundle.mjs puts into the pages, as their packages have them.
import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

const bundled = ["echarts", "zrender", "tslib", "swagger-ui-dist"];
const is_notice = (path) => /^(licen[cs]e|notice|copyright)/i.test(path) || /\.LICENSE\.txt$/.test(path);

/** Also those in a folder "licenses". */
async function notices_of(folder) {
  const entries = (await readdir(folder, { withFileTypes: true })).filter(({ name }) => is_notice(name));
  const paths = entries.map(async (entry) =>
    entry.isDirectory() ? (await readdir(join(folder, entry.name))).map((name) => join(entry.name, name)) : [entry.name]);
  return (await Promise.all(paths)).flat().sort();
}

const texts = [];
for (const name of bundled) {
  const folder = new URL(`node_modules/${name}`, import.meta.url).pathname;
  const { version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const files = await notices_of(folder);
  if (files.length === 0) throw new Error(`${name} has no licence`);
  texts.push(`==== ${name} ${version} (${license})`);
  for (const file of files) texts.push(`---- ${file}\n\n${(await readFile(join(folder, file), "utf8")).trim()}`);
}
await writeFile(process.argv[2], `${texts.join("\n\n")}\n`);
