import { count, duration, percent, rate } from "../base/format.js";
import { tiles } from "../base/layout.js";

const share = (part, whole) => (whole === 0 ? 0 : part / whole);

/** Requests that failed, and arrivals that were never sent: both are what users did not get. */
export function figures({ total, run }) {
  const { response } = total;
  const latency = (label, us, note) => ({ label, value: response.count > 0 ? duration(us) : "–", note });
  return tiles([
    { label: "Requests per second", value: rate(total.rate_per_s), note: `${count(total.requests)} in ${run.measured_s.toFixed(1)} s` },
    latency("p50", response.p50_us, "half were faster"),
    latency("p95", response.p95_us, "19 of 20 were faster"),
    latency("p99", response.p99_us, response.count > 0 ? `slowest: ${duration(response.max_us)}` : ""),
    {
      label: "Failures",
      value: percent(share(total.failed, total.requests)),
      note: `${count(total.failed)} failed${total.dropped > 0 ? `, ${count(total.dropped)} dropped` : ""}`,
      tone: total.failed + total.dropped > 0 ? "bad" : "good",
    },
  ]);
}
