// How long the slowest took: response time against percentile, for all good requests and for chosen tasks.
import { axis, chart, tip } from "../base/chart.js";
import { chips, choice } from "../base/choice.js";
import { el } from "../base/dom.js";
import { duration, number, short_duration } from "../base/format.js";
import { percentile_curve, value_at } from "./histogram.js";

const kinds = [
  ["response", "Response time (from the intended start)"],
  ["service", "Service time (from the actual start)"],
  ["lag", "Lag (between the two)"],
];
const ticks = [1, 2, 4, 10, 20, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8];
const percent_at = (x) => `${number(100 - 100 / x, x < 100 ? 0 : Math.ceil(Math.log10(x)) - 2)} %`;

function summary_of(all, chosen, kind) {
  const texts = [...chosen].map((i) => {
    const { p50_us, p99_us, p99_9_us, max_us, count } = all[i].good[kind];
    const of = i === 0 ? "all good requests" : all[i].name;
    if (count === 0) return `${of}: none`;
    const values = [["p50", p50_us], ["p99", p99_us], ["p99.9", p99_9_us], ["max", max_us]];
    return `${of}: ${values.map(([label, us]) => `${label} ${duration(us)}`).join(", ")}`;
  });
  return texts.length === 0 ? "Choose what to show." : `${texts.join("; ")}.`;
}

/** A logarithmic axis has no 0. */
const curve_of = ({ histogram, count }) => percentile_curve(histogram, count).map(([x, us]) => [x, Math.max(us, 1)]);

function option_of(theme, all, chosen, kind) {
  const colour = (i) => theme.series[i % theme.series.length];
  const dashes = ["solid", "dashed", "dotted"];
  const most = Math.max(10, ...[...chosen].map((i) => all[i].good[kind].count));
  const lines = [...chosen].map((i) => ({ i, data: curve_of(all[i].good[kind]) }));
  return {
    grid: { top: 12, right: 24 },
    xAxis: axis(theme, {
      type: "log", min: 1, max: most,
      axisLabel: { formatter: percent_at, customValues: ticks.filter((x) => x <= most) },
      splitLine: { show: true, lineStyle: { color: theme.line, opacity: 0.6 } },
    }),
    yAxis: axis(theme, { type: "log", axisLine: { show: false }, axisLabel: { formatter: short_duration } }),
    tooltip: {
      // ECharts hands over the nearest point of one curve; a reader wants all of them at the cursor.
      formatter: ([{ value: [x] }]) => tip(`${number(100 - 100 / x, 3)} % took at most`, lines
        .map(({ i, data }) => [colour(i), all[i].name, value_at(data, x)])
        .filter(([, , us]) => us !== undefined).map(([mark, name, us]) => [mark, name, duration(us)])),
    },
    series: lines.map(({ i, data }) => ({
      type: "line", data, color: colour(i), step: "end", showSymbol: false, emphasis: { disabled: true },
      lineStyle: { width: i === 0 ? 3 : 2, type: dashes[Math.floor(i / theme.series.length) % dashes.length] },
    })),
  };
}

export function distribution({ total, tasks }) {
  if (total.good.response.count === 0) return null;
  const all = [{ ...total, name: "All requests" }, ...tasks];
  let kind = "response";
  const entries = all.map(({ name }, i) => ({ label: name, swatch: `s${(i % 8) + 1}.solid`, checked: i === 0 }));
  const { chosen, element } = chips("Tasks shown", entries, () => update());
  const select = choice("Which time", kinds, kind, (value) => {
    kind = value;
    update();
  });

  const figure = chart({
    name: "distribution", title: "Latency of good answers by percentile", summary: summary_of(all, chosen, kind), height: "22rem",
    controls: el("div.controls", select, element),
    option: (theme) => option_of(theme, all, chosen, kind),
  });
  const update = () => figure.update(summary_of(all, chosen, kind));
  return figure;
}
