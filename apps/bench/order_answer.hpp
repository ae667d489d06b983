// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace zenws::bench {

/// Deribit's answer to a request for an order of 20 at 50000.5, made for one
/// order after the other without an allocation.
class order_answer {
public:
  /// An answer for an order that rests.
  static order_answer open();

  /// An answer for an order that was filled by one trade.
  static order_answer filled();

  /// Returns the answer for an order. It holds until the next one.
  /// @param id of 14 characters
  std::string_view about(std::string_view id, uint64_t number);

private:
  explicit order_answer(std::string text);

  std::string text_;

  // Where the names are.
  std::vector<size_t> ids_;
  std::vector<size_t> numbers_;
};

} // namespace zenws::bench
