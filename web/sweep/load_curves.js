// What more load does to rate and latency, a curve per configuration.
import { axis, chart, tip } from "../base/chart.js";
import { chips } from "../base/choice.js";
import { el } from "../base/dom.js";
import { count, duration, number, present, rate, short_duration, short_rate } from "../base/format.js";
import { load_text } from "./axes.js";
import { telling_configurations } from "./configurations.js";

const shown_at_first = 4;
const symbols = ["circle", "rect", "triangle", "diamond"];
const dashes = ["solid", "dashed"];

/** How entry i is told from the others: by colour, by the points' shape and, past the fourth, by dashes. */
const look = (theme, i) => ({ colour: theme.series[i], symbol: symbols[i % symbols.length], dash: dashes[Math.floor(i / symbols.length)] });

/** Gunther's law, as in sweep::UslFit. */
const usl = ({ lambda, sigma, kappa }, n) => (lambda.median * n) / (1 + sigma.median * (n - 1) + kappa.median * n * (n - 1));
/** Whether there is a law to draw: one that does not describe the server would only mislead. */
const fitted = ({ usl: fit }) => fit && fit.describes && [fit.lambda, fit.sigma, fit.kappa].every(({ median }) => present(median));

const still = { type: "line", silent: true, emphasis: { disabled: true }, tooltip: { show: false } };

function fitted_line({ curve, points }, { colour, dash }) {
  const from = Math.min(...points.map(({ x }) => x)), to = Math.max(...points.map(({ x }) => x));
  const at = (i) => from * (to / from) ** (i / 80);
  const data = Array.from({ length: 81 }, (_, i) => [at(i), usl(curve.usl, at(i))]);
  return { ...still, data, color: colour, showSymbol: false, lineStyle: { width: 2, type: dash } };
}

/** One line for all of them, broken between. */
function whiskers({ points }, colour) {
  const data = points.filter(({ low, high }) => present(low) && present(high)).flatMap(({ x, low, high }) => [[x, low], [x, high], [x, null]]);
  return { ...still, data, color: colour, symbol: "rect", symbolSize: [9, 1.5], lineStyle: { width: 1.5 } };
}

/** The rate at x on straight lines from point to point, which rise by x: a point's own beyond the ends. */
function between(points, x) {
  const at = points.findIndex((point) => point.x >= x);
  if (at <= 0) return points[at < 0 ? points.length - 1 : 0].y;
  const [a, b] = [points[at - 1], points[at]];
  return a.y + ((b.y - a.y) * Math.log(x / a.x)) / Math.log(b.x / a.x);
}

/** On the law's line, or on that from point to point where no law is drawn. Its text is left out where it would stand on another's. */
function knee_mark({ curve, points }, theme, colour, told) {
  if (!present(curve.knee)) return [];
  const y = fitted(curve) ? usl(curve.usl, curve.knee) : between([...points].sort((a, b) => a.x - b.x), curve.knee);
  const free = told.every((other) => Math.abs(Math.log2(other.x / curve.knee)) > 1 || Math.abs(other.y / y - 1) > 0.25);
  if (free) told.push({ x: curve.knee, y });
  return [{
    ...still, data: [[curve.knee, y]], color: colour, symbol: "circle", symbolSize: 17, z: 1,
    itemStyle: { color: "transparent", borderColor: colour, borderWidth: 2 },
    label: { show: free, position: "right", distance: 6, offset: [0, 9], formatter: `knee ${number(curve.knee)}`, color: theme.text, fontSize: 12 },
  }];
}

/** Joined where no law is drawn. */
const points_series = (data, { colour, symbol, dash }, joined) => ({
  type: "line", data, color: colour, symbol, symbolSize: 9, lineStyle: { width: joined ? 1.5 : 0, type: dash }, showAllSymbol: true,
  emphasis: { disabled: true }, z: 3,
});

const item_tip = (heading_of) => ({
  trigger: "item", axisPointer: { type: "none" },
  formatter: ({ color, data }) => tip(heading_of(data[2]), rows_of(data[2]).map(([label, value]) => [color, label, value])),
});
function rows_of({ cell }) {
  const { rate_per_s, p50_us, p99_us, in_flight } = cell;
  return [["requests/s", rate(rate_per_s.median)], ["p50", duration(p50_us.median)], ["p99", duration(p99_us.median)], ["in flight", number(in_flight, 1)]];
}
const heading = ({ entry, cell }) => `${entry.name}, ${load_text(cell.cell.load)}`;

const below = { top: 16, right: 24, bottom: 26 }; // room for the axis' name
const named = (name) => ({ name, nameLocation: "middle", nameGap: 28 });

function scaling_option(theme, drawn) {
  const told = [];
  const series = drawn.flatMap(([entry, i]) => {
    const points = entry.cells
      .map((cell) => ({ cell, x: cell.in_flight, y: cell.rate_per_s.median, low: cell.rate_per_s.low, high: cell.rate_per_s.high }))
      .filter(({ x, y }) => present(x) && x > 0 && present(y));
    if (points.length === 0) return [];
    const style = look(theme, i);
    const line = fitted(entry.curve) ? [fitted_line({ ...entry, points }, style)] : [];
    const dots = points_series(points.map(({ x, y, cell }) => [x, y, { entry, cell }]), style, line.length === 0);
    return [...line, whiskers({ points }, style.colour), dots, ...knee_mark({ ...entry, points }, theme, style.colour, told)];
  });
  return {
    grid: below,
    xAxis: axis(theme, {
      ...named("requests in flight"), type: "log", logBase: 2, splitLine: { show: false },
      min: ({ min }) => 2 ** Math.floor(Math.log2(min)), axisLabel: { formatter: (n) => (n < 1 ? String(n) : count(n)) },
    }),
    yAxis: axis(theme, { type: "value", min: 0, axisLine: { show: false }, axisLabel: { formatter: short_rate } }),
    tooltip: item_tip(heading),
    series,
  };
}

function hockey_option(theme, drawn) {
  const series = drawn.flatMap(([entry, i]) => {
    const style = look(theme, i);
    const data = (key) => entry.cells.filter((cell) => present(cell.rate_per_s.median) && present(cell[key].median))
      .map((cell) => [cell.rate_per_s.median, Math.max(1, cell[key].median), { entry, cell }]);
    const base = { type: "line", color: style.colour, symbol: style.symbol, showAllSymbol: true, emphasis: { disabled: true } };
    return [
      { ...base, data: data("p99_us"), symbolSize: 8, lineStyle: { width: 2, type: "solid" } },
      { ...base, data: data("p50_us"), symbolSize: 5, lineStyle: { width: 1.5, type: "dotted" } },
    ];
  });
  return {
    grid: below,
    xAxis: axis(theme, {
      ...named("requests per second"), type: "value", min: 0, splitLine: { show: false }, axisLabel: { formatter: short_rate },
    }),
    yAxis: axis(theme, { type: "log", axisLine: { show: false }, axisLabel: { formatter: short_duration } }),
    tooltip: item_tip(heading),
    series,
  };
}

const nothing = "Choose what to show.";
function scaling_summary(drawn) {
  if (drawn.length === 0) return nothing;
  const { name, peak, curve } = drawn.map(([entry]) => entry).reduce((a, b) => (b.peak.rate_per_s.median > a.peak.rate_per_s.median ? b : a));
  const note = curve.knee_note || curve.usl_note;
  return `Fastest shown: ${name}, ${rate(peak.rate_per_s.median)}/s with ${number(peak.in_flight, 1)} in flight${note ? `; ${note}` : ""}.`;
}
function hockey_summary(drawn) {
  if (drawn.length === 0) return nothing;
  const [{ name, cells }] = drawn[0];
  const known = cells.filter(({ p99_us, rate_per_s }) => present(p99_us.median) && present(rate_per_s.median));
  if (known.length === 0) return `Nothing is known of ${name}.`;
  const ends = [...new Set([known[0], known[known.length - 1]])];
  return `p99 of ${name}: ${ends.map((cell) => `${duration(cell.p99_us.median)} at ${rate(cell.rate_per_s.median)}/s`).join(", ")}.`;
}

const drawing_key = (items) => el("ul.legend", items.map(([mark, text]) => el("li", el("span.glyph", { "aria-hidden": "true" }, mark), text)));

function curves({ name, entries }, i, several) {
  const list = entries.map((entry, at) => ({ label: entry.name, swatch: `s${at + 1}.${dashes[Math.floor(at / 4)]}`, checked: at < shown_at_first }));
  const { chosen, element } = chips("Configurations shown", list, () => {
    scaling.update(scaling_summary(drawn()));
    hockey.update(hockey_summary(drawn()));
  });
  const drawn = () => entries.map((entry, at) => [entry, at]).filter(([, at]) => chosen.has(at));
  const suffix = i > 0 ? `-${i + 1}` : "";
  const has_line = entries.some(({ curve }) => fitted(curve)), has_knee = entries.some(({ curve }) => present(curve.knee));
  const scaling = chart({
    name: `scaling${suffix}`, title: "Rate against concurrency", summary: scaling_summary(drawn()), height: "21rem",
    option: (theme) => scaling_option(theme, drawn()),
    controls: drawing_key([["●", "median"], ["┃", "95 % interval"],
      ...(has_line ? [["━", "Universal Scalability Law"]] : []), ...(has_knee ? [["◯", "knee"]] : [])]),
  });
  const hockey = chart({
    name: `latency${suffix}`, title: "Latency against rate", summary: hockey_summary(drawn()), height: "21rem",
    option: (theme) => hockey_option(theme, drawn()),
    controls: drawing_key([["━", "p99"], ["┅", "p50"]]),
  });
  return el("div.curves",
    entries.length > 1 ? el("div.card", several ? el("p.eyebrow", name) : null, element) : null,
    el("div.charts", scaling, hockey));
}

/** One load, or nothing known of it, makes no curve. */
const is_curve = ({ cells }) => cells.filter(({ in_flight, rate_per_s }) => present(in_flight) && present(rate_per_s.median)).length > 1;

export function load_curves(data) {
  const groups = telling_configurations(data).filter(({ entries }) => entries.some(is_curve));
  return groups.map((group, i) => curves(group, i, groups.length > 1));
}
