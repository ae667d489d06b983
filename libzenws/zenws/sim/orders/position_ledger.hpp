// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/orders/order.hpp"

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
};

/// The positions that follow from fills. Outlives the orders, whose number is
/// bounded.
class position_ledger {
public:
  /// Counts the fill of an order.
  void add(const order& entry);

  std::vector<position> of(const std::string& account) const;

private:
  std::map<std::pair<std::string, std::string>, position> positions_;
};

} // namespace zenws::sim
