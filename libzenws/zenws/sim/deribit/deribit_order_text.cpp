// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/deribit/deribit_order_text.hpp"

#include "zenws/sim/orders/symbol.hpp"

#include <map>
#include <string>
#include <utility>

namespace zenws::sim {

namespace {

const char* name_of(order_state x) {
  switch (x) {
    case order_state::open:
      return "open";
    case order_state::filled:
      return "filled";
    case order_state::rejected:
      return "rejected";
    case order_state::untriggered:
      return "untriggered";
    case order_state::triggered:
      return "triggered";
    default:
      return "cancelled";
  }
}

const char* name_of(order_direction x) {
  return x == order_direction::buy ? "buy" : "sell";
}

const char* name_of(order_type x) {
  switch (x) {
    case order_type::market:
      return "market";
    case order_type::stop_limit:
      return "stop_limit";
    case order_type::stop_market:
      return "stop_market";
    default:
      return "limit";
  }
}

const char* name_of(order_validity x) {
  switch (x) {
    case order_validity::immediate_or_cancel:
      return "immediate_or_cancel";
    case order_validity::fill_or_kill:
      return "fill_or_kill";
    default:
      return "good_til_cancelled";
  }
}

bool is_stop(const order& x) noexcept {
  return x.type == order_type::stop_limit || x.type == order_type::stop_market;
}

void write_stop_members(json_writer& out, const order& x) {
  if (!is_stop(x) && x.trigger_order_id.empty())
    return;
  out.member("trigger_price", x.trigger_price);
  out.member("trigger", "last_price");
  out.member("triggered", x.state == order_state::triggered);
  if (!x.trigger_order_id.empty())
    out.member("trigger_order_id", x.trigger_order_id);
}

// A reason is told of the canceled ones, and is a part of the state of the
// rejected ones (docs.deribit.com, private/get_trigger_order_history).
void write_state(json_writer& out, const order& x) {
  std::string state = name_of(x.state);
  if (x.state == order_state::rejected)
    state += ':' + x.reason;
  else if (!x.reason.empty())
    out.member("cancel_reason", x.reason);
  out.member("order_state", state);
}

} // namespace

void write_order(json_writer& out, const order& x) {
  out.begin_object();
  out.member("order_id", x.id);
  write_state(out, x);
  out.member("order_type", name_of(x.type));
  out.member("instrument_name", x.instrument);
  out.member("label", x.label);
  out.member("direction", name_of(x.direction));
  if (x.type == order_type::stop_market)
    out.member("price", "market_price");
  else
    out.member("price", x.price);
  out.member("amount", x.amount);
  out.member("filled_amount", x.filled);
  out.member("average_price", average_price(x));
  out.member("time_in_force", name_of(x.validity));
  out.member("post_only", x.post_only);
  if (x.post_only)
    out.member("reject_post_only", x.reject_post_only);
  out.member("reduce_only", x.reduce_only);
  write_stop_members(out, x);
  out.member("replaced", x.replaced);
  out.member("creation_timestamp", int64_t{x.created.count()});
  out.member("last_update_timestamp", int64_t{x.updated.count()});
  out.member("is_liquidation", false);
  out.member("web", false);
  out.member("api", true);
  out.end_object();
}

void write_orders(json_writer& out, const std::vector<order>& xs) {
  out.begin_array();
  for (auto& x : xs)
    write_order(out, x);
  out.end_array();
}

void write_fill(json_writer& out, const fill& x) {
  auto base = base_currency(x.of.instrument);
  out.begin_object();
  out.member("trade_id", base + '-' + std::to_string(x.number));
  out.member("trade_seq", x.number);
  out.member("order_id", x.of.id);
  out.member("instrument_name", x.of.instrument);
  out.member("label", x.of.label);
  out.member("order_type", name_of(x.of.type));
  out.member("state", name_of(x.of.state));
  out.member("direction", name_of(x.of.direction));
  out.member("price", x.price);
  out.member("mark_price", x.price);
  out.member("index_price", x.price);
  out.member("amount", x.amount);
  out.member("fee", x.fee);
  out.member("fee_currency", settlement_currency(x.of.instrument));
  out.member("profit_loss", x.profit);
  out.member("liquidity", x.role == fill_role::maker ? "M" : "T");
  out.member("post_only", x.of.post_only);
  out.member("reduce_only", x.of.reduce_only);
  out.member("tick_direction", int64_t{0});
  out.member("timestamp", int64_t{x.time.count()});
  out.member("api", true);
  out.key("matching_id").raw("null");
  out.end_object();
}

void write_fills(json_writer& out, const std::vector<fill>& xs) {
  out.begin_array();
  for (auto& x : xs)
    write_fill(out, x);
  out.end_array();
}

void write_cancellations(json_writer& out,
                         const std::vector<order_change>& xs) {
  std::map<std::pair<std::string, bool>, std::vector<order>> groups;
  for (auto& x : xs)
    groups[{x.entry.instrument, is_stop(x.entry)}].push_back(x.entry);
  out.begin_array();
  for (auto& [key, orders] : groups) {
    out.begin_object();
    out.member("type", key.second ? "trigger" : "limit");
    out.member("instrument_name", key.first);
    out.member("currency", settlement_currency(key.first));
    out.key("result");
    write_orders(out, orders);
    out.end_object();
  }
  out.end_array();
}

} // namespace zenws::sim
