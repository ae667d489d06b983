// SPDX-License-Identifier: BSD-3-Clause
//
// A table of columns: {name, class, isHead} and either of(row), the text of a
// cell, or create(row), its content, and fill(cell, row), called on each update
// in the order of the columns.

import { el, reconcile, setText, tableHead } from "./dom.js";

/** A table that is kept up to date by keys of its rows. */
export class Table {
  #columns;
  #body = el("tbody");
  #empty;
  #table;

  constructor(columns, { caption, empty = "None." }) {
    this.#columns = columns;
    this.#empty = el("p", { class: "note pad" }, empty);
    this.#table = el(
      "table",
      {},
      el("caption", { class: "unseen" }, caption),
      tableHead(columns),
      this.#body,
    );
    this.element = el("div", { class: "table" }, this.#table, this.#empty);
  }

  update(rows, keyOf) {
    this.#empty.hidden = rows.length > 0;
    this.#table.hidden = rows.length === 0;
    reconcile(
      this.#body,
      rows,
      keyOf,
      (row) => this.#create(row),
      (tr, row) => this.#fill(tr, row),
    );
  }

  #create(row) {
    const cells = this.#columns.map((x) => {
      const content = x.create ? [x.create(row)].flat() : [];
      return x.isHead
        ? el("th", { scope: "row", class: x.class }, ...content)
        : el("td", { class: x.class }, ...content);
    });
    return el("tr", {}, ...cells);
  }

  #fill(tr, row) {
    this.#columns.forEach((x, i) => {
      if (x.of) {
        setText(tr.children[i], x.of(row) ?? "");
      } else {
        x.fill?.(tr.children[i], row);
      }
    });
  }
}
