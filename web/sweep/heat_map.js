// Every cell at a glance: two axes span a table, and there is a table for each combination of the others.
import { el, fresh_id } from "../base/dom.js";
import { labelled_choice } from "../base/choice.js";
import { dash, duration, percent, present, rate, compact_rate } from "../base/format.js";
import { all_axes, configuration_text, load_text, varying, workloads } from "./axes.js";

const most_panels = 12;
const steps = 9; // of the colour scale: .heat-0 to .heat-8
/** Above this share of errors a cell is not called good, however fast. */
const tolerated_errors = 0.01;

const metrics = {
  rate: { title: "Requests per second", of: ({ rate_per_s }) => rate_per_s, short: compact_rate, long: (v) => `${rate(v)}/s`, sign: 1, ends: ["slower", "faster"] },
  p99: { title: "p99 latency", of: ({ p99_us }) => p99_us, short: duration, long: duration, sign: -1, ends: ["slower", "faster"] },
  p50: { title: "p50 latency", of: ({ p50_us }) => p50_us, short: duration, long: duration, sign: -1, ends: ["slower", "faster"] },
};

/** Value → 0 (worst) to steps − 1 (best). Latencies differ by powers of ten: theirs is a logarithmic scale. */
function colour_scale(values, { sign }) {
  const position = sign > 0 ? (value) => value : (value) => -Math.log(Math.max(value, 1));
  const places = values.map(position);
  const low = Math.min(...places), high = Math.max(...places);
  return (value) => (high === low ? steps - 1 : Math.min(steps - 1, Math.floor(((position(value) - low) / (high - low)) * steps)));
}

/** The axes that a reader sees first: pool × connection actors, else the two with most values (the load across). */
function default_axes(axes) {
  const find = (name) => axes.find((axis) => axis.name === name);
  if (find("pool_size") && find("connection_actors")) return [find("connection_actors"), find("pool_size")];
  const [first, second] = [...axes].sort((a, b) => b.values.length - a.values.length);
  return second?.key === "load" ? [second, first] : [first, second];
}

/** Takes as few axes as possible out of the panels, until these can be looked over. */
function held_axes(rest) {
  const product = (axes) => axes.reduce((so_far, { values }) => so_far * values.length, 1);
  const held = [];
  let panels = rest;
  while (product(panels) > most_panels) {
    const without = (axis) => panels.filter((other) => other !== axis);
    const fits = panels.filter((axis) => product(without(axis)) <= most_panels);
    const largest = (a, b) => (product(without(b)) > product(without(a)) ? b : a);
    const axis = fits.length > 0 ? fits.reduce(largest) : panels.reduce((a, b) => (b.values.length > a.values.length ? b : a));
    held.push(axis);
    panels = without(axis);
  }
  return { held, panels };
}

/** Every combination of the axes' values: [[[axis, value], …], …] */
const combinations = (axes) => axes.reduce(
  (so_far, axis) => so_far.flatMap((pairs) => axis.values.map((value) => [...pairs, [axis, value]])), [[]]);
const matches = (summary, pairs) => pairs.every(([axis, value]) => axis.of(summary) === value);

function best_of(cells, { of, sign }) {
  const able = cells.filter((summary) => present(of(summary).median) && summary.error_rate <= tolerated_errors);
  return able.length > 1 ? able.reduce((a, b) => (sign * (of(b).median - of(a).median) > 0 ? b : a)) : null;
}

function details(summary, axes, metric) {
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

function panel(pairs, view) {
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

function scale_legend(values, { long, ends, sign }) {
  const sorted = [...values].sort((a, b) => sign * (a - b));
  const end = (word, value) => el("span", `${word}: ${long(value)}`);
  return el("div.scale",
    end(ends[0], sorted[0]),
    el("span.ramp", { "aria-hidden": "true" }, Array.from({ length: steps }, (_, i) => el(`span.heat-${i}`))),
    end(ends[1], sorted[sorted.length - 1]));
}

function marks_legend(view, shown) {
  const marks = [
    ["★", "best of all", view.best],
    ["☆", "best of its panel", shown.length > 1 && shown.some((cells) => cells.some((cell) => view.panel_best.has(cell) && cell !== view.best))],
    ["✓", "recommended", view.recommended && shown.flat().includes(view.recommended)],
    ["!", "with errors", shown.flat().some(({ error_rate }) => error_rate > 0)],
  ];
  return el("ul.marks", marks.filter(([, , there]) => there).map(([mark, text]) => el("li", el("b", mark), ` ${text}`)));
}

/** The heat map of one workload; `recommended` is a cell or undefined. */
function heat_map(cells, axes, recommended) {
  const able = varying(axes);
  // Where arrivals set the rate, what differs is how soon they are answered.
  const given = cells.some(({ cell }) => cell.load.arrival_rate_per_s > 0);
  const state = { metric: given ? "p99" : "rate", held: {} };
  [state.x, state.y] = default_axes(able);
  const title = el("h3"), text = el("p.summary"), controls = el("div.controls"), held_controls = el("span.controls");
  const panels = el("div.panels"), key = el("div.key");
  const id = fresh_id("heat-map");
  text.id = id;

  const choose_axis = (name, other, key) => {
    const chosen = able.find((axis) => axis.key === key);
    if (chosen === state[other]) state[other] = state[name];
    state[name] = chosen;
    draw_controls();
    draw();
    controls.querySelector(`[data-axis=${name}]`).focus();
  };
  const axis_choice = (label, name, other) => {
    const node = labelled_choice(label, able.map(({ key, name: text }) => [key, text]), state[name].key, (key) => choose_axis(name, other, key));
    node.querySelector("select").dataset.axis = name;
    return node;
  };
  const held_choice = (axis) => labelled_choice(axis.name, axis.values.map((value) => [value, axis.label(value)]), state.held[axis.key], (value) => {
    state.held[axis.key] = value;
    draw();
  });

  function draw_controls() {
    const rest = able.filter((axis) => axis !== state.x && axis !== state.y);
    Object.assign(state, { arrangement: held_axes(rest) });
    const start = recommended ?? best_of(cells, metrics.rate) ?? cells[0];
    for (const axis of state.arrangement.held) state.held[axis.key] ??= axis.of(start);
    held_controls.replaceChildren(...state.arrangement.held.map(held_choice));
    const metric = labelled_choice("Show", Object.entries(metrics).map(([value, { title }]) => [value, title]), state.metric, (value) => {
      state.metric = value;
      draw();
    });
    const sides = state.y ? [axis_choice("Down", "y", "x"), axis_choice("Across", "x", "y")] : [];
    controls.replaceChildren(metric, ...sides, held_controls);
  }

  function draw() {
    const metric = metrics[state.metric];
    const values = cells.map((summary) => metric.of(summary).median).filter(present);
    const held = state.arrangement.held.map((axis) => [axis, state.held[axis.key]]);
    const shown = combinations(state.arrangement.panels)
      .map((pairs) => ({ pairs, cells: cells.filter((summary) => matches(summary, [...held, ...pairs])) }))
      .filter((one) => one.cells.length > 0);
    const view = {
      axes, metric, recommended, x: state.x, y: state.y, scale: colour_scale(values, metric), best: best_of(cells, metric),
      panel_best: new Set(shown.length > 1 ? shown.map((one) => best_of(one.cells, metric)) : []),
    };
    title.textContent = metric.title;
    text.textContent = view.best ? `Best: ${details(view.best, axes, metric)}.` : "No two cells can be compared.";
    const across = state.arrangement.panels[state.arrangement.panels.length - 1]?.values.length ?? 1;
    panels.style.setProperty("--columns", across <= 4 ? across : Math.ceil(across / Math.ceil(across / 4)));
    const longest = Math.max(0, ...(state.y?.values ?? []).map((value) => state.y.label(value).length));
    panels.style.setProperty("--first", `${Math.min(6, 0.8 + 0.45 * longest)}rem`);
    panels.style.setProperty("--least", `calc(var(--first) + ${3.2 * state.x.values.length}rem)`);
    panels.replaceChildren(...shown.map((one) => el("div.panel", panel(one.pairs, { ...view, cells: one.cells }))));
    key.replaceChildren(values.length > 0 ? scale_legend(values, metric) : "", marks_legend(view, shown.map((one) => one.cells)));
  }

  draw_controls();
  draw();
  return el("figure.card", { "data-heat-map": "", "aria-describedby": id }, el("figcaption", title, text), controls, key, panels);
}

/** Nothing when no two cells can be laid side by side. */
export function heat_maps({ info, summary }) {
  return workloads(summary).map(({ name, cells }, i, { length }) => {
    const axes = all_axes(cells, info);
    if (varying(axes).length === 0) return null;
    const recommendation = summary.recommendations.find(({ cheapest, cheapest_cell }) => cheapest && cells.includes(summary.cells[cheapest_cell]));
    const figure = heat_map(cells, axes, recommendation && summary.cells[recommendation.cheapest_cell]);
    if (length > 1) figure.querySelector("figcaption").prepend(el("p.eyebrow", name));
    return figure;
  });
}
