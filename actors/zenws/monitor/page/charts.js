// SPDX-License-Identifier: BSD-3-Clause
//
// Small charts of SVG: a line over the last seconds, with gaps where nothing is
// known.

import { el, setAttribute, setText, svg } from "./dom.js";

/** Samples of one number over the last `span` milliseconds, one a second. */
export class History {
  #samples = [];

  constructor(span = 60000) {
    this.span = span;
  }

  /** Adds a sample; more than one a second replaces the last one. */
  add(value, now = performance.now()) {
    const last = this.#samples.at(-1);
    if (last && now - last.at < 900) {
      last.value = value;
      return;
    }
    this.#samples.push({ at: now, value });
    const oldest = now - this.span;
    while (this.#samples[0].at < oldest) {
      this.#samples.shift();
    }
  }

  /**
   * Returns the values by seconds, the newest last; null where there is none.
   */
  values(now = this.#samples.at(-1)?.at ?? 0) {
    const length = Math.round(this.span / 1000) + 1;
    const result = new Array(length).fill(null);
    for (const { at, value } of this.#samples) {
      const place = length - 1 - Math.round((now - at) / 1000);
      if (place >= 0) {
        result[place] = value;
      }
    }
    return bridged(result);
  }
}

// Samples come once a second only about: a lone hole is none.
function bridged(values) {
  return values.map((x, i) => {
    const [before, after] = [values[i - 1], values[i + 1]];
    const known = typeof before === "number" && typeof after === "number";
    return x === null && known ? (before + after) / 2 : x;
  });
}

// Returns the path of the line and, closed at the bottom, that of the area.
function paths(values, width, height, highest) {
  const step = width / Math.max(1, values.length - 1);
  const y = (v) => (height - 1.5 - (v / highest) * (height - 4)).toFixed(1);
  let line = "";
  let area = "";
  let start = null;
  values.forEach((v, i) => {
    const x = (i * step).toFixed(1);
    if (v !== null) {
      line += `${start === null ? "M" : "L"}${x} ${y(v)}`;
      area += start === null ? `M${x} ${height}L${x} ${y(v)}` : `L${x} ${y(v)}`;
      start ??= x;
    }
    const ends = start !== null && (values[i + 1] ?? null) === null;
    if (ends && v !== null) {
      area += `L${x} ${height}Z`;
      start = null;
    }
  });
  return { line, area };
}

/**
 * A line of the values of a minute or two; a text stands for the picture.
 */
export class Sparkline {
  #width;
  #height;
  #area = svg("path", { class: "area" });
  #line = svg("path", { class: "line" });

  constructor({ width = 88, height = 22, tone = "accent" } = {}) {
    this.#width = width;
    this.#height = height;
    this.element = svg(
      "svg",
      {
        class: `spark spark-${tone}`,
        viewBox: `0 0 ${width} ${height}`,
        preserveAspectRatio: "none",
        role: "img",
      },
      this.#area,
      this.#line,
    );
  }

  update(values, text) {
    const known = values.filter((x) => x !== null);
    const highest = Math.max(...known, 1e-9);
    const { line, area } = paths(values, this.#width, this.#height, highest);
    setAttribute(this.#line, "d", line);
    setAttribute(this.#area, "d", area);
    setAttribute(this.element, "aria-label", text);
  }
}

/** A larger chart with its highest value, its span, and values on pointing. */
export class Chart {
  #spark;
  #format;
  #values = [];
  #stepMs = 1000;
  #top = el("span", { class: "high" });
  #from = el("span");
  #reading = el("span", { class: "reading" });
  #cursor = el("span", { class: "cursor", hidden: true });

  constructor({ name, format, tone }) {
    this.name = name;
    this.#format = format;
    this.#spark = new Sparkline({ width: 600, height: 96, tone });
    const plot = el("div", { class: "plot" }, this.#spark.element);
    plot.append(this.#cursor, this.#top);
    plot.addEventListener("pointermove", (event) => this.#point(plot, event));
    plot.addEventListener("pointerleave", () => this.#leave());
    const foot = el("div", { class: "axis" }, this.#from, this.#reading);
    foot.append(el("span", {}, "latest"));
    this.element = el("div", { class: "chart" }, plot, foot);
  }

  update(values, stepMs) {
    this.#values = values.map((x) => (typeof x === "number" ? x : null));
    this.#stepMs = stepMs;
    const known = this.#values.filter((x) => x !== null);
    const seconds = Math.round((values.length * stepMs) / 1000);
    const latest = this.#format(known.at(-1));
    const highest = this.#format(known.length ? Math.max(...known) : null);
    this.#spark.update(
      this.#values,
      `${this.name} over the last ${seconds} s: latest ${latest}, highest ${highest}`,
    );
    setText(this.#top, highest);
    setText(this.#from, `${seconds} s ago`);
  }

  #point(plot, event) {
    const box = plot.getBoundingClientRect();
    const part = (event.clientX - box.left) / box.width;
    const last = this.#values.length - 1;
    const i = Math.min(last, Math.max(0, Math.round(part * last)));
    if (last < 1) {
      return;
    }
    const ago = Math.round(((last - i) * this.#stepMs) / 1000);
    setText(this.#reading, `${this.#format(this.#values[i])}, ${ago} s ago`);
    this.#cursor.style.left = `${(i / last) * 100}%`;
    this.#cursor.hidden = false;
  }

  #leave() {
    setText(this.#reading, "");
    this.#cursor.hidden = true;
  }
}
