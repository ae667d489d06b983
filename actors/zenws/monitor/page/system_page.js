// SPDX-License-Identifier: BSD-3-Clause
//
// What is rationed: the limiters of rates, and the credit of other nodes.

import { el, panel, setAttribute } from "./dom.js";
import { bytes, duration, exact, none } from "./format.js";
import { label } from "./conditions.js";
import { Table } from "./table.js";

function level() {
  return el("meter", { min: 0, low: 0.2, high: 0.5, optimum: 1, max: 1 });
}

function fillLevel(td, part, text) {
  const meter = td.firstChild;
  setAttribute(meter, "value", Math.min(1, Math.max(0, part)));
  setAttribute(meter, "aria-label", text);
  setAttribute(meter, "title", text);
}

const limitColumns = [
  { name: "Limit", of: (x) => x.name, isHead: true },
  { name: "Scope", of: (x) => label(x.scope ?? none), class: "minor" },
  { name: "Owner", of: (x) => x.owner ?? none, class: "clip" },
  {
    name: "Level",
    class: "level",
    create: level,
    fill: (td, x) =>
      fillLevel(
        td,
        x.available / x.capacity,
        `${exact(x.available)} of ${exact(x.capacity)} available`,
      ),
  },
  { name: "Available", class: "numeric", of: (x) => exact(x.available) },
  { name: "Capacity", class: "numeric minor", of: (x) => exact(x.capacity) },
  {
    name: "Next free",
    class: "numeric",
    of: (x) => (x.next_free_ms > 0 ? `in ${duration(x.next_free_ms)}` : "now"),
  },
];

// Nodes tell more with later versions: what is not known is shown as it is.
const known = ["name", "clients", "credit"];

const others = (x) =>
  Object.entries(x)
    .filter(([key, value]) => !known.includes(key) && typeof value !== "object")
    .map(([key, value]) => `${label(key)} ${value}`)
    .join(", ");

const nodeColumns = [
  { name: "Node", of: (x) => x.name, isHead: true },
  { name: "Clients", class: "numeric", of: (x) => exact(x.clients) },
  { name: "Credit", class: "numeric", of: (x) => bytes(x.credit) },
  { name: "More", of: others, class: "minor" },
];

/** The page of limits and nodes. */
export class SystemPage {
  title = "Limits and nodes";
  query = { from: 0, count: 1 };
  #limits = new Table(limitColumns, {
    caption: "Limits of rates",
    empty: "No limits are configured.",
  });
  #nodes = new Table(nodeColumns, {
    caption: "Nodes",
    empty: "No other nodes.",
  });

  constructor() {
    this.element = el(
      "div",
      {},
      el("h1", {}, "Limits and nodes"),
      panel("Limits of rates", { id: "limits" }, this.#limits.element),
      panel("Nodes", { id: "nodes" }, this.#nodes.element),
    );
  }

  state({ limits = [], nodes = [] }) {
    this.#limits.update(limits, (x) => `${x.scope} ${x.owner} ${x.name}`);
    this.#nodes.update(nodes, (x) => x.name);
  }
}
