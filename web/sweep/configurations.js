// Which configurations are drawn: those that a reader asks for first.
import { present } from "../base/format.js";
import { all_axes, configuration_text, workloads } from "./axes.js";

const most = 8; // as many as there are colours

const rate_of = (summary) => (summary && present(summary.rate_per_s.median) ? summary.rate_per_s.median : -1);
const p99_of = ({ p99_us }) => (present(p99_us.median) ? p99_us.median : Infinity);
/** The fastest; where load is given and not taken, as by arrivals, the one that answered soonest. */
const faster = (a, b) => rate_of(b) - rate_of(a) || p99_of(a) - p99_of(b);

/** The curve's cell of the highest rate. */
const peak_of = (cells) => [...cells].sort(faster)[0];

/**
 * Of each workload the most telling configurations: recommended, fastest, the best of each model, then the next
 * best: [{name, axes, entries: [{name, curve, cells, peak, model}]}]
 */
export function telling_configurations({ info, summary }) {
  return workloads(summary).map(({ name, cells }) => {
    const axes = all_axes(cells, info);
    const own = new Set(cells);
    const entries = summary.curves
      .map((curve) => ({ curve, cells: curve.cells.map((i) => summary.cells[i]).filter((cell) => own.has(cell)) }))
      .filter((entry) => entry.cells.length > 0)
      .map((entry) => ({
        ...entry, peak: peak_of(entry.cells), model: entry.curve.configuration.model,
        name: configuration_text(entry.cells[0], axes),
      }))
      .sort((a, b) => faster(a.peak, b.peak));
    const recommended = summary.recommendations.filter(({ cheapest }) => cheapest).map(({ cheapest_cell }) => summary.cells[cheapest_cell]);
    const first = entries.filter((entry) => entry.cells.some((cell) => recommended.includes(cell)));
    const models = entries.filter(({ model }, i) => entries.findIndex((other) => other.model === model) === i);
    return { name, axes, models, entries: [...new Set([...first, ...models, ...entries])].slice(0, most) };
  });
}
