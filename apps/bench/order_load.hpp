// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "order_answer.hpp"

#include "zenws/desk/desk_logic.hpp"
#include "zenws/market/order_book.hpp"
#include "zenws/trading/order_journal.hpp"
#include "zenws/trading/order_ledger.hpp"
#include "zenws/venue/dialect.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace zenws::bench {

/// Orders that rest while others come and go.
constexpr size_t resting_orders = 100;

/// Orders in a ledger, each from its request to the moment when it is
/// forgotten.
class ledger_load {
public:
  /// Calls of the ledger for one order.
  static constexpr uint64_t events_per_order = 4;

  ledger_load();

  /// Places an order, which is accepted, filled in part and as a whole. An
  /// older one is forgotten.
  void trade();

  /// Throws `std::runtime_error` if the ledger has not kept its books.
  void check() const;

private:
  void accept(trading::order_key key);

  void fill_half(const trading::order_key& key, const char* name);

  trading::order_ledger ledger_;
  trading::order_ledger::news news_;
  trading::order_request order_;
  market::decimal half_ = market::decimal::make(10, 0).value();
  uint64_t traded_ = 0;
};

/// Orders of a desk: decided about, checked by the gate, written to a journal
/// and answered by the venue, all in this thread and without a connection.
class desk_load {
public:
  /// @param path of the journal.
  desk_load(trading::journal_mode mode, const std::string& path);

  ~desk_load();

  /// Places an order, as far as a request that may be sent: it is in the
  /// journal.
  void place();

  /// Has it answered: it is filled.
  void fill();

  /// Throws `std::runtime_error` if an order was refused or lost.
  void check() const;

private:
  void answer(order_answer& by);

  void make_book();

  void connect();

  // Does what the desk wants to be done but for its request, whose token is
  // kept.
  void follow_up();

  dialect_ptr venue_;
  std::unique_ptr<trading::order_journal> journal_;
  std::unique_ptr<trading::desk_logic> logic_;
  trading::desk_actions actions_;
  market::order_book book_;
  trading::desk_time at_;
  trading::order_request order_;
  order_answer open_;
  order_answer filled_;
  trading::order_key placed_;
  uint64_t token_ = 0;
  uint64_t num_placed_ = 0;
};

} // namespace zenws::bench
