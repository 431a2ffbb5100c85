import { count, counted, dash, duration, number, percent, rate } from "../base/format.js";
import { el } from "../base/dom.js";
import { table } from "../base/table.js";

const percentiles = [
  ["Avg", "mean_us"], ["50 %", "p50_us"], ["75 %", "p75_us"], ["90 %", "p90_us"], ["95 %", "p95_us"],
  ["99 %", "p99_us"], ["99.9 %", "p99_9_us"], ["Max", "max_us"],
];

function failed_text({ failed, requests }) {
  const text = `${count(failed)} (${percent(requests === 0 ? 0 : failed / requests)})`;
  return failed > 0 ? el("span.bad", text) : text;
}

export function tasks_table({ tasks, total }) {
  return table({
    name: "tasks",
    wide: true,
    caption: "Response time of good answers per task",
    columns: [
      { title: "Task", head: true, text: (task) => task.name },
      { title: "Type", left: true, text: (task) => task.method },
      { title: "Requests", text: (task) => count(task.requests) },
      { title: "Failed", text: failed_text },
      { title: "Requests/s", text: (task) => rate(task.rate_per_s) },
      ...percentiles.map(([title, key]) => ({
        title, text: ({ good }) => (good.response.count > 0 ? duration(good.response[key]) : dash),
      })),
    ],
    rows: tasks,
    footer: [total],
  });
}

/** Their times stand apart: a refusal is fast, a time-out slow, and neither is the server at work. */
export function failed_times_table({ tasks }) {
  const rows = tasks.filter(({ bad }) => bad.response.count > 0);
  if (rows.length === 0) return null;
  return table({
    name: "failed-times",
    wide: true,
    caption: "Response time of failed requests per task",
    columns: [
      { title: "Task", head: true, text: (task) => task.name },
      { title: "Failed", text: ({ bad }) => count(bad.response.count) },
      ...percentiles.map(([title, key]) => ({ title, text: ({ bad }) => duration(bad.response[key]) })),
    ],
    rows,
  });
}

export function phases_table({ phases }) {
  if (phases.length === 0) return null;
  const sum = (key) => phases.reduce((so_far, phase) => so_far + phase[key], 0);
  return table({
    name: "phases",
    caption: `Phases: ${count(sum("ok"))}/${count(sum("requests"))} requests succeeded`,
    columns: [
      { title: "Phase", head: true, text: (phase) => phase.name },
      { title: "Requests", text: (phase) => count(phase.requests) },
      { title: "Succeeded", text: (phase) => count(phase.ok) },
      { title: "Failed", text: failed_text },
      { title: "Seconds", text: (phase) => number(phase.length_s, 3) },
      { title: "Requests/s", text: (phase) => rate(phase.rate_per_s) },
    ],
    rows: phases,
  });
}

export function failures_table({ failures, total }) {
  if (failures.length === 0) return null;
  return table({
    name: "failures",
    wide: true,
    caption: `Failures: ${counted(total.failed, "request")}`,
    columns: [
      { title: "Task", head: true, text: (failure) => failure.task },
      { title: "Type", left: true, text: (failure) => failure.method },
      { title: "Kind", left: true, text: (failure) => failure.kind },
      { title: "Message", left: true, text: (failure) => el("span.message", failure.message) },
      { title: "Count", text: (failure) => count(failure.count) },
    ],
    rows: [...failures].sort((a, b) => b.count - a.count),
  });
}

/** The value's unit is not in the result: what the condition is about tells. */
function measured_text({ text, value, measured }) {
  if (!measured) return dash;
  const metric = /^(?:.*\.)?(p\d[\d.]*|[a-z_]+)\s*[<>]/.exec(text)?.[1] ?? "";
  if (metric === "error_rate") return percent(value, 3);
  if (metric.endsWith("rate")) return `${rate(value)}/s`;
  return /^(p\d|mean|max)/.test(metric) ? duration(value) : count(value);
}

export function thresholds_table({ thresholds }) {
  if (thresholds.length === 0) return null;
  return table({
    name: "thresholds",
    caption: "Thresholds",
    columns: [
      { title: "Fail if", head: true, text: ({ text }) => text },
      { title: "Measured", text: measured_text },
      {
        title: "Outcome", left: true,
        text: ({ failed, measured }) => (!measured ? el("span.bad", "? not measured") : failed ? el("span.bad", "✕ failed") : el("span.good", "✓ passed")),
      },
    ],
    rows: thresholds,
  });
}
