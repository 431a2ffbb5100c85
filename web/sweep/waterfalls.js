// Where a request's time goes, stage by stage: of each model's best configuration, or of the best configurations.
import { el, fresh_id } from "../base/dom.js";
import { duration, percent } from "../base/format.js";
import { table } from "../base/table.js";
import { load_text } from "./axes.js";
import { telling_configurations } from "./configurations.js";

const readable = 0.13; // the share of the width that has room for a text
const total = ({ waterfall }) => waterfall.reduce((so_far, { mean_us }) => so_far + mean_us, 0);

function bar({ peak }, names, longest) {
  const sum = total(peak);
  return el("div.stack", peak.waterfall.map(({ name, mean_us }) => {
    const share = percent(sum > 0 ? mean_us / sum : 0, 0);
    const part = el(`span.part.s${(names.indexOf(name) % 8) + 1}`, { title: `${name}: ${duration(mean_us)}, ${share}` },
      mean_us / longest > readable ? `${name} ${share}` : "");
    part.style.width = `${(100 * mean_us) / longest}%`;
    return part;
  }));
}

function waterfall({ name, models, entries }, several) {
  const by_model = models.length > 1;
  const rows = (by_model ? models : entries).filter(({ peak }) => total(peak) > 0);
  if (rows.length === 0) return null;
  const names = [...new Set(rows.flatMap(({ peak }) => peak.waterfall.map((stage) => stage.name)))];
  const longest = Math.max(...rows.map(({ peak }) => total(peak)));
  const title = (row) => `${row.name}, ${load_text(row.peak.cell.load)}`;
  const stage = (row, wanted) => row.peak.waterfall.find((one) => one.name === wanted)?.mean_us;
  const id = fresh_id("waterfall");
  return [
    el("figure.card", { "data-waterfall": "", "aria-describedby": id },
      el("figcaption", several ? el("p.eyebrow", name) : null, el("h3", "Waterfall of a mean request"),
        el("p.summary", { id }, by_model ? "Of each model its fastest cell." : "Of each configuration its fastest cell.")),
      el("ul.legend", names.map((text, i) => el("li", el(`span.swatch.block.s${(i % 8) + 1}`), text))),
      el("ol.waterfalls", rows.map((row) =>
        el("li", el("div.waterfall-name", el("span", title(row)), el("b", duration(total(row.peak)))), bar(row, names, longest))))),
    table({
      name: "waterfall", caption: "Stages, mean",
      columns: [
        { title: "Configuration and load", head: true, text: (row) => el("span.configuration", title(row)) },
        ...names.map((text) => ({ title: text, text: (row) => duration(stage(row, text)) })),
        { title: "All", text: (row) => duration(total(row.peak)) },
      ],
      rows,
    }),
  ];
}

export function waterfalls(data) {
  const groups = telling_configurations(data);
  return groups.flatMap((group) => waterfall(group, groups.length > 1)).filter(Boolean);
}
