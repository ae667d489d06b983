// SPDX-License-Identifier: BSD-3-Clause
//
// A made-up program with supervised clients, as the monitor tells of it.
// Seeded, so two runs show the same.

const venues = {
  binance: ["spot-depth", "spot-trades", "futures-depth", "futures-trades"],
  bybit: ["linear", "inverse", "options"],
  deribit: ["perpetuals", "options-btc", "options-eth", "orders"],
  kraken: ["spot", "futures"],
  okx: ["books", "trades", "business", "orders"],
};

// Random enough for figures: a linear congruential generator.
export function randomOf(seed) {
  let x = seed >>> 0;
  return () => {
    x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
    return x / 2 ** 32;
  };
}

const wave = (i, t) => 1 + 0.35 * Math.sin(t / 7 + i) + 0.2 * Math.sin(t / 2.3);

function row(name, supervisor, i, random) {
  const base = Math.round(20 + 900 * random() ** 2);
  return {
    name,
    url: `wss://stream.${supervisor}.example/ws`,
    child: "running",
    state: "ready",
    epoch: 1 + Math.floor(random() * 3),
    up_ms: 1000 * Math.round(600 + 40000 * random()),
    messages: Math.round(base * 5000 * (1 + random())),
    rate: base,
    restarts: random() < 0.2 ? 1 : 0,
    round_trip_us: Math.round(900 + 24000 * random()),
    supervisor,
    base: { rate: base, trip: 900 + 24000 * random(), phase: i },
    last_error: null,
  };
}

/** Returns the rows of a program of five venues. */
export function venueRows(random) {
  let i = 0;
  return Object.entries(venues).flatMap(([venue, names]) =>
    names.map((x) => row(`${venue}-${x}`, venue, i++, random)),
  );
}

/** Returns the rows of as many clients below supervisors of 500 each. */
export function manyRows(count, random) {
  return Array.from({ length: count }, (_, i) =>
    row(
      `feed-${String(i).padStart(5, "0")}`,
      `shard-${String(Math.floor(i / 500)).padStart(2, "0")}`,
      i,
      random,
    ),
  );
}

export const errors = {
  connect_failed: {
    code: "connect_failed",
    text: "connect_failed: 203.0.113.7:443: Connection refused",
    cause:
      "No address of the host accepted a TCP connection. Detail: " +
      "203.0.113.7:443: Connection refused",
    remedy: "Check port, firewall and whether the server runs.",
  },
  restart_limit: {
    code: "restart_limit",
    text: "restart_limit: 5 crashes within 60 s",
    cause:
      "The supervisor restarted the client too often within the time " +
      "allowed. Detail: 5 crashes within 60 s",
    remedy: "Look at the last reason, cure it, then start the client anew.",
  },
  runtime_error: {
    code: "runtime_error",
    text: "runtime_error: killed by a test",
    cause: "The client ended by an exception.",
    remedy: "This is a bug: report it with the detail.",
  },
};

/** Advances the figures of the clients that run by `seconds`. */
export function advance(rows, seconds, t, random) {
  for (const x of rows) {
    const runs = x.child === "running" && x.state === "ready";
    const { rate, trip, phase } = x.base;
    x.rate = runs
      ? Math.max(0, Math.round(rate * wave(phase, t) * (0.9 + 0.2 * random())))
      : 0;
    x.round_trip_us = runs
      ? Math.round(trip * (0.8 + 0.3 * random() + (random() < 0.03 ? 1.5 : 0)))
      : 0;
    x.messages += Math.round(x.rate * seconds);
    x.up_ms = runs ? x.up_ms + 1000 * seconds : 0;
  }
}

const stateOf = (x) => (x.child === "running" ? x.state : x.child);

function leaf(x) {
  const details = { epoch: String(x.epoch), url: x.url };
  if (x.state === "ready" && x.child === "running") {
    details.up = `${Math.floor(x.up_ms / 1000)} s`;
  } else if (x.last_error) {
    details["last error"] = x.last_error.text;
  }
  if (x.restarts > 0) {
    details.restarts = String(x.restarts);
  }
  return {
    name: x.name,
    kind: "client",
    state: stateOf(x),
    details,
    children: [],
  };
}

const maxChildren = 100;

/** Returns the tree of a program, the worst children first if they are many. */
export function treeOf(rows, program) {
  const groups = new Map();
  for (const x of rows) {
    groups.set(x.supervisor, groups.get(x.supervisor) ?? []);
    groups.get(x.supervisor).push(x);
  }
  const children = [...groups].map(([name, all]) => {
    const isUp = (x) => stateOf(x) === "ready";
    const sorted =
      all.length > maxChildren
        ? [...all.filter((x) => !isUp(x)), ...all.filter(isUp)]
        : all;
    return {
      name,
      kind: "supervisor",
      state: "running",
      details: {},
      children: sorted.slice(0, maxChildren).map(leaf),
      ...(all.length > maxChildren ? { more: all.length - maxChildren } : {}),
    };
  });
  return {
    name: program,
    kind: "runtime",
    state: "running",
    details: {},
    children,
  };
}

export function totalsOf(rows) {
  const count = (of) => rows.filter(of).length;
  const sum = (of) => rows.reduce((all, x) => all + of(x), 0);
  const down = ["restarting", "gave_up", "stopped"];
  return {
    clients: rows.length,
    ready: count((x) => stateOf(x) === "ready"),
    connecting: count((x) => x.state !== "ready" && !down.includes(stateOf(x))),
    restarting: count((x) => x.child === "restarting"),
    gave_up: count((x) => x.child === "gave_up"),
    messages: sum((x) => x.messages),
    messages_per_s: sum((x) => x.rate),
    dropped: 0,
    gaps: 2,
  };
}

const order = (id, instrument, side, price, amount, filled = "0") => ({
  id,
  instrument,
  side,
  price,
  amount,
  filled,
  state: filled === "0" ? "open" : "partly_filled",
});

export function desks() {
  return [
    {
      name: "deribit",
      open: 4,
      unknown: 0,
      ever_unknown: 3,
      placed: 1842,
      fills: 611,
      refused: 2,
      halted: false,
      instruments: 2,
      traded: "1284000",
      orders: [
        order("mm1-00001842", "BTC-PERPETUAL", "buy", "60985.5", "1000"),
        order("mm1-00001841", "BTC-PERPETUAL", "sell", "61016", "1000", "300"),
        order("mm1-00001838", "ETH-PERPETUAL", "buy", "3381.25", "2000"),
        order("mm1-00001836", "ETH-PERPETUAL", "sell", "3385.1", "2000"),
      ],
      positions: [
        { instrument: "BTC-PERPETUAL", amount: "1700" },
        { instrument: "ETH-PERPETUAL", amount: "-500" },
      ],
    },
    {
      name: "okx",
      open: 0,
      unknown: 1,
      ever_unknown: 1,
      placed: 77,
      fills: 20,
      refused: 0,
      halted: true,
      instruments: 1,
      traded: "9100",
      orders: [],
      positions: [{ instrument: "BTC-USDT-SWAP", amount: "0" }],
    },
  ];
}

export const limits = [
  {
    name: "messages",
    scope: "connection",
    owner: "deribit-orders",
    capacity: 20,
    available: 13,
    next_free_ms: 0,
  },
  {
    name: "connections",
    scope: "host",
    owner: "stream.binance.example",
    capacity: 300,
    available: 296,
    next_free_ms: 0,
  },
  {
    name: "orders",
    scope: "account",
    owner: "okx",
    capacity: 60,
    available: 3,
    next_free_ms: 420,
  },
];

export const nodes = [
  { name: "research-1", clients: 4, credit: 8388608, waiting: 0 },
  { name: "desk-ldn", clients: 9, credit: 1048576, waiting: 65536 },
];

/** Returns what the page of a client shows. */
export function detailOf(x, random) {
  const { base, ...visible } = x;
  const past = (of) => Array.from({ length: 120 }, (_, i) => of(i));
  const latencies = (p50) => ({
    count: 4210,
    p50_us: p50,
    p90_us: p50 * 2,
    p99_us: p50 * 5,
    p999_us: p50 * 11,
    max_us: p50 * 14,
  });
  const channel = (name, ago, state = "confirmed") => ({
    name,
    state,
    is_renewing: false,
    last_message_ago_ms: ago,
  });
  return {
    ...visible,
    status: {
      id: 1,
      name: x.name,
      url: x.url,
      state: x.state,
      epoch: x.epoch,
      attempts: 0,
      connected_for_ms: x.up_ms,
      round_trip_us: x.round_trip_us,
      missed_heartbeats: 0,
      messages_received: x.messages,
      messages_sent: 218,
      messages_dropped: 0,
      sends_failed: 0,
      outbound_bytes: 0,
      subscribers: 3,
      channels: 3,
      pending_calls: 0,
      queued: 0,
      malformed: 0,
      reading_paused: false,
      last_error: x.last_error?.text ?? "",
      channel_states: [
        channel("book.BTC-PERPETUAL.100ms", Math.round(100 * random())),
        channel("trades.BTC-PERPETUAL.100ms", Math.round(2400 * random())),
        channel("ticker.ETH-PERPETUAL.100ms", -1, "pending_subscribe"),
      ],
    },
    metrics: {
      state: x.state,
      epoch: x.epoch,
      waiting_requests: 0,
      call_latency: latencies(1900),
      heartbeat_latency: latencies(Math.round(base.trip)),
    },
    last_error: x.last_error ?? {
      code: "none",
      text: "",
      cause: "",
      remedy: "",
    },
    books: [
      {
        instrument: "BTC-PERPETUAL",
        valid: true,
        why: "",
        bid: "60985.5",
        ask: "60986",
        age_ms: Math.round(100 * random()),
      },
      {
        instrument: "ETH-PERPETUAL",
        valid: false,
        why: "no snapshot yet",
        bid: "",
        ask: "",
        age_ms: 1400,
      },
    ],
    history: {
      step_ms: 1000,
      rate: past((i) => Math.round(base.rate * wave(base.phase, i))),
      round_trip_us: past(() => Math.round(base.trip * (0.8 + 0.4 * random()))),
      lag_us: past(() => Math.round(base.trip * (1.5 + random()))),
    },
  };
}
