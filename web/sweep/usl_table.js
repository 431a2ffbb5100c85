// The fit of each configuration: what the drawn curves mean in numbers.
import { el } from "../base/dom.js";
import { dash, number, percent, present, rate, significant } from "../base/format.js";
import { table } from "../base/table.js";
import { all_axes, configuration_text, workload_text } from "./axes.js";
import { estimate } from "./cells_table.js";

const law = "Rate at N in flight: λN / (1 + σ(N − 1) + κN(N − 1)). λ is the rate of one request at a time, σ the share that waits its turn " +
  "(contention), κ what requests cost each other (crosstalk). Behind each value its 95 % interval. Misfit is how far a load typically lies from the law, " +
  "p the chance of so much if the law held, judged by the noise of the repeats. With p below 1 % and a misfit above 5 % the law does not describe the " +
  "server: it is not drawn and has no peak.";

/** A chance, as far as anybody wants to know it. */
const chance = (p) => (!present(p) ? "not tested" : p < 0.001 ? "< 0.001" : number(p, 3));

export function usl_table({ info, summary }) {
  const { curves, cells } = summary;
  if (!curves.some(({ usl }) => usl)) return null;
  const axes = all_axes(cells, info);
  const several = new Set(curves.map(({ workload }) => workload_text(workload))).size > 1;
  const rows = curves.map((curve) => ({
    ...curve, name: [configuration_text(cells[curve.cells[0]], axes), several ? workload_text(curve.workload) : ""].filter(Boolean).join(", "),
  }));
  const parameter = (title, key, format, first) => ({
    title, first, value: ({ usl }) => usl?.[key].median, text: ({ usl }) => (usl ? el("span", estimate(usl[key], format)) : dash),
  });
  const figure = (title, key, format, first = "descending") => ({ title, first, value: ({ usl }) => usl?.[key], text: ({ usl }) => format(usl?.[key]) });
  return [
    el("p.summary.law", law),
    table({
      name: "usl", caption: "Fitted parameters", rows, wide: true, tall: true, sorted: "Peak, requests/s",
      columns: [
        { title: "Configuration", head: true, text: ({ name }) => el("span.configuration", name) },
        parameter("λ per second", "lambda", rate, "descending"),
        parameter("σ", "sigma", significant),
        parameter("κ, millionths", "kappa", (value) => significant(present(value) ? 1e6 * value : value)),
        figure("Misfit", "misfit", (value) => percent(value, 1), "ascending"),
        { title: "Lack of fit, p", first: "ascending", value: ({ usl }) => usl?.lack_of_fit_p, text: ({ usl }) => (usl ? chance(usl.lack_of_fit_p) : dash) },
        figure("Peak, in flight", "peak_in_flight", (value) => number(value)),
        figure("Peak, requests/s", "peak_rate_per_s", rate),
        {
          title: "Knee", left: true, value: ({ knee }) => knee,
          text: ({ usl, usl_note, knee_note }) => el("span.message", [usl ? "" : usl_note, knee_note].filter(Boolean).join("; ") || dash),
        },
      ],
    }),
  ];
}
