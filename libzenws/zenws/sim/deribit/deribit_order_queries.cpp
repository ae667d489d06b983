// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/deribit/deribit_order_queries.hpp"

#include "zenws/sim/deribit/deribit_order_text.hpp"
#include "zenws/sim/orders/symbol.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <string_view>
#include <vector>

namespace zenws::sim {

namespace {

constexpr double default_count = 10;
constexpr double max_count = 1'000;

// Bounds of a list of trades.
struct fill_range {
  double start_time;
  double end_time;
  double start_number;
  double end_number;

  bool contains(const fill& x) const {
    auto time = static_cast<double>(x.time.count());
    auto number = static_cast<double>(x.number);
    return time >= start_time && time <= end_time && number >= start_number
           && number <= end_number;
  }
};

fill_range read_range(const json& params) {
  constexpr auto no_end = std::numeric_limits<double>::infinity();
  auto number = [&](const char* name, double fallback) {
    return number_member(params, name).value_or(fallback);
  };
  return {number("start_timestamp", 0), number("end_timestamp", no_end),
          number("start_seq", 0), number("end_seq", no_end)};
}

// Returns the largest number of trades in an answer, or answers with an error.
std::optional<size_t> read_count(deribit_call& call) {
  auto count = number_member(call.params, "count").value_or(default_count);
  if (count >= 1 && count <= max_count)
    return static_cast<size_t>(count);
  call.bad_param("count", "must be from 1 to 1000");
  return std::nullopt;
}

void answer_with_fills(deribit_call& call, std::vector<fill> found,
                       size_t count) {
  if (text_member(call.params, "sorting") != "asc")
    std::ranges::reverse(found);
  auto has_more = found.size() > count;
  if (has_more)
    found.resize(count);
  call.result([&](json_writer& out) {
    out.begin_object();
    out.key("trades");
    write_fills(out, found);
    out.member("has_more", has_more);
    out.end_object();
  });
}

} // namespace

// -- orders -------------------------------------------------------------------

void deribit_order_queries::get_open_orders_by_currency(
  deribit_call& call, const std::string& account) {
  if (call.required_text("currency"))
    get_open_orders(call, account);
}

void deribit_order_queries::get_open_orders_by_instrument(
  deribit_call& call, const std::string& account) {
  if (call.required_text("instrument_name"))
    get_open_orders(call, account);
}

void deribit_order_queries::get_open_orders(deribit_call& call,
                                            const std::string& account) {
  auto label = text_member(call.params, "label");
  auto instrument = text_member(call.params, "instrument_name");
  auto currency = text_member(call.params, "currency");
  auto found = store_.select([&](const order& x) {
    return is_alive(x) && x.account == account
           && (label.empty() || x.label == label)
           && (instrument.empty() || x.instrument == instrument)
           && (currency.empty()
               || currency == settlement_currency(x.instrument));
  });
  call.result([&](json_writer& out) { write_orders(out, found); });
}

void deribit_order_queries::get_order_state(deribit_call& call,
                                            const std::string& account) {
  auto id = call.required_text("order_id");
  if (!id)
    return;
  auto found = store_.select(
    [&](const order& x) { return x.account == account && x.id == *id; });
  if (found.empty())
    return call.error(10004, "order_not_found");
  call.result([&](json_writer& out) { write_order(out, found[0]); });
}

void deribit_order_queries::get_order_state_by_label(
  deribit_call& call, const std::string& account) {
  auto label = call.required_text("label");
  auto currency = label ? call.required_text("currency") : std::nullopt;
  if (!currency)
    return;
  auto found = store_.select([&](const order& x) {
    return x.account == account && x.label == *label
           && settlement_currency(x.instrument) == *currency;
  });
  call.result([&](json_writer& out) { write_orders(out, found); });
}

// -- fills --------------------------------------------------------------------

void deribit_order_queries::get_user_trades_by_instrument(
  deribit_call& call, const std::string& account) {
  auto instrument = call.required_text("instrument_name");
  auto count = instrument ? read_count(call) : std::nullopt;
  if (!count)
    return;
  auto range = read_range(call.params);
  std::vector<fill> found;
  for (auto& x : store_.fills())
    if (x.of.account == account && x.of.instrument == *instrument
        && range.contains(x))
      found.push_back(x);
  answer_with_fills(call, std::move(found), *count);
}

void deribit_order_queries::get_user_trades_by_instrument_and_time(
  deribit_call& call, const std::string& account) {
  for (auto param : {"start_timestamp", "end_timestamp"})
    if (!number_member(call.params, param))
      return call.bad_param(param, "value required");
  get_user_trades_by_instrument(call, account);
}

} // namespace zenws::sim
