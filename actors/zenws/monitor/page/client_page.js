// SPDX-License-Identifier: BSD-3-Clause
//
// The page of one client.

import { Chart } from "./charts.js";
import { badge, label, setBadge, stateOf, tone } from "./conditions.js";
import { el, panel, setAttribute, setText } from "./dom.js";
import { EventList } from "./event_list.js";
import {
  bytes,
  count,
  duration,
  exact,
  latency,
  none,
  rate,
} from "./format.js";
import { Table } from "./table.js";

// -- facts --------------------------------------------------------------------

const yesNo = (x) => (x ? "yes" : "no");

// Names and values of `status` and `metrics`, as they are shown.
const facts = [
  ["Messages", (x) => count(x.messages)],
  ["Epoch", (x) => exact(x.epoch)],
  ["Restarts", (x) => exact(x.restarts)],
  ["Up", (x) => (x.up_ms > 0 ? duration(x.up_ms) : none)],
  ["Sent", (x) => count(x.status?.messages_sent)],
  ["Dropped", (x) => count(x.status?.messages_dropped)],
  ["Failed sends", (x) => count(x.status?.sends_failed)],
  ["Malformed", (x) => count(x.status?.malformed)],
  ["Attempts", (x) => exact(x.status?.attempts)],
  ["Missed heartbeats", (x) => exact(x.status?.missed_heartbeats)],
  ["Subscribers", (x) => exact(x.status?.subscribers)],
  ["Open calls", (x) => exact(x.status?.pending_calls)],
  ["Queued", (x) => exact(x.status?.queued)],
  ["To be written", (x) => bytes(x.status?.outbound_bytes)],
  ["In the mailbox", (x) => exact(x.metrics?.waiting_requests)],
  ["Reading paused", (x) => (x.status ? yesNo(x.status.reading_paused) : none)],
];

class Facts {
  #values = facts.map(() => el("dd"));
  element = el(
    "dl",
    { class: "facts" },
    ...facts.map(([name], i) =>
      el("div", {}, el("dt", {}, name), this.#values[i]),
    ),
  );

  update(detail) {
    facts.forEach(([, of], i) => setText(this.#values[i], of(detail)));
  }
}

const latencyColumns = [
  { name: "From", of: (x) => x.name },
  { name: "Count", class: "numeric minor", of: (x) => count(x.count) },
  { name: "p50", class: "numeric", of: (x) => latency(x.p50_us) },
  { name: "p90", class: "numeric minor", of: (x) => latency(x.p90_us) },
  { name: "p99", class: "numeric", of: (x) => latency(x.p99_us) },
  { name: "Max", class: "numeric", of: (x) => latency(x.max_us) },
];

const bookColumns = [
  { name: "Instrument", of: (x) => x.instrument, isHead: true },
  {
    name: "Book",
    create: () => badge("ready"),
    fill: (td, x) =>
      setBadge(
        td.firstChild,
        x.valid ? "ready" : "backing_off",
        x.valid ? "valid" : x.why || "not valid",
      ),
  },
  { name: "Bid", class: "numeric", of: (x) => (x.valid ? x.bid : none) },
  { name: "Ask", class: "numeric", of: (x) => (x.valid ? x.ask : none) },
  {
    name: "Age",
    class: "numeric",
    of: (x) => (x.age_ms < 0 ? none : duration(x.age_ms)),
  },
];

const channelTones = { confirmed: "ready", pending_subscribe: "connecting" };

function channelColumns(renew) {
  return [
    { name: "Channel", of: (x) => x.name, isHead: true },
    {
      name: "State",
      create: () => badge("stopped"),
      fill: (td, x) =>
        setBadge(
          td.firstChild,
          channelTones[x.state] ?? "disconnected",
          label(x.state) + (x.is_renewing ? ", renewing" : ""),
        ),
    },
    {
      name: "Last message",
      class: "numeric",
      of: (x) =>
        x.last_message_ago_ms < 0
          ? "none yet"
          : `${duration(x.last_message_ago_ms)} ago`,
    },
    {
      name: "Action",
      class: "action",
      create: (x) => renew(x.name),
    },
  ];
}

// -- what went wrong ----------------------------------------------------------

class Reason {
  #title = el("p", { class: "title" });
  #cause = el("p");
  #remedy = el("p", { class: "remedy" });
  element = el(
    "section",
    { class: "reason", "aria-label": "Last error" },
    this.#title,
    this.#cause,
    this.#remedy,
  );

  update({ last_error: error, ...row }) {
    this.element.hidden = !error?.code || error.code === "none";
    if (this.element.hidden) {
      return;
    }
    const up = tone(stateOf(row)) === "good";
    setAttribute(this.element, "class", up ? "reason past" : "reason");
    const title = up ? "Last error, since overcome" : "Why it is not up";
    // The cause has the detail of the text, if there is a cause.
    const name = error.cause ? error.code : error.text;
    setText(this.#title, `${title}: ${name}`);
    setText(this.#cause, error.cause ?? "");
    setText(this.#remedy, error.remedy ?? "");
  }
}

// -- the page -----------------------------------------------------------------

// Which actions make sense in which state of the child.
const actionsOf = {
  running: ["restart", "renew", "stop"],
  restarting: ["restart", "stop"],
  gave_up: ["start"],
  stopped: ["start"],
};

/** The page of the client `name`. */
export class ClientPage {
  query;
  #name;
  #detail = el("div", { hidden: true });
  #missing = el("p", { class: "note pad", hidden: true });
  #badge = badge("disconnected");
  #url = el("span", { class: "url" });
  #supervisor = el("span");
  #reason = new Reason();
  #facts = new Facts();
  #rateNow = el("strong");
  #tripNow = el("strong");
  #rate = new Chart({ name: "Messages", format: rate, tone: "accent" });
  #trip = new Chart({ name: "Round trip", format: latency, tone: "second" });
  #lagNow = el("strong");
  #lag = new Chart({ name: "Lag", format: latency, tone: "second" });
  #lagPanel = panel(
    "Lag behind the venue's clock",
    { id: "lag", aside: [this.#lagNow] },
    this.#lag.element,
  );
  #latencies = new Table(latencyColumns, { caption: "Latencies" });
  #channels;
  #books = new Table(bookColumns, { caption: "Books", empty: "No books." });
  #bookPanel = panel("Books", { id: "books" }, this.#books.element);
  #events = new EventList({ limit: 20 });
  #store;
  #buttons;

  constructor({ name, actions, events }) {
    this.title = name;
    this.query = { from: 0, count: 1, client: name };
    this.#name = name;
    this.#store = events;
    const subject = () => ({ client: name });
    this.#buttons = Object.fromEntries(
      ["restart", "renew", "start", "stop"].map((x) => [
        x,
        actions.button(
          x,
          subject,
          x === "renew" ? "Renew channels" : undefined,
        ),
      ]),
    );
    this.#channels = new Table(
      channelColumns((channel) =>
        actions.button("renew", () => ({ client: name, channel })),
      ),
      { caption: "Channels", empty: "No channels." },
    );
    this.#build();
  }

  /** Takes what the server knows, null if there is no such client. */
  client(detail) {
    this.#detail.hidden = detail === null;
    this.#missing.hidden = detail !== null;
    this.#badge.hidden = detail === null;
    if (detail === null) {
      Object.values(this.#buttons).forEach((x) => (x.hidden = true));
      setText(this.#missing, `There is no client named “${this.#name}”.`);
      return;
    }
    setBadge(this.#badge, stateOf(detail));
    setText(this.#url, detail.url ?? "");
    setText(this.#supervisor, `Supervisor: ${detail.supervisor || "none"}`);
    const offered = actionsOf[detail.child] ?? actionsOf.running;
    for (const [name, button] of Object.entries(this.#buttons)) {
      button.hidden = !offered.includes(name);
    }
    this.#reason.update(detail);
    this.#facts.update(detail);
    this.#updateCharts(detail);
    this.#updateTables(detail);
  }

  state() {
    const own = (x) => x.source === this.#name;
    this.#events.update(this.#store.events.filter(own));
  }

  #updateCharts({ history = {}, ...row }) {
    const step = history.step_ms ?? 1000;
    setText(this.#rateNow, rate(row.rate));
    setText(this.#tripNow, latency(row.round_trip_us));
    this.#rate.update(history.rate ?? [], step);
    const trips = (history.round_trip_us ?? []).map((x) => (x > 0 ? x : null));
    this.#trip.update(trips, step);
    const lags = history.lag_us ?? [];
    const known = lags.filter((x) => x !== null);
    this.#lagPanel.hidden = known.length === 0; // no market data
    setText(this.#lagNow, latency(known.at(-1)));
    this.#lag.update(lags, step);
  }

  #updateTables({ status, metrics, books }) {
    const latencies = [
      { name: "call to answer", ...metrics?.call_latency },
      { name: "ping to pong", ...metrics?.heartbeat_latency },
    ];
    this.#latencies.update(latencies, (x) => x.name);
    this.#channels.update(status?.channel_states ?? [], (x) => x.name);
    this.#bookPanel.hidden = !books?.length;
    this.#books.update(books ?? [], (x) => x.instrument);
  }

  #build() {
    const tools = Object.values(this.#buttons);
    this.#detail.append(
      this.#reason.element,
      el(
        "div",
        { class: "halves" },
        panel(
          "Messages per second",
          { id: "rate", aside: [this.#rateNow] },
          this.#rate.element,
        ),
        panel(
          "Round trip",
          { id: "trip", aside: [this.#tripNow] },
          this.#trip.element,
        ),
      ),
      this.#lagPanel,
      panel("Status", { id: "facts" }, this.#facts.element),
      el(
        "div",
        { class: "halves" },
        panel("Channels", { id: "channels" }, this.#channels.element),
        el(
          "div",
          { class: "stack" },
          this.#bookPanel,
          panel("Latencies", { id: "latencies" }, this.#latencies.element),
        ),
      ),
      panel("Its last events", { id: "own-events" }, this.#events.element),
    );
    this.element = el(
      "div",
      { class: "client" },
      el(
        "div",
        { class: "headline" },
        el("p", { class: "crumb" }, el("a", { href: "#/clients" }, "Clients")),
        el("h1", {}, this.#name),
        this.#badge,
        el("p", { class: "about" }, this.#supervisor, " ", this.#url),
        el(
          "div",
          { class: "actions", role: "group", "aria-label": "Actions" },
          ...tools,
        ),
      ),
      this.#missing,
      this.#detail,
    );
    tools.forEach((x) => (x.hidden = true));
  }
}
