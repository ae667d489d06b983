// SPDX-License-Identifier: BSD-3-Clause
//
// Shortcuts, and the dialog that lists them. Single keys can be switched off:
// speech input and sticky keys may press them by mistake.

import { el } from "./dom.js";
import { label, sign, tones } from "./conditions.js";

/** A second key that comes later does not belong to the first. */
const chordTime = 1500;

const shortcuts = [
  { keys: "g o", text: "Overview", page: "#/" },
  { keys: "g c", text: "Clients", page: "#/clients" },
  { keys: "g t", text: "Trading", page: "#/trading" },
  { keys: "g l", text: "Limits and nodes", page: "#/system" },
  { keys: "g e", text: "Events", page: "#/events" },
  { keys: "/", text: "Filter", press: "[data-key='/']" },
  { keys: "[", text: "Previous clients", press: "[data-key='[']" },
  { keys: "]", text: "Next clients", press: "[data-key=']']" },
  { keys: "t", text: "Theme: auto, light, dark", press: "#theme" },
  { keys: "?", text: "This help", press: "#help-open" },
];

const inTree = [
  { keys: "↑ ↓", text: "In the tree: previous, next" },
  { keys: "→ ←", text: "In the tree: open, close" },
  { keys: "Enter", text: "In the tree: page of the client" },
];

const isTyping = (node) =>
  node.matches("select, textarea, input:not([type=checkbox])");

function press(selector) {
  const node = document.querySelector(selector);
  if (!node || node.disabled) {
    return false;
  }
  node.focus();
  if (node.matches("button")) {
    node.click();
  }
  return true;
}

function fillHelp() {
  const kbd = (keys) => keys.split(" ").map((x) => el("kbd", {}, x));
  for (const { keys, text } of [...shortcuts, ...inTree]) {
    const terms = el("dt", {}, ...kbd(keys));
    document
      .getElementById("help-list")
      .append(el("div", {}, terms, el("dd", {}, text)));
  }
  for (const [tone, text] of Object.entries(tones)) {
    const item = el("li", {}, sign(tone), el("span", {}, label(text)));
    document.getElementById("help-legend").append(item);
  }
}

function switchKeys() {
  const box = document.getElementById("keys-on");
  try {
    box.checked = localStorage.getItem("zenws-keys") !== "off";
    box.addEventListener("change", () =>
      localStorage.setItem("zenws-keys", box.checked ? "on" : "off"),
    );
  } catch {
    // It holds for this visit only.
  }
  return () => box.checked;
}

/** Binds all shortcuts. */
export function bindKeys() {
  const isOn = switchKeys();
  let first = { key: "", at: 0 };
  fillHelp();
  document
    .getElementById("help-open")
    .addEventListener("click", () =>
      document.getElementById("help").showModal(),
    );
  document.addEventListener("keydown", (event) => {
    if (!isOn() || event.ctrlKey || event.altKey || event.metaKey) {
      return;
    }
    if (isTyping(event.target) || document.querySelector("dialog[open]")) {
      return;
    }
    const chord = event.timeStamp - first.at < chordTime && first.key === "g";
    const keys = chord ? `g ${event.key}` : event.key;
    first = { key: event.key, at: event.timeStamp };
    const found = shortcuts.find((x) => x.keys === keys);
    if (found?.page) {
      location.hash = found.page;
      event.preventDefault();
    } else if (found && press(found.press)) {
      event.preventDefault();
    }
  });
}
