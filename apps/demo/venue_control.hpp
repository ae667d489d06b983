// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "exchange_process.hpp"

#include "zenws/actors/all.hpp"

#include <caf/all.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace zenws::demo {

/// An order as the simulated venue has it.
struct venue_order {
  std::string label;
  market::decimal filled{};
  bool is_open = false;
};

/// All that the simulated venue knows of its accounts.
struct venue_accounts {
  std::vector<venue_order> orders;

  /// Instrument and amount.
  std::vector<std::pair<std::string, market::decimal>> positions;

  /// Orders with a label that an earlier one had.
  uint64_t duplicates = 0;

  size_t open_orders() const;
};

/// Commands a simulated venue. Owned by one thread.
class venue_control {
public:
  /// @param venue must live longer.
  /// @throws std::runtime_error if it cannot be reached.
  explicit venue_control(const exchange_process& venue);

  /// Sends a command (docs/exchange-sim.md) and returns its answer.
  /// @throws std::runtime_error if there is none.
  std::string command(std::string_view json);

  /// Has the orders of clients trade with the market.
  void follow_market();

  venue_accounts accounts();

private:
  client_actor connect(const exchange_process& venue, std::string_view path);

  std::string ask(const client_actor& client, std::string text);

  system_config cfg_;
  caf::actor_system sys_{cfg_};
  runtime rt_{sys_};
  caf::scoped_actor self_{sys_};
  client_actor commands_;
  client_actor calls_;
};

} // namespace zenws::demo
