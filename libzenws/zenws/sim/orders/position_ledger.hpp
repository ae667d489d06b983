// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/orders/fill.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace zenws::sim {

/// Position of an account in an instrument.
struct position {
  std::string instrument{};
  /// Below zero for sold contracts.
  double size = 0;
  double average_price = 0;
  /// Number of the last fill, and its time since the Unix epoch.
  uint64_t last_fill = 0;
  std::chrono::milliseconds updated{};
};

/// The positions that follow from fills. Outlives the orders, whose number is
/// bounded.
class position_ledger {
public:
  /// Counts a fill. Returns the profit of the part that it has closed, in the
  /// currency of settlement.
  double add(const fill& entry);

  std::vector<position> of(const std::string& account) const;

  /// Returns the position in one instrument, of size 0 if there is none.
  position in(const std::string& account, const std::string& instrument) const;

private:
  std::map<std::pair<std::string, std::string>, position> positions_;
};

} // namespace zenws::sim
