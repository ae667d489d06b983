// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/okx/okx_orders.hpp"

#include "zenws/sim/clocks.hpp"
#include "zenws/sim/json/json_writer.hpp"
#include "zenws/sim/okx/okx_account.hpp"
#include "zenws/sim/orders/symbol.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <utility>

namespace zenws::sim {

namespace {

constexpr size_t max_batch = 20;

std::string microseconds_now() {
  return std::to_string(wall_clock<std::chrono::microseconds>().count());
}

// Also Deribit's word for it: the reason of a cancellation by the client.
constexpr const char* by_request = "user_request";

bool is_multiple_of(double x, double unit) {
  if (unit <= 0)
    return true;
  auto count = x / unit;
  return std::abs(count - std::round(count)) < 1e-6;
}

bool is_label(std::string_view text) {
  constexpr size_t max_size = 32;
  auto fits = [](unsigned char c) { return std::isalnum(c) != 0; };
  return text.size() <= max_size && std::ranges::all_of(text, fits);
}

template <class Fun>
std::string response(const json& request, std::string_view code,
                     std::string_view message, Fun write_rows) {
  json_writer out;
  out.begin_object();
  if (auto* id = find(request, "id"); id && id->IsString())
    out.key("id").copy(*id);
  out.member("op", text_member(request, "op"));
  out.member("code", code);
  out.member("msg", message);
  out.key("data").begin_array();
  write_rows(out);
  out.end_array();
  out.member("inTime", microseconds_now());
  out.member("outTime", microseconds_now());
  out.end_object();
  return out.text();
}

} // namespace

struct okx_orders::operation {
  std::string_view name;
  size_t max_args;
  row (okx_orders::*run)(const json&, const request&, outcome&);
};

const okx_orders::operation* okx_orders::find_operation(std::string_view op) {
  static constexpr operation operations[] = {
    {"order", 1, &okx_orders::place},
    {"batch-orders", max_batch, &okx_orders::place},
    {"cancel-order", 1, &okx_orders::cancel},
    {"batch-cancel-orders", max_batch, &okx_orders::cancel},
    {"amend-order", 1, &okx_orders::amend},
    {"batch-amend-orders", max_batch, &okx_orders::amend},
  };
  auto i = std::ranges::find(operations, op, &operation::name);
  return i == std::end(operations) ? nullptr : i;
}

okx_orders::okx_orders(const okx_config& cfg, order_store& store,
                       uint64_t connection, okx_market around)
  : cfg_(cfg),
    store_(store),
    matcher_(store),
    connection_(connection),
    market_(std::move(around)) {
  // nop
}

bool okx_orders::knows(std::string_view op) {
  return find_operation(op) != nullptr;
}

// Cancellations have no expTime.
okx_orders::outcome okx_orders::run(const request& query) {
  auto* found = find_operation(text_member(query.content, "op"));
  auto* args = find(query.content, "args");
  if (!found || !args || !args->IsArray() || args->Empty()
      || args->Size() > found->max_args || !find(query.content, "id"))
    return {refusal(query.content, "60013", "Invalid args"), {}};
  auto deadline = decimal_member(query.content, "expTime");
  auto is_late = deadline && found->run != &okx_orders::cancel
                 && *deadline < static_cast<double>(query.time.count());
  outcome result;
  std::vector<row> rows;
  for (auto& x : args->GetArray()) {
    if (is_late)
      rows.push_back({.label = std::string{text_member(x, "clOrdId")},
                      .code = "51149",
                      .message = "Order timed out. Please try again."});
    else
      rows.push_back((this->*found->run)(x, query, result));
  }
  result.answer = answer(query.content, rows, query.time);
  return result;
}

market_quote okx_orders::quote_of(const order& entry) const {
  return market_.quote(entry.instrument).value_or(market_quote{});
}

// -- placing ------------------------------------------------------------------

okx_orders::row okx_orders::place(const json& arg, const request& query,
                                  outcome& out) {
  order draft{.account = query.account, .connection = connection_};
  draft.created = draft.updated = query.time;
  auto result = read_terms(arg, draft);
  if (result.succeeded())
    result = reduce(draft);
  result.label = text_member(arg, "clOrdId");
  result.tag = text_member(arg, "tag");
  if (!result.succeeded())
    return result;
  auto* placed = store_.add(std::move(draft));
  if (!placed)
    return result.with("51174", "Order failed, number of pending orders exceed "
                                "the limit.");
  result.id = okx_order_id(*placed);
  out.changes.push_back(store_.report(*placed));
  arrive(*placed, query, out);
  return result;
}

// Lets an order that is new or changed meet the market.
void okx_orders::arrive(order& entry, const request& query, outcome& out) {
  auto market = quote_of(entry);
  if (entry.post_only && order_matcher::takes(entry, market)) {
    out.changes.push_back(store_.cancel(entry, query.time, "post_only"));
    return;
  }
  auto change = matcher_.arrive(entry, market, query.time);
  if (!change.fills.empty() || !is_alive(change.entry))
    out.changes.push_back(std::move(change));
}

// okx.com/docs-v5, "WS / Place order": "Instrument ID code" is required.
okx_orders::row okx_orders::read_instrument(const json& arg, order& out) const {
  row result;
  auto name = std::string{text_member(arg, "instId")};
  if (auto* code = find(arg, "instIdCode"); code && code->IsUint64())
    name = market_.named(code->GetUint64()).value_or("");
  else if (cfg_.operations == instrument_naming::by_code)
    return result.with("50014", "Parameter instIdCode can not be empty.");
  auto instrument = market_.instrument(name);
  if (!instrument)
    return result.with("51001", "Instrument ID, Instrument ID code or Spread "
                                "ID doesn't exist.");
  out.instrument = *instrument;
  out.venue_instrument = name;
  return result;
}

// Reads what a new order shall be. A row that fails gives the reason.
okx_orders::row okx_orders::read_terms(const json& arg, order& out) {
  auto result = read_instrument(arg, out);
  if (!result.succeeded())
    return result;
  auto side = text_member(arg, "side");
  auto size = decimal_member(arg, "sz");
  out.label = text_member(arg, "clOrdId");
  if ((side != "buy" && side != "sell") || !size
      || text_member(arg, "tdMode").empty() || !is_label(out.label))
    return result.with("51000", "Parameter error");
  auto is_used = [&](const order& x) {
    return is_alive(x) && x.account == out.account && x.label == out.label;
  };
  if (!out.label.empty() && store_.find_latest(is_used))
    return result.with("51016", "Client order ID already exists.");
  out.direction = side == "buy" ? order_direction::buy : order_direction::sell;
  out.amount = *size;
  if (auto problem = check_size(out); !problem.succeeded())
    return problem;
  return read_type(arg, out);
}

okx_orders::row okx_orders::check_size(const order& draft) const {
  row result;
  auto lot = quote_of(draft).lot;
  if (draft.amount < lot || draft.amount <= 0)
    return result.with("51020", "Your order should meet or exceed the minimum "
                                "order amount.");
  if (!is_multiple_of(draft.amount, lot))
    return result.with("51121", "Order quantity must be a multiple of the lot "
                                "size.");
  if (draft.amount > cfg_.max_order_size)
    return result.with("51008", "Order failed. Insufficient balance in "
                                "account");
  return result;
}

okx_orders::row okx_orders::read_type(const json& arg, order& out) const {
  struct order_kind {
    std::string_view name;
    order_type type = order_type::limit;
    order_validity validity = order_validity::good_til_cancelled;
    bool post_only = false;
  };
  using enum order_validity;
  static constexpr order_kind kinds[] = {
    {"market", order_type::market},
    {"limit"},
    {"post_only", order_type::limit, good_til_cancelled, true},
    {"fok", order_type::limit, fill_or_kill},
    {"ioc", order_type::limit, immediate_or_cancel},
    {"optimal_limit_ioc", order_type::market, immediate_or_cancel},
  };
  row result;
  auto kind = std::ranges::find(kinds, text_member(arg, "ordType"),
                                &order_kind::name);
  auto price = decimal_member(arg, "px");
  if (kind == std::end(kinds)
      || (kind->type == order_type::limit && (!price || *price <= 0)))
    return result.with("51000", "Parameter error");
  out.type = kind->type;
  out.validity = kind->validity;
  out.post_only = kind->post_only;
  if (kind->type == order_type::limit)
    out.price = *price;
  auto* reduces = find(arg, "reduceOnly");
  out.reduce_only = reduces && reduces->IsBool() && reduces->GetBool()
                    && is_okx_swap(out.venue_instrument);
  return result;
}

// A larger amount is "overriden by system due to reduce-only".
okx_orders::row okx_orders::reduce(order& draft) const {
  row result;
  if (!draft.reduce_only)
    return result;
  draft.amount = std::min(draft.amount, matcher_.reducible(draft));
  if (draft.amount <= 0)
    return result.with("51169", "Order failed because you don't have any "
                                "positions in this direction for this contract "
                                "to reduce or close.");
  return result;
}

// -- changing and canceling ---------------------------------------------------

okx_orders::row okx_orders::cancel(const json& arg, const request& query,
                                   outcome& out) {
  order where;
  if (auto problem = read_instrument(arg, where); !problem.succeeded())
    return problem;
  auto* x = find_open(arg, query);
  if (!x || x->venue_instrument != where.venue_instrument)
    return {.id = std::string{text_member(arg, "ordId")},
            .label = std::string{text_member(arg, "clOrdId")},
            .code = "51400",
            .message = "Order cancellation failed as the order has been "
                       "filled, canceled or does not exist."};
  out.changes.push_back(store_.cancel(*x, query.time, by_request));
  return {.id = okx_order_id(*x), .label = x->label};
}

// "When amending a partially-filled order, the newSz should include the amount
// that has been filled."
okx_orders::row okx_orders::amend(const json& arg, const request& query,
                                  outcome& out) {
  order where;
  if (auto problem = read_instrument(arg, where); !problem.succeeded())
    return problem;
  row result{.id = std::string{text_member(arg, "ordId")},
             .label = std::string{text_member(arg, "clOrdId")}};
  auto* x = find_open(arg, query);
  if (!x || x->venue_instrument != where.venue_instrument)
    return result.with("51503", "Your order has already been filled or "
                                "canceled.");
  result = {.id = okx_order_id(*x), .label = x->label};
  auto draft = *x;
  draft.amount = decimal_member(arg, "newSz").value_or(x->amount);
  draft.price = decimal_member(arg, "newPx").value_or(x->price);
  if (draft.amount <= draft.filled || draft.price <= 0)
    return result.with("51000", "Parameter error");
  if (auto problem = check_size(draft); !problem.succeeded())
    return result.with(problem.code, problem.message);
  if (draft.post_only && order_matcher::takes(draft, quote_of(draft)))
    return result.with("51511", "Modification failed as the order price did "
                                "not meet the requirement for Post Only.");
  draft.replaced = true;
  draft.updated = query.time;
  *x = std::move(draft);
  out.changes.push_back(store_.report(*x));
  arrive(*x, query, out);
  return result;
}

// Returns the open order that an argument names, or null. "If both are passed,
// ordId will be used."
order* okx_orders::find_open(const json& arg, const request& query) {
  auto id = text_member(arg, "ordId");
  auto label = text_member(arg, "clOrdId");
  return store_.find_latest([&](const order& x) {
    return x.state == order_state::open && x.account == query.account
           && (id.empty() ? !label.empty() && x.label == label
                          : okx_order_id(x) == id);
  });
}

// -- answers ------------------------------------------------------------------

// The code is 1 if nothing was done, and 2 if a part was.
std::string okx_orders::answer(const json& request,
                               const std::vector<row>& rows,
                               std::chrono::milliseconds time) {
  auto failed
    = std::ranges::count_if(rows, [](const row& x) { return !x.succeeded(); });
  auto all = static_cast<size_t>(failed) == rows.size();
  auto code = failed == 0 ? "0" : all ? "1" : "2";
  auto message = failed == 0 ? ""
                 : all       ? "All operations failed"
                             : "Bulk operation partially succeeded.";
  return response(request, code, message, [&](json_writer& out) {
    for (auto& x : rows) {
      out.begin_object();
      out.member("clOrdId", x.label);
      out.member("ordId", x.id);
      out.member("tag", x.tag);
      out.member("ts", std::to_string(time.count()));
      out.member("sCode", x.code);
      out.member("sMsg", x.message);
      out.end_object();
    }
  });
}

std::string okx_orders::refusal(const json& request, std::string_view code,
                                std::string_view message) {
  return response(request, code, message, [](json_writer&) {});
}

} // namespace zenws::sim
