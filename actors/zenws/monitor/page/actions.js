// SPDX-License-Identifier: BSD-3-Clause
//
// What can be done from the page. Each action is asked for twice, and needs the
// token of the program.

import { el, setText } from "./dom.js";
import { duration } from "./format.js";

const byId = (id) => document.getElementById(id);

/** The actions: what the button says, and what happens. */
const verbs = {
  restart: {
    verb: "Restart",
    done: "Restarted",
    effect:
      "The client ends now and its supervisor starts it again. Subscribers " +
      "keep their subscriptions and see a new epoch.",
  },
  stop: {
    verb: "Stop",
    done: "Stopped",
    effect: "The client ends, and its supervisor does not start it again.",
  },
  start: {
    verb: "Start",
    done: "Started",
    effect: "The supervisor starts the client again, at its old address.",
  },
  renew: {
    verb: "Renew",
    done: "Renewed",
    effect: "The channels are given up and requested again from the venue.",
  },
  halt: {
    verb: "Halt",
    done: "Halted",
    effect:
      "The kill switch: all open orders of the desk are canceled, new ones " +
      "are refused until it is resumed.",
  },
  resume: {
    verb: "Resume",
    done: "Resumed",
    effect: "The kill switch is reset: the desk takes orders again.",
  },
};

const quoted = (subject) =>
  subject.channel
    ? `${subject.channel} of ${subject.client}`
    : (subject.client ?? subject.desk);

async function post(path, body) {
  return fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(10000),
  });
}

// Returns what a refusal says, in the server's words if there are any.
async function reasonOf(response) {
  try {
    const { error, remedy } = await response.json();
    return [error, remedy].filter(Boolean).join(" ");
  } catch {
    return `The server answered ${response.status}.`;
  }
}

function fail(id, text) {
  setText(byId(id), text);
  byId(id).hidden = text === "";
}

// Both say what to do, since nothing was known of the outcome of a request
// whose answer never came.
function unanswered(failure) {
  const cause = failure.name === "TimeoutError" ? "no answer" : "no connection";
  return `Outcome unknown (${cause}). Look at the state before you try again.`;
}

/**
 * The dialogs of actions and of the login. `freshness()` tells how old the
 * picture is that one decides by; `loggedIn()` is called after a login.
 */
export class Actions {
  #state = null;
  #after = null; // what the login was for
  #pending = null; // {action, subject}
  #freshness;
  #loggedIn;
  #notice;

  constructor({ freshness, loggedIn, notice }) {
    this.#freshness = freshness;
    this.#loggedIn = loggedIn;
    this.#notice = notice;
    byId("confirm-no").addEventListener("click", () => byId("confirm").close());
    byId("login-no").addEventListener("click", () => byId("login").close());
    byId("login-open").addEventListener("click", () => this.login());
    byId("login").addEventListener("close", () => (this.#after = null));
    byId("confirm-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#perform();
    });
    byId("login-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
  }

  /** Takes over what the server says of tokens. */
  update(state) {
    this.#state = state;
    byId("login-open").hidden = !state.actions || state.authorized;
  }

  /** Offers the login: without it, nothing can be read. */
  lock() {
    byId("login-open").hidden = false;
    this.login();
  }

  /** Creates the button of an action; `subject()` is asked when it is used. */
  button(action, subject, text = verbs[action].verb) {
    const attributes = {
      type: "button",
      class: action === "stop" || action === "halt" ? "danger" : null,
      "aria-haspopup": "dialog",
      onclick: () => this.ask(action, subject()),
    };
    return el("button", attributes, text);
  }

  /** Asks whether an action is meant. */
  ask(action, subject) {
    if (this.#state && !this.#state.actions) {
      this.#notice(
        "Actions are off: this program was configured without a token.",
        "warning",
      );
    } else if (!this.#state?.authorized) {
      this.login(() => this.#confirm(action, subject));
    } else {
      this.#confirm(action, subject);
    }
  }

  /** Asks for the token, and then for what it was needed for. */
  login(after = null) {
    if (byId("login").open) {
      return;
    }
    this.#after = after;
    byId("login-token").value = "";
    fail("login-failure", "");
    byId("login").showModal();
  }

  #confirm(action, subject) {
    const { verb, effect } = verbs[action];
    const noun = subject.desk ? "desk" : subject.channel ? "channel" : "client";
    this.#pending = { action, subject };
    setText(byId("confirm-title"), `${verb} this ${noun}?`);
    setText(byId("confirm-subject"), quoted(subject));
    setText(byId("confirm-effect"), effect);
    setText(byId("confirm-yes"), `${verb} ${quoted(subject)}`);
    byId("confirm-yes").disabled = false;
    byId("confirm-reason").value = "";
    const { kind, age } = this.#freshness();
    setText(
      byId("confirm-age"),
      `What you see is ${duration(age ?? 0)} old: the connection is lost.`,
    );
    byId("confirm-age").hidden = kind === "live" || kind === "quiet";
    fail("confirm-failure", "");
    byId("confirm").showModal();
    byId("confirm-no").focus();
  }

  async #perform() {
    const { action, subject } = this.#pending;
    const reason = byId("confirm-reason").value.trim();
    byId("confirm-yes").disabled = true;
    fail("confirm-failure", "");
    try {
      const response = await post("/actions", {
        action,
        ...subject,
        ...(reason ? { reason } : {}),
      });
      if (response.ok) {
        byId("confirm").close();
        this.#notice(`${verbs[action].done}: ${quoted(subject)}`, "good");
      } else if (response.status === 401) {
        byId("confirm").close();
        this.#state = { ...this.#state, authorized: false };
        this.login(() => this.#confirm(action, subject));
      } else {
        fail("confirm-failure", await reasonOf(response));
      }
    } catch (failure) {
      fail("confirm-failure", unanswered(failure));
    } finally {
      byId("confirm-yes").disabled = false;
    }
  }

  async #send() {
    fail("login-failure", "");
    try {
      const response = await post("/login", {
        token: byId("login-token").value,
      });
      if (!response.ok) {
        fail(
          "login-failure",
          response.status === 401
            ? "This is not the token."
            : await reasonOf(response),
        );
        return;
      }
    } catch {
      fail("login-failure", "The server does not answer.");
      return;
    } finally {
      byId("login-token").value = "";
    }
    const after = this.#after;
    this.#state = { actions: true, authorized: true };
    byId("login-open").hidden = true;
    byId("login").close();
    this.#loggedIn();
    after?.();
  }
}
