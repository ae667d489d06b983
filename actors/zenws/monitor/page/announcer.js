// SPDX-License-Identifier: BSD-3-Clause
//
// What happens, said once: to screen readers and as notices that pass.

import { el, setText } from "./dom.js";
import { plural } from "./format.js";

/** No more than one announcement in this time, or nobody could listen. */
const pause = 3000;

const noticeTime = 8000;

/** Announces events that are warnings or errors. */
export class Announcer {
  #region = document.getElementById("announcements");
  #last = null;
  #waiting = [];
  #timer = 0;

  /** Takes events in order; those there are at first are old. */
  update(events) {
    const newest = events.at(-1)?.seq ?? 0;
    if (this.#last !== null) {
      const isNews = (x) => x.seq > this.#last && x.severity !== "info";
      this.#waiting.push(...events.filter(isNews));
    }
    // A program that was started again counts from the beginning.
    this.#last = newest;
    if (this.#waiting.length > 0 && !this.#timer) {
      this.#say();
    }
  }

  #say() {
    const texts = this.#waiting.slice(-2).map((x) => x.text);
    const more = this.#waiting.length - texts.length;
    const rest = more > 0 ? `${plural(more, "more event")}. ` : "";
    setText(this.#region, rest + texts.join(" "));
    this.#waiting = [];
    this.#timer = setTimeout(() => {
      this.#timer = 0;
      if (this.#waiting.length > 0) {
        this.#say();
      }
    }, pause);
  }
}

/** Shows a notice for a while; `severity` is good, warning or error. */
export function notice(text, severity) {
  const dismiss = () => node.remove();
  const node = el(
    "p",
    { class: `notice ${severity}`, role: "status" },
    el("span", {}, text),
    el("button", { type: "button", onclick: dismiss }, "Dismiss"),
  );
  document.getElementById("notices").append(node);
  setTimeout(dismiss, noticeTime);
}
