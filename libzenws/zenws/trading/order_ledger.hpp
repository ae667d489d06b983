// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/market/exact_sum.hpp"
#include "zenws/trading/account_update.hpp"
#include "zenws/trading/number_set.hpp"
#include "zenws/trading/open_amounts.hpp"
#include "zenws/trading/order_event.hpp"
#include "zenws/trading/order_numbers.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace zenws::internal {

struct ledger_entry;
struct order_snapshot;

} // namespace zenws::internal

namespace zenws::trading {

struct ledger_config {
  /// Name that the orders carry, see `order_numbers`.
  std::string owner{};

  /// Orders that are over and still remembered, so that late and repeated news
  /// of them are known as such.
  size_t max_settled = 10'000;

  /// Pause between two questions about the same order, at first and at most.
  std::chrono::milliseconds first_pause{500};
  std::chrono::milliseconds longest_pause{60'000};
};

/// Counts since the start.
struct ledger_counters {
  uint64_t placed = 0;

  /// Those that certainly did not leave.
  uint64_t kept_back = 0;

  /// Those that were of unknown outcome for a while.
  uint64_t ever_unknown = 0;

  uint64_t fills = 0;

  /// Fills that were told before, and news of orders that are forgotten.
  uint64_t repeated = 0;

  /// Orders that were taken for over, and were not: refused, absent, or filled
  /// beyond their amounts.
  uint64_t contradicted = 0;

  /// Orders with our name that this ledger has not placed.
  uint64_t adopted = 0;
};

/// All that a ledger knows of an order, to be kept elsewhere.
struct order_record {
  order content{};

  /// The venue has it, or had it.
  bool is_known = false;

  /// Its end, as the venue told it.
  std::optional<venue_order_state> end{};

  /// Of the report that the terms are from.
  market::venue_time terms_time{};

  /// Amounts of the fills.
  std::map<fill_id, market::decimal> fills{};
};

/// The orders of one owner at one account, each from its request to its end,
/// whatever the venue tells about them: in any order, late, twice or not at
/// all.
///
/// What was told stays true: an order was filled as far as the largest amount
/// that any report, or all of its fills together, have told. An error answer is
/// no such fact; a report that contradicts it wins. An order that nobody tells
/// anything about is unknown, and asked for, until somebody does.
///
/// The same calls make the same ledger, so that a journal of them restores it.
///
/// Pure: no clock, no I/O. Not thread-safe.
class order_ledger {
public:
  // -- member types -----------------------------------------------------------

  using time_point = std::chrono::steady_clock::time_point;

  using news = std::vector<ledger_news>;

  // -- constructors, destructors, and assignment operators --------------------

  /// @pre `order_numbers::check(cfg.owner)`
  explicit order_ledger(ledger_config cfg);

  order_ledger(order_ledger&&) noexcept;

  order_ledger& operator=(order_ledger&&) noexcept;

  ~order_ledger();

  // -- properties -------------------------------------------------------------

  /// Returns an order, null if it is not known or not remembered any more.
  const order* find(const client_order_id& id) const noexcept;

  /// Same, by whichever name of it is known.
  const order* find(const order_key& key) const noexcept;

  /// Returns whether an order carries our name.
  bool is_own(const order_key& key) const noexcept;

  /// Returns the orders that are not over.
  std::vector<const order*> open_orders() const;

  /// Returns the number of orders that are not over.
  size_t num_open() const noexcept {
    return open_.size();
  }

  /// Returns the number of those of unknown outcome.
  size_t num_unknown() const noexcept;

  /// Returns the orders of an instrument that are not over.
  std::vector<const order*> open_orders(std::string_view instrument) const;

  /// Returns what the orders of an instrument that are not over may still
  /// trade.
  open_amounts open_amounts_of(std::string_view instrument) const noexcept;

  /// Returns the orders that were placed later than one of ours, open or over,
  /// as far as they are remembered, in their order. None if the id is not ours.
  std::vector<const order*> placed_after(const client_order_id& id) const;

  /// Returns whether the outcome of an order of an instrument is open: nothing
  /// should be decided about it.
  bool is_unclear(std::string_view instrument) const noexcept;

  /// Returns whether nothing was told of an order since a request about it was
  /// lost, or since it was put in doubt.
  bool is_in_question(const client_order_id& id) const noexcept;

  /// Returns what all orders of an instrument have bought so far, less what
  /// they have sold. Nothing if the sum does not fit a decimal.
  std::optional<market::decimal> position(std::string_view instrument) const;

  const ledger_counters& counters() const noexcept {
    return counters_;
  }

  /// Returns the number of an order of ours, 0 for any other.
  uint64_t number_of(const client_order_id& id) const noexcept {
    return numbers_.number_of(id).value_or(0);
  }

  /// Returns the id that the next order gets.
  client_order_id next_id() const {
    return numbers_.id_of(last_number_ + 1);
  }

  /// Number of the order placed last; 0 for none.
  uint64_t last_number() const noexcept {
    return last_number_;
  }

  // -- keeping ----------------------------------------------------------------

  /// Returns what is known of an order.
  /// @pre `find(id) != nullptr`
  const order_record& record_of(const client_order_id& id) const;

  /// Returns what is known of an order, by its number; null if it is not known
  /// or not remembered any more.
  const order_record* find_record(uint64_t number) const noexcept;

  /// Takes an order of an earlier ledger, as it was. Orders that waited for an
  /// answer then still do: see `begin_anew`.
  void restore(const order_record& record);

  /// Takes the position of an earlier ledger, that of orders which are
  /// forgotten included.
  void restore_position(std::string_view instrument, market::decimal amount);

  /// Takes the number of the last order of an earlier ledger.
  void restore_number(uint64_t last_number);

  // -- requests ---------------------------------------------------------------

  /// Notes that an order is about to be sent.
  /// @param arrives_by when it cannot be carried out any more if the venue does
  ///                   not have it.
  order_key place(const order_request& terms, time_point arrives_by, news& out);

  /// It never left.
  void kept_back(const client_order_id& id, std::string reason, news& out);

  /// The venue has taken the request, and says no more.
  void acknowledged(const client_order_id& id, news& out);

  /// The venue refuses it.
  void refused(const client_order_id& id, std::string reason, news& out);

  /// A request about it was sent and not answered.
  /// @param arrives_by as for `place`.
  void lost(const client_order_id& id, time_point arrives_by, news& out);

  /// Its state has to be asked for: for example, a cancellation was refused.
  void doubt(const client_order_id& id);

  /// A question about it was answered, and `apply` knows the answer.
  void clear_doubt(const client_order_id& id);

  // -- facts ------------------------------------------------------------------

  /// Takes what the venue tells, in messages and in answers. News of positions
  /// and balances, and of orders of others, change nothing.
  void apply(const account_update& update, news& out);

  void apply(const order_report& report, news& out);

  void apply(const fill& x, news& out);

  /// The venue was asked, and does not have the order.
  void absent(const client_order_id& id, time_point now, news& out);

  /// The venue has told all open orders of an instrument: those that are not
  /// among them are in doubt.
  /// @param asked_after number of the last order when it was asked: later ones
  ///                    are not concerned.
  void all_open(std::string_view instrument,
                std::span<const order_report> reports, uint64_t asked_after,
                news& out);

  // -- questions --------------------------------------------------------------

  /// Returns the orders to ask the venue about now. Each is returned again
  /// after a growing pause, until the venue has told.
  std::vector<order_key> due_questions(time_point now);

  /// Returns when there is the next question, nothing if there is none.
  std::optional<time_point> next_question() const noexcept;

  /// This process has begun anew, with the ledger of the one before: orders
  /// that waited for an answer are unknown, and all that are open are in doubt.
  void begin_anew(time_point arrives_by, news& out);

private:
  using entry = internal::ledger_entry;

  // Venues number the orders of each instrument.
  struct venue_name {
    struct hash {
      size_t operator()(const venue_name& x) const;
    };

    bool operator==(const venue_name&) const noexcept = default;

    market::instrument_name instrument{};
    venue_order_id id{};
  };

  // Of the orders of an instrument.
  struct instrument_sums {
    market::exact_sum position{};
    open_amounts open{};
    size_t unclear = 0; // orders of unknown outcome
  };

  const instrument_sums* find_sums(std::string_view instrument) const noexcept;

  instrument_sums& sums_of(std::string_view instrument);

  entry* find_entry(uint64_t number) const noexcept;

  entry* find_entry(const client_order_id& id) const noexcept;

  entry* find_entry(const order_key& key) const noexcept;

  // Returns the order that the venue tells of, null if it is none of ours or
  // forgotten.
  entry* obtain(const order_key& key, order_side side, news& out);

  entry& add(order_record record, uint64_t number, news& out);

  // The venue tells of an order that it was said not to have.
  void refute(entry& x);

  void learn_venue_id(entry& x, const venue_order_id& id);

  // Tells what has changed since `before`, and keeps the books of it.
  void follow_up(entry& x, const internal::order_snapshot& before,
                 market::venue_time time, news& out);

  // Brings the sums of an instrument up to date.
  void count(const entry& x, const internal::order_snapshot& before);

  void settle(entry& x);

  // An order that was taken for over is not.
  void revive(entry& x);

  void issue(uint64_t number);

  ledger_config cfg_;
  order_numbers numbers_;
  number_set issued_;
  uint64_t last_number_ = 0;

  // By the numbers of the orders.
  std::unordered_map<uint64_t, std::unique_ptr<entry>> entries_;
  std::unordered_map<venue_name, uint64_t, venue_name::hash> venue_names_;
  std::set<uint64_t> open_;
  std::set<uint64_t> doubtful_;
  std::deque<uint64_t> settled_; // the oldest first

  std::map<std::string, instrument_sums, std::less<>> sums_;

  ledger_counters counters_;
};

} // namespace zenws::trading
