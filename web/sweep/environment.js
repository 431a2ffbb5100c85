// What is needed to judge the figures, and to measure them again.
import { el } from "../base/dom.js";
import { count, duration, seconds } from "../base/format.js";
import { facts } from "../base/layout.js";
import { exact_seed, machine_text, moment, pairs_text } from "../base/origin.js";

const list = (texts) => (texts.length > 0 ? el("ul", texts.map((text) => el("li", text))) : "");

export function environment({ info }, text) {
  const { host, versions, postgresql_settings, database, settings, notes } = info.environment;
  return [
    el("pre", { tabindex: "0", "aria-label": "Command" }, info.command),
    el("div.card", facts([
      ["Started", moment(info.started_at)],
      ["Machine", machine_text(host)],
      ["Database", database],
      ["Versions", pairs_text(versions)],
      ["Seed", exact_seed(text)],
      ["Repeats wanted per cell", count(info.repeats)],
      ["Each repeat", `${duration(1e6 * info.duration_s)}, warm-up ${duration(1e6 * info.warm_up_s)}`],
      ["Budget", info.budget_s > 0 ? seconds(info.budget_s) : ""],
      ["Constraints", list(info.constraints)],
      ["Notes", list(notes)],
    ])),
    el("div.card", el("details", el("summary", "PostgreSQL's settings"), facts(Object.entries(postgresql_settings))),
      el("details", el("summary", "Troupe's settings where a cell says nothing else"), facts(Object.entries(settings)))),
  ];
}
