// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/trading/risk_gate.hpp"

#include "zenws/internal/enum_names.hpp"
#include "zenws/market/exact_sum.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace zenws::trading {

namespace {

using market::decimal;

std::string compare(decimal found, decimal limit) {
  return to_string(found) + ", at most " + to_string(limit);
}

/// Returns whether a value is a multiple of a step.
bool fits(decimal value, const std::optional<decimal>& step) noexcept {
  if (!step || step->is_zero() || value.is_zero())
    return true;
  // Digits have no zeros at their end: with a finer value there is no way.
  auto power = value.exponent() - step->exponent();
  if (power < 0)
    return false;
  auto divisor = std::abs(step->mantissa());
  auto rest = std::abs(value.mantissa()) % divisor;
  for (; power > 0 && rest != 0; --power) {
    __extension__ using wide = __int128;
    rest = static_cast<int64_t>(wide{rest} * 10 % divisor);
  }
  return rest == 0;
}

/// Returns the value of an order in the currency of its price, nearly exactly.
double value_of(const order_request& order,
                const market::instrument_state& terms, double price) noexcept {
  auto amount = order.amount.to_double();
  if (terms.unit == market::amount_unit::contracts && terms.contract_size)
    amount *= terms.contract_size->to_double();
  auto is_value = terms.unit == market::amount_unit::quote
                  || (terms.unit == market::amount_unit::contracts
                      && terms.is_inverse);
  return is_value ? amount : amount * std::abs(price);
}

} // namespace

BOOST_DESCRIBE_ENUM(risk_cause, halted, unclear, instrument, terms, amount,
                    value, position, no_book, book_age, price_distance, rate,
                    open_orders)

std::string_view to_string(risk_cause value) noexcept {
  return internal::enum_name(value);
}

std::vector<config_problem> validate(const risk_limits& limits,
                                     const std::string& path) {
  std::vector<config_problem> result;
  auto check_positive = [&](const std::optional<decimal>& x, const char* name) {
    if (x && *x <= decimal{})
      result.push_back({path + name, "must be positive"});
  };
  check_positive(limits.order_amount, ".order_amount");
  check_positive(limits.order_value, ".order_value");
  if (limits.position && *limits.position < decimal{})
    result.push_back({path + ".position", "must not be negative"});
  if (limits.price_distance
      && (!(*limits.price_distance > 0) || std::isinf(*limits.price_distance)))
    result.push_back({path + ".price_distance", "must be positive"});
  if (limits.orders_per_second
      && (*limits.orders_per_second == 0
          || *limits.orders_per_second > rolling_window::ceiling))
    result.push_back({path + ".orders_per_second", "must be 1 to 1000000"});
  if (limits.book_age <= std::chrono::milliseconds{0})
    result.push_back({path + ".book_age", "must be positive"});
  return result;
}

// -- constructors, destructors, and assignment operators ----------------------

risk_gate::risk_gate(const risk_limits& limits) : limits_(limits) {
  if (limits_.orders_per_second)
    rate_.emplace(rolling_window_config{.limit = *limits_.orders_per_second});
}

// -- transitions --------------------------------------------------------------

error risk_gate::check(const order_request& order, const risk_view& view,
                       time_point now) {
  auto found = judge(order, view, now);
  if (!found) {
    if (rate_)
      rate_->charge(1, now);
    return {};
  }
  ++refusals_[static_cast<size_t>(found->cause)];
  auto text = std::string{to_string(found->cause)};
  return {ec::risk_refused,
          found->detail.empty() ? text : text + ": " + found->detail};
}

void risk_gate::halt(std::string reason) {
  halt_reason_ = std::move(reason);
}

void risk_gate::reset() noexcept {
  halt_reason_.clear();
}

std::optional<risk_gate::refusal> risk_gate::judge(const order_request& order,
                                                   const risk_view& view,
                                                   time_point now) {
  if (!halt_reason_.empty())
    return refusal{risk_cause::halted, halt_reason_};
  if (view.is_unclear)
    return refusal{risk_cause::unclear};
  if (view.terms == nullptr)
    return refusal{risk_cause::instrument, "its terms are not known"};
  if (view.terms->state != market::trading_state::open
      && view.terms->state != market::trading_state::unknown)
    return refusal{risk_cause::instrument,
                   std::string{to_string(view.terms->state)}};
  if (auto found = judge_size(order, view))
    return found;
  if (auto found = judge_price(order, view, now))
    return found;
  if (limits_.open_orders && view.open_orders >= *limits_.open_orders)
    return refusal{risk_cause::open_orders,
                   "at most " + std::to_string(*limits_.open_orders)};
  if (rate_ && rate_->available(now) < 1)
    return refusal{risk_cause::rate,
                   "at most " + std::to_string(*limits_.orders_per_second)
                     + " a second"};
  return std::nullopt;
}

std::optional<risk_gate::refusal>
risk_gate::judge_size(const order_request& order, const risk_view& view) const {
  auto& terms = *view.terms;
  if (order.amount <= decimal{})
    return refusal{risk_cause::terms, "an amount has to be positive"};
  if (!fits(order.amount, terms.lot))
    return refusal{risk_cause::terms, to_string(order.amount)
                                        + " is no multiple of "
                                        + to_string(*terms.lot)};
  if (terms.min_amount && order.amount < *terms.min_amount)
    return refusal{risk_cause::terms, to_string(order.amount) + ", at least "
                                        + to_string(*terms.min_amount)};
  if (order.price && !fits(*order.price, terms.tick))
    return refusal{risk_cause::terms, to_string(*order.price)
                                        + " is no multiple of "
                                        + to_string(*terms.tick)};
  if (order.trigger && !fits(*order.trigger, terms.tick))
    return refusal{risk_cause::terms, to_string(*order.trigger)
                                        + " is no multiple of "
                                        + to_string(*terms.tick)};
  if (limits_.order_amount && order.amount > *limits_.order_amount)
    return refusal{risk_cause::amount,
                   compare(order.amount, *limits_.order_amount)};
  if (!limits_.position)
    return std::nullopt;
  // As if all orders of this side were filled, and none of the other.
  auto is_buy = order.side == order_side::buy;
  market::exact_sum worst;
  auto fits_sum = is_buy ? worst.add(view.position)
                         : worst.subtract(view.position);
  fits_sum &= worst.add(is_buy ? view.open_buys : view.open_sells);
  fits_sum &= worst.add(order.amount);
  auto result = worst.value();
  // A position that becomes smaller is always allowed.
  if (order.reduce_only)
    return std::nullopt;
  if (!fits_sum || !result)
    return refusal{risk_cause::position, "too large to be told"};
  if (*result > *limits_.position)
    return refusal{risk_cause::position, compare(*result, *limits_.position)};
  return std::nullopt;
}

std::optional<risk_gate::refusal>
risk_gate::judge_price(const order_request& order, const risk_view& view,
                       time_point now) const {
  if (view.book == nullptr || !view.book->is_valid())
    return refusal{risk_cause::no_book};
  if (now - view.book_time > limits_.book_age)
    return refusal{risk_cause::book_age};
  auto is_buy = order.side == order_side::buy;
  auto best = is_buy ? view.book->best_ask() : view.book->best_bid();
  // A stop is compared with the price at which it becomes an order.
  auto reference = order.trigger;
  if (!reference && best)
    reference = best->price;
  if (!reference)
    reference = order.price; // nobody is there: fine for an order that waits
  if (!reference)
    return refusal{risk_cause::no_book, "nobody is there to trade with"};
  auto price = order.price.value_or(*reference);
  if (is_too_far(is_buy, price, *reference))
    return refusal{risk_cause::price_distance,
                   to_string(price) + " against " + to_string(*reference)};
  if (!limits_.order_value)
    return std::nullopt;
  // A sell may trade at better prices than its own, which makes it worth more.
  auto highest = is_buy ? price : std::max(price, *reference);
  auto value = value_of(order, *view.terms, highest.to_double());
  if (!(value <= limits_.order_value->to_double()))
    return refusal{risk_cause::value, std::to_string(value) + ", at most "
                                        + to_string(*limits_.order_value)};
  return std::nullopt;
}

bool risk_gate::is_too_far(bool is_buy, decimal price,
                           decimal reference) const noexcept {
  if (!limits_.price_distance)
    return false;
  constexpr double rounding = 1e-12;
  auto worse = is_buy ? price.to_double() - reference.to_double()
                      : reference.to_double() - price.to_double();
  return worse > std::abs(reference.to_double()) * *limits_.price_distance
                   * (1 + rounding);
}

} // namespace zenws::trading
