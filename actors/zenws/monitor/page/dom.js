// SPDX-License-Identifier: BSD-3-Clause
//
// Elements made and kept up to date. Text is only ever set as text: a name with
// markup in it is shown as it is.

const svgSpace = "http://www.w3.org/2000/svg";

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) {
      node.addEventListener(name.slice(2), value);
    } else {
      setAttribute(node, name, value);
    }
  }
  node.append(...children);
  return node;
}

/** Creates an HTML element; attributes named "on..." are listeners. */
export function el(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** Creates an SVG element. */
export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(svgSpace, tag), attributes, children);
}

/** Sets an attribute if it differs; null and false remove it. */
export function setAttribute(node, name, value) {
  if (value === null || value === undefined || value === false) {
    node.removeAttribute(name);
    return;
  }
  const text = value === true ? "" : String(value);
  if (node.getAttribute(name) !== text) {
    node.setAttribute(name, text);
  }
}

/** Sets the text of an element that has nothing else, if it differs. */
export function setText(node, text) {
  const only = node.firstChild;
  if (only?.nodeType !== Node.TEXT_NODE) {
    node.textContent = text;
  } else if (only.data !== String(text)) {
    only.data = text; // no new node, four times a second
  }
}

const nodesOf = new WeakMap();

/**
 * Makes the children of `parent` those of `items`, in their order. The node of
 * an item is created once for each key and updated after that, so focus,
 * selection and scrolling stay where they are. Two items of one key are two
 * nodes.
 */
export function reconcile(parent, items, keyOf, create, update) {
  const old = nodesOf.get(parent) ?? new Map();
  const now = new Map();
  let place = parent.firstChild;
  for (const item of items) {
    let key = keyOf(item);
    while (now.has(key)) {
      key += "\u0000";
    }
    const node = old.get(key) ?? create(item);
    now.set(key, node);
    if (node === place) {
      place = place.nextSibling;
    } else {
      parent.insertBefore(node, place);
    }
    update?.(node, item);
  }
  for (const [key, node] of old) {
    if (now.get(key) !== node) {
      node.remove();
    }
  }
  nodesOf.set(parent, now);
}

/** Creates a panel: a section with a heading and room for more beside it. */
export function panel(title, { id, aside = [] } = {}, ...children) {
  const heading = el("h2", { id: `${id}-title` }, title);
  return el(
    "section",
    { class: "panel", id, "aria-labelledby": `${id}-title` },
    el("header", {}, heading, ...aside),
    ...children,
  );
}

/** Creates the head of a table; a column is {name, class}. */
export function tableHead(columns) {
  const cells = columns.map((x) =>
    el("th", { scope: "col", class: x.class }, x.name),
  );
  return el("thead", {}, el("tr", {}, ...cells));
}
