// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/trading/internal/ledger_entry.hpp"

namespace zenws::internal {

using trading::order_event;
using trading::order_event_kind;
using trading::order_state;
using trading::venue_order_state;

namespace {

order_state state_at(venue_order_state told, bool has_fills) noexcept {
  switch (told) {
    case venue_order_state::filled:
      return order_state::filled;
    case venue_order_state::expired:
      return order_state::expired;
    case venue_order_state::rejected:
      // Some venues reject the rest of an order.
      return has_fills ? order_state::canceled : order_state::rejected;
    default:
      return order_state::canceled;
  }
}

} // namespace

order_state ledger_entry::state() const noexcept {
  auto is_filled = !content.terms.amount.is_zero()
                   && content.filled >= content.terms.amount;
  if (is_filled || end == venue_order_state::filled)
    return order_state::filled;
  auto has_fills = content.filled > market::decimal{};
  if (end)
    return state_at(*end, has_fills);
  if (is_refused || is_absent)
    return is_known || has_fills ? order_state::canceled
                                 : order_state::rejected;
  if (has_fills)
    return order_state::partially_filled;
  if (is_known)
    return order_state::open;
  return is_lost ? order_state::unknown : order_state::pending;
}

void append_changes(const trading::order& content, const order_snapshot& before,
                    market::venue_time time,
                    std::vector<trading::ledger_news>& out) {
  using kind = order_event_kind;
  auto tell = [&](kind what) {
    out.emplace_back(order_event{what, content, time});
  };
  auto now = content.state;
  auto is_new = now != before.state;
  if (now == order_state::unknown) {
    if (is_new)
      tell(kind::unknown);
    return;
  }
  if (before.state == order_state::unknown
      || (is_final(before.state) && is_new && now != order_state::filled))
    tell(kind::resolved);
  else if (before.state == order_state::pending && is_new
           && now != order_state::rejected)
    tell(kind::accepted);
  if (!is_final(now) && !is_final(before.state)
      && (content.terms.amount != before.amount
          || content.terms.price != before.price)
      && !before.amount.is_zero())
    tell(kind::amended);
  if (content.filled != before.filled && now != order_state::filled)
    tell(kind::partially_filled);
  if (!is_new)
    return;
  switch (now) {
    case order_state::filled:
      return tell(kind::filled);
    case order_state::canceled:
      return tell(kind::canceled);
    case order_state::rejected:
      return tell(kind::rejected);
    case order_state::expired:
      return tell(kind::expired);
    default:
      break;
  }
}

} // namespace zenws::internal
