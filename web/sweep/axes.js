// What the cells of a sweep differ in, and how that is called.
import { count, counted, rate } from "../base/format.js";

/** "pool_size" of "database.pool_size", but "workers" of "workers.count". */
export function short_name(key) {
  return key === "workers.count" ? "workers" : key.split(".").at(-1);
}

export const load_text = ({ users, arrival_rate_per_s }) =>
  (arrival_rate_per_s > 0 ? `${rate_text(arrival_rate_per_s)} arrivals/s` : counted(users, "user"));
const rate_text = (value) => (Number.isInteger(value) ? count(value) : rate(value));
export const workload_text = ({ scenario, transport }) => `${scenario} over ${transport}`;

/** Of a setting that only other cells' models leave open. */
const unswept = "as the model says";

const numeric = /^\d+(\.\d+)?$/;
/** Numbers by size, then words in the order in which they were given. */
function in_order(values, given = []) {
  const place = (value) => (numeric.test(value) ? [0, Number(value)] : [1, given.includes(value) ? given.indexOf(value) : given.length]);
  return [...values].sort((a, b) => {
    const [[kind_a, at_a], [kind_b, at_b]] = [place(a), place(b)];
    return kind_a - kind_b || at_a - at_b;
  });
}

/** @param text how a value stands in a sentence; label: how it stands by itself */
function axis(key, name, cells, of, given, text = (value) => `${name} ${value}`, label = (value) => value) {
  const values = in_order(new Set(cells.map(of)), given);
  return { key, name, of, values, text, label, place: (summary) => values.indexOf(of(summary)) };
}

function load_axis(cells) {
  const open = cells.some(({ cell: { load } }) => load.arrival_rate_per_s > 0);
  const of = ({ cell: { load } }) => String(open ? load.arrival_rate_per_s : load.users);
  const unit = open ? "arrivals/s" : "users";
  const label = (value) => rate_text(Number(value));
  return axis("load", unit, cells, of, [], (value) => (open ? `${label(value)} arrivals/s` : counted(Number(value), "user")), label);
}

/** [{key, name, of: summary of a cell → value, values, text and label: value → words}] of settings, then model, then load. */
export function all_axes(cells, info) {
  const keys = new Set(cells.flatMap(({ cell }) => Object.keys(cell.configuration.settings)));
  const is_shared = (name) => [...keys].filter((key) => short_name(key) === name).length > 1;
  const settings = [...keys].map((key) => {
    const name = is_shared(short_name(key)) ? key : short_name(key);
    return axis(key, name, cells, ({ cell }) => cell.configuration.settings[key] ?? unswept, info.axes[key]);
  });
  const model = axis("model", "model", cells, ({ cell }) => cell.configuration.model || "none", info.axes.model, (value) => value);
  return [...settings, model, load_axis(cells)];
}
export const varying = (axes) => axes.filter(({ values }) => values.length > 1);

/** A configuration by what tells it from the others, the model first. */
export function configuration_text(summary, axes) {
  const told = varying(axes).filter(({ key }) => key !== "load");
  const parts = [
    ...told.filter(({ key }) => key === "model").map((axis) => axis.of(summary)),
    ...told.filter(({ key }) => key !== "model").map((axis) => `${axis.name}=${axis.of(summary)}`),
  ];
  if (parts.length > 0) return parts.join(" ");
  return summary.cell.configuration.workers === 0 ? "the service as it is" : "the settings in force";
}

/** What was measured on each workload, which is all that compares: [{name, cells}] */
export function workloads({ cells }) {
  const out = new Map();
  cells.forEach((summary) => {
    const name = workload_text(summary.cell.workload);
    if (!out.has(name)) out.set(name, { name, cells: [] });
    out.get(name).cells.push(summary);
  });
  return [...out.values()];
}
