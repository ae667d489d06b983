// SPDX-License-Identifier: BSD-3-Clause
//
// A monitor without a program behind it, for states that are hard to bring
// about: ten thousand clients, names with markup, a server that stalls.
//
//   node mock_server.mjs [PORT [CLIENTS]]   token: secret

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import {
  advance,
  desks,
  detailOf,
  errors,
  limits,
  manyRows,
  nodes,
  randomOf,
  totalsOf,
  treeOf,
  venueRows,
} from "./mock_state.mjs";

const pages = new URL("../../actors/zenws/monitor/page/", import.meta.url);

const types = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
};

const headers = {
  "Cache-Control": "no-store",
  "Content-Security-Policy": "default-src 'self'",
  "X-Content-Type-Options": "nosniff",
};

const ranks = ["gave_up", "restarting", "stopped", "backing_off"];

// The worst state is the least.
function rank(x) {
  const state = x.child === "running" ? x.state : x.child;
  const at = ranks.indexOf(state);
  return at >= 0 ? at : state === "ready" ? 9 : 8;
}

const measures = {
  name: (x) => x.name,
  state: rank,
  messages: (x) => x.messages,
  rate: (x) => x.rate,
  restarts: (x) => x.restarts,
  round_trip: (x) => x.round_trip_us,
};

export class MockServer {
  /** All actions that were accepted. */
  actions = [];
  rows;
  token;
  requiresToken = false; // for reading, too
  refusesStreams = false;
  desks = desks();
  #random;
  #events = [];
  #streams = new Map(); // response -> query
  #sockets = new Set();
  #stalled = null; // what waits for the end of a stall
  #server = createServer((request, response) => {
    const answer = () => this.#answer(request, response);
    this.#stalled ? this.#stalled.push(answer) : answer();
  });
  #started = Date.now();
  #timer;
  #t = 0;

  constructor({ clients = 0, token = "secret", seed = 7 } = {}) {
    this.#random = randomOf(seed);
    this.rows =
      clients > 0 ? manyRows(clients, this.#random) : venueRows(this.#random);
    this.token = token;
    this.tell("info", "monitor", "The program has started.");
  }

  async listen(port = 0) {
    this.#server.on("connection", (socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
    });
    await new Promise((resolve) =>
      this.#server.listen(port, "127.0.0.1", resolve),
    );
    this.#timer = setInterval(() => this.tick(), 250);
    return this.url;
  }

  get url() {
    return `http://127.0.0.1:${this.#server.address().port}`;
  }

  get port() {
    return this.#server.address().port;
  }

  async close() {
    clearInterval(this.#timer);
    this.#sockets.forEach((x) => x.destroy());
    await new Promise((resolve) => this.#server.close(resolve));
  }

  // -- what happens -----------------------------------------------------------

  /** Answers nothing more and sends nothing more, but keeps all connections. */
  stall() {
    this.#stalled ??= [];
  }

  goOn() {
    const waiting = this.#stalled ?? [];
    this.#stalled = null;
    waiting.forEach((answer) => answer());
  }

  tell(severity, source, text) {
    const seq = (this.#events.at(-1)?.seq ?? 0) + 1;
    this.#events.push({ seq, time_ms: Date.now(), severity, source, text });
    this.#events.splice(0, this.#events.length - 1000);
  }

  find(name) {
    return this.rows.find((x) => x.name === name);
  }

  crash(name) {
    const x = this.find(name);
    Object.assign(x, { child: "restarting", state: "stopped" });
    x.last_error = errors.runtime_error;
    x.restarts += 1;
    this.tell(
      "warning",
      name,
      `"${name}" of "${x.supervisor}" is to be restarted in 500 ms ` +
        `because of ${errors.runtime_error.text}.`,
    );
    this.push();
  }

  recover(name) {
    const x = this.find(name);
    Object.assign(x, { child: "running", state: "ready", up_ms: 0 });
    x.epoch += 1;
    this.tell("info", name, `"${name}" of "${x.supervisor}" was restarted.`);
    this.push();
  }

  lose(name, error = errors.connect_failed) {
    const x = this.find(name);
    Object.assign(x, { state: "backing_off", last_error: error });
    this.tell("warning", name, `"${name}" has lost its connection.`);
    this.push();
  }

  giveUp(name) {
    const x = this.find(name);
    Object.assign(x, { child: "gave_up", state: "stopped" });
    Object.assign(x, { last_error: errors.restart_limit, restarts: 5 });
    this.tell(
      "error",
      name,
      `"${name}" of "${x.supervisor}" is given up because of ` +
        `${errors.restart_limit.text}.`,
    );
    this.push();
  }

  tick() {
    this.#t += 0.25;
    advance(this.rows, 0.25, this.#t, this.#random);
    this.push();
  }

  push() {
    if (this.#stalled) {
      return;
    }
    for (const [stream, { query, authorized }] of this.#streams) {
      const send = (event, data) =>
        stream.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
      send("state", this.state(authorized));
      send("clients", this.window(query));
      if (query.has("client")) {
        const x = this.find(query.get("client"));
        send("client", x ? detailOf(x, this.#random) : null);
      }
    }
  }

  // -- answers ----------------------------------------------------------------

  state(authorized) {
    return {
      program: "trading-engine",
      version: "0.2.0",
      node: "gateway-fra1",
      time_ms: Date.now(),
      started_ms: this.#started - 11 * 3600 * 1000,
      actions: this.token !== null,
      authorized,
      totals: totalsOf(this.rows),
      tree: treeOf(this.rows, "runtime"),
      desks: this.desks,
      limits,
      nodes,
      events: this.#events.slice(-50),
    };
  }

  window(query) {
    const from = Number(query.get("from") ?? 0);
    const count = Math.min(500, Number(query.get("count") ?? 50));
    const wanted = (query.get("filter") ?? "").toLowerCase();
    const of = measures[query.get("sort") ?? "name"] ?? measures.name;
    const sign = query.get("order") === "desc" ? -1 : 1;
    const texts = (x) => `${x.name} ${x.url} ${x.supervisor} ${x.state}`;
    const matching = this.rows
      .filter((x) => texts(x).toLowerCase().includes(wanted))
      .sort((x, y) => sign * (of(x) < of(y) ? -1 : of(x) > of(y) ? 1 : 0));
    return {
      total: this.rows.length,
      matching: matching.length,
      from,
      clients: matching
        .slice(from, from + count)
        .map(({ base, last_error, ...x }) => x),
    };
  }

  #authorized(request) {
    const cookie = request.headers.cookie ?? "";
    return this.token !== null && cookie.includes(`token=${this.token}`);
  }

  async #answer(request, response) {
    const url = new URL(request.url, this.url);
    const json = (status, body, more = {}) => {
      const type = { "Content-Type": "application/json" };
      response.writeHead(status, { ...headers, ...type, ...more });
      response.end(JSON.stringify(body));
    };
    if (request.method === "POST") {
      const chunks = await request.toArray();
      const body = JSON.parse(Buffer.concat(chunks).toString());
      url.pathname === "/login"
        ? this.#login(body, json, response)
        : this.#act(body, request, json);
      return;
    }
    const isPage = url.pathname === "/" || url.pathname.startsWith("/page/");
    if (this.requiresToken && !isPage && !this.#authorized(request)) {
      return json(401, { error: "This needs a token." });
    }
    switch (url.pathname) {
      case "/updates":
        return this.#stream(url.searchParams, request, response);
      case "/state.json":
        return json(200, this.state(this.#authorized(request)));
      case "/clients.json":
        return json(200, this.window(url.searchParams));
      case "/client.json": {
        const x = this.find(url.searchParams.get("name"));
        return x
          ? json(200, detailOf(x, this.#random))
          : json(404, { error: "no such client" });
      }
      case "/events.json": {
        const after = Number(url.searchParams.get("after"));
        const events = this.#events.filter((x) => x.seq > after);
        return json(200, { events, lost: false });
      }
      default:
        return this.#file(url.pathname, response, json);
    }
  }

  #stream(query, request, response) {
    if (this.refusesStreams) {
      response.writeHead(503, headers).end();
      return;
    }
    response.writeHead(200, {
      ...headers,
      "Content-Type": "text/event-stream",
    });
    const authorized = this.#authorized(request);
    this.#streams.set(response, { query, authorized });
    response.on("close", () => this.#streams.delete(response));
    this.push();
  }

  #login({ token }, json, response) {
    if (this.token === null || token !== this.token) {
      return json(401, { error: "wrong token" });
    }
    const cookie = `token=${token}; HttpOnly; SameSite=Strict; Path=/`;
    response.writeHead(204, { ...headers, "Set-Cookie": cookie }).end();
  }

  #act(body, request, json) {
    if (!this.#authorized(request)) {
      return json(401, { error: "no token" });
    }
    const desk = this.desks.find((x) => x.name === body.desk);
    const client = this.find(body.client);
    if (!desk && !client) {
      const error = "There is no such client.";
      return json(404, { error, remedy: "Look for it in the tree." });
    }
    if (body.action === "start" && client?.child === "running") {
      return json(409, { error: "It runs already.", remedy: "Nothing to do." });
    }
    this.actions.push(body);
    switch (body.action) {
      case "halt":
      case "resume":
        desk.halted = body.action === "halt";
        break;
      case "stop":
        Object.assign(client, { child: "stopped", state: "stopped" });
        break;
      case "start":
      case "restart":
        this.recover(client.name);
        break;
    }
    this.push();
    return json(200, { result: "done" });
  }

  async #file(path, response, json) {
    const name = path === "/" ? "index.html" : path.replace("/page/", "");
    try {
      if (!/^[a-z_]+\.[a-z]+$/.test(name)) {
        throw new Error("no such file");
      }
      const text = await readFile(new URL(name, pages));
      const type = { "Content-Type": types[name.split(".")[1]] };
      response.writeHead(200, { ...headers, ...type }).end(text);
    } catch {
      json(404, { error: "no such page" });
    }
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [port = 8080, clients = 0] = process.argv.slice(2).map(Number);
  const server = new MockServer({ clients });
  console.log(await server.listen(port));
}
