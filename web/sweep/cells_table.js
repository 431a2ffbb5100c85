// Every cell with every figure, to be sorted.
import { el } from "../base/dom.js";
import { count, counted, dash, duration, number, percent, present, rate } from "../base/format.js";
import { table } from "../base/table.js";
import { all_axes, varying, workload_text, workloads } from "./axes.js";

/** The median, and behind it the interval. */
export const estimate = ({ median, low, high }, format) =>
  [format(median), present(low) ? el("span.interval", ` ${format(low)}–${format(high)}`) : ""];

export function cells_table({ info, summary }) {
  const { cells } = summary;
  if (cells.length === 0) return null;
  const axes = all_axes(cells, info);
  const outside = cells.every(({ cell }) => cell.configuration.workers === 0);
  const load = axes.find(({ key }) => key === "load");
  const models = axes.filter(({ key }) => key === "model" && cells.some(({ cell }) => cell.configuration.model !== ""));
  const what = [...models, ...axes.filter(({ key }) => key !== "model" && key !== "load"), load];
  const several = workloads(summary).map(({ name }) => name);
  const workload = ({ cell }) => workload_text(cell.workload);
  const numbers = (title, value, text, first = "ascending") => ({ title, value, text: (cell) => text(value(cell), cell), first });
  const columns = [
    ...what.map((axis, i) => ({ title: axis.name, left: true, head: i === 0, text: (cell) => axis.label(axis.of(cell)), value: axis.place })),
    ...(several.length > 1 ? [{ title: "workload", left: true, text: workload, value: (cell) => several.indexOf(workload(cell)) }] : []),
    {
      title: "Requests/s", value: ({ rate_per_s }) => rate_per_s.median, first: "descending",
      text: ({ rate_per_s }) => el("span", estimate(rate_per_s, rate)),
    },
    numbers("p50", ({ p50_us }) => p50_us.median, duration),
    numbers("p99", ({ p99_us }) => p99_us.median, duration),
    numbers("In flight", ({ in_flight }) => in_flight, (value) => number(value, 1)),
    numbers("Errors", ({ error_rate }) => error_rate, (share) => (share > 0 ? el("span.bad", percent(share)) : percent(share, 0)), "descending"),
    ...(outside ? [] : [numbers("Worker CPU", ({ worker_cpu }) => worker_cpu, (share) => percent(share, 0), "descending")]),
    ...(cells.some(({ service_cpus }) => present(service_cpus))
      ? [numbers("Service CPUs", ({ service_cpus }) => service_cpus, (cpus) => (present(cpus) ? number(cpus, 2) : dash), "descending")] : []),
    numbers("Machine CPU", ({ machine_cpu }) => machine_cpu, (share) => percent(share, 0), "descending"),
    ...(outside ? [] : [numbers("Rows/statement", ({ rows_per_statement }) => rows_per_statement,
      (value) => (value > 0 ? number(value, 1) : dash), "descending")]),
    numbers("Repeats", ({ repeats }) => repeats, count),
    ...(cells.some(({ saturated }) => saturated) ? [{
      title: "Generator", left: true, value: ({ saturated }) => Number(saturated), first: "descending",
      text: ({ saturated }) => (saturated ? el("span.bad", "was the bottleneck") : "kept up"),
    }] : []),
  ];
  const caption = `${counted(cells.length, "cell")}, medians`;
  return table({ name: "cells", caption, columns, rows: cells, wide: true, tall: true, sorted: "Requests/s" });
}
