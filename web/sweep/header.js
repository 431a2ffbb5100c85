// What was swept, when and on what.
import { el } from "../base/dom.js";
import { counted, duration } from "../base/format.js";
import { machine_text, moment } from "../base/origin.js";
import { all_axes, short_name, varying, workloads } from "./axes.js";

const names_of = ({ info, summary }) => {
  const swept = varying(all_axes(summary.cells, info)).map(({ name }) => name);
  const planned = Object.entries(info.axes).filter(([, values]) => values.length > 1).map(([name]) => short_name(name));
  return swept.length > 0 ? swept : planned;
};
export const title_of = (data) => `Sweep of ${names_of(data).join(" × ") || "one configuration"}`;

function values_text({ info, summary }) {
  const list = ({ name, values, label }) => `${name} ${values.map(label).join(", ")}`;
  return varying(all_axes(summary.cells, info)).map(list).join(" · ");
}

function measured_text({ info, summary }) {
  const repeats = summary.cells.reduce((so_far, cell) => so_far + cell.repeats, 0);
  const each = `each ${duration(1e6 * info.duration_s)}${info.warm_up_s > 0 ? ` after ${duration(1e6 * info.warm_up_s)} of warm-up` : ""}`;
  return `${counted(summary.cells.length, "cell")}, ${counted(repeats, "repeat")} in all, ${each}`;
}

export function header(data) {
  const { info, summary } = data;
  const { host, database, versions } = info.environment;
  const origin = [machine_text(host), [database, versions.postgresql].filter(Boolean).join(" ")].filter(Boolean).join(" · ");
  return el("header",
    el("p.eyebrow", "Troupe · sweep"),
    el("h1", el("span", names_of(data).join(" × ") || "One configuration"), " ",
      el("span.muted", workloads(summary).map(({ name }) => name).join(", "))),
    el("ul.origin",
      [values_text(data), measured_text(data), [moment(info.started_at), origin ? ` · ${origin}` : ""]]
        .filter((text) => text.length > 0).map((text) => el("li", text))));
}
