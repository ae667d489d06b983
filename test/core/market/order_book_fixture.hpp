// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/market/order_book.hpp"

#include "support/unit_test.hpp"

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace zenws::test_support {

/// Builds the updates of one book from text, and shows books as text.
struct order_book_fixture {
  using level = market::level_change;

  static market::decimal number(std::string_view text) {
    return market::decimal::parse(text).value();
  }

  static level make(market::book_side side, market::level_action action,
                    std::string_view price, std::string_view amount) {
    level result{.side = side, .action = action};
    result.price = market::decimal::parse(price, result.price_places).value();
    result.amount
      = market::decimal::parse(amount, result.amount_places).value();
    return result;
  }

  /// The price has this amount now.
  static level bid(std::string_view price, std::string_view amount) {
    return make(market::book_side::bid, market::level_action::set, price,
                amount);
  }

  static level ask(std::string_view price, std::string_view amount) {
    return make(market::book_side::ask, market::level_action::set, price,
                amount);
  }

  static level created(level x) {
    x.action = market::level_action::create;
    return x;
  }

  static level changed(level x) {
    x.action = market::level_action::change;
    return x;
  }

  static level removed(level x) {
    x.action = market::level_action::remove;
    return x;
  }

  /// Applies a snapshot.
  std::string snapshot(const std::vector<level>& levels,
                       uint64_t sequence = 0) {
    market::book_snapshot x;
    x.sequence = sequence;
    x.levels = levels;
    return std::string{to_string(uut.apply(x))};
  }

  /// Applies a change that continues the book.
  std::string change(const std::vector<level>& levels) {
    market::book_change x;
    x.previous = uut.sequence();
    x.sequence = uut.sequence() + 1;
    x.first_sequence = x.sequence;
    x.levels = levels;
    return std::string{to_string(uut.apply(x))};
  }

  static std::string show(const market::order_book& book,
                          market::book_side side) {
    std::string result;
    for (size_t i = 0; i < book.depth(side); ++i) {
      auto x = book.at(side, i);
      result += (i > 0 ? " " : "") + to_string(x.price) + ':'
                + to_string(x.amount);
    }
    return result;
  }

  std::string bids() const {
    return show(uut, market::book_side::bid);
  }

  std::string asks() const {
    return show(uut, market::book_side::ask);
  }

  market::order_book uut;
};

} // namespace zenws::test_support
