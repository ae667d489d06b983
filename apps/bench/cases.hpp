// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "options.hpp"
#include "report.hpp"
#include "server_process.hpp"

#include <cstddef>

namespace zenws::bench {

/// Payload bytes of the cases that do not vary them.
constexpr size_t payload_bytes = 128;

// Each case reports. All throw an exception if the measured thing did not do
// its job.

// -- over a transport -----------------------------------------------------------

/// One client, one subscriber, as many messages as the machine can carry.
void run_flood(const options& opts, const server_process& server, report& out);

/// One client, many subscribers.
void run_fanout(const options& opts, const server_process& server, report& out);

/// One message in flight.
void run_rtt(const options& opts, const server_process& server, report& out);

/// Many clients that are ready and have nothing to do.
void run_idle(const options& opts, const server_process& server, report& out);

/// A client that returns to many channels after its server has dropped it.
void run_restore(const options& opts, const server_process& server,
                 report& out);

/// Clients that are killed, clients whose server is gone, and the cost of a
/// supervisor of many children.
void run_restart(const options& opts, const server_process& server,
                 report& out);

/// Many clients that dial one server at the same time, next to the CPU time
/// that it spends on them.
void run_storm(const options& opts, const server_process& server, report& out);

/// Floods of market data for several clients on one and on two I/O loops.
void run_loops(const options& opts, const server_process& server, report& out);

/// Calls through a pool, next to calls of one client.
void run_pool(const options& opts, const server_process& server, report& out);

/// Subscribers on another node, through a gateway in a process of its own, next
/// to those of a local client.
void run_remote(const options& opts, const server_process& server, report& out);

/// Clients made of other libraries, next to those of zenws.
void run_peers(const options& opts, const server_process& server, report& out);

// -- without any --------------------------------------------------------------

/// Changes of an order book, next to one made of maps.
void run_book(const options& opts, report& out);

/// Recorded messages, from text to market data.
void run_decode(const options& opts, report& out);

/// Orders through a ledger, and through the decisions of a desk with each kind
/// of journal.
void run_orders(const options& opts, report& out);

/// Clients of three venues among faults, for a long time: what they need must
/// not grow, and what was subscribed to must come back.
void run_soak(const options& opts, report& out);

/// From a change of a book to an order, next to a loop of Beast and RapidJSON.
void run_tick_to_trade(const options& opts, report& out);

} // namespace zenws::bench
