// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/market/quote.hpp"

#include <optional>

namespace zenws::internal {

/// The best price of a side and its amount, while they are being read.
struct side_draft {
  std::optional<market::decimal> price{};
  std::optional<market::decimal> amount{};

  /// Returns nothing if there are no orders: an amount of 0 says so, a price of
  /// 0 does not, as some instruments trade at it.
  std::optional<market::price_level> finish() const {
    if (!price || !amount || amount->is_zero())
      return std::nullopt;
    return market::price_level{*price, *amount};
  }
};

/// A quote or ticker, while its best prices are being read.
template <class T>
struct sides_draft {
  T* content;
  side_draft bid{};
  side_draft ask{};

  explicit sides_draft(T& x) noexcept : content(&x) {
    // nop
  }

  void finish() {
    content->bid = bid.finish();
    content->ask = ask.finish();
  }
};

} // namespace zenws::internal
