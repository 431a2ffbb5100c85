// Where a request's time went: each stage begins where the one before ended.
import { axis, chart, tip } from "../base/chart.js";
import { count, duration, percent, short_duration } from "../base/format.js";
import { table } from "../base/table.js";

const bar = { type: "bar", stack: "all", emphasis: { disabled: true } };

function placed(stages) {
  let start = 0;
  return stages.map((stage) => {
    const begin = start;
    start += stage.mean_us;
    return { ...stage, begin };
  });
}

export function waterfall({ waterfall: stages }) {
  if (stages.length === 0) return null;
  const rows = placed(stages);
  const sum = rows.reduce((so_far, { mean_us }) => so_far + mean_us, 0);
  const share = ({ mean_us }) => percent(sum === 0 ? 0 : mean_us / sum, 0);
  const counted = rows.every(({ requests }) => typeof requests === "number");
  const longest = rows.reduce((a, b) => (b.mean_us > a.mean_us ? b : a));
  const colour = (theme, i) => theme.series[i % theme.series.length];
  const option = (theme) => ({
    grid: { top: 4, right: 96 },
    xAxis: axis(theme, { type: "value", min: 0, axisLabel: { formatter: short_duration } }),
    yAxis: axis(theme, {
      type: "category", inverse: true, data: rows.map(({ name }) => name), splitLine: { show: false },
      axisLabel: { color: theme.text, fontSize: 13, hideOverlap: false, interval: 0, width: 120, overflow: "truncate" },
    }),
    tooltip: {
      axisPointer: { type: "none" },
      formatter: ([{ dataIndex }]) => {
        const row = rows[dataIndex];
        const mark = colour(theme, dataIndex);
        const pairs = [["mean", duration(row.mean_us)], ["p99", duration(row.p99_us)], ["share", share(row)]];
        return tip(row.name, pairs.map((pair) => [mark, ...pair]));
      },
    },
    series: [
      { ...bar, silent: true, itemStyle: { color: "transparent" }, data: rows.map(({ begin }) => begin) },
      {
        ...bar, barMaxWidth: 22, barMinHeight: 2, data: rows.map(({ mean_us }) => mean_us),
        itemStyle: { borderRadius: 2, color: ({ dataIndex }) => colour(theme, dataIndex) },
        label: {
          show: true, position: "right", color: theme.text, fontSize: 12,
          formatter: ({ dataIndex }) => `${duration(rows[dataIndex].mean_us)} · ${share(rows[dataIndex])}`,
        },
      },
    ],
  });
  return [
    chart({
      name: "waterfall", title: "Waterfall of a mean request", option, height: `${rows.length * 2.4 + 2.5}rem`,
      summary: `${duration(sum)} in all; most of it, ${share(longest)}, in ${longest.name}.`,
    }),
    table({
      name: "waterfall",
      caption: "Stages",
      columns: [
        { title: "Stage", head: true, text: ({ name }) => name },
        { title: "Mean", text: ({ mean_us }) => duration(mean_us) },
        { title: "99 %", text: ({ p99_us }) => duration(p99_us) },
        { title: "Share of the mean", text: share },
        ...(counted ? [{ title: "Requests that took time there", text: ({ requests }) => count(requests) }] : []),
      ],
      rows,
    }),
  ];
}
