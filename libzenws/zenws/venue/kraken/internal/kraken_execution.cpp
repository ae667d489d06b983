// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/venue/kraken/internal/kraken_execution.hpp"

#include "zenws/venue/internal/account_values.hpp"

#include <cstddef>

namespace zenws::internal {

namespace {

using namespace trading;

using enum presence;

/// Prices of nothing are 0: the average without a fill, the limit of an order
/// that has none.
template <auto Member>
constexpr auto into_price = [](auto& in, auto& to) {
  auto price = in.optional_number();
  to.*Member = price && !price->is_zero() ? price : std::nullopt;
};

/// Returns the state that an order is in for good. "rejected" is not
/// documented, as refusals are answers.
std::optional<venue_order_state> end_named(word name) noexcept {
  if (name == "filled")
    return venue_order_state::filled;
  if (name == "canceled")
    return venue_order_state::canceled;
  if (name == "expired")
    return venue_order_state::expired;
  if (name == "rejected")
    return venue_order_state::rejected;
  return std::nullopt;
}

// docs.kraken.com/api, "Executions", member `exec_type`.
void read_event(market_reader& in, kraken_execution& to) {
  auto name = in.text();
  to.is_trade = name == "trade";
  to.is_aside = name == "status";
  to.end = end_named(name);
}

// Same place, member `order_status`; "triggered" is not documented, but known
// to clients in the field.
void read_status(market_reader& in, kraken_execution& to) {
  auto name = in.text();
  if (name == "pending_new" || name == "new" || name == "partially_filled"
      || name == "triggered")
    to.status = venue_order_state::open;
  else if (auto end = end_named(name))
    to.status = end;
  else
    to.unknown_status = name;
}

void read_reason(market_reader& in, kraken_execution& to) {
  to.reason = in.optional_text();
}

// Same place, member `liquidity_ind`.
void read_liquidity(market_reader& in, kraken_execution& to) {
  auto name = in.text();
  if (name == "m")
    to.liquidity = fill_liquidity::maker;
  else if (name == "t")
    to.liquidity = fill_liquidity::taker;
}

struct fee_draft {
  market::asset_name currency{};
  std::optional<market::decimal> amount{};
};

constexpr member<fee_draft> fee_members[] = {
  {"asset", into<&fee_draft::currency>, required},
  {"qty", into<&fee_draft::amount>, required},
};

// Same place, member `fees`: what is paid, at present in one currency. A fee in
// several ones cannot be told, and a part of it would be wrong.
void read_fees(market_reader& in, kraken_execution& to) {
  size_t count = 0;
  fee_draft fee;
  in.each_element([&] {
    in.read_object<fee_members>(fee);
    ++count;
  });
  if (count != 1 || fee.currency.empty())
    return;
  to.fee = fee.amount;
  to.fee_currency = fee.currency;
}

/// In the order of the first message about an order, and then of fills.
constexpr member<kraken_execution> execution_members[] = {
  {"order_id", into_name<&kraken_execution::order, &order_key::venue_id>,
   required},
  {"order_userref"},
  {"symbol",
   into_unless_null<&kraken_execution::order, &order_key::instrument>},
  {"order_qty", into<&kraken_execution::amount>},
  {"cum_cost"},
  {"time_in_force"},
  {"exec_type", read_event, required},
  {"side", unless_null<into_side<&kraken_execution::side>>},
  {"order_type"},
  {"cl_ord_id", into_client_id<&kraken_execution::order, &order_key::id>},
  {"limit_price_type"},
  {"triggers"},
  {"limit_price", into_price<&kraken_execution::price>},
  {"stop_price"},
  {"post_only"},
  {"order_status", unless_null<read_status>},
  {"fee_usd_equiv"},
  {"fee_ccy_pref"},
  {"timestamp", into_unless_null<&kraken_execution::time>},
  {"cum_qty", into<&kraken_execution::filled>},
  {"avg_price", into_price<&kraken_execution::average_price>},
  {"cancel_reason"},
  {"reason", read_reason},
  {"amended"},
  {"exec_id", into_name<&kraken_execution::id>},
  {"trade_id"},
  {"last_qty", into<&kraken_execution::last_amount>},
  {"last_price", into<&kraken_execution::last_price>},
  {"liquidity_ind", unless_null<read_liquidity>},
  {"cost"},
  {"fees", unless_null<read_fees>},
};

void read_execution(market_reader& in, kraken_execution& to) {
  in.read_object<execution_members>(to);
  in.require(!to.order.venue_id.empty(), "order_id");
  if (!to.is_trade)
    return;
  in.require(!to.id.empty(), "exec_id");
  in.require(to.last_amount.has_value(), "last_qty");
  in.require(to.last_price.has_value(), "last_price");
}

} // namespace

result<std::vector<kraken_execution>>
read_kraken_executions(const json_value& data) {
  std::vector<kraken_execution> result;
  market_reader in{data};
  in.each_element([&] { read_execution(in, result.emplace_back()); });
  if (auto problem = in.problem())
    return problem;
  return result;
}

fill fill_of(const kraken_execution& x) {
  return {.order = x.order,
          .id = x.id,
          .side = *x.side,
          .price = *x.last_price,
          .amount = *x.last_amount,
          .fee = x.fee,
          .fee_currency = x.fee_currency,
          .liquidity = x.liquidity,
          .time = x.time};
}

order_report report_of(const kraken_execution& x) {
  order_report result{.order = x.order,
                      .side = *x.side,
                      .state = x.state(),
                      .amount = x.amount,
                      .price = x.price,
                      .filled = x.filled,
                      .average_price = x.average_price,
                      .time = x.time};
  if (is_final(result.state)) // amendments have reasons, too
    result.reason = x.reason;
  else if (!x.unknown_status.empty())
    result.reason = "order_status " + x.unknown_status;
  return result;
}

} // namespace zenws::internal
