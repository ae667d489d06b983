// SPDX-License-Identifier: BSD-3-Clause
//
// The supervision tree, as a tree of ARIA: a flat list of items with levels,
// one stop of the tab key, arrows within.

import { label, setSign, sign, tone } from "./conditions.js";
import { el, reconcile, setAttribute, setText } from "./dom.js";
import { duration, exact, plural } from "./format.js";

/** In a larger tree, only branches with something down are open at first. */
const maxUnasked = 400;

const isUp = (node) => tone(node.state) === "good";

const isBranch = (node) =>
  node.children?.length > 0 || !["client", "worker"].includes(node.kind);

// Returns how many leaves below a node are up, and how many there are; of those
// that are left out, nobody knows.
function census(node) {
  const result = { up: 0, known: 0, all: node.more ?? 0 };
  for (const child of node.children ?? []) {
    const below = isBranch(child)
      ? census(child)
      : { up: isUp(child) ? 1 : 0, known: 1, all: 1 };
    result.up += below.up;
    result.known += below.known;
    result.all += below.all;
  }
  return result;
}

function size(node) {
  return (node.children ?? []).reduce((sum, x) => sum + size(x), 1);
}

function summary(node) {
  const { up, known, all } = census(node);
  if (all === 0) {
    return "no children";
  }
  const text = all === 1 ? "1 child" : `${exact(all)} children`;
  return known > up ? `${text}, ${exact(known - up)} not up` : text;
}

function remark(node) {
  if (node.kind === "more") {
    return "see the clients";
  }
  if (isBranch(node)) {
    return summary(node);
  }
  const seconds = Number.parseInt(node.details?.up, 10);
  return Number.isNaN(seconds) ? "" : `up ${duration(seconds * 1000)}`;
}

function restartsOf(node) {
  const n = Number(node.details?.restarts ?? 0);
  return n > 0 ? plural(n, "restart") : "";
}

// A node for the children that the server leaves out.
const rest = (node) => ({
  kind: "more",
  name: `${exact(node.more)} more`,
  state: "",
});

const childrenOf = (node) =>
  node.more ? [...node.children, rest(node)] : (node.children ?? []);

function createItem() {
  return el(
    "li",
    { role: "treeitem", tabindex: -1 },
    el("span", { class: "caret", "aria-hidden": "true" }),
    sign("idle"),
    el("span", { class: "name" }),
    el("span", { class: "restarts" }),
    el("span", { class: "remark" }),
    el("span", { class: "state" }),
    el("span", { class: "error" }),
  );
}

function fillItem(item, { node, level, index, siblings, isOpen }) {
  const [, mark, name, restarts, about, state, error] = item.children;
  const of = tone(node.state);
  setAttribute(item, "aria-level", level);
  setAttribute(item, "aria-setsize", siblings);
  setAttribute(item, "aria-posinset", index + 1);
  setAttribute(item, "aria-expanded", isOpen === null ? null : String(isOpen));
  setAttribute(item, "data-kind", node.kind);
  item.style.setProperty("--level", level - 1);
  setSign(mark, of);
  setText(name, node.name);
  setText(restarts, restartsOf(node));
  setText(about, remark(node));
  setText(state, label(node.state));
  setAttribute(state, "class", `state text-${of}`);
  setText(error, isUp(node) ? "" : (node.details?.["last error"] ?? ""));
}

/** Shows a `tree_node`; `open(node, parent)` is called for clients. */
export class Tree {
  #chosen = new Map(); // path -> whether it was opened or closed by hand
  #rows = []; // as shown
  #root = null;
  #open;

  constructor(open) {
    this.#open = open;
    this.element = el("ul", {
      class: "tree",
      role: "tree",
      "aria-label": "Supervision tree",
      onkeydown: (event) => this.#key(event),
      onclick: (event) => this.#click(event),
      onfocusin: (event) => this.#stopAt(event.target),
    });
  }

  update(root) {
    const isLarge = size(root) > maxUnasked;
    const held = this.#rowOf(document.activeElement);
    this.#root = root;
    this.#rows = [];
    this.#add([root], null, isLarge);
    reconcile(
      this.element,
      this.#rows,
      (x) => x.path,
      createItem,
      (item, x) => fillItem(item, x),
    );
    if (held && !this.element.contains(document.activeElement)) {
      this.#focus(this.#rows.indexOf(held.parent)); // it is gone
    }
    if (!this.element.querySelector("[tabindex='0']")) {
      setAttribute(this.element.firstChild, "tabindex", 0);
    }
  }

  #add(nodes, parent, isLarge) {
    nodes.forEach((node, index) => {
      const path = `${parent?.path ?? ""}/${node.kind} ${node.name}`;
      const children = childrenOf(node);
      const row = {
        node,
        path,
        parent,
        index,
        siblings: nodes.length,
        level: (parent?.level ?? 0) + 1,
        isOpen: children.length > 0 ? this.#isOpen(node, path, isLarge) : null,
      };
      this.#rows.push(row);
      if (row.isOpen) {
        this.#add(children, row, isLarge);
      }
    });
  }

  #isOpen(node, path, isLarge) {
    const { up, known } = census(node);
    const unasked = !isLarge || (known > up && this.#rows.length < maxUnasked);
    return this.#chosen.get(path) ?? unasked;
  }

  // -- moving about -----------------------------------------------------------

  #rowOf(node) {
    const item = node?.closest?.("[role=treeitem]");
    const at = item ? [...this.element.children].indexOf(item) : -1;
    return this.#rows[at] ?? null;
  }

  #stopAt(target) {
    const item = target.closest("[role=treeitem]");
    const old = this.element.querySelector("[tabindex='0']");
    if (item && old !== item) {
      old?.setAttribute("tabindex", -1);
      item.setAttribute("tabindex", 0);
    }
  }

  #focus(at) {
    this.element.children[at]?.focus();
  }

  #toggle(row, isOpen) {
    if (row.isOpen !== null) {
      this.#chosen.set(row.path, isOpen);
      this.update(this.#root);
    }
  }

  #activate(row) {
    if (row.node.kind === "client" || row.node.kind === "more") {
      this.#open(row.node, row.parent?.node.name);
    } else {
      this.#toggle(row, !row.isOpen);
    }
  }

  #click(event) {
    const row = this.#rowOf(event.target);
    if (row && !window.getSelection()?.toString()) {
      this.#focus(this.#rows.indexOf(row));
      this.#activate(row);
    }
  }

  #key(event) {
    const row = this.#rowOf(event.target);
    if (!row || event.ctrlKey || event.altKey || event.metaKey) {
      return;
    }
    const at = this.#rows.indexOf(row);
    const moves = {
      ArrowDown: () => this.#focus(at + 1),
      ArrowUp: () => this.#focus(at - 1),
      Home: () => this.#focus(0),
      End: () => this.#focus(this.#rows.length - 1),
      ArrowRight: () =>
        row.isOpen ? this.#focus(at + 1) : this.#toggle(row, true),
      ArrowLeft: () =>
        row.isOpen
          ? this.#toggle(row, false)
          : this.#focus(this.#rows.indexOf(row.parent)),
      Enter: () => this.#activate(row),
      " ": () => this.#activate(row),
    };
    if (moves[event.key]) {
      moves[event.key]();
      event.preventDefault();
    }
  }
}
