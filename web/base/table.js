import { el, fresh_id } from "./dom.js";

/**
 * A table with a caption that scrolls by itself on a narrow screen.
 * @param columns list of {title, text: row → text or element, left: true for texts, head: true for the row's name}
 * @param footer  rows like the others, set apart
 * @param wide    takes the whole width, however little is in it
 */
export function table({ name, caption, columns, rows, footer = [], wide = false }) {
  const id = fresh_id("caption");
  const cell = (row, { text, left, head }) =>
    el(`${head ? "th" : "td"}${left || head ? ".left" : ""}`, head ? { scope: "row" } : {}, text(row));
  const line = (row) => el("tr", columns.map((column) => cell(row, column)));
  // The scrolled part can take the focus, so that the keyboard scrolls it too.
  return el("div.card.scroll", { "data-table": name, role: "region", "aria-labelledby": id, tabindex: "0" },
    el(`table${wide ? ".wide" : ""}`,
      el("caption", { id }, el("h3", caption)),
      el("thead", el("tr", columns.map(({ title, left, head }) =>
        el(`th${left || head ? ".left" : ""}`, { scope: "col" }, title)))),
      el("tbody", rows.map(line)),
      footer.length > 0 ? el("tfoot", footer.map(line)) : null));
}
