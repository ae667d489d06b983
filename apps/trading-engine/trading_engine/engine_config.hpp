// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "market_maker.hpp"
#include "venue_spread.hpp"

#include "zenws/actors/all.hpp"
#include "zenws/config_problem.hpp"
#include "zenws/nodes/gateway_connection.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace zenws::engine {

/// One venue: the clients that lead to it, and the desk that carries orders.
struct venue_setup {
  std::string name;

  /// Brings market data; and carries requests, unless `account` does.
  client_spec market{};

  /// For venues that answer questions about market data at another address
  /// (Binance).
  std::optional<client_spec> api{};

  /// For venues that have orders at another address.
  std::optional<client_spec> account{};

  /// For venues that have the channels of the account at a third one.
  std::optional<client_spec> channels{};

  /// Instead of clients of its own: gateways that have one, called `client`.
  /// Several make one feed.
  std::vector<gateway_options> gateways{};
  std::string client = "venue";

  /// Without clients and mode; the dialect is that of `market`.
  order_desk_options desk{};
};

struct strategy_config {
  std::string name;

  std::variant<maker_settings, spread_settings> settings{};
};

/// Returns the instruments that a strategy trades.
std::vector<market_key> markets_of(const strategy_config& strategy);

/// What becomes of orders and positions when an engine is told to end. One that
/// is killed leaves both; its venues may cancel orders (`desk_config::guard`).
enum class departure : uint8_t {
  /// Orders are canceled, positions stay.
  cancel,
  /// Orders are canceled, and the positions of the account in the engine's
  /// instruments closed by market orders that only reduce.
  flatten,
  /// Orders stay.
  leave,
};

/// Returns the name of the enumerator.
std::string_view to_string(departure value) noexcept;

struct engine_config {
  desk_mode mode = desk_mode::paper;

  departure on_exit = departure::cancel;

  std::vector<venue_setup> venues{};

  std::vector<strategy_config> strategies{};
};

/// Returns every problem that concerns several parts: a venue that is not
/// there, an instrument that its desk does not trade or that two strategies
/// want, and what live trading lacks.
std::vector<config_problem> validate(const engine_config& cfg);

/// Returns whether an address is proven to be one where nothing is at stake:
/// the loopback, or a venue's published test net.
bool is_test_address(std::string_view url);

/// Returns the venues at which orders would be real money: those whose address
/// is no test address, and those behind gateways, whose address is not known.
std::vector<std::string> production_venues(const engine_config& cfg);

} // namespace zenws::engine
