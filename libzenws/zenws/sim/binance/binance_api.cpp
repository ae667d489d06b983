// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/binance/binance_api.hpp"

#include "zenws/sim/json/json_writer.hpp"
#include "zenws/sim/net/signature.hpp"
#include "zenws/sim/orders/symbol.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <utility>

namespace zenws::sim {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds one_minute{60'000};
constexpr milliseconds default_receive_window{5'000};

// Largest whole number that a double distinguishes from its neighbors.
constexpr double max_order_id = 9e15;

constexpr unsigned bad_request = 400;
constexpr unsigned unauthorized = 401;
constexpr unsigned too_many_requests = 429;
constexpr unsigned unavailable = 503;

// Returns a parameter as the text that is signed.
std::string text_for_signature(const json& value) {
  if (value.IsString())
    return std::string{text_of(value)};
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer{buffer};
  value.Accept(writer);
  return {buffer.GetString(), buffer.GetSize()};
}

// Returns all parameters but the signature, ordered by name.
std::string payload_of(const json& params) {
  std::map<std::string, std::string> sorted;
  for (auto& x : params.GetObject())
    if (text_of(x.name) != "signature")
      sorted.emplace(text_of(x.name), text_for_signature(x.value));
  std::string result;
  for (auto& [name, value] : sorted)
    result.append(result.empty() ? "" : "&").append(name + '=').append(value);
  return result;
}

// Numbers come as numbers or as texts.
std::optional<double> number_or_decimal(const json& object, const char* name) {
  auto number = number_member(object, name);
  return number ? number : decimal_member(object, name);
}

} // namespace

// A request while it is being answered.
struct binance_api::call {
  const json& request;
  const json& params;
  const moment& now;
  size_t weight_limit;
  binance_api_outcome outcome;

  // Of what accounts ask, one: the venue's weights are small there.
  size_t weight() const {
    auto method = text_member(request, "method");
    return binance_market_data::weight_of(method, params).value_or(1);
  }

  template <class Fun>
  void answer(unsigned status, const char* member, Fun write) {
    json_writer out;
    out.begin_object();
    out.key("id");
    if (auto* id = find(request, "id"); id && is_scalar(*id))
      out.copy(*id);
    else
      out.copy(json{});
    out.member("status", uint64_t{status});
    out.key(member);
    write(out);
    write_limits(out);
    out.end_object();
    outcome.answer = out.text();
  }

  void write_limits(json_writer& out) const {
    out.key("rateLimits").begin_array();
    if (weight_limit > 0) {
      out.begin_object();
      out.member("rateLimitType", "REQUEST_WEIGHT");
      out.member("interval", "MINUTE");
      out.member("intervalNum", int64_t{1});
      out.member("limit", uint64_t{weight_limit});
      out.end_object();
    }
    out.end_array();
  }

  template <class Fun>
  void result(Fun write) {
    answer(200, "result", std::move(write));
  }

  void error(unsigned status, int64_t code, std::string_view message) {
    answer(status, "error", [&](json_writer& out) {
      out.begin_object();
      out.member("code", code);
      out.member("msg", message);
      if (status == too_many_requests)
        write_retry_after(out);
      out.end_object();
    });
  }

  void write_retry_after(json_writer& out) const {
    out.key("data").begin_object();
    out.member("serverTime", int64_t{now.wall.count()});
    out.member("retryAfter", int64_t{(now.wall + one_minute).count()});
    out.end_object();
  }

  void missing(const char* name) {
    error(bad_request, -1102,
          "Mandatory parameter '" + std::string{name}
            + "' was not sent, was empty/null, or malformed.");
  }

  void write_order(json_writer& out, const order& x) const {
    out.begin_object();
    out.member("symbol", binance_symbol(x.instrument));
    out.member("orderId", number_of(x));
    out.member("clientOrderId", x.label);
    out.member("transactTime", int64_t{x.updated.count()});
    out.member("price", eight_decimals(x.price));
    out.member("origQty", eight_decimals(x.amount));
    out.member("executedQty", eight_decimals(x.filled));
    out.member("status", binance_status(x.state));
    out.member("timeInForce", "GTC");
    out.member("type", x.type == order_type::market ? "MARKET" : "LIMIT");
    out.member("side", x.direction == order_direction::buy ? "BUY" : "SELL");
    out.end_object();
  }

  void answer_with(const order& x) {
    result([&](json_writer& out) { write_order(out, x); });
  }
};

binance_api::binance_api(const server_config& cfg, order_store& orders,
                         uint64_t connection, binance_market around)
  : cfg_(cfg),
    orders_(orders),
    connection_(connection),
    market_(std::move(around)),
    weight_(cfg.binance.max_request_weight, one_minute) {
  // nop
}

binance_api_outcome binance_api::handle(std::string_view text,
                                        const moment& now) {
  rapidjson::Document doc;
  auto parsed = parse_json(text, doc);
  static const json nothing{rapidjson::kObjectType};
  auto* params = find(doc, "params");
  auto fits = !params || params->IsObject();
  call command{doc,
               params && fits ? *params : nothing,
               now,
               cfg_.binance.max_request_weight,
               {}};
  if (!parsed || !fits || text_member(doc, "method").empty())
    command.error(bad_request, -1135, "Invalid JSON request.");
  else if (!weight_.admit(now.steady, command.weight()))
    command.error(too_many_requests, -1003, "Too much request weight used.");
  else
    dispatch(command);
  return std::move(command.outcome);
}

void binance_api::dispatch(call& command) {
  auto method = text_member(command.request, "method");
  if (method == "ping")
    return command.result(
      [](json_writer& out) { out.begin_object().end_object(); });
  if (method == "time")
    return command.result([&](json_writer& out) {
      out.begin_object();
      out.member("serverTime", int64_t{command.now.wall.count()});
      out.end_object();
    });
  if (market_.data && binance_market_data::weight_of(method, command.params))
    return tell_market(command, method);
  constexpr std::pair<std::string_view,
                      void (binance_api::*)(call&, const std::string&)>
    methods[] = {{"order.place", &binance_api::place},
                 {"order.cancel", &binance_api::cancel},
                 {"order.status", &binance_api::status},
                 {"openOrders.status", &binance_api::open_orders}};
  for (auto [name, run] : methods)
    if (name == method) {
      if (auto* account = authorize(command))
        (this->*run)(command, account->key);
      return;
    }
  command.error(bad_request, -1100, "Unknown method.");
}

void binance_api::tell_market(call& command, std::string_view method) const {
  auto outcome = market_.data->answer(method, command.params, command.now.wall);
  if (auto* refusal = std::get_if<binance_refusal>(&outcome))
    return command.error(refusal->status, refusal->code, refusal->message);
  command.result(
    [&](json_writer& out) { out.raw(std::get<std::string>(outcome)); });
}

std::string binance_api::failure(std::string_view text, const call_error& error,
                                 const moment& now) const {
  rapidjson::Document doc;
  parse_json(text, doc);
  call command{doc, doc, now, cfg_.binance.max_request_weight, {}};
  if (error.code.empty())
    command.error(
      unavailable, -1008,
      "Server is currently overloaded with other requests. Please try "
      "again in a few minutes.");
  else
    command.error(error.status, std::strtoll(error.code.c_str(), nullptr, 10),
                  error.message);
  return std::move(command.outcome.answer);
}

// -- accounts -----------------------------------------------------------------

// Returns whose request this is, or answers with an error.
const account_config* binance_api::authorize(call& command) const {
  auto key = text_member(command.params, "apiKey");
  auto i = std::ranges::find(cfg_.accounts, key, &account_config::key);
  if (i == cfg_.accounts.end()) {
    command.error(unauthorized, -2015,
                  "Invalid API-key, IP, or permissions for action.");
    return nullptr;
  }
  auto timestamp = number_member(command.params, "timestamp");
  if (!timestamp)
    return command.missing("timestamp"), nullptr;
  auto window
    = number_member(command.params, "recvWindow")
        .value_or(static_cast<double>(default_receive_window.count()));
  auto age = static_cast<double>(command.now.wall.count()) - *timestamp;
  if (age > window || age < -1000) {
    command.error(bad_request, -1021,
                  "Timestamp for this request is outside of the recvWindow.");
    return nullptr;
  }
  auto expected = to_hex(hmac_sha256(i->secret, payload_of(command.params)));
  if (same_secret(text_member(command.params, "signature"), expected))
    return &*i;
  command.error(bad_request, -1022, "Signature for this request is not valid.");
  return nullptr;
}

// -- orders -------------------------------------------------------------------

void binance_api::place(call& command, const std::string& account) {
  order draft;
  if (!read_terms(command, draft))
    return;
  draft.account = account;
  draft.connection = connection_;
  draft.created = draft.updated = command.now.wall;
  auto* twin = draft.label.empty() ? nullptr
                                   : orders_.find_label(account, draft.label);
  if (twin && twin->state == order_state::open)
    return command.error(bad_request, -2010, "Duplicate order sent.");
  auto* placed = orders_.add(std::move(draft));
  if (!placed)
    return command.error(bad_request, -1015, "Too many new orders.");
  command.outcome.orders.push_back(*placed);
  command.answer_with(*placed);
}

// Reads the parameters of a new order, or answers with an error.
bool binance_api::read_terms(call& command, order& out) const {
  auto instrument = market_.instrument(text_member(command.params, "symbol"));
  if (!instrument)
    return command.error(bad_request, -1121, "Invalid symbol."), false;
  auto side = text_member(command.params, "side");
  if (side != "BUY" && side != "SELL")
    return command.missing("side"), false;
  auto amount = number_or_decimal(command.params, "quantity");
  if (!amount || *amount <= 0)
    return command.missing("quantity"), false;
  out.instrument = *instrument;
  out.direction = side == "BUY" ? order_direction::buy : order_direction::sell;
  out.amount = *amount;
  out.label = text_member(command.params, "newClientOrderId");
  auto type = text_member(command.params, "type");
  if (type == "MARKET") {
    out.type = order_type::market;
    out.state = order_state::filled;
    out.price = market_.touch(out.instrument, out.direction).value_or(0);
    out.filled = out.amount;
    return true;
  }
  auto price = number_or_decimal(command.params, "price");
  if (type != "LIMIT" || !price || *price <= 0)
    return command.missing(type == "LIMIT" ? "price" : "type"), false;
  out.price = *price;
  return true;
}

// Returns the order that a request names, or answers with an error.
order* binance_api::find_order(call& command, const std::string& account) {
  auto label = text_member(command.params, "origClientOrderId");
  auto id = number_member(command.params, "orderId");
  order* result = nullptr;
  if (!label.empty())
    result = orders_.find_label(account, label);
  else if (id && *id > 0 && *id < max_order_id)
    result = orders_.find_number(account, static_cast<uint64_t>(*id));
  else
    return command.missing("orderId"), nullptr;
  if (!result)
    command.error(bad_request, -2013, "Order does not exist.");
  return result;
}

void binance_api::cancel(call& command, const std::string& account) {
  auto* x = find_order(command, account);
  if (!x)
    return;
  if (x->state != order_state::open)
    return command.error(bad_request, -2011, "Unknown order sent.");
  x->state = order_state::cancelled;
  x->updated = command.now.wall;
  command.outcome.orders.push_back(*x);
  command.answer_with(*x);
}

void binance_api::status(call& command, const std::string& account) {
  if (auto* x = find_order(command, account))
    command.answer_with(*x);
}

// A symbol narrows the list.
void binance_api::open_orders(call& command, const std::string& account) {
  auto symbol = text_member(command.params, "symbol");
  auto found = orders_.select([&](const order& x) {
    return x.state == order_state::open && x.account == account
           && (symbol.empty() || binance_symbol(x.instrument) == symbol);
  });
  command.result([&](json_writer& out) {
    out.begin_array();
    for (auto& x : found)
      command.write_order(out, x);
    out.end_array();
  });
}

} // namespace zenws::sim
