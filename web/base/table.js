import { el, fresh_id } from "./dom.js";
import { present } from "./format.js";

/** What is not known stands last, whichever way the rest is sorted. */
function compare(a, b, direction) {
  if (!present(a) || !present(b)) return present(b) - present(a);
  return direction * (a - b);
}

const directions = { ascending: 1, descending: -1 };

/**
 * A table with a caption that scrolls by itself on a narrow screen.
 * @param columns list of {title, text: row → text or element, left: true for texts, head: true for the row's name,
 *                value: row → number makes the column one to sort by, first: "descending" where more is better}
 * @param footer  rows like the others, set apart
 * @param wide    takes the whole width, however little is in it
 * @param tall    has many rows: scrolls in itself, under its header
 * @param sorted  the column by which the rows stand sorted at first, in its first direction
 */
export function table({ name, caption, columns, rows, footer = [], wide = false, tall = false, sorted }) {
  const id = fresh_id("caption");
  const cell = (row, { text, left, head }) =>
    el(`${head ? "th" : "td"}${left || head ? ".left" : ""}`, head ? { scope: "row" } : {}, text(row));
  const line = (row) => el("tr", columns.map((column) => cell(row, column)));
  const body = el("tbody", rows.map(line));

  const sort = (column, direction) => {
    const ordered = [...rows].sort((a, b) => compare(column.value(a), column.value(b), directions[direction]));
    body.replaceChildren(...ordered.map(line));
    headers.forEach((header) => header.removeAttribute("aria-sort"));
    headers[columns.indexOf(column)].setAttribute("aria-sort", direction);
  };
  const headers = columns.map((column) => {
    const { title, left, head, value, first = "ascending" } = column;
    const header = el(`th${left || head ? ".left" : ""}`, { scope: "col" }, value ? el("button.sort", { type: "button" }, title) : title);
    const other = { ascending: "descending", descending: "ascending" };
    header.querySelector("button")?.addEventListener("click", () => sort(column, other[header.getAttribute("aria-sort")] ?? first));
    return header;
  });
  const start = columns.find(({ title }) => title === sorted);
  if (start) sort(start, start.first ?? "ascending");

  // The scrolled part can take the focus, so that the keyboard scrolls it too.
  return el(`div.card.scroll${tall ? ".tall" : ""}`, { "data-table": name, role: "region", "aria-labelledby": id, tabindex: "0" },
    el(`table${wide ? ".wide" : ""}`,
      el("caption", { id }, el("h3", caption)),
      el("thead", el("tr", headers)),
      body,
      footer.length > 0 ? el("tfoot", footer.map(line)) : null));
}
