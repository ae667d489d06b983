// SPDX-License-Identifier: BSD-3-Clause
//
// All clients, a window at a time: the server sorts, filters and cuts.

import { ClientTable } from "./client_table.js";
import { el, setText } from "./dom.js";
import { exact } from "./format.js";

const pageSizes = [25, 50, 100, 200];

/** So many keystrokes of a filter are one question. */
const typingPause = 200;

/** Descending is what one wants to see first of these. */
const largestFirst = ["messages", "rate", "restarts", "round_trip"];

/** The page of clients. `ask()` is called when `query` has changed. */
export class ClientsPage {
  title = "Clients";
  query = { from: 0, count: 50, sort: "state", order: "asc" }; // worst first
  #ask;
  #typing = 0;
  #matching = 0;
  #table;
  #found = el("p", { class: "note", role: "status" });
  #filter = el("input", {
    type: "search",
    id: "client-filter",
    placeholder: "Name, state, URL or supervisor",
    "data-key": "/",
    oninput: () => this.#type(),
  });
  #size = el(
    "select",
    { id: "page-size", onchange: () => this.#resize() },
    ...pageSizes.map((x) => el("option", {}, x)),
  );
  #back = this.#mover(
    "Previous",
    "[",
    () => this.query.from - this.query.count,
  );
  #forth = this.#mover("Next", "]", () => this.query.from + this.query.count);
  #first = this.#mover("First", null, () => 0);
  #last = this.#mover("Last", null, () => this.#start(this.#matching - 1));

  constructor({ samples, ask, filter = "" }) {
    this.#ask = ask;
    this.#filter.value = filter;
    this.#size.value = this.query.count;
    this.query.filter = filter;
    this.#table = new ClientTable({ samples, sort: (id) => this.#sort(id) });
    this.#table.sorted(this.query.sort, this.query.order);
    this.element = el(
      "div",
      {},
      el("h1", {}, "Clients"),
      el(
        "div",
        { class: "bar-of-tools" },
        el("label", { for: "client-filter" }, "Filter"),
        this.#filter,
        el("label", { for: "page-size" }, "Rows"),
        this.#size,
        el(
          "div",
          { class: "pager", role: "group", "aria-label": "Windows of clients" },
          this.#first,
          this.#back,
          this.#forth,
          this.#last,
        ),
        this.#found,
      ),
      el(
        "section",
        { class: "panel", "aria-label": "Clients" },
        this.#table.element,
      ),
    );
  }

  clients(page) {
    this.#matching = page.matching;
    const last = page.from + page.clients.length;
    const of =
      page.matching === page.total
        ? exact(page.total)
        : `${exact(page.matching)} (all: ${exact(page.total)})`;
    setText(
      this.#found,
      last > page.from
        ? `${exact(page.from + 1)} to ${exact(last)} of ${of}`
        : `0 of ${of}`,
    );
    this.#back.disabled = this.#first.disabled = this.query.from === 0;
    this.#forth.disabled = this.#last.disabled =
      this.query.from + this.query.count >= page.matching;
    this.#table.update(page);
    // The clients became fewer than where this window begins.
    if (page.clients.length === 0 && page.from > 0) {
      this.#move(this.#start(page.matching - 1));
    }
  }

  #mover(name, key, place) {
    const attributes = {
      type: "button",
      disabled: true,
      "data-key": key,
      onclick: () => this.#move(place()),
    };
    return el("button", attributes, name);
  }

  // Returns where the window begins that a row is in.
  #start(row) {
    return Math.floor(Math.max(0, row) / this.query.count) * this.query.count;
  }

  #move(from) {
    this.query.from = Math.max(0, from);
    this.#ask();
  }

  #resize() {
    this.query.count = Number(this.#size.value);
    this.#move(this.#start(this.query.from));
  }

  #sort(by) {
    const usual = largestFirst.includes(by) ? "desc" : "asc";
    const other = this.query.order === "asc" ? "desc" : "asc";
    this.query.order = by === this.query.sort ? other : usual;
    this.query.sort = by;
    this.#table.sorted(by, this.query.order);
    this.#move(0);
  }

  #type() {
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => {
      this.query.filter = this.#filter.value.trim();
      this.#move(0);
    }, typingPause);
  }
}
