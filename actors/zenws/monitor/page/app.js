// SPDX-License-Identifier: BSD-3-Clause
//
// Joins the parts: the feed brings data, the address names the page, the page
// shows what the feed brings.

import { Actions } from "./actions.js";
import { Announcer, notice } from "./announcer.js";
import { ClientPage } from "./client_page.js";
import { Samples } from "./client_table.js";
import { ClientsPage } from "./clients_page.js";
import { setAttribute, setText } from "./dom.js";
import { EventsPage, EventStore } from "./event_list.js";
import { Feed } from "./feed.js";
import { duration } from "./format.js";
import { bindKeys } from "./keys.js";
import { Overview } from "./overview.js";
import { SystemPage } from "./system_page.js";
import { TradingPage } from "./trading_page.js";

const byId = (id) => document.getElementById(id);

const samples = new Samples();
const events = new EventStore();
const announcer = new Announcer();
let latest = null; // state
let page = null;

// -- pages --------------------------------------------------------------------

// Returns the page that an address stands for.
function pageOf(hash) {
  const [path, query = ""] = hash.replace(/^#\/?/, "").split("?");
  const [name, subject] = path.split("/");
  const context = {
    actions,
    samples,
    events,
    ask: () => feed.open(page.query),
  };
  switch (name) {
    case "client":
      return new ClientPage({ ...context, name: decoded(subject) });
    case "clients": {
      const filter = new URLSearchParams(query).get("filter") ?? "";
      return new ClientsPage({ ...context, filter });
    }
    case "trading":
      return new TradingPage(context);
    case "system":
      return new SystemPage();
    case "events":
      return new EventsPage(context);
    default:
      return new Overview(context);
  }
}

function decoded(text = "") {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // typed by hand
  }
}

function title() {
  const program = latest?.program ?? "zenws";
  const down = latest ? latest.totals.clients - latest.totals.ready : 0;
  const alarm = feed.kind === "lost" ? "(lost) " : down > 0 ? `(${down}) ` : "";
  document.title = `${alarm}${page.title} · ${program}`;
}

function markCurrent() {
  const at = location.hash.replace(/^#\/?/, "").split(/[/?]/)[0];
  const current = at === "client" ? "clients" : at;
  for (const link of byId("pages").querySelectorAll("a")) {
    const own = link.getAttribute("href").replace("#/", "");
    setAttribute(link, "aria-current", own === current ? "page" : null);
  }
}

function show() {
  const isFirst = page === null;
  page = pageOf(location.hash);
  byId("main").replaceChildren(page.element);
  markCurrent();
  title();
  if (latest) {
    page.state?.(latest);
  }
  feed.open(page.query);
  if (!isFirst) {
    byId("main").focus({ preventScroll: true });
    scrollTo(0, 0);
  }
}

// -- what the feed brings -----------------------------------------------------

function onState(state) {
  latest = state;
  setText(byId("program"), state.program || "zenws");
  setText(
    byId("place"),
    [state.node, state.version && `zenws ${state.version}`]
      .filter(Boolean)
      .join(", "),
  );
  actions.update(state);
  announcer.update(state.events);
  title();
  // Events may have to be asked for first; by then there may be a newer state.
  events.take(state.events).then(() => page.state?.(latest));
}

function onClients(window) {
  samples.add(window.clients);
  page.clients?.(window);
}

const freshnessTexts = {
  connecting: () => "Connecting",
  live: () => "Live",
  quiet: (age) => `${duration(age)} old`,
  lost: (age) =>
    age === null ? "Not connected" : `Lost, ${duration(age)} old`,
  locked: () => "Login needed",
};

function lostText(age) {
  return age === null
    ? "Nothing is known yet. Trying again …"
    : `What is shown is ${duration(age)} old and may be wrong. Trying again …`;
}

let wasLocked = false;

function onFreshness({ kind, age }) {
  setAttribute(byId("freshness"), "data-kind", kind);
  setText(byId("freshness-text"), freshnessTexts[kind](age));
  const isLost = kind === "lost";
  setAttribute(document.body, "data-freshness", kind);
  if (isLost) {
    setText(byId("lost-age"), lostText(age));
  }
  if (byId("lost").hidden !== !isLost) {
    byId("lost").hidden = !isLost;
    title();
  }
  if (kind === "locked" && !wasLocked) {
    actions.lock();
  }
  wasLocked = kind === "locked";
}

const feed = new Feed({
  state: onState,
  clients: onClients,
  client: (detail) => page.client?.(detail),
  freshness: onFreshness,
});

const actions = new Actions({
  freshness: () => ({ kind: feed.kind, age: feed.age }),
  loggedIn: () => feed.reopen(),
  notice,
});

// -- tools --------------------------------------------------------------------

function showTheme(theme) {
  setAttribute(byId("theme"), "aria-label", `Theme: ${theme}`);
  setAttribute(byId("theme"), "title", `Theme: ${theme}`);
}

showTheme(window.zenwsTheme.current());
byId("theme").addEventListener("click", () =>
  showTheme(window.zenwsTheme.next()),
);
byId("skip").addEventListener("click", (event) => {
  event.preventDefault(); // the address names the page
  byId("main").focus();
});
bindKeys();
addEventListener("hashchange", show);
show();
