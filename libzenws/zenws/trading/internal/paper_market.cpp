// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/trading/internal/paper_market.hpp"

#include "zenws/trading/internal/exact_amount.hpp"

#include <algorithm>
#include <utility>

namespace zenws::internal {

using market::decimal;
using trading::fill_liquidity;
using trading::venue_order_state;

namespace {

constexpr const char* inexact = "a sum cannot be kept exactly";

constexpr const char* no_book = "there is no valid book";

// Returns whether orders of the book, and no others, were parties of a trade
// that was told at its time.
bool is_from_book(const market::trade& x) noexcept {
  return !x.is_late
         && (x.kind == market::trade_kind::regular
             || x.kind == market::trade_kind::liquidation);
}

// Returns what is wrong with an order, empty for nothing.
std::string flaw_of(const paper_order& x) {
  if (x.terms.amount <= decimal{})
    return "the amount is not positive";
  if (x.has_limit() && !x.terms.price)
    return "there is no price";
  if (x.has_trigger() && !x.terms.trigger)
    return "there is no trigger";
  return {};
}

} // namespace

// -- properties ---------------------------------------------------------------

std::optional<trading::order_report>
paper_market::report(const trading::order_key& key) const {
  auto i = index_of(key);
  if (i == orders_.size())
    return std::nullopt;
  return report_of(orders_[i]);
}

size_t paper_market::index_of(const trading::order_key& key) const noexcept {
  auto i = std::find_if(orders_.begin(), orders_.end(),
                        [&](auto& x) { return x.key.id == key.id; });
  return static_cast<size_t>(i - orders_.begin());
}

trading::order_report paper_market::report_of(const paper_order& x) const {
  return {.order = x.key,
          .side = x.terms.side,
          .amount = x.terms.amount,
          .price = x.terms.price,
          .filled = x.filled,
          .time = time_};
}

std::vector<trading::order_report> paper_market::open_orders() const {
  std::vector<trading::order_report> result;
  for (auto& x : orders_)
    result.push_back(report_of(x));
  return result;
}

// -- requests -----------------------------------------------------------------

void paper_market::hold(decimal amount) noexcept {
  position_ = {};
  position_.add(amount);
}

void paper_market::place(const trading::order_key& key,
                         const trading::order_request& terms,
                         const market::order_book* book,
                         trading::account_updates& out) {
  if (book != nullptr && book->is_valid())
    note(book->time());
  auto& x = orders_.emplace_back();
  x.key = key;
  x.key.venue_id
    = trading::venue_order_id::make("paper-" + std::string{key.id.view()})
        .value_or(trading::venue_order_id{});
  x.terms = terms;
  x.since = time_;
  begin(x, book, out);
  finish(out);
}

void paper_market::begin(paper_order& x, const market::order_book* book,
                         trading::account_updates& out) {
  if (auto flaw = flaw_of(x); !flaw.empty())
    return refuse(x, std::move(flaw), out);
  if (!x.has_trigger() && x.most_for(position_).is_zero())
    return refuse(x, "there is no position to reduce", out);
  auto has_book = book != nullptr && book->is_valid();
  auto is_due = !x.has_trigger()
                || (last_price_ && x.is_triggered_by(*last_price_));
  if (is_due && has_book)
    return carry_out(x, *book, out);
  if (!x.has_trigger())
    return refuse(x, no_book, out);
  x.stage = is_due ? paper_stage::book : paper_stage::trigger;
  follow_up(x, out);
}

error paper_market::amend(const trading::amend_request& change,
                          const market::order_book* book,
                          trading::account_updates& out) {
  auto refused = [](const char* why) {
    return error{ec::request_refused, why};
  };
  auto i = index_of(change.order);
  if (i == orders_.size())
    return refused("there is no such order on paper");
  auto* x = &orders_[i];
  if (change.price && !x->has_limit())
    return refused("the order has no price");
  auto changed = *x;
  changed.terms.amount = change.amount.value_or(x->terms.amount);
  if (change.price)
    changed.terms.price = change.price;
  if (changed.terms.amount <= x->filled)
    return refused("as much is filled already");
  if (changed.rest().is_zero())
    return refused(inexact);
  auto is_in_queue = x->stage == paper_stage::trade;
  auto moves = changed.terms.amount > x->terms.amount
               || changed.terms.price != x->terms.price;
  if (!is_in_queue || !moves) {
    *x = std::move(changed);
    follow_up(*x, out);
    finish(out);
    return {};
  }
  if (book == nullptr || !book->is_valid())
    return refused(no_book);
  auto match = changed.match(*book, position_);
  if (match.is_inexact)
    return refused(inexact);
  if (changed.terms.post_only && !match.levels.empty())
    return refused("it is post-only, and would trade at once");
  *x = std::move(changed);
  note(book->time());
  carry_out(*x, *book, out);
  finish(out);
  return {};
}

void paper_market::cancel(const trading::order_key& key,
                          trading::account_updates& out) {
  if (auto i = index_of(key); i < orders_.size())
    end(orders_[i], venue_order_state::canceled, {}, out);
  finish(out);
}

void paper_market::cancel_all(const std::string& reason,
                              trading::account_updates& out) {
  for (auto& x : orders_)
    end(x, venue_order_state::canceled, reason, out);
  finish(out);
}

// -- market data --------------------------------------------------------------

void paper_market::traded(const market::trade& x,
                          const market::order_book& book,
                          trading::account_updates& out) {
  if (!is_from_book(x))
    return;
  note(x.time);
  last_price_ = x.price;
  if (orders_.empty())
    return;
  auto left = x.amount;
  for (auto* order : hit_by(x)) {
    auto rest = difference_of(left, match(*order, x, left, out));
    left = rest.value_or(decimal{});
  }
  for (auto& order : orders_)
    if (order.stage == paper_stage::trigger && order.is_followed_by(x.time)
        && order.is_triggered_by(x.price)) {
      order.stage = paper_stage::book;
      if (book.is_valid())
        carry_out(order, book, out);
    }
  finish(out);
}

void paper_market::changed(const market::order_book& book,
                           trading::account_updates& out) {
  if (!book.is_valid())
    return;
  note(book.time());
  for (auto& x : orders_) {
    if (x.stage == paper_stage::book)
      carry_out(x, book, out);
    else if (x.stage == paper_stage::trade)
      cross(x, book, out);
  }
  finish(out);
}

// -- at once ------------------------------------------------------------------

void paper_market::carry_out(paper_order& x, const market::order_book& book,
                             trading::account_updates& out) {
  x.since = time_;
  if (x.most_for(position_).is_zero())
    return follow_up(x, out);
  auto match = x.match(book, position_);
  if (match.is_inexact)
    return refuse(x, inexact, out);
  if (x.terms.post_only && !match.levels.empty())
    return refuse(x, "it is post-only, and would trade at once", out);
  auto validity = x.terms.validity;
  if (validity == trading::time_in_force::fill_or_kill && !match.is_complete)
    return end(x, venue_order_state::canceled,
               "it cannot be filled at once as a whole", out);
  if (!x.has_limit() && match.levels.empty())
    return refuse(x, "the other side of the book is empty", out);
  for (auto& level : match.levels) {
    (void) x.take(level, position_); // as `match` has found to be exact
    tell_fill(x, level.price, level.amount, fill_liquidity::taker, out);
  }
  if (x.most_for(position_).is_zero())
    return follow_up(x, out);
  if (!x.has_limit())
    return end(x, venue_order_state::canceled, "the book has no more", out);
  if (validity != trading::time_in_force::good_til_canceled)
    return end(x, venue_order_state::canceled, "immediate or cancel", out);
  x.stage = paper_stage::trade;
  x.queue = queue_position{book.amount_at(x.own_side(), *x.terms.price)};
  follow_up(x, out);
}

// -- in the book --------------------------------------------------------------

void paper_market::cross(paper_order& x, const market::order_book& book,
                         trading::account_updates& out) {
  x.queue.level_is(book.amount_at(x.own_side(), *x.terms.price), book.time());
  x.compare_taken(book);
  auto match = x.match(book, position_);
  if (match.is_inexact)
    return end(x, venue_order_state::canceled, inexact, out);
  if (match.levels.empty())
    return;
  for (auto& level : match.levels) {
    (void) x.take(level, position_); // as `match` has found to be exact
    tell_fill(x, *x.terms.price, level.amount, fill_liquidity::maker, out);
  }
  follow_up(x, out);
}

std::vector<paper_order*> paper_market::hit_by(const market::trade& x) {
  std::vector<paper_order*> result;
  for (auto& order : orders_) {
    // Takers of its own side trade with the other one, which the book tells.
    auto is_other_taker = order.is_buy()
                            ? x.direction != market::trade_direction::buy
                            : x.direction != market::trade_direction::sell;
    if (order.stage == paper_stage::trade && is_other_taker
        && order.accepts(x.price) && order.is_followed_by(x.time))
      result.push_back(&order);
  }
  std::stable_sort(result.begin(), result.end(), [](auto* y, auto* z) {
    if (y->terms.side != z->terms.side)
      return y->is_buy();
    return y->is_buy() ? y->terms.price > z->terms.price
                       : y->terms.price < z->terms.price;
  });
  return result;
}

decimal paper_market::match(paper_order& x, const market::trade& with,
                            decimal left, trading::account_updates& out) {
  if (x.terms.price != with.price)
    x.queue.passed();
  else if (with.direction == market::trade_direction::unknown)
    return {}; // perhaps with the other side
  else
    left = x.queue.traded(left, with.time);
  if (left.is_zero())
    return {};
  auto amount = std::min(left, x.most_for(position_));
  if (!amount.is_zero()) {
    if (!x.fill(amount, position_)) {
      end(x, venue_order_state::canceled, inexact, out);
      return {};
    }
    tell_fill(x, *x.terms.price, amount, fill_liquidity::maker, out);
  }
  follow_up(x, out);
  return amount;
}

// -- news ---------------------------------------------------------------------

void paper_market::tell_fill(const paper_order& x, decimal price,
                             decimal amount, fill_liquidity liquidity,
                             trading::account_updates& out) {
  position_is_new_ = true;
  auto id = std::string{x.key.id.view()} + '-' + std::to_string(x.fills);
  out.emplace_back(
    trading::fill{.order = x.key,
                  .id = trading::fill_id::make(id).value_or(trading::fill_id{}),
                  .side = x.terms.side,
                  .price = price,
                  .amount = amount,
                  .liquidity = liquidity,
                  .time = time_});
}

void paper_market::follow_up(paper_order& x, trading::account_updates& out) {
  if (x.rest().is_zero())
    return end(x, venue_order_state::filled, {}, out);
  if (x.stage != paper_stage::trigger && x.most_for(position_).is_zero())
    return end(x, venue_order_state::canceled, "nothing is left to reduce",
               out);
  x.is_told = true;
  out.emplace_back(report_of(x));
}

void paper_market::end(paper_order& x, venue_order_state state,
                       std::string reason, trading::account_updates& out) {
  x.stage = paper_stage::over;
  auto report = report_of(x);
  report.state = state;
  report.reason = std::move(reason);
  out.emplace_back(std::move(report));
}

void paper_market::refuse(paper_order& x, std::string reason,
                          trading::account_updates& out) {
  end(x, x.is_told ? venue_order_state::canceled : venue_order_state::rejected,
      std::move(reason), out);
}

void paper_market::finish(trading::account_updates& out) {
  std::erase_if(orders_, [](auto& x) { return x.stage == paper_stage::over; });
  if (std::exchange(position_is_new_, false))
    out.emplace_back(trading::position{
      .instrument = name_, .amount = position(), .time = time_});
}

void paper_market::note(market::venue_time time) noexcept {
  time_ = std::max(time_, time);
}

} // namespace zenws::internal
