// Which configurations are drawn: those that a reader asks for first.
import { present } from "../base/format.js";
import { all_axes, configuration_text, varying, workloads } from "./axes.js";

const most = 8; // as many as there are colours

const rate_of = (summary) => (summary && present(summary.rate_per_s.median) ? summary.rate_per_s.median : -1);
const p99_of = ({ p99_us }) => (present(p99_us.median) ? p99_us.median : Infinity);
/** The fastest; where load is given and not taken, as by arrivals, the one that answered soonest. */
const faster = (a, b) => rate_of(b) - rate_of(a) || p99_of(a) - p99_of(b);

/** The curve's cell of the highest rate. */
const peak_of = (cells) => [...cells].sort(faster)[0];

/** The best of each value of each axis, axes with few values first: what a setting does shows beside the others. */
function best_of_each_value(entries, axes) {
  const settings = varying(axes).filter(({ key }) => key !== "load").sort((a, b) => a.values.length - b.values.length);
  return settings.flatMap((axis) => axis.values.map((value) => entries.find(({ cells }) => axis.of(cells[0]) === value)));
}

/**
 * Of each workload the most telling configurations: recommended, fastest, the best of each model, the best of each
 * setting's values, then the next best: [{name, axes, models, entries: [{name, curve, cells, peak}]}]
 */
export function telling_configurations({ info, summary }) {
  const recommended = summary.recommendations.filter(({ cheapest }) => cheapest).map(({ cheapest_cell }) => summary.cells[cheapest_cell]);
  return workloads(summary).map(({ name, cells }) => {
    const axes = all_axes(cells, info);
    const own = new Set(cells);
    const entries = summary.curves
      .map((curve) => ({ curve, cells: curve.cells.map((i) => summary.cells[i]).filter((cell) => own.has(cell)) }))
      .filter((entry) => entry.cells.length > 0)
      .map((entry) => ({ ...entry, peak: peak_of(entry.cells), name: configuration_text(entry.cells[0], axes) }))
      .sort((a, b) => faster(a.peak, b.peak));
    const model = axes.filter(({ key }) => key === "model");
    const models = best_of_each_value(entries, model);
    const first = entries.filter((entry) => entry.cells.some((cell) => recommended.includes(cell)));
    const telling = [...first, ...entries.slice(0, 1), ...models, ...best_of_each_value(entries, axes), ...entries];
    return { name, axes, models, entries: [...new Set(telling)].slice(0, most) };
  });
}
