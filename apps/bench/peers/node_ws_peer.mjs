// SPDX-License-Identifier: BSD-3-Clause

// A client of the bench made of ws, for Node.js; see peer_program.hpp.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createSecureContext } from "node:tls";

// Where Debian has it, which not each Node.js searches.
const WebSocket = createRequire(import.meta.url)("/usr/share/nodejs/ws");

const [kind, url, ca_file, count_text, size_text] = process.argv.slice(2);
const count = Number(count_text);
const size = Number(size_text);
const options = { perMessageDeflate: false };
if (url.startsWith("wss:"))
  options.secureContext = createSecureContext({ ca: readFileSync(ca_file) });

function open() {
  const socket = new WebSocket(url, options);
  const fail = (problem) => {
    console.error(String(problem));
    process.exit(1);
  };
  socket.on("error", fail);
  socket.on("close", fail);
  return socket;
}

function finish(...figures) {
  process.stdout.write(figures.join(" ") + "\n", () => process.exit(0));
}

function cpu_seconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function flood() {
  const warm_up = Math.floor(count / 5);
  let received = 0;
  let began;
  let cpu_began;
  open().on("message", (data) => {
    if (data.length !== size) process.exit(1);
    if (++received === warm_up) {
      began = process.hrtime.bigint();
      cpu_began = cpu_seconds();
    }
    if (received === count) {
      const messages = count - warm_up;
      const seconds = Number(process.hrtime.bigint() - began) / 1e9;
      finish(
        messages / seconds,
        ((cpu_seconds() - cpu_began) * 1e6) / messages,
      );
    }
  });
}

function rtt() {
  const payload = "x".repeat(size);
  const micros = [];
  let warm_up = 1000;
  let sent_at;
  const socket = open();
  const send = () => {
    sent_at = process.hrtime.bigint();
    socket.send(payload);
  };
  socket.on("open", send);
  socket.on("message", () => {
    const took = Number(process.hrtime.bigint() - sent_at) / 1e3;
    if (warm_up > 0) --warm_up;
    else if (micros.push(took) === count) {
      micros.sort((a, b) => a - b);
      const at = (q) => micros[Math.floor(q * (count - 1))];
      finish(at(0.5), at(0.99));
      return;
    }
    send();
  });
}

function idle() {
  const sockets = [];
  let first = 0;
  const resident = () => {
    global.gc();
    return process.memoryUsage.rss();
  };
  const next = () => {
    const socket = open();
    sockets.push(socket);
    socket.on("open", () => {
      if (sockets.length === 1) first = resident();
      if (sockets.length === count)
        finish(Math.round((resident() - first) / (count - 1)));
      else next();
    });
  };
  next();
}

({ flood, rtt, idle })[kind]();
