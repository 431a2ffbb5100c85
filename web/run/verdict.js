// What the reader must know before believing any number.
import { el } from "../base/dom.js";
import { count, counted, duration, number, percent, rate, signed_percent } from "../base/format.js";
import { banner, facts } from "../base/layout.js";

export function verdict({ run, verdict, thresholds, total }) {
  const out = [];
  const failed = thresholds.filter((threshold) => threshold.failed);
  const unmeasured = thresholds.filter(({ measured }) => !measured);
  if (verdict.saturated) {
    out.push(banner("bad", "The load generator was the bottleneck: these numbers measure it, not the server", verdict.reasons));
  }
  if (verdict.saturated === null) out.push(banner("warn", "Nobody judged the load generator", []));
  if (failed.length > 0) {
    out.push(banner("bad", `Failed: ${failed.length} of ${counted(thresholds.length, "threshold")}`,
      failed.map(({ text }) => `fail if ${text}`)));
  }
  if (unmeasured.length > 0) {
    out.push(banner("bad", `Not measured: ${unmeasured.length} of ${counted(thresholds.length, "threshold")}`,
      unmeasured.map(({ text }) => `fail if ${text}`)));
  }
  if (run.interrupted) out.push(banner("warn", "The run was interrupted: it ended before its time", []));
  if (run.steady === false) {
    out.push(banner("warn", "No steady state was found: the run is too short, or the load kept changing", []));
  }
  if (out.length === 0) {
    const held = thresholds.length > 0 ? ` and ${counted(thresholds.length, "threshold")} held` : "";
    const failures = total.failed === 0 ? "no request failed" : `${counted(total.failed, "request")} failed`;
    const dropped = total.dropped === 0 ? "" : `, ${counted(total.dropped, "arrival")} dropped`;
    // Whether some failures matter is for thresholds to say.
    const tone = total.failed + total.dropped === 0 || thresholds.length > 0 ? "good" : "warn";
    out.push(banner(tone, `The load generator kept up${held}; ${failures}${dropped}`, []));
  }
  return el("div.banners", out);
}

function law_text({ busy, rate_per_s, mean_service_us, expected_busy, deviation }) {
  return `${rate(rate_per_s)}/s × ${duration(mean_service_us)} service = ${number(expected_busy, 2)} requests under way; ` +
    `${number(busy, 2)} were seen (${signed_percent(deviation)})`;
}

function open_load_text({ offered_per_s, answered_per_s, backlog, backlog_per_s }) {
  return `${rate(offered_per_s)}/s offered, ${rate(answered_per_s)}/s answered; ${count(backlog)} not answered at the end ` +
    `(${backlog_per_s >= 0 ? "+" : "−"}${rate(Math.abs(backlog_per_s))}/s)`;
}

function cpu_bar(share, worker) {
  const label = `worker ${worker + 1}: ${percent(share, 0)}`;
  return el("span.meter", el("meter", { min: 0, max: 1, high: 0.9, value: share, "aria-label": label }), ` ${label}`);
}

const cpu_bars = (shares) => (shares.length > 0 ? el("span.meters", shares.map(cpu_bar)) : "");

/** 0 stands for "not known". */
const ceiling_text = (users) => (users > 0 ? `about ${counted(Math.round(users), "user")} of this kind` : "");

const judged = (saturated) => (saturated === null ? "was not judged" : saturated ? "was the bottleneck" : "kept up");

export function trust({ verdict, total }) {
  return el("div.card",
    facts([
      ["Load generator", judged(verdict.saturated)],
      ["CPU of the users' workers", cpu_bars(verdict.worker_cpu)],
      ["CPU of the server's workers", cpu_bars(verdict.server_cpu)],
      ["Of it the users' own turns", verdict.users_share === null ? "" : percent(verdict.users_share)],
      ["Lag behind the schedule, p99", duration(verdict.lag_p99_us)],
      ["Started late · dropped · timed out", [total.late, total.dropped, total.timed_out].map(count).join(" · ")],
      ["Open load", verdict.open_load ? open_load_text(verdict.open_load) : ""],
      ["After the end · unfinished", [total.drained, total.unfinished].map(count).join(" · ")],
      ["Little's law", verdict.littles_law ? law_text(verdict.littles_law) : ""],
      ["This generator could carry", ceiling_text(verdict.user_ceiling)],
      ["Notes", verdict.notes.length > 0 ? el("ul", verdict.notes.map((note) => el("li", note))) : ""],
    ]));
}
