// SPDX-License-Identifier: BSD-3-Clause
//
// What is rationed: the limiters of rates, and the credit of other nodes.

import { el, panel, setAttribute } from "./dom.js";
import { bytes, duration, exact, none } from "./format.js";
import { label } from "./conditions.js";
import { Table } from "./table.js";

/** Below this share of its capacity, a limit is about to hold things up. */
const scarce = 0.2;

function level() {
  const attributes = { class: "meter", role: "meter", "aria-valuemin": 0 };
  return el("div", attributes, el("span"));
}

function fillLevel(td, { available, capacity }) {
  const meter = td.firstChild;
  const share = Math.min(1, Math.max(0, available / capacity));
  const text = `${exact(available)} of ${exact(capacity)} available`;
  setAttribute(meter, "aria-valuemax", capacity);
  setAttribute(meter, "aria-valuenow", available);
  setAttribute(meter, "aria-label", text);
  meter.firstChild.style.width = `${100 * share}%`;
  meter.firstChild.className = share < scarce ? "tone-warn" : "tone-busy";
}

const limitColumns = [
  { name: "Limit", of: (x) => x.name, isHead: true },
  { name: "Scope", of: (x) => label(x.scope ?? none), class: "minor" },
  { name: "Owner", of: (x) => x.owner ?? none, class: "clip" },
  {
    name: "Level",
    class: "level",
    create: level,
    fill: fillLevel,
  },
  { name: "Available", class: "numeric", of: (x) => exact(x.available) },
  { name: "Capacity", class: "numeric minor", of: (x) => exact(x.capacity) },
  {
    name: "Next free",
    class: "numeric",
    of: (x) => (x.next_free_ms > 0 ? `in ${duration(x.next_free_ms)}` : "now"),
  },
];

const isBytes = (key, value) => key === "credit" && typeof value === "number";

// What is told of nodes differs: all of it is shown.
const facts = ({ name, ...others }) =>
  Object.entries(others)
    .map(([key, value]) => [key, isBytes(key, value) ? bytes(value) : value])
    .map(([key, value]) => `${label(key)} ${value}`)
    .join(", ");

const nodeColumns = [
  { name: "Node", of: (x) => x.name, isHead: true },
  { name: "What it has", of: facts, class: "wrap" },
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
