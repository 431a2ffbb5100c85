// Where a request's time went: each stage begins where the one before ended.
import { axis, chart, tip } from "../base/chart.js";
import { duration, percent, short_duration } from "../base/format.js";
import { table } from "../base/table.js";

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
  const longest = rows.reduce((a, b) => (b.mean_us > a.mean_us ? b : a));
  const option = (theme) => ({
    grid: { top: 4, right: 96 },
    xAxis: axis(theme, { type: "value", min: 0, max: sum || 1, axisLabel: { formatter: short_duration, showMaxLabel: false } }),
    yAxis: axis(theme, { type: "category", inverse: true, data: rows.map(({ name }) => name), splitLine: { show: false },
      axisLabel: { color: theme.text, fontSize: 13, hideOverlap: false, interval: 0 } }),
    tooltip: {
      trigger: "item",
      formatter: ({ dataIndex, color }) => {
        const row = rows[dataIndex];
        return tip(row.name, [[color, "mean", duration(row.mean_us)], [color, "p99", duration(row.p99_us)], [color, "share", share(row)]]);
      },
    },
    series: [
      { type: "bar", stack: "all", silent: true, itemStyle: { color: "transparent" }, data: rows.map(({ begin }) => begin), tooltip: { show: false } },
      {
        type: "bar", stack: "all", barMaxWidth: 22, barMinHeight: 2, emphasis: { disabled: true }, data: rows.map(({ mean_us }) => mean_us),
        itemStyle: { borderRadius: 2, color: ({ dataIndex }) => theme.series[dataIndex % theme.series.length] },
        label: { show: true, position: "right", color: theme.text, fontSize: 12, formatter: ({ dataIndex }) => `${duration(rows[dataIndex].mean_us)} · ${share(rows[dataIndex])}` },
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
      ],
      rows,
    }),
  ];
}
