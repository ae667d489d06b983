// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/trading/order_ledger.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace zenws::internal {

/// What a journal keeps of a moment: the orders that have changed as they are
/// now, without their fills; the fills that were told; and positions.
struct journal_record {
  struct numbered_order {
    uint64_t number = 0;
    trading::order_record content{};
  };

  struct instrument_position {
    market::instrument_name instrument{};
    market::decimal amount{};
  };

  std::vector<numbered_order> orders{};
  std::vector<trading::fill> fills{};
  std::vector<instrument_position> positions{};
};

/// Writes the parts of a `journal_record` as bytes, for this machine.
class journal_encoder {
public:
  void add(uint64_t number, const trading::order_record& x);

  void add(const trading::fill& x);

  void add(const market::instrument_name& instrument, market::decimal amount);

  /// All so far.
  std::string_view bytes() const noexcept {
    return bytes_;
  }

  void clear() noexcept {
    bytes_.clear();
  }

private:
  std::string bytes_;
};

/// Adds what an encoder has written.
/// @returns `false` if the bytes make no sense.
bool decode(std::string_view bytes, journal_record& out);

} // namespace zenws::internal
