// Every cell at a glance: two axes span a table, and there is a table for each combination of the others.
import { labelled_choice } from "../base/choice.js";
import { el, fresh_id } from "../base/dom.js";
import { present } from "../base/format.js";
import { all_axes, varying, workloads } from "./axes.js";
import { best_of, colour_scale, details, marks_legend, matches, metrics, panel, scale_legend } from "./heat_panels.js";

const most_panels = 12;

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

/** The reader's switches: they change `state` and draw anew. `start`: the cell that is in sight at first. */
function switches(state, able, start, draw) {
  const node = el("div.controls");
  const titles = Object.entries(metrics).map(([value, { title }]) => [value, title]);
  const names = able.map(({ key, name }) => [key, name]);
  const metric = () => labelled_choice("Show", titles, state.metric, (value) => {
    state.metric = value;
    draw();
  });
  const side = (label, which, other) => {
    const choice = labelled_choice(label, names, state[which].key, (key) => {
      const chosen = able.find((axis) => axis.key === key);
      if (chosen === state[other]) state[other] = state[which];
      state[which] = chosen;
      fill();
      draw();
      node.querySelector(`[data-axis=${which}]`).focus(); // the switch that was used is a new one now
    });
    choice.querySelector("select").dataset.axis = which;
    return choice;
  };
  const held = (axis) => {
    const values = axis.values.map((value) => [value, axis.label(value)]);
    return labelled_choice(axis.name, values, state.values[axis.key], (value) => {
      state.values[axis.key] = value;
      draw();
    });
  };
  function fill() {
    Object.assign(state, held_axes(able.filter((axis) => axis !== state.x && axis !== state.y)));
    for (const axis of state.held) state.values[axis.key] ??= axis.of(start);
    const sides = state.y ? [side("Down", "y", "x"), side("Across", "x", "y")] : [];
    node.replaceChildren(metric(), ...sides, ...state.held.map(held));
  }
  fill();
  return node;
}

/** As many panels beside each other as the last axis has values, if that gives them room enough. */
function size_panels(node, { x, y, panels }) {
  const across = panels[panels.length - 1]?.values.length ?? 1;
  const longest = Math.max(0, ...(y?.values ?? []).map((value) => y.label(value).length));
  node.style.setProperty("--columns", across <= 4 ? across : Math.ceil(across / Math.ceil(across / 4)));
  node.style.setProperty("--first", `${Math.min(6, 0.8 + 0.45 * longest)}rem`);
  node.style.setProperty("--least", `calc(var(--first) + ${3.2 * x.values.length}rem)`);
}

/** The heat map of one workload; `recommended` is a cell or undefined. */
function heat_map(cells, axes, recommended) {
  const able = varying(axes);
  const [x, y] = default_axes(able);
  // Where arrivals set the rate, what differs is how soon they are answered.
  const is_rate_given = cells.some(({ cell }) => cell.load.arrival_rate_per_s > 0);
  const state = { metric: is_rate_given ? "p99" : "rate", x, y, values: {} };
  const id = fresh_id("heat-map");
  const title = el("h3"), text = el("p.summary", { id }), key = el("div.key"), panels = el("div.panels");

  function draw() {
    const metric = metrics[state.metric];
    const values = cells.map((summary) => metric.of(summary).median).filter(present);
    const held = state.held.map((axis) => [axis, state.values[axis.key]]);
    const shown = combinations(state.panels)
      .map((pairs) => ({ pairs, cells: cells.filter((summary) => matches(summary, [...held, ...pairs])) }))
      .filter((one) => one.cells.length > 0);
    const view = {
      axes, metric, recommended, x: state.x, y: state.y, scale: colour_scale(values, metric), best: best_of(cells, metric),
      panel_best: new Set(shown.length > 1 ? shown.map((one) => best_of(one.cells, metric)) : []),
    };
    title.textContent = metric.title;
    text.textContent = view.best ? `Best: ${details(view.best, axes, metric)}.` : "No two cells can be compared.";
    size_panels(panels, state);
    panels.replaceChildren(...shown.map((one) => el("div.panel", panel(one.pairs, { ...view, cells: one.cells }))));
    key.replaceChildren(values.length > 0 ? scale_legend(values, metric) : "", marks_legend(view, shown.flatMap((one) => one.cells)));
  }

  const controls = switches(state, able, recommended ?? best_of(cells, metrics.rate) ?? cells[0], draw);
  draw();
  return el("figure.card", { "data-heat-map": "", "aria-describedby": id }, el("figcaption", title, text), controls, key, panels);
}

/** Nothing when no two cells can be laid side by side. */
export function heat_maps({ info, summary }) {
  return workloads(summary).map(({ name, cells }, i, { length }) => {
    const axes = all_axes(cells, info);
    if (varying(axes).length === 0) return null;
    const recommended = summary.recommendations.filter(({ cheapest }) => cheapest).map(({ cheapest_cell }) => summary.cells[cheapest_cell]);
    const figure = heat_map(cells, axes, recommended.find((cell) => cells.includes(cell)));
    if (length > 1) figure.querySelector("figcaption").prepend(el("p.eyebrow", name));
    return figure;
  });
}
