import { count, dash, duration, percent, rate, seconds } from "../base/format.js";
import { tiles } from "../base/layout.js";

const share = (part, whole) => (whole === 0 ? 0 : part / whole);

/** A dropped arrival is a failure to its user, though it was never sent. */
export function figures({ total, run }) {
  const { response } = total.good;
  const none = response.count === 0;
  const latency = (label, us, note) => ({ label, value: none ? dash : duration(us), note: none ? "" : note });
  return tiles([
    {
      label: "Requests per second", value: rate(total.rate_per_s),
      note: `${count(total.requests)} in ${seconds(run.measured_s)}`,
    },
    latency("p50", response.p50_us, "half were faster"),
    latency("p95", response.p95_us, "19 of 20 were faster"),
    latency("p99", response.p99_us, `slowest: ${duration(response.max_us)}`),
    {
      label: "Failures",
      value: percent(share(total.failed, total.requests)),
      note: `${count(total.failed)} failed${total.dropped > 0 ? `, ${count(total.dropped)} dropped` : ""}`,
      tone: total.failed + total.dropped > 0 ? "bad" : "good",
    },
  ]);
}
