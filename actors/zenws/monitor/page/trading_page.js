// SPDX-License-Identifier: BSD-3-Clause
//
// Order desks: the kill switch, orders and positions.

import { badge, label, setBadge } from "./conditions.js";
import { el, panel, reconcile, setAttribute, setText } from "./dom.js";
import { count, exact, none } from "./format.js";
import { Table } from "./table.js";

const orderColumns = [
  { name: "Order", of: (x) => x.id, isHead: true, class: "clip" },
  { name: "Instrument", of: (x) => x.instrument },
  {
    name: "Side",
    create: () => el("span"),
    fill(td, x) {
      setText(td.firstChild, x.side);
      setAttribute(td.firstChild, "class", `side-${x.side}`);
    },
  },
  { name: "Price", class: "numeric", of: (x) => x.price || none },
  { name: "Amount", class: "numeric", of: (x) => x.amount },
  { name: "Filled", class: "numeric minor", of: (x) => x.filled },
  { name: "State", of: (x) => label(x.state) },
];

const positionColumns = [
  { name: "Instrument", of: (x) => x.instrument, isHead: true },
  { name: "Position", class: "numeric", of: (x) => x.amount },
];

const figures = [
  ["Open", (x) => exact(x.open)],
  ["Unknown now", (x) => exact(x.unknown), (x) => x.unknown > 0],
  ["Unknown ever", (x) => exact(x.ever_unknown)],
  ["Placed", (x) => count(x.placed)],
  ["Fills", (x) => count(x.fills)],
  ["Refused", (x) => count(x.refused)],
  ["Traded", (x) => String(x.traded ?? none)],
];

// Shows whether a desk takes orders, and offers the other.
function setCondition(desk, badge, halt, resume) {
  const answers = desk.answers ?? true;
  const state = desk.halted ? "gave_up" : "running";
  const text = desk.halted ? "halted" : "takes orders";
  if (answers) {
    setBadge(badge, state, text);
  } else {
    setBadge(badge, "does not answer");
  }
  halt.hidden = desk.halted;
  resume.hidden = !desk.halted;
}

function switches(name, actions) {
  const subject = () => ({ desk: name });
  return [
    actions.button("halt", subject, "Kill switch"),
    actions.button("resume", subject),
  ];
}

/** The desks in short, for the overview; nothing if there are none. */
export class DeskTable {
  #table;

  constructor(actions) {
    const columns = [
      { name: "Desk", of: (x) => x.name, isHead: true },
      {
        name: "State",
        create: () => badge("running"),
        fill: (td, x) =>
          setCondition(x, td.firstChild, ...td.parentNode.lastChild.children),
      },
      { name: "Open", class: "numeric minor", of: (x) => exact(x.open) },
      { name: "Unknown", class: "numeric", of: (x) => exact(x.unknown) },
      {
        name: "Action",
        class: "action",
        create: (x) => switches(x.name, actions),
      },
    ];
    this.#table = new Table(columns, { caption: "Order desks" });
    const link = el("a", { href: "#/trading" }, "Orders and positions");
    this.element = panel(
      "Order desks",
      { id: "desks", aside: [link] },
      this.#table.element,
    );
  }

  update(desks) {
    this.element.hidden = desks.length === 0;
    this.#table.update(desks, (x) => x.name);
  }
}

class Desk {
  #badge = badge("running");
  #values = figures.map(() => el("dd"));
  #orders = new Table(orderColumns, {
    caption: "Open orders",
    empty: "No open orders.",
  });
  #positions = new Table(positionColumns, {
    caption: "Positions",
    empty: "No positions.",
  });
  #halt;
  #resume;

  constructor(name, actions) {
    [this.#halt, this.#resume] = switches(name, actions);
    const list = figures.map(([title], i) =>
      el("div", {}, el("dt", {}, title), this.#values[i]),
    );
    const aside = [this.#badge, el("span", { class: "grow" })];
    aside.push(this.#resume, this.#halt);
    this.element = panel(
      name,
      { id: `desk-${encodeURIComponent(name)}`, aside },
      el("dl", { class: "facts" }, ...list),
      el(
        "div",
        { class: "desk" },
        el("div", {}, el("h3", {}, "Open orders"), this.#orders.element),
        el("div", {}, el("h3", {}, "Positions"), this.#positions.element),
      ),
    );
  }

  update(desk) {
    setCondition(desk, this.#badge, this.#halt, this.#resume);
    figures.forEach(([, of, alarms], i) => {
      setText(this.#values[i], of(desk));
      setAttribute(
        this.#values[i],
        "class",
        alarms?.(desk) ? "text-warn" : null,
      );
    });
    this.#orders.update(desk.orders ?? [], (x) => x.id);
    this.#positions.update(desk.positions ?? [], (x) => x.instrument);
  }
}

/** The page of order desks. */
export class TradingPage {
  title = "Trading";
  query = { from: 0, count: 1 };
  #actions;
  #desks = new WeakMap();
  #list = el("div", { class: "stack" });
  #empty = el(
    "p",
    { class: "note", hidden: true },
    "This program has no order desk.",
  );

  constructor({ actions }) {
    this.#actions = actions;
    this.element = el("div", {}, el("h1", {}, "Trading"));
    this.element.append(this.#list, this.#empty);
  }

  state({ desks = [] }) {
    this.#empty.hidden = desks.length > 0;
    reconcile(
      this.#list,
      desks,
      (x) => x.name,
      (x) => this.#create(x),
      (node, x) => this.#desks.get(node).update(x),
    );
  }

  #create({ name }) {
    const desk = new Desk(name, this.#actions);
    this.#desks.set(desk.element, desk);
    return desk.element;
  }
}
