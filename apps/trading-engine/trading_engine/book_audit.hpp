// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/market/order_book.hpp"
#include "zenws/market/ticker.hpp"
#include "zenws/market/update.hpp"

#include <cstdint>

namespace zenws::engine {

/// Order of tickers and books.
enum class ticker_order : uint8_t {
  /// No promise: a ticker may be older or newer than the book.
  unrelated,
  /// A ticker follows the book change it belongs to and agrees with it, as in
  /// the exchange simulator.
  follows_book,
};

/// Checks an order book independently: finds gaps that neither the client nor
/// the book has found.
///
/// Keeps numbers of its own instead of believing the book's.
class book_audit {
public:
  explicit book_audit(ticker_order order) noexcept : order_(order) {
    // nop
  }

  /// Gaps that were not noticed otherwise.
  uint64_t undetected() const noexcept {
    return undetected_;
  }

  /// The book has taken in `update`, or tried to.
  void applied(const market::update& update, const market::order_book& book,
               market::book_outcome outcome, uint64_t epoch) noexcept;

  /// Compares best prices, which each update since the last ticker must have
  /// brought into agreement.
  void compare(const market::ticker& update,
               const market::order_book& book) noexcept;

private:
  ticker_order order_;
  uint64_t undetected_ = 0;
  uint64_t chain_end_ = 0;
  uint64_t chain_epoch_ = 0;
  bool updated_ = false;
};

} // namespace zenws::engine
