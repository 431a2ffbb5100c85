// The first failing request of each kind, and what came back.
import { el } from "../base/dom.js";

const text_of = (...parts) => parts.filter((part) => part !== "").join("\n\n");

/** Nothing where no failure has a sample (of older results, too). */
export function failure_samples({ failures }) {
  const sampled = failures.filter(({ sample }) => sample);
  if (sampled.length === 0) return null;
  return el("div.samples", el("h3", "The first failure of each kind, with secrets masked"), sampled.map(({ task, kind, message, sample }) =>
    el("details",
      el("summary", `${task}, ${kind}: ${message}`),
      el("pre", { tabindex: "0", "aria-label": "Request" }, text_of(sample.request_head, sample.request_body)),
      el("pre", { tabindex: "0", "aria-label": "Answer" },
        sample.status === 0 ? "No answer came." : text_of(`Status ${sample.status}\n${sample.answer_head}`.trim(), sample.answer_body)))));
}
