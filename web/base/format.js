// Numbers for people. A number that could not be computed is null in a result and a dash here.
export const dash = "–";
export const present = (value) => value !== null && value !== undefined && Number.isFinite(value);

/** Microseconds with three significant digits, as sim::describe_duration writes them. */
export function duration(us) {
  if (!present(us)) return dash;
  if (us === 0) return "0";
  const text = (number, unit) => `${number.toFixed(number >= 99.95 ? 0 : number >= 9.995 ? 1 : 2)} ${unit}`;
  if (us < 999.5) return Number.isInteger(us) ? `${us} µs` : text(us, "µs");
  return us < 999500 ? text(us / 1e3, "ms") : text(us / 1e6, "s");
}

/** The same for the ticks of an axis: without the zeros that three digits bring. */
export const short_duration = (us) => duration(us).replace(/\.0+(?= )|(\.\d*[1-9])0+(?= )/, "$1");

export function number(value, decimals = 0) {
  if (!present(value)) return dash;
  return value.toLocaleString("en", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}
export const count = (value) => number(value);
export const rate = (value) => number(value, value < 100 ? 2 : 0);
/** For little room, with three digits: 41.2k */
export const compact_rate = (value) => compact(value, 3);
/** For the ticks of an axis: 40k */
export const short_rate = (value) => compact(value, 1);
function compact(value, digits) {
  if (!present(value)) return dash;
  const options = { notation: "compact", minimumSignificantDigits: value === 0 ? 1 : digits, maximumSignificantDigits: 3 };
  return value.toLocaleString("en", options).replace("K", "k");
}
export const percent = (share, decimals = 2) => (present(share) ? `${number(100 * share, decimals)} %` : dash);
export const signed_percent = (share) => (present(share) && share > 0 ? "+" : "") + percent(share, 1);
export const seconds = (s) => (present(s) ? `${number(s, s < 100 && !Number.isInteger(s) ? 1 : 0)} s` : dash);

/** Seconds since the start, as a clock: 0:05, 1:00:00. */
export function clock(s) {
  const two = (value) => String(Math.floor(value)).padStart(2, "0");
  const hours = Math.floor(s / 3600);
  return hours > 0 ? `${hours}:${two((s % 3600) / 60)}:${two(s % 60)}` : `${Math.floor(s / 60)}:${two(s % 60)}`;
}

export function bytes(value) {
  if (!present(value)) return dash;
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  const power = value < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(value) / 10));
  return `${number(value / 1024 ** power, power > 0 ? 1 : 0)} ${units[power]}`;
}

/** "1 request", "2 requests" */
export const counted = (value, noun) => `${count(value)} ${noun}${value === 1 ? "" : "s"}`;

/** Three digits of a number of any size: 0.0551 */
export const significant = (value) => (present(value) ? value.toLocaleString("en", { maximumSignificantDigits: 3 }) : dash);
