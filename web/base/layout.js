// The parts that every report is laid out with.
import { el, fresh_id } from "./dom.js";

/** The data that C++ put into the file, and their text. */
export function read_data() {
  const text = document.getElementById("data").textContent;
  return { text, data: JSON.parse(text) };
}

/** A titled part of the page; nothing when it has no content. */
export function section(title, ...content) {
  const present = content.flat().filter(Boolean);
  if (present.length === 0) return null;
  const id = fresh_id("section");
  return el("section", { "aria-labelledby": id }, el("h2", { id }, title), present);
}

/** Figures that are read first: [{label, value, note, tone}] */
export function tiles(list) {
  return el("dl.tiles", list.map(({ label, value, note, tone }) =>
    el(`div.tile${tone ? `.${tone}` : ""}`, el("dt", label), el("dd.value", value), note ? el("dd.note", note) : null)));
}

/** A message above everything else. tone: "bad", "warn" or "good" */
export function banner(tone, title, lines) {
  const mark = { bad: "✕", warn: "!", good: "✓" }[tone];
  return el(`div.banner.${tone}`, { role: tone === "good" ? "status" : "alert" },
    el("span.sign", { "aria-hidden": "true" }, mark),
    el("div", el("strong", title), lines.length > 0 ? el("ul", lines.map((line) => el("li", line))) : null));
}

/** Pairs of a term and what it is; pairs without a value are left out. */
export function facts(pairs) {
  return el("dl.facts", pairs.filter(([, value]) => value).map(([term, value]) => el("div", el("dt", term), el("dd", value))));
}

export function page(title, ...content) {
  document.title = title;
  const root = document.getElementById("page");
  root.replaceChildren(...content.flat().filter(Boolean));
}
