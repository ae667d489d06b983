// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/venue/binance/internal/binance_drafts.hpp"

#include <optional>
#include <string_view>

namespace zenws::internal::binance {

namespace {

using trading::venue_order_state;

/// Nothing for a state that is not known (enums.md, "Order status"; "Event:
/// Order Update").
std::optional<venue_order_state> state_of(std::string_view name) noexcept {
  if (name == "NEW" || name == "PARTIALLY_FILLED" || name == "PENDING_NEW"
      || name == "PENDING_CANCEL")
    return venue_order_state::open;
  if (name == "FILLED")
    return venue_order_state::filled;
  // The latter instead of a trade with another order of the account.
  if (name == "CANCELED" || name == "EXPIRED_IN_MATCH")
    return venue_order_state::canceled;
  if (name == "EXPIRED")
    return venue_order_state::expired;
  if (name == "REJECTED")
    return venue_order_state::rejected;
  return std::nullopt;
}

/// Amounts and prices are 0 where they do not apply.
void drop_zero(std::optional<market::decimal>& x) noexcept {
  if (x && x->is_zero())
    x.reset();
}

} // namespace

void order_draft::finish() {
  if (!original.empty())
    content.order.id = original;
  drop_zero(content.amount);
  drop_zero(content.price);
  drop_zero(content.average_price);
  // An order in a state that nobody knows may still trade.
  auto known = state_of(state);
  content.state = known.value_or(venue_order_state::open);
  if (!known || (state == "EXPIRED_IN_MATCH" && content.reason.empty()))
    content.reason = state;
}

std::string reason_in(market_reader& in) {
  std::string memory;
  auto value = in.value();
  auto text = value.kind == json_kind::number ? value.text
                                              : value.resolved(memory);
  return text == "NONE" || text == "0" ? std::string{} : std::string{text};
}

void position_draft::finish() {
  if (content.amount.is_zero())
    content.average_price.reset();
}

} // namespace zenws::internal::binance
