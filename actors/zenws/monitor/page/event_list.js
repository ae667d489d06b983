// SPDX-License-Identifier: BSD-3-Clause
//
// Events: the last ones as a list, and a page with as many as the server keeps.

import { sign } from "./conditions.js";
import { el, reconcile, setText } from "./dom.js";
import { clock, plural } from "./format.js";
import { getJson } from "./feed.js";

/** The server keeps as many. */
const maxEvents = 1000;

const toneOf = { info: "idle", warning: "warn", error: "bad" };

function item(event) {
  const date = new Date(event.time_ms);
  const time = { datetime: date.toISOString(), title: date.toString() };
  return el(
    "li",
    { class: event.severity },
    el("time", time, clock(event.time_ms)),
    sign(toneOf[event.severity] ?? "idle"),
    el("span", { class: "unseen" }, `${event.severity}: `),
    el("span", { class: "text" }, event.text),
    el("span", { class: "source" }, event.source),
  );
}

/** A list of events, the newest first. */
export class EventList {
  #limit;
  #list = el("ol", { class: "events" });
  #empty = el("p", { class: "note pad" }, "Nothing has happened yet.");
  element = el("div", {}, this.#list, this.#empty);

  constructor({ limit }) {
    this.#limit = limit;
  }

  /** Shows events that come in their order. */
  update(events) {
    this.#empty.hidden = events.length > 0;
    reconcile(
      this.#list,
      events.slice(-this.#limit).reverse(),
      (x) => `${x.seq} ${x.time_ms}`,
      item,
    );
  }
}

/** Events as far as the server has them, and those that came since. */
export class EventStore {
  #events = [];
  #asking = false;
  lost = false;

  get events() {
    return this.#events;
  }

  /** Takes the last events of a state; asks for those before if some lack. */
  async take(latest) {
    if (this.#asking) {
      return; // the next state brings them again
    }
    const last = this.#events.at(-1)?.seq ?? 0;
    const newest = latest.at(-1)?.seq ?? 0;
    if (newest < last) {
      this.#events = []; // the program was started again
    }
    const lacks = latest.length > 0 && latest[0].seq > last + 1;
    if (lacks) {
      await this.#ask(last);
    }
    this.#append(latest);
  }

  async #ask(last) {
    this.#asking = true;
    try {
      const { events, lost } = await getJson(`/events.json?after=${last}`);
      this.lost ||= last > 0 && lost;
      this.#append(events);
    } catch {
      this.lost = true; // told, and the next state brings the newest
    } finally {
      this.#asking = false;
    }
  }

  #append(events) {
    const last = this.#events.at(-1)?.seq ?? 0;
    this.#events.push(...events.filter((x) => x.seq > last));
    this.#events.splice(0, this.#events.length - maxEvents);
  }
}

const severities = {
  all: () => true,
  "warnings and errors": (x) => x.severity !== "info",
  errors: (x) => x.severity === "error",
};

/** The page of events. */
export class EventsPage {
  title = "Events";
  query = { from: 0, count: 1 };
  #store;
  #list = new EventList({ limit: maxEvents });
  #found = el("p", { class: "note", role: "status" });
  #severity = el(
    "select",
    { id: "severity", onchange: () => this.#show() },
    ...Object.keys(severities).map((x) => el("option", {}, x)),
  );
  #filter = el("input", {
    type: "search",
    id: "event-filter",
    placeholder: "Text or source",
    "data-key": "/",
    oninput: () => this.#show(),
  });

  constructor({ events }) {
    this.#store = events;
    this.element = el(
      "div",
      {},
      el("h1", {}, "Events"),
      el(
        "div",
        { class: "bar-of-tools" },
        el("label", { for: "event-filter" }, "Filter"),
        this.#filter,
        el("label", { for: "severity" }, "Show"),
        this.#severity,
        this.#found,
      ),
      el(
        "section",
        { class: "panel", "aria-label": "Events, the newest first" },
        this.#list.element,
      ),
    );
  }

  state() {
    this.#show();
  }

  #show() {
    const wanted = this.#filter.value.trim().toLowerCase();
    const matches = (x) =>
      severities[this.#severity.value](x) &&
      `${x.source} ${x.text}`.toLowerCase().includes(wanted);
    const events = this.#store.events.filter(matches);
    const lost = this.#store.lost ? "; older ones are missing" : "";
    setText(this.#found, plural(events.length, "event") + lost);
    this.#list.update(events);
  }
}
