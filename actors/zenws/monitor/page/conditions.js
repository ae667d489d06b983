// SPDX-License-Identifier: BSD-3-Clause
//
// States of clients and of children of supervisors, and how each is shown: a
// tone (the color), a sign (the shape) and a label.

import { el, setAttribute, setText, svg } from "./dom.js";

/** The tones, the best first, and what each means. */
export const tones = {
  good: "Runs; for clients: ready",
  busy: "On its way: connecting, logging in, restoring, closing",
  warn: "Down for now: waits for the next attempt or restart",
  bad: "Given up: nothing happens until it is started again",
  idle: "Stopped or not started",
};

const toneOf = {
  running: "good",
  ready: "good",
  node: "good", // of a gateway
  desk: "good", // of a gateway
  resolving: "busy",
  connecting: "busy",
  upgrading: "busy",
  authenticating: "busy",
  restoring: "busy",
  closing: "busy",
  stopping: "busy",
  backing_off: "warn",
  restarting: "warn",
  "does not answer": "warn",
  gave_up: "bad",
};

/** Returns the tone of a state; one of a later version is shown as idle. */
export function tone(state) {
  return toneOf[state] ?? "idle";
}

/** Returns the state in words. */
export function label(state) {
  return String(state).replaceAll("_", " ");
}

/**
 * Returns the state that counts of a row of the clients: that of the child
 * unless it runs.
 */
export function stateOf(row) {
  return row.child && row.child !== "running" ? row.child : row.state;
}

/** Creates the sign of a tone; text beside it has to say the same. */
export function sign(of) {
  const use = svg("use", { href: `#sign-${of}` });
  const attributes = { class: `sign tone-${of}`, "aria-hidden": "true" };
  return svg("svg", attributes, use);
}

/** Gives a sign another tone. */
export function setSign(node, of) {
  setAttribute(node, "class", `sign tone-${of}`);
  setAttribute(node.firstChild, "href", `#sign-${of}`);
}

/** Creates a badge: sign and text. */
export function badge(state) {
  const node = el("span", { class: "badge" }, sign("idle"), el("span"));
  setBadge(node, state);
  return node;
}

/** Gives a badge another state; `text` is its label if given. */
export function setBadge(node, state, text = label(state)) {
  const of = tone(state);
  setAttribute(node, "class", `badge tone-${of}`);
  setSign(node.firstChild, of);
  setText(node.lastChild, text);
}
