// What was run, where and when.
import { el } from "../base/dom.js";
import { count, counted, rate, seconds } from "../base/format.js";
import { facts } from "../base/layout.js";
import { exact_seed, machine_text, moment, pairs_text } from "../base/origin.js";

export function workload_text({ model, users, arrival_rate_per_s, arrivals }) {
  if (model === "open") return `${rate(arrival_rate_per_s)} arrivals/s (${arrivals})`;
  if (model === "cycle") return `cycle, ${count(users)} at once`;
  return counted(users, "user");
}

export const title_of = ({ run }) => `${run.scenario}, ${workload_text(run.workload)}`;

function stages_text({ model, stages }) {
  const unit = model === "open" ? "/s" : "";
  return stages.map(({ length_s, target }) => `${seconds(length_s)} → ${rate_or_count(target)}${unit}`).join(", ");
}
const rate_or_count = (value) => (Number.isInteger(value) ? count(value) : rate(value));

export function header({ run }, text) {
  const { workload } = run;
  return el("header",
    el("p.eyebrow", "Troupe · load test"),
    el("h1", el("span", run.scenario), " ", el("span.muted", workload_text(workload))),
    facts([
      ["Target", run.target || ["own server", run.database].filter(Boolean).join(", ")],
      ["Transport", run.transport],
      ["Workload", `${workload.model}${workload.stages.length > 0 ? `: ${stages_text(workload)}` : ""}`],
      ["Think time", workload.model !== "open" && workload.mean_think_s > 0 ? `${seconds(workload.mean_think_s)} on average` : "none"],
      ["Measured", `${seconds(run.measured_s)} of ${seconds(run.elapsed_s)} ` +
        `(ramp and warm-up left out: ${seconds(run.warm_up_s)})`],
      ["Started", moment(run.started_at)],
      ["Seed", exact_seed(text)],
      ["Machine", machine_text(run.host)],
      ["Versions", pairs_text(run.versions)],
    ]),
    el("details",
      el("summary", "Command and settings"),
      el("pre", { tabindex: "0", "aria-label": "Command" }, run.command),
      facts(Object.entries(run.settings))));
}
