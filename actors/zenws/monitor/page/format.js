// SPDX-License-Identifier: BSD-3-Clause
//
// Numbers, durations and times as people read them.

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const small = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });
const compact = new Intl.NumberFormat("en", {
  notation: "compact",
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
});

/** For what there is no value. */
export const none = "–";

const isNumber = (x) => typeof x === "number" && Number.isFinite(x);

/** Returns all digits, in groups. */
export function exact(n) {
  return isNumber(n) ? whole.format(n) : none;
}

/** Returns all digits, from a million on only the first ones. */
export function count(n) {
  if (!isNumber(n)) {
    return none;
  }
  return Math.abs(n) < 1e6 ? whole.format(n) : compact.format(n);
}

/** Returns a rate per second. */
export function rate(n) {
  if (!isNumber(n)) {
    return none;
  }
  const text = n > 0 && n < 10 ? small.format(n) : count(n);
  return `${text}/s`;
}

const two = (n) => String(n).padStart(2, "0");

/** Returns a duration in the two units that matter. */
export function duration(ms) {
  if (!isNumber(ms) || ms < 0) {
    return none;
  }
  if (ms < 1000) {
    return `${Math.round(ms)} ms`;
  }
  const s = Math.floor(ms / 1000);
  if (s < 60) {
    return `${s} s`;
  }
  if (s < 3600) {
    return `${Math.floor(s / 60)} min ${two(s % 60)} s`;
  }
  if (s < 86400) {
    return `${Math.floor(s / 3600)} h ${two(Math.floor((s % 3600) / 60))} min`;
  }
  return `${Math.floor(s / 86400)} d ${Math.floor((s % 86400) / 3600)} h`;
}

/** Returns a latency; 0 is none that was measured. */
export function latency(us) {
  if (!isNumber(us) || us <= 0) {
    return none;
  }
  if (us < 1000) {
    return `${Math.round(us)} µs`;
  }
  if (us < 1e6) {
    return `${small.format(us / 1000)} ms`;
  }
  return `${small.format(us / 1e6)} s`;
}

/** Returns a number of bytes. */
export function bytes(n) {
  if (!isNumber(n)) {
    return none;
  }
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let unit = 0;
  while (n >= 1024 && unit + 1 < units.length) {
    n /= 1024;
    ++unit;
  }
  return `${unit === 0 ? whole.format(n) : small.format(n)} ${units[unit]}`;
}

/** Returns the time of day, in the zone of the browser. */
export function clock(ms) {
  if (!isNumber(ms)) {
    return none;
  }
  const t = new Date(ms);
  return [t.getHours(), t.getMinutes(), t.getSeconds()].map(two).join(":");
}

/** Returns "1 client" or "3 clients". */
export function plural(n, noun) {
  return `${exact(n)} ${noun}${n === 1 ? "" : "s"}`;
}
