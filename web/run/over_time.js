// Rate, latency, users and errors over time; what was not measured is shaded.
import { axis, chart, legend, tip } from "../base/chart.js";
import { el } from "../base/dom.js";
import { clock, count, duration, rate, short_duration } from "../base/format.js";

const end_of = ({ second, seconds }) => second + seconds;

/** [begin, end] in seconds of each stretch that is not part of the statistics. */
function unmeasured(series) {
  const out = [];
  for (const point of series) {
    const last = out[out.length - 1];
    if (point.measured) continue;
    if (last && last[1] === point.second) last[1] = end_of(point);
    else out.push([point.second, end_of(point)]);
  }
  return out;
}

function shade(series, { shade, muted }) {
  return {
    silent: true,
    itemStyle: { color: shade },
    label: { color: muted, fontSize: 11, position: "insideTop", distance: 4 },
    data: unmeasured(series).map(([begin, end], i) => [
      { xAxis: begin, name: i === 0 && end - begin >= end_of(series[series.length - 1]) / 10 ? "warm-up" : "" },
      { xAxis: end },
    ]),
  };
}

/** Some room above the lines, for the word in the shade. */
const linear = { type: "value", min: 0, boundaryGap: [0, "12%"] };
/** Shows a stall of seconds and what microseconds do, in one picture. */
const logarithmic = { type: "log" };

/** Without spreading the values over the stack: which thousands of points would fill. */
const bounds = (values) => values.reduce(
  ([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);

/** lines: [{label, key or value(point), colour index, dash, bar, stack, area}]; a value of null leaves a gap */
function time_chart({ name, title, summary, series, lines, format, tick = format, min_interval, scale = linear }) {
  const value_of = ({ key, value }) => value ?? ((point) => point[key]);
  const option = (theme) => ({
    xAxis: axis(theme, {
      type: "value", min: 0, max: end_of(series[series.length - 1]), splitLine: { show: false }, minInterval: 1,
      axisLabel: { formatter: clock },
    }),
    yAxis: axis(theme, {
      ...scale, minInterval: min_interval, axisLine: { show: false }, axisLabel: { formatter: tick },
    }),
    tooltip: { formatter: (points) => tip_of(points, lines, format) },
    series: lines.map((line, i) => ({
      type: line.bar ? "bar" : "line",
      name: line.label,
      stack: line.bar ? "all" : undefined,
      barCategoryGap: "10%",
      data: series.map((point) => [point.second + point.seconds / 2, value_of(line)(point)]),
      color: theme.series[line.colour - 1],
      lineStyle: { width: 2, type: line.dash ?? "solid" },
      areaStyle: line.area ? { opacity: 0.12 } : undefined,
      showSymbol: series.length === 1,
      sampling: line.bar ? undefined : "lttb",
      emphasis: { disabled: true },
      markArea: i === 0 ? shade(series, theme) : undefined,
    })),
  });
  const entries = lines.map(({ label, colour, dash }) => ({ label, colour: `s${colour}`, dash }));
  const controls = lines.length > 1 ? legend(entries) : null;
  return chart({ name, title, summary, option, group: "time", controls });
}

function tip_of(points, lines, format) {
  const rows = points.filter(({ value }) => value[1] !== null && value[1] !== undefined)
    .map(({ color, seriesIndex, value }) => [color, lines[seriesIndex].label, format(value[1])]);
  return tip(clock(points[0].value[0]), rows);
}

export function over_time({ series, total, run }) {
  if (series.length === 0) return null;
  const measured = series.filter((point) => point.measured);
  const busy = measured.filter((point) => point.requests > 0);
  const in_words = (text) => (busy.length > 0 ? text : "Nothing was measured.");
  const answered = (key) => (point) => (point.requests > 0 ? Math.max(1, point[key]) : null);
  const [slowest, fastest] = bounds(measured.map((point) => point.rate_per_s));
  const [best_p99, worst_p99] = bounds(busy.map((point) => point.p99_us));
  const [, most_users] = bounds(series.map((point) => point.users));
  const a_second = (key) => (point) => point[key] / point.seconds;
  const sum = (key) => series.reduce((so_far, point) => so_far + point[key], 0);
  const errors = sum("failed") + sum("dropped") === 0 ? "None." :
    `${count(sum("failed"))} failed (${count(sum("timed_out"))} timed out), ${count(sum("dropped"))} dropped, warm-up included.`;
  return el("div.charts",
    time_chart({
      name: "rate", title: "Requests per second", series, format: rate, tick: count,
      summary: in_words(`${rate(total.rate_per_s)} on average, ${rate(slowest)} to ${rate(fastest)} while measured.`),
      lines: [{ label: "Requests/s", key: "rate_per_s", colour: 1, area: true }],
    }),
    time_chart({
      name: "latency", title: "Response time", series, format: duration, tick: short_duration, scale: logarithmic,
      summary: in_words(`p99 of each ${series[0].seconds === 1 ? "second" : `${series[0].seconds} seconds`} between ${duration(best_p99)} and ${duration(worst_p99)} while measured.`),
      lines: [
        { label: "p50", value: answered("p50_us"), colour: 1 },
        { label: "p95", value: answered("p95_us"), colour: 2, dash: "dashed" },
        { label: "p99", value: answered("p99_us"), colour: 3, dash: "dotted" },
      ],
    }),
    time_chart({
      name: "users", title: "Users", series, format: count, min_interval: 1,
      summary: `Up to ${count(most_users)} ${run.workload.model === "open" ? "were busy " : ""}at once.`,
      lines: [{ label: "Users", key: "users", colour: 4, area: true }],
    }),
    time_chart({
      name: "errors", title: "Errors per second", series, format: series[0].seconds === 1 ? count : rate, min_interval: 1,
      summary: errors,
      lines: [
        { label: "Failed", value: (point) => a_second("failed")(point) - a_second("timed_out")(point), colour: 5, bar: true, dash: "block" },
        { label: "Timed out", value: a_second("timed_out"), colour: 2, bar: true, dash: "block" },
        { label: "Dropped", value: a_second("dropped"), colour: 6, bar: true, dash: "block" },
      ],
    }));
}
