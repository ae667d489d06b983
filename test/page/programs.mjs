// SPDX-License-Identifier: BSD-3-Clause
//
// A gateway at a simulated exchange, each in a process of its own.

import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** Where the programs are, as CTest knows it; undefined if it does not. */
export const { ZENWS_GATEWAY: gateway, ZENWS_EXCHANGE_SIM: exchange } =
  process.env;

export const token = "a-token-of-the-tests";

const settings = (venue) => `
[gateway]
name = "gateway-test"
port = 0

[clients.venue]
url = "${venue}/ws/api/v2"
dialect = "deribit"
credentials_from_environment = "VENUE"
channels = ["book.BTC-PERPETUAL.100ms", "trades.BTC-PERPETUAL.100ms"]
heartbeat = { interval = "1s" }

[clients.okx]
url = "${venue}/ws/v5/public"
dialect = "okx"
channels = ["trades:BTC-USDT"]

[desks.mm]
account = "venue"
owner = "mm1"
journal_path = "orders.db"
instruments = { BTC-PERPETUAL = { position = 5000 } }

[monitor]
port = 0
token_from_environment = "MONITOR_TOKEN"
`;

const environment = {
  ...process.env,
  MONITOR_TOKEN: token,
  VENUE_KEY: "demo",
  VENUE_SECRET: "demo-secret",
};

/** A program that has told where it listens. */
class Program {
  #process;

  /** Starts it and waits for a line that matches; returns the match. */
  async start(command, args, pattern, options = {}) {
    const stdio = ["ignore", "pipe", "inherit"];
    this.#process = spawn(command, args, { ...options, stdio });
    for await (const line of createInterface({ input: this.#process.stdout })) {
      const match = line.match(pattern);
      if (match) {
        this.#process.stdout.resume();
        return match[1];
      }
    }
    throw new Error(`${command} has ended, see above`);
  }

  /** Ends it at once, or as asked for, and waits for it. */
  async end(signal = "SIGTERM") {
    const child = this.#process;
    if (child && child.exitCode === null && child.signalCode === null) {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill(signal);
      await ended;
    }
  }
}

/** A gateway with two clients and a desk, and its exchange. */
export class Pair {
  url;
  #exchange = new Program();
  #gateway = new Program();
  #directory;

  async start() {
    this.#directory = await mkdtemp(join(tmpdir(), "zenws-page-"));
    const venue = await this.#exchange.start(
      exchange,
      ["--port", "0", "--seed", "7"],
      /listening on (ws:\/\/[^/\s]+)/,
    );
    const file = join(this.#directory, "gateway.toml");
    await writeFile(file, settings(venue));
    this.url = await this.#gateway.start(
      gateway,
      ["--config", file],
      /shows itself at (http:\/\/[^/\s]+)/,
      { cwd: this.#directory, env: environment },
    );
  }

  /** Kills the exchange; the gateway stays. */
  loseExchange() {
    return this.#exchange.end("SIGKILL");
  }

  async end() {
    await this.#gateway.end();
    await this.#exchange.end();
    await rm(this.#directory, { recursive: true, force: true });
  }
}
