// The answer in words, before any figure.
import { el } from "../base/dom.js";
import { count, counted, dash, duration, number, percent, present, rate } from "../base/format.js";
import { banner, tiles } from "../base/layout.js";
import { load_text, workload_text } from "./axes.js";

const interval = ({ low, high }, format) => (present(low) ? `95 %: ${format(low)} to ${format(high)}` : "one repeat: no interval");

/** How sure the answer is, as a tile. */
function sure({ regret, alike, too_noisy, repeats_needed }) {
  if (too_noisy) return { label: "Sure", value: "not yet", note: `${counted(repeats_needed, "repeat")} would tell` };
  if (!present(regret)) return { label: "Sure", value: dash, note: "needs more repeats" };
  return { label: "Behind the best, at most", value: percent(regret), note: alike ? "no difference shows" : "of all measured, 95 %" };
}

/** What it takes: of an outside service only the CPUs are known, and only if that was asked. */
function cost({ connections, workers }, { service_cpus }) {
  if (workers > 0) return [{ label: "Connections", value: count(connections), note: `on ${counted(workers, "worker")}` }];
  return present(service_cpus) ? [{ label: "CPUs of the service", value: number(service_cpus, 2), note: "on average" }] : [];
}

function figures(recommendation, cells) {
  const { cheapest, cheapest_cell, limit } = recommendation;
  const cell = cells[cheapest_cell];
  if (!cheapest || !cell) return null;
  return tiles([
    { label: `Requests/s at ${load_text(cell.cell.load)}`, value: rate(cell.rate_per_s.median), note: interval(cell.rate_per_s, rate) },
    { label: "p99", value: duration(cell.p99_us.median), note: interval(cell.p99_us, duration) },
    ...cost(cheapest, cell),
    { label: "Limited by", value: limit.what || dash },
    sure(recommendation),
  ]);
}

function card(recommendation, { cells }, several) {
  const { words, too_noisy, best, workload } = recommendation;
  const [first, ...others] = words;
  const tone = best === null ? "bad" : too_noisy ? "warn" : "good";
  return el(`article.answer.${tone}`,
    several ? el("p.eyebrow", workload_text(workload)) : null,
    el("p.verdict", first ?? "There is no answer."),
    others.length > 0 ? el("ul", others.map((text) => el("li", text))) : null,
    figures(recommendation, cells));
}

export function answer({ summary }) {
  const { recommendations, notes, cells } = summary;
  if (cells.length === 0) return el("div.banners", banner("bad", "Nothing was measured: the sweep ended before its first repeat did", []));
  return el("div.answers",
    recommendations.map((one) => card(one, summary, recommendations.length > 1)),
    notes.length > 0 ? banner("warn", "To know when reading these figures", notes) : null);
}
