// SPDX-License-Identifier: BSD-3-Clause
//
// The first page: totals, the tree, what is down and why, and the busiest
// clients.

import { History, Sparkline } from "./charts.js";
import { ClientTable } from "./client_table.js";
import { DeskTable } from "./trading_page.js";
import { label, setSign, sign, tone } from "./conditions.js";
import { el, panel, reconcile, setAttribute, setText } from "./dom.js";
import { EventList } from "./event_list.js";
import { count, duration, exact, plural, rate } from "./format.js";
import { getJson } from "./feed.js";
import { Tree } from "./tree.js";

// -- totals -------------------------------------------------------------------

function tile(name, ...extra) {
  const value = el("dd", { class: "value" });
  const element = el("div", { class: "tile" }, el("dt", {}, name), value);
  element.append(...extra.map((x) => el("dd", { class: "extra" }, x)));
  return { element, value };
}

const note = (text) => el("span", { class: "note" }, text);

const shares = [
  ["good", "ready"],
  ["busy", "connecting"],
  ["warn", "restarting"],
  ["bad", "gave_up"],
];

// The clients by their states, as a bar and as text.
class StateBar {
  #parts = shares.map(([of]) => el("span", { class: `part tone-${of}` }));
  #bar = el("span", { class: "bar", "aria-hidden": "true" }, ...this.#parts);
  #text = el("span", { class: "note" });
  element = el("span", { class: "states" }, this.#bar, this.#text);

  update(totals) {
    shares.forEach(([, name], i) => {
      this.#parts[i].style.flexGrow = totals[name] ?? 0;
      this.#parts[i].hidden = !totals[name];
    });
    const others = shares.slice(1).filter(([, name]) => totals[name] > 0);
    const texts = others.map(
      ([, name]) => `${exact(totals[name])} ${label(name)}`,
    );
    setText(this.#text, texts.join(", ") || "all ready");
  }
}

class Totals {
  #rates = new History();
  #spark = new Sparkline({ width: 160, height: 26 });
  #states = new StateBar();
  #clients = tile("Clients ready", this.#states.element);
  #rate = tile("Messages per second", this.#spark.element);
  #messages = tile("Messages", note(""));
  #gaps = tile("Gaps", note("in what venues sent"));
  #dropped = tile("Dropped", note("for slow subscribers"));
  element = el("dl", { class: "tiles", "aria-label": "Totals" });

  constructor() {
    const tiles = [
      this.#clients,
      this.#rate,
      this.#messages,
      this.#gaps,
      this.#dropped,
    ];
    this.element.append(...tiles.map((x) => x.element));
  }

  update(state) {
    const { totals } = state;
    const perSecond = totals.messages_per_s;
    setText(
      this.#clients.value,
      `${exact(totals.ready)} / ${exact(totals.clients)}`,
    );
    this.#states.update(totals);
    this.#rates.add(perSecond);
    setText(this.#rate.value, count(Math.round(perSecond)));
    this.#spark.update(
      this.#rates.values(),
      `Messages over the last minute: latest ${rate(perSecond)}`,
    );
    setText(this.#messages.value, count(totals.messages));
    const up = duration(state.time_ms - state.started_ms);
    setText(this.#messages.element.lastChild.firstChild, `in ${up}`);
    this.#alarm(this.#gaps, totals.gaps);
    this.#alarm(this.#dropped, totals.dropped);
  }

  // Not every program counts them.
  #alarm(to, n) {
    to.element.hidden = n === undefined;
    setText(to.value, count(n));
    setAttribute(to.value, "class", n > 0 ? "value text-warn" : "value");
  }
}

// -- what is down -------------------------------------------------------------

const maxTroubles = 6;

/** Milliseconds for which a reason is believed. */
const reasonAge = 2000;

// Returns what is down, what was given up first.
function troubles(root) {
  const found = [];
  const visit = (node, supervisor) => {
    const of = tone(node.state);
    if (of === "bad" || of === "warn") {
      found.push({ node, supervisor, rank: of === "bad" ? 0 : 1 });
    }
    (node.children ?? []).forEach((x) => visit(x, node.name));
  };
  (root.children ?? []).forEach((x) => visit(x, root.name));
  return found.sort((x, y) => x.rank - y.rank);
}

class Troubles {
  #actions;
  #reasons = new Map(); // name -> last_error, and when it was asked for
  #list = el("ul", { class: "troubles" });
  #calm = el("p", { class: "calm" }, sign("good"), "Everything is up.");
  #more = el("a", { href: "#/clients" });
  element = panel(
    "Down",
    { id: "down", aside: [this.#more] },
    this.#calm,
    this.#list,
  );

  constructor(actions) {
    this.#actions = actions;
  }

  update(state) {
    const all = troubles(state.tree);
    const shown = all.slice(0, maxTroubles);
    const others = state.totals.clients - state.totals.ready - shown.length;
    this.#calm.hidden = all.length > 0;
    this.#more.hidden = others <= 0;
    setText(this.#more, `${plural(others, "more client")} not ready`);
    reconcile(
      this.#list,
      shown,
      (x) => `${x.supervisor} ${x.node.name}`,
      (x) => this.#create(x),
      (item, x) => this.#fill(item, x),
    );
    this.#forget(shown);
  }

  #create({ node }) {
    const client = () => ({ client: node.name });
    const isClient = node.kind === "client";
    const name = isClient
      ? el("a", { href: `#/client/${encodeURIComponent(node.name)}` })
      : el("span");
    return el(
      "li",
      {},
      sign("idle"),
      el("p", { class: "title" }, name, " ", el("span", { class: "state" })),
      el("p", { class: "why" }),
      el("p", { class: "remedy" }),
      ...(isClient
        ? [
            this.#actions.button("restart", client),
            this.#actions.button("start", client),
          ]
        : []),
    );
  }

  #fill(item, { node, supervisor }) {
    const [mark, title, why, remedy, restart, start] = item.children;
    setSign(mark, tone(node.state));
    setText(title.firstChild, node.name);
    const n = Number(node.details?.restarts ?? 0);
    const restarts = n > 0 ? ` after ${plural(n, "restart")}` : "";
    setText(title.lastChild, `${label(node.state)}${restarts}, ${supervisor}`);
    const reason = node.kind === "client" ? this.#reasonOf(node) : null;
    const told = node.details?.["last error"] ?? "No reason is known.";
    setText(why, reason ? `${reason.cause} (${reason.code})` : told);
    setText(remedy, reason?.remedy ?? "");
    remedy.hidden = !reason?.remedy;
    if (restart) {
      restart.hidden = node.state === "gave_up";
      start.hidden = !restart.hidden;
    }
  }

  // Cause and remedy are asked for at most so often: they change while a client
  // tries again.
  #reasonOf({ name }, now = performance.now()) {
    const known = this.#reasons.get(name) ?? { asked: -Infinity };
    if (now - known.asked >= reasonAge) {
      known.asked = now;
      this.#reasons.set(name, known);
      getJson(`/client.json?name=${encodeURIComponent(name)}`)
        .then((x) => (known.reason = x.last_error?.cause ? x.last_error : null))
        .catch(() => {}); // asked again
    }
    return known.reason;
  }

  #forget(shown) {
    const names = new Set(shown.map((x) => x.node.name));
    for (const name of this.#reasons.keys()) {
      if (!names.has(name)) {
        this.#reasons.delete(name);
      }
    }
  }
}

// -- the page -----------------------------------------------------------------

/** The overview. */
export class Overview {
  title = "Overview";
  query = { from: 0, count: 6, sort: "rate", order: "desc" };
  #totals = new Totals();
  #tree;
  #down;
  #desks;
  #table;
  #events = new EventList({ limit: 8 });

  constructor({ actions, samples }) {
    this.#tree = new Tree((node, supervisor) => {
      location.hash =
        node.kind === "more"
          ? `#/clients?filter=${encodeURIComponent(supervisor)}`
          : `#/client/${encodeURIComponent(node.name)}`;
    });
    this.#down = new Troubles(actions);
    this.#table = new ClientTable({ samples, columns: ["rate", "round_trip"] });
    this.#desks = new DeskTable(actions);
    const all = el("a", { href: "#/clients" }, "All clients");
    const log = el("a", { href: "#/events" }, "All events");
    this.element = el(
      "div",
      { class: "overview" },
      el("h1", { class: "unseen" }, "Overview"),
      this.#totals.element,
      el(
        "div",
        { class: "stack" },
        this.#down.element,
        this.#desks.element,
        panel(
          "Busiest clients",
          { id: "busiest", aside: [all] },
          this.#table.element,
        ),
        panel(
          "Last events",
          { id: "latest", aside: [log] },
          this.#events.element,
        ),
      ),
      panel("Supervision tree", { id: "tree" }, this.#tree.element),
    );
  }

  state(state) {
    this.#totals.update(state);
    this.#tree.update(state.tree);
    this.#down.update(state);
    this.#desks.update(state.desks ?? []);
    this.#events.update(state.events);
  }

  clients(page) {
    this.#table.update(page);
  }
}
