// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "actor_host.hpp"
#include "comparison.hpp"
#include "flood_target.hpp"
#include "transport.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

namespace zenws::bench {

/// Form in which subscribers get a flood of notifications.
enum class flood_form : unsigned char {
  text,
  /// Market data; the figures are per message of the venue, whatever the number
  /// of subscribers.
  typed,
};

/// Receives a flood with one client and a number of subscribers; notifications
/// with one that has all their channels, whose subscription begins the flood.
/// The figures are per message that was delivered to one of them.
struct zenws_flood {
  std::string policy;
  placement where;
  size_t subscribers = 1;
  flood_form form = flood_form::text;

  /// Whether a page and a server of metrics watch the runtime.
  bool watched = false;

  sample operator()(const server_address& from, flood_order order) const;

private:
  sample receive_typed(const server_address& from, flood_order order) const;
};

/// The configuration of a client of the bench.
client_config config_for(const server_address& where,
                         const std::string& target);

/// Same, for a client that asks for a flood of notifications.
client_config venue_config_for(const server_address& where,
                               const flood_order& order);

/// Receives a flood with a given number of messages.
using flood_function = std::function<sample(uint64_t count)>;

/// Takes part in a comparison with as many messages as take about `seconds`.
/// Measures the number by a small flood, which also warms up.
variant timed(std::string name, double seconds, size_t size,
              const flood_function& receive);

} // namespace zenws::bench
