#pragma once

#include "options.hpp"
#include "report.hpp"
#include "transport.hpp"

namespace zenws::bench {

// Each case measures over one transport and reports. All throw an exception if
// the measured thing did not do its job.

/// One client, one subscriber, as many messages as the machine can carry.
void run_flood(const options& opts, const server_address& where, report& out);

/// One client, many subscribers.
void run_fanout(const options& opts, const server_address& where, report& out);

/// One message in flight.
void run_rtt(const options& opts, const server_address& where, report& out);

/// Many clients that are ready and have nothing to do.
void run_idle(const options& opts, const server_address& where, report& out);

} // namespace zenws::bench
