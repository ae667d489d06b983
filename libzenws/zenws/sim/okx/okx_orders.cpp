// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/okx/okx_orders.hpp"

#include "zenws/sim/clocks.hpp"
#include "zenws/sim/json/json_writer.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

namespace zenws::sim {

namespace {

constexpr size_t max_batch = 20;

std::string microseconds_now() {
  return std::to_string(wall_clock<std::chrono::microseconds>().count());
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
    connection_(connection),
    market_(std::move(around)) {
  // nop
}

bool okx_orders::knows(std::string_view op) {
  return find_operation(op) != nullptr;
}

okx_orders::outcome okx_orders::run(const request& query) {
  auto* found = find_operation(text_member(query.content, "op"));
  auto* args = find(query.content, "args");
  if (!found || !args || !args->IsArray() || args->Empty()
      || args->Size() > found->max_args || !find(query.content, "id"))
    return {refusal(query.content, "60013", "Invalid args"), {}};
  auto deadline = decimal_member(query.content, "expTime");
  auto is_late = deadline
                 && *deadline < static_cast<double>(query.time.count());
  outcome result;
  std::vector<row> rows;
  for (auto& x : args->GetArray()) {
    if (is_late)
      rows.push_back({.label = std::string{text_member(x, "clOrdId")},
                      .code = "51149",
                      .message = "Order timed out. Please try again later."});
    else
      rows.push_back((this->*found->run)(x, query, result));
  }
  result.answer = answer(query.content, rows);
  return result;
}

// -- operations ---------------------------------------------------------------

okx_orders::row okx_orders::place(const json& arg, const request& query,
                                  outcome& out) {
  order draft{.account = query.account, .connection = connection_};
  draft.created = draft.updated = query.time;
  auto result = read_terms(arg, draft);
  result.label = text_member(arg, "clOrdId");
  result.tag = text_member(arg, "tag");
  if (!result.succeeded())
    return result;
  auto* placed = store_.add(std::move(draft));
  if (!placed)
    return result.with("51174", "Too many open orders");
  result.id = placed->id;
  out.orders.push_back(*placed);
  return result;
}

// Reads what a new order shall be. A row that fails gives the
// reason.
okx_orders::row okx_orders::read_terms(const json& arg, order& out) {
  row result;
  auto instrument = market_.instrument(std::string{text_member(arg, "instId")});
  auto side = text_member(arg, "side");
  auto size = decimal_member(arg, "sz");
  out.label = text_member(arg, "clOrdId");
  if (!instrument)
    return result.with("51001", "Instrument ID does not exist");
  if ((side != "buy" && side != "sell") || !size || *size <= 0
      || text_member(arg, "tdMode").empty() || !is_label(out.label))
    return result.with("51000", "Parameter error");
  if (*size > cfg_.max_order_size)
    return result.with("51008", "Order failed. Insufficient balance");
  if (!out.label.empty() && store_.find_label(out.account, out.label))
    return result.with("51016", "Duplicated client order ID");
  out.instrument = *instrument;
  out.venue_instrument = text_member(arg, "instId");
  out.direction = side == "buy" ? order_direction::buy : order_direction::sell;
  out.amount = *size;
  return read_price(arg, out);
}

// Reads the price of a limit order, or fills a market order.
okx_orders::row okx_orders::read_price(const json& arg, order& out) {
  row result;
  auto type = text_member(arg, "ordType");
  auto price = decimal_member(arg, "px");
  if (type == "market") {
    out.type = order_type::market;
    out.state = order_state::filled;
    out.price = market_.touch(out.instrument, out.direction).value_or(0);
    out.filled = out.amount;
  } else if (type == "limit" && price && *price > 0) {
    out.price = *price;
  } else {
    return result.with("51000", "Parameter error");
  }
  return result;
}

okx_orders::row okx_orders::cancel(const json& arg, const request& query,
                                   outcome& out) {
  auto* x = find_open(arg, query);
  if (!x)
    return {.id = std::string{text_member(arg, "ordId")},
            .label = std::string{text_member(arg, "clOrdId")},
            .code = "51400",
            .message = "Cancellation failed as the order does not exist."};
  x->state = order_state::cancelled;
  x->updated = query.time;
  out.orders.push_back(*x);
  return {.id = x->id, .label = x->label};
}

okx_orders::row okx_orders::amend(const json& arg, const request& query,
                                  outcome& out) {
  auto* x = find_open(arg, query);
  if (!x)
    return {.id = std::string{text_member(arg, "ordId")},
            .label = std::string{text_member(arg, "clOrdId")},
            .code = "51503",
            .message = "Order modification failed as the order does not "
                       "exist."};
  auto size = decimal_member(arg, "newSz").value_or(x->amount);
  auto price = decimal_member(arg, "newPx").value_or(x->price);
  if (size <= 0 || price <= 0)
    return {.id = x->id,
            .label = x->label,
            .code = "51000",
            .message = "Parameter error"};
  x->amount = size;
  x->price = price;
  x->updated = query.time;
  out.orders.push_back(*x);
  return {.id = x->id, .label = x->label};
}

// Returns the open order that an argument names, or null.
order* okx_orders::find_open(const json& arg, const request& query) {
  auto id = text_member(arg, "ordId");
  auto* result = id.empty() ? store_.find_label(query.account,
                                                text_member(arg, "clOrdId"))
                            : store_.find(query.account, id);
  return result && result->state == order_state::open ? result : nullptr;
}

// -- answers ------------------------------------------------------------------

// The code is 1 if nothing was done, and 2 if a part was.
std::string okx_orders::answer(const json& request,
                               const std::vector<row>& rows) {
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
