// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/shared_counter.hpp"
#include "zenws/trading/risk_gate.hpp"

#include <array>

namespace zenws {

/// Figures of an order desk, which any thread may read at any time, without
/// asking the desk. The meaning of each is that of the member of `desk_report`.
///
/// Belongs to the options of a desk: a desk that is started again begins its
/// counts anew, in the same place.
struct desk_stats {
  shared_counter placed;
  shared_counter kept_back;
  shared_counter fills;
  shared_counter ever_unknown;
  shared_counter unknown;
  shared_counter open;
  shared_counter instruments;
  shared_counter traded;
  shared_counter adopted;
  shared_counter contradicted;

  /// By `trading::risk_cause`.
  std::array<shared_counter, trading::num_risk_causes> refusals;

  /// 1 if the kill switch was thrown.
  shared_counter is_halted;
};

} // namespace zenws
