// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/venue/internal/order_check.hpp"

#include <initializer_list>
#include <optional>
#include <string>
#include <utility>

namespace zenws::internal {

namespace {

using market::decimal;

error wrong(std::string detail) {
  return {ec::invalid_config, std::move(detail)};
}

error check_number(const std::string& name, const std::optional<decimal>& x,
                   price_range range = price_range::positive) {
  auto is_wrong = x && range == price_range::positive && *x <= decimal{};
  return is_wrong ? wrong(name + " is not positive") : error{};
}

/// Checks that a number is there if and only if the type of an order needs it:
/// one that was meant to have a limit must not be sent without it.
error check_needed(const std::string& name, const std::optional<decimal>& x,
                   bool is_needed) {
  if (is_needed == x.has_value())
    return {};
  return wrong(
    name + (x ? " has no meaning for this type of order" : " is missing"));
}

error first_of(std::initializer_list<error> problems) {
  for (auto& problem : problems)
    if (problem)
      return problem;
  return {};
}

} // namespace

error check_order(const trading::order_request& order,
                  const trading::client_order_id& id, price_range prices) {
  auto is_limited = has_limit(order.type);
  if (id.empty())
    return wrong("the client's id is missing");
  if (order.instrument.empty())
    return wrong("the instrument is missing");
  if (order.post_only
      && (!is_limited
          || order.validity != trading::time_in_force::good_til_canceled))
    return wrong("post_only contradicts the type or the validity");
  return first_of(
    {check_needed("the price", order.price, is_limited),
     check_needed("the trigger", order.trigger, has_trigger(order.type)),
     check_number("the amount", order.amount),
     check_number("the price", order.price, prices),
     check_number("the trigger", order.trigger)});
}

error check_change(const trading::amend_request& change, price_range prices) {
  if (!change.amount && !change.price)
    return wrong("there is nothing to change");
  return first_of({check_number("the amount", change.amount),
                   check_number("the price", change.price, prices)});
}

} // namespace zenws::internal
