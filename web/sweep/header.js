// What was swept, when and on what.
import { el } from "../base/dom.js";
import { count, counted, seconds } from "../base/format.js";
import { facts } from "../base/layout.js";
import { machine_text, moment } from "../base/origin.js";
import { all_axes, short_name, varying, workloads } from "./axes.js";

const names_of = ({ info, summary }) => {
  const swept = varying(all_axes(summary.cells, info)).map(({ name }) => name);
  const planned = Object.entries(info.axes).filter(([, values]) => values.length > 1).map(([name]) => short_name(name));
  return swept.length > 0 ? swept : planned;
};
export const title_of = (data) => `Sweep of ${names_of(data).join(" × ") || "one configuration"}`;

function values_text({ info, summary }) {
  const list = ({ name, values }) => `${name} ${values.length > 8 ? `${values[0]} … ${values[values.length - 1]}` : values.join(", ")}`;
  return varying(all_axes(summary.cells, info)).map(list).join(" · ");
}

function measured_text({ info, summary }) {
  const repeats = summary.cells.reduce((so_far, cell) => so_far + cell.repeats, 0);
  const each = `each ${seconds(info.duration_s)}${info.warm_up_s > 0 ? ` after ${seconds(info.warm_up_s)} of warm-up` : ""}`;
  return `${counted(summary.cells.length, "cell")}, ${counted(repeats, "repeat")} in all, ${each}`;
}

export function header(data) {
  const { info, summary } = data;
  const { host, database, versions } = info.environment;
  const version = versions.postgresql;
  return el("header",
    el("p.eyebrow", "Troupe · sweep"),
    el("h1", el("span", names_of(data).join(" × ") || "One configuration"), " ",
      el("span.muted", workloads(summary).map(({ name }) => name).join(", "))),
    facts([
      ["Swept", values_text(data)],
      ["Measured", measured_text(data)],
      ["Started", moment(info.started_at)],
      ["Machine", machine_text(host)],
      ["PostgreSQL", [database, version].filter(Boolean).join(" · ")],
    ]));
}
