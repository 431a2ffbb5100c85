// Where and how data came about.
import { el } from "./dom.js";
import { bytes, counted } from "./format.js";

export function machine_text({ cpu, cpus, memory_bytes, kernel }) {
  const parts = [cpu, cpus ? counted(cpus, "CPU") : "", memory_bytes ? bytes(memory_bytes) : "", kernel];
  return parts.filter(Boolean).join(" · ");
}

/** A seed has 64 bits, a number of JavaScript 53: it is taken from the text. */
export const exact_seed = (text) => /"seed":(\d+)/.exec(text)?.[1];

export const pairs_text = (map) => Object.entries(map).map(([key, value]) => `${key} ${value}`).join(" · ");

export const moment = (rfc3339) => el("time", { datetime: rfc3339 }, rfc3339.replace("T", " ").replace("Z", " UTC"));
