// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/messages/messages.hpp"
#include "zenws/config_problem.hpp"

#include <string>
#include <vector>

namespace zenws {

/// Configuration of a client that is made of several, see `runtime::merge`.
struct merge_config {
  /// Becomes `client_event::client`.
  std::string name = "merged";

  /// Clients of the same venue, the preferred one first: of two gateways, or
  /// with two connections.
  std::vector<client_actor> sources;

  /// Dialect of the sources, one with market data. Data that its venue does not
  /// number comes from one source at a time.
  std::string dialect = "deribit";

  /// Options of the merged client as a subscriber of its sources.
  subscription_options options{};

  /// Settings of typed market data.
  feed_config feed{};

  /// Optional, as `client_spec::market_api`.
  client_actor market_api{};
};

/// Returns every problem of a configuration.
std::vector<config_problem> validate(const merge_config& cfg);

} // namespace zenws
