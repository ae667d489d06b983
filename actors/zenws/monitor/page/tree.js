// SPDX-License-Identifier: BSD-3-Clause
//
// The supervision tree, as a tree of ARIA: one stop of the tab key, arrows
// within.

import { label, setSign, sign, tone } from "./conditions.js";
import { el, reconcile, setAttribute, setText } from "./dom.js";
import { duration, exact, plural } from "./format.js";

const isUp = (node) => tone(node.state) === "good";

const isBranch = (node) =>
  node.children?.length > 0 || !["client", "worker"].includes(node.kind);

/** Returns how many below a node are up, and how many there are. */
function census(node) {
  let [up, all] = [0, node.more ?? 0];
  for (const child of node.children ?? []) {
    if (isBranch(child)) {
      const below = census(child);
      up += below.up;
      all += below.all;
    } else {
      up += isUp(child) ? 1 : 0;
      all += 1;
    }
  }
  return { up, all };
}

// The worst come first, so those that are left out are mostly up; nobody knows.
function summary(node) {
  const { up, all } = census(node);
  const hidden = node.more ?? 0;
  if (all === 0) {
    return "no children";
  }
  const down = all - hidden - up;
  const text = all === 1 ? "1 child" : `${exact(all)} children`;
  return down > 0 ? `${text}, ${exact(down)} not up` : text;
}

function remark(node) {
  const details = node.details ?? {};
  if (isBranch(node)) {
    return summary(node);
  }
  const seconds = Number.parseInt(details.up, 10);
  return Number.isNaN(seconds) ? "" : `up ${duration(seconds * 1000)}`;
}

function restartsOf(node) {
  const n = Number(node.details?.restarts ?? 0);
  return n > 0 ? plural(n, "restart") : "";
}

// Supervisors with what is left out as a last child.
function childrenOf(node) {
  const children = node.children ?? [];
  return node.more
    ? [...children, { kind: "more", name: "", state: "", count: node.more }]
    : children;
}

function rowOf() {
  return el(
    "div",
    { class: "node" },
    el("span", { class: "caret", "aria-hidden": "true" }),
    sign("idle"),
    el("span", { class: "name" }),
    el("span", { class: "restarts" }),
    el("span", { class: "remark" }),
    el("span", { class: "state" }),
    el("span", { class: "error" }),
  );
}

function fillRow(row, node) {
  const [, mark, name, restarts, about, state, error] = row.children;
  const of = tone(node.state);
  setSign(mark, of);
  setText(name, node.name);
  setText(restarts, restartsOf(node));
  setText(about, remark(node));
  setText(state, label(node.state));
  setAttribute(state, "class", `state text-${of}`);
  setText(error, isUp(node) ? "" : (node.details?.["last error"] ?? ""));
}

function fillMore(row, node) {
  setText(row.querySelector(".name"), `${exact(node.count)} more`);
  setText(row.querySelector(".remark"), "see the clients");
}

// The name for screen readers: else it would be the text of all below.
function spoken(row) {
  const texts = [...row.children].map((x) => x.textContent);
  return texts.filter((x) => x !== "").join(", ");
}

/** Shows a `tree_node`; `open(node)` is called for clients. */
export class Tree {
  #closed = new Set();
  #models = new WeakMap(); // item -> {node, path, level, opens}
  #open;

  constructor(open) {
    this.#open = open;
    this.element = el("ul", {
      class: "tree",
      role: "tree",
      "aria-label": "Supervision tree",
      onkeydown: (event) => this.#key(event),
      onclick: (event) => this.#click(event),
      onfocusin: (event) => this.#focus(event.target),
    });
  }

  update(root) {
    this.#fill(this.element, [root], { path: "", level: 1, name: "" });
    if (!this.element.querySelector("[tabindex='0']")) {
      setAttribute(this.#items()[0], "tabindex", 0);
    }
  }

  #fill(list, nodes, parent) {
    reconcile(
      list,
      nodes,
      (node) => `${node.kind} ${node.name}`,
      () => el("li", { role: "treeitem", tabindex: -1 }, rowOf()),
      (item, node) => this.#fillItem(item, node, parent, nodes),
    );
  }

  #fillItem(item, node, parent, siblings) {
    const path = `${parent.path}/${node.kind} ${node.name}`;
    const children = childrenOf(node);
    const isOpen = children.length > 0 && !this.#closed.has(path);
    const opens = children.length > 0;
    this.#models.set(item, { node, path, opens, parent: parent.name });
    setAttribute(item, "aria-level", parent.level);
    setAttribute(item, "aria-setsize", siblings.length);
    setAttribute(item, "aria-posinset", siblings.indexOf(node) + 1);
    setAttribute(item, "aria-expanded", opens ? isOpen : null);
    setAttribute(item, "data-kind", node.kind);
    setAttribute(item, "data-state", node.state);
    if (node.kind === "more") {
      fillMore(item.firstChild, node);
    } else {
      fillRow(item.firstChild, node);
    }
    setAttribute(item, "aria-label", spoken(item.firstChild));
    this.#fillGroup(item, isOpen ? children : [], {
      path,
      level: parent.level + 1,
      name: node.name,
    });
  }

  #fillGroup(item, children, place) {
    let group = item.children[1];
    if (children.length === 0) {
      if (group?.contains(document.activeElement)) {
        this.#go(item);
      }
      group?.remove();
      return;
    }
    if (!group) {
      group = el("ul", { role: "group" });
      item.append(group);
    }
    this.#fill(group, children, place);
  }

  // -- moving about -----------------------------------------------------------

  #items() {
    return [...this.element.querySelectorAll("[role=treeitem]")];
  }

  #focus(target) {
    const item = target.closest("[role=treeitem]");
    const old = this.element.querySelector("[tabindex='0']");
    if (item && old !== item) {
      old?.setAttribute("tabindex", -1);
      item.setAttribute("tabindex", 0);
    }
  }

  #go(item) {
    item?.focus();
  }

  #toggle(item, isOpen) {
    const { path, opens } = this.#models.get(item);
    if (!opens) {
      return;
    }
    if (isOpen) {
      this.#closed.delete(path);
    } else {
      this.#closed.add(path);
    }
    const root = this.element.firstChild;
    this.update(this.#models.get(root).node);
  }

  #activate(item) {
    const { node, opens, parent } = this.#models.get(item);
    if (node.kind === "client" || node.kind === "more") {
      this.#open(node, parent);
    } else if (opens) {
      this.#toggle(item, item.getAttribute("aria-expanded") === "false");
    }
  }

  #click(event) {
    const item = event.target.closest("[role=treeitem]");
    if (item && !window.getSelection()?.toString()) {
      item.focus();
      this.#activate(item);
    }
  }

  #key(event) {
    const item = event.target.closest("[role=treeitem]");
    if (!item || event.ctrlKey || event.altKey || event.metaKey) {
      return;
    }
    const items = this.#items();
    const at = items.indexOf(item);
    const isOpen = item.getAttribute("aria-expanded") === "true";
    const above = item.parentElement.closest("[role=treeitem]");
    const moves = {
      ArrowDown: () => this.#go(items[at + 1]),
      ArrowUp: () => this.#go(items[at - 1]),
      Home: () => this.#go(items[0]),
      End: () => this.#go(items.at(-1)),
      ArrowRight: () =>
        isOpen ? this.#go(items[at + 1]) : this.#toggle(item, true),
      ArrowLeft: () => (isOpen ? this.#toggle(item, false) : this.#go(above)),
      Enter: () => this.#activate(item),
      " ": () => this.#activate(item),
    };
    if (moves[event.key]) {
      moves[event.key]();
      event.preventDefault();
    }
  }
}
