// The tables of a heat map: a coloured cell with its value for each cell of the sweep.
import { el } from "../base/dom.js";
import { compact_rate, dash, duration, percent, present, rate } from "../base/format.js";
import { configuration_text, load_text } from "./axes.js";

const steps = 9; // of the colour scale: .heat-0 to .heat-8
/** Above this share of errors a cell is not called good, however fast. */
const tolerated_errors = 0.01;

/** What a heat map can show. sign: 1 where more is better */
export const metrics = {
  rate: { title: "Requests per second", of: ({ rate_per_s }) => rate_per_s, short: compact_rate, long: (v) => `${rate(v)}/s`, sign: 1 },
  p99: { title: "p99 latency", of: ({ p99_us }) => p99_us, short: duration, long: duration, sign: -1 },
  p50: { title: "p50 latency", of: ({ p50_us }) => p50_us, short: duration, long: duration, sign: -1 },
};

/** Value → 0 (worst) to steps − 1 (best). Latencies differ by powers of ten: theirs is a logarithmic scale. */
export function colour_scale(values, { sign }) {
  const position = sign > 0 ? (value) => value : (value) => -Math.log(Math.max(value, 1));
  const places = values.map(position);
  const low = Math.min(...places), high = Math.max(...places);
  if (high === low) return () => steps - 1;
  return (value) => Math.min(steps - 1, Math.floor(((position(value) - low) / (high - low)) * steps));
}

export const matches = (summary, pairs) => pairs.every(([axis, value]) => axis.of(summary) === value);

/** The best one of those that can be called good; null when there are not two to compare. */
export function best_of(cells, { of, sign }) {
  const able = cells.filter((summary) => present(of(summary).median) && summary.error_rate <= tolerated_errors);
  return able.length > 1 ? able.reduce((a, b) => (sign * (of(b).median - of(a).median) > 0 ? b : a)) : null;
}

/** A cell and its figure in words. */
export function details(summary, axes, metric) {
  const { median, low, high } = metric.of(summary);
  const interval = present(low) ? ` (95 % interval ${metric.long(low)} to ${metric.long(high)})` : "";
  const errors = summary.error_rate > 0 ? `, ${percent(summary.error_rate)} errors` : "";
  return `${configuration_text(summary, axes)}, ${load_text(summary.cell.load)}: ${metric.long(median)}${interval}${errors}`;
}

const unseen = (text) => el("span.unseen", text);
const sign = (kind, mark, text) => [el(`span.sign.${kind}`, { "aria-hidden": "true" }, mark), unseen(`, ${text}`)];

function heat_cell(summary, view) {
  if (!summary) return el("td.blank", unseen("not measured"));
  const { median } = view.metric.of(summary);
  const colour = present(median) ? `heat-${view.scale(median)}` : "unknown";
  const best = summary === view.best;
  return el(`td.heat.${colour}${best ? ".best" : ""}`, { title: details(summary, view.axes, view.metric) },
    present(median) ? view.metric.short(median) : dash,
    best ? sign("star", "★", "the best of all") : null,
    !best && view.panel_best.has(summary) ? sign("star", "☆", "the best here") : null,
    summary === view.recommended ? sign("tick", "✓", "recommended") : null,
    summary.error_rate > 0 ? sign("errors", "!", "with errors") : null);
}

/** A value at the side of a map: "per-connection" takes two lines where there is no room for one. */
function value_heading(scope, text) {
  const parts = text.split(/(?<=[-_ ])/);
  return el(`th${parts.some(({ length }) => length > 11) ? ".long" : ""}`, { scope }, parts.flatMap((part) => [part, el("wbr")]));
}

/** One table of the heat map: the cells that `pairs` of an axis and its value are true of. */
export function panel(pairs, view) {
  const { x, y } = view;
  const cells = view.cells.filter((summary) => matches(summary, pairs));
  const at = (row, column) => cells.find((summary) =>
    matches(summary, y ? [[x, column], [y, row]] : [[x, column]]));
  const title = [...pairs].map(([axis, value]) => axis.text(value)).join(" · ");
  return el("table.heat-map",
    title ? el("caption", title) : null,
    y ? el("colgroup", el("col.first")) : null,
    el("thead",
      el("tr", el("th.axes", { scope: "colgroup", colspan: String(x.values.length + (y ? 1 : 0)) },
        y ? el("span", `↓ ${y.name}`) : null, el("span", `${x.name} →`))),
      el("tr", y ? el("td") : null, x.values.map((value) => value_heading("col", x.label(value))))),
    el("tbody", (y ? y.values : [""]).map((row) =>
      el("tr", y ? value_heading("row", y.label(row)) : null, x.values.map((column) => heat_cell(at(row, column), view))))));
}

export function scale_legend(values, { long, sign }) {
  const sorted = [...values].sort((a, b) => sign * (a - b));
  const end = (word, value) => el("span", `${word}: ${long(value)}`);
  return el("div.scale",
    end("slower", sorted[0]),
    el("span.ramp", { "aria-hidden": "true" }, Array.from({ length: steps }, (_, i) => el(`span.heat-${i}`))),
    end("faster", sorted[sorted.length - 1]));
}

export function marks_legend(view, shown) {
  const marks = [
    ["★", "best of all", view.best],
    ["☆", "best of its panel", shown.some((cell) => view.panel_best.has(cell) && cell !== view.best)],
    ["✓", "recommended", shown.includes(view.recommended)],
    ["!", "with errors", shown.some(({ error_rate }) => error_rate > 0)],
  ];
  return el("ul.marks", marks.filter(([, , there]) => there).map(([mark, text]) => el("li", el("b", mark), ` ${text}`)));
}
