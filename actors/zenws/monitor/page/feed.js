// SPDX-License-Identifier: BSD-3-Clause
//
// The connection to the server: events while they come, questions when they do
// not, and the truth about the age of what is shown.

/** Without news for this long, what is shown is not called live. */
const quietAfter = 3000;

/** An answer that takes longer is none. */
const patience = 3000;

/** A stream without an event for this long is opened anew. */
const reopenAfter = 30000;

/** After so many streams in a row without an event, there is no connection. */
const maxBroken = 3;

const retryDelays = [0, 500, 1000, 2000, 5000];

/** Requests JSON; throws on anything but success, with `status` if known. */
export async function getJson(path) {
  const response = await fetch(path, { signal: AbortSignal.timeout(patience) });
  if (!response.ok) {
    const failure = new Error(`${response.status} ${response.statusText}`);
    failure.status = response.status;
    throw failure;
  }
  return response.json();
}

/**
 * Keeps `/updates` open. `on` has `state`, `clients` and `client` for the data
 * and `freshness` for {kind, age}, once a second and on each change; the kinds:
 * connecting, live, quiet (no news; being asked for), lost, locked (a login is
 * needed).
 */
export class Feed {
  #on;
  #source = null;
  #query = "";
  #kind = "connecting";
  #news = null; // time of the last proof that what is shown holds
  #streamed = 0; // time of the last event, or of its opening
  #asking = false;
  #failures = 0;
  #retry = 0;

  constructor(on) {
    this.#on = on;
    setInterval(() => this.#watch(), 1000);
  }

  /** Milliseconds since what is shown was true for certain. */
  get age() {
    return this.#news === null ? null : performance.now() - this.#news;
  }

  get kind() {
    return this.#kind;
  }

  /** Asks for a window of clients and, maybe, for one client. */
  open(parameters) {
    const query = new URLSearchParams(parameters).toString();
    if (query === this.#query && this.#source) {
      return;
    }
    this.#query = query;
    this.#connect();
  }

  /** Opens the stream anew, for instance after a login. */
  reopen() {
    this.#connect();
  }

  #connect() {
    clearTimeout(this.#retry);
    this.#source?.close();
    const source = new EventSource(`/updates?${this.#query}`);
    this.#source = source;
    this.#streamed = performance.now();
    for (const name of ["state", "clients", "client"]) {
      source.addEventListener(name, (event) => {
        if (this.#source === source) {
          this.#streamed = performance.now();
          this.#failures = 0;
          this.#receive(name, JSON.parse(event.data));
        }
      });
    }
    source.addEventListener("error", () => {
      if (this.#source === source) {
        source.close();
        this.#source = null;
        this.#askLater();
      }
    });
  }

  #receive(name, data) {
    this.#news = performance.now();
    this.#set("live");
    this.#on[name](data);
  }

  #set(kind) {
    this.#kind = kind;
    this.#on.freshness({ kind, age: this.age });
  }

  #watch() {
    if (this.#kind === "live" && this.age > quietAfter) {
      this.#kind = "quiet";
    }
    const now = performance.now();
    if (this.#source && now - this.#streamed > reopenAfter) {
      this.#connect();
    } else if (this.#source) {
      const proven = Math.max(this.#news ?? 0, this.#streamed);
      if (now - proven > quietAfter) {
        this.#ask();
      }
    }
    this.#set(this.#kind);
  }

  // A stream that is silent may be so because nothing changes: asked for the
  // state, the server proves that it is there, or does not.
  async #ask() {
    if (this.#asking) {
      return;
    }
    this.#asking = true;
    try {
      const state = await getJson("/state.json");
      if (!this.#source) {
        this.#connect();
      }
      // A state alone is not all that is shown.
      if (this.#failures < maxBroken) {
        this.#receive("state", state);
      } else {
        this.#set("lost");
      }
    } catch (failure) {
      this.#fail(failure);
    } finally {
      this.#asking = false;
    }
  }

  #fail(failure) {
    if (failure.status === 401) {
      this.#set("locked");
      return;
    }
    this.#set("lost");
    this.#askLater();
  }

  // The first time at once; a stream that breaks again and again waits longer.
  #askLater() {
    const at = Math.min(this.#failures++, retryDelays.length - 1);
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#ask(), retryDelays[at]);
  }
}
