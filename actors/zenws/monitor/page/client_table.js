// SPDX-License-Identifier: BSD-3-Clause
//
// Rows of clients with small charts of what this page has seen of them.

import { History, Sparkline } from "./charts.js";
import { badge, setBadge, stateOf } from "./conditions.js";
import { el, reconcile, setAttribute, setText } from "./dom.js";
import { count, duration, exact, latency, none, rate } from "./format.js";

/** Clients whose samples are kept: those of the last few windows. */
const maxSampled = 1000;

/** Samples of the clients that were in a window lately. */
export class Samples {
  #of = new Map();

  /** Adds what rows tell. */
  add(rows) {
    for (const row of rows) {
      const kept = this.of(row.name);
      this.#of.delete(row.name); // now the latest
      this.#of.set(row.name, kept);
      kept.rate.add(row.rate);
      kept.round_trip.add(row.round_trip_us > 0 ? row.round_trip_us : null);
    }
    for (const name of this.#of.keys()) {
      if (this.#of.size <= maxSampled) {
        break;
      }
      this.#of.delete(name);
    }
  }

  /** Returns the histories of a client, new ones if there are none. */
  of(name) {
    const fresh = () => ({ rate: new History(), round_trip: new History() });
    return this.#of.get(name) ?? this.#of.set(name, fresh()).get(name);
  }
}

// A column: its name, whether the server sorts by it, and how a cell is made
// and filled.
const text = (of) => ({
  create: () => [],
  fill: (td, row) => setText(td, of(row)),
});

function charted(measure, of, spoken, tone) {
  const sparks = new WeakMap();
  return {
    create(td) {
      const spark = new Sparkline({ tone });
      sparks.set(td, spark);
      return [el("span", { class: "number" }), spark.element];
    },
    fill(td, row, samples) {
      const latest = of(row);
      setText(td.firstChild, latest);
      const values = samples.of(row.name)[measure].values();
      sparks
        .get(td)
        .update(values, `${spoken} over the last minute: latest ${latest}`);
    },
  };
}

const columns = {
  name: {
    name: "Name",
    sorts: true,
    create: () => [el("a")],
    fill(td, row) {
      const href = `#/client/${encodeURIComponent(row.name)}`;
      setAttribute(td.firstChild, "href", href);
      setText(td.firstChild, row.name);
    },
  },
  state: {
    name: "State",
    sorts: true,
    create: (td, row) => [badge(stateOf(row))],
    fill: (td, row) => setBadge(td.firstChild, stateOf(row)),
  },
  rate: {
    name: "Messages/s",
    sorts: true,
    class: "chart-cell",
    ...charted("rate", (x) => rate(x.rate), "Messages", "accent"),
  },
  round_trip: {
    name: "Round trip",
    sorts: true,
    class: "chart-cell trip",
    ...charted(
      "round_trip",
      (x) => latency(x.round_trip_us),
      "Round trip",
      "second",
    ),
  },
  messages: {
    name: "Messages",
    sorts: true,
    class: "numeric minor",
    ...text((x) => count(x.messages)),
  },
  restarts: {
    name: "Restarts",
    sorts: true,
    class: "numeric minor",
    ...text((x) => exact(x.restarts)),
  },
  epoch: {
    name: "Epoch",
    class: "numeric minor",
    ...text((x) => exact(x.epoch)),
  },
  up: {
    name: "Up",
    class: "numeric minor",
    ...text((x) => (x.up_ms > 0 ? duration(x.up_ms) : none)),
  },
  supervisor: {
    name: "Supervisor",
    class: "minor clip",
    ...text((x) => x.supervisor ?? ""),
  },
};

/** A table of clients; `sort(name)` makes the heads buttons if given. */
export class ClientTable {
  #samples;
  #columns;
  #heads = new Map();
  #body = el("tbody");
  #empty = el("p", { class: "note pad", hidden: true }, "No clients.");
  #table;

  constructor({ samples, sort = null, columns: names = null }) {
    this.#samples = samples;
    const wanted = names ? ["name", "state", ...names] : Object.keys(columns);
    this.#columns = wanted.map((x) => [x, columns[x]]);
    const heads = this.#columns.map(([id, x]) => this.#head(id, x, sort));
    const head = el("thead", {}, el("tr", {}, ...heads));
    const caption = el("caption", { class: "unseen" }, "Clients");
    this.#table = el("table", {}, caption, head, this.#body);
    this.element = el("div", { class: "table" }, this.#table, this.#empty);
  }

  /** Shows a window of the clients. */
  update({ clients, from = 0, matching }) {
    this.#empty.hidden = clients.length > 0;
    setAttribute(this.#table, "aria-rowcount", (matching ?? 0) + 1);
    const knows = (x) => x.round_trip_us !== undefined;
    this.#table.classList.toggle("no-trip", !clients.some(knows));
    let index = from + 1;
    reconcile(
      this.#body,
      clients,
      (row) => `${row.supervisor} ${row.name}`,
      (row) => this.#create(row),
      (tr, row) => this.#fill(tr, row, ++index),
    );
  }

  /** Shows by which column the rows are sorted. */
  sorted(by, order) {
    for (const [id, th] of this.#heads) {
      const direction = order === "desc" ? "descending" : "ascending";
      setAttribute(th, "aria-sort", id === by ? direction : null);
    }
  }

  #head(id, column, sort) {
    const content =
      sort && column.sorts
        ? el("button", { type: "button", onclick: () => sort(id) }, column.name)
        : column.name;
    const th = el("th", { scope: "col", class: column.class }, content);
    this.#heads.set(id, th);
    return th;
  }

  #create(row) {
    const cells = this.#columns.map(([id, column]) => {
      const cell = id === "name" ? "th" : "td";
      const scope = id === "name" ? "row" : null;
      const td = el(cell, { class: column.class, scope });
      td.append(...column.create(td, row));
      return td;
    });
    return el("tr", {}, ...cells);
  }

  #fill(tr, row, index) {
    setAttribute(tr, "aria-rowindex", index);
    setAttribute(tr, "data-state", stateOf(row));
    this.#columns.forEach(([, column], i) =>
      column.fill(tr.children[i], row, this.#samples),
    );
  }
}
