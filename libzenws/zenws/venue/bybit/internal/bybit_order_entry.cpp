// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/venue/bybit/internal/bybit_order_entry.hpp"

#include "zenws/json/internal/json_writer.hpp"
#include "zenws/venue/bybit/internal/bybit_values.hpp"
#include "zenws/venue/internal/order_check.hpp"
#include "zenws/venue/internal/venue_members.hpp"

#include <string>
#include <utility>

namespace zenws::internal {

namespace {

using namespace market;
using namespace trading;

using enum presence;

constexpr std::string_view create_method = "order.create";

// -- requests -----------------------------------------------------------------

error invalid(std::string problem) {
  return {ec::invalid_config, std::move(problem)};
}

error not_supported(std::string reason) {
  return {ec::not_supported, std::move(reason)};
}

/// Returns why the venue has no such order (docs/v5/order/create-order).
error obstacle_for(const order_request& x, bybit_category product) {
  if (!has_limit(x.type) && x.validity == time_in_force::fill_or_kill)
    return not_supported("market orders of Bybit are immediate or cancel");
  if (x.trigger && product == bybit_category::spot)
    return not_supported("a stop on Bybit spot cannot be canceled by its id "
                         "alone");
  if (x.trigger && product == bybit_category::option)
    return not_supported("Bybit has no stops for options");
  if (x.reduce_only && product == bybit_category::spot)
    return not_supported("Bybit has no reduce-only orders on spot");
  return {};
}

std::string_view time_in_force_of(const order_request& x) noexcept {
  if (!has_limit(x.type)) // "Market order will always use IOC"
    return "IOC";
  if (x.post_only)
    return "PostOnly";
  switch (x.validity) {
    case time_in_force::immediate_or_cancel:
      return "IOC";
    case time_in_force::fill_or_kill:
      return "FOK";
    default:
      return "GTC";
  }
}

void write_instrument(json_writer& out, bybit_category product,
                      const instrument_name& instrument) {
  out.key("category").string(bybit_name(product));
  out.key("symbol").string(instrument.view(), "instrument");
}

/// "triggered when market price rises to `triggerPrice`" is 1, "falls to" 2.
void write_trigger(json_writer& out, const order_request& x) {
  out.key("triggerPrice").string(to_string(*x.trigger));
  out.key("triggerDirection").number(x.side == order_side::buy ? 1 : 2);
}

result<std::string> order_as_json(const order_request& x,
                                  const client_order_id& id,
                                  bybit_category product) {
  json_writer out;
  out.begin_object();
  write_instrument(out, product, x.instrument);
  out.key("side").string(bybit_name(x.side));
  out.key("orderType").string(has_limit(x.type) ? "Limit" : "Market");
  out.key("qty").string(to_string(x.amount));
  // Without it, buys are by value.
  if (product == bybit_category::spot && !has_limit(x.type))
    out.key("marketUnit").string("baseCoin");
  if (x.price)
    out.key("price").string(to_string(*x.price));
  if (x.trigger)
    write_trigger(out, x);
  out.key("timeInForce").string(time_in_force_of(x));
  // In hedge mode, the venue refuses it.
  if (product == bybit_category::linear || product == bybit_category::inverse)
    out.key("positionIdx").number(0);
  if (x.reduce_only)
    out.key("reduceOnly").boolean(true);
  out.key("orderLinkId").string(id.view(), "the client's id");
  return out.end_object().take();
}

/// Returns a request. `Bybit_server_time - X-BAPI-RECV-WINDOW <=
/// X-BAPI-TIMESTAMP < Bybit_server_time + 1000`, else it is refused
/// (docs/v5/websocket/trade/guideline).
/// @param content the argument: an object.
result<order_call> request(std::string_view method, result<std::string> content,
                           const request_time& at) {
  if (!content)
    return content.error();
  auto now = std::to_string(at.now.time_since_epoch().count());
  json_writer out;
  out.begin_object();
  out.key("header").begin_object();
  out.key("X-BAPI-TIMESTAMP").string(now);
  out.key("X-BAPI-RECV-WINDOW").string(std::to_string(at.lifetime.count()));
  out.end_object();
  out.key("args").begin_array().raw(*content).end_array();
  auto params = out.end_object().take();
  if (!params)
    return params.error();
  return order_call{std::string{method}, std::move(*params)};
}

/// Names an order by one id only: with both, the venue looks at its own
/// (docs/v5/order/cancel-order).
error write_key(json_writer& out, bybit_category product,
                const order_key& order) {
  write_instrument(out, product, order.instrument);
  if (!order.id.empty())
    out.key("orderLinkId").string(order.id.view(), "the client's id");
  else if (!order.venue_id.empty())
    out.key("orderId").string(order.venue_id.view(), "the venue's id");
  else
    return invalid("the order has no id");
  return {};
}

// -- answers ------------------------------------------------------------------

/// An order as it was asked for.
struct asked_order {
  order_key key{};
  std::optional<order_side> side{};
};

constexpr member<asked_order> asked_order_members[] = {
  {"category"},
  {"symbol", into<&asked_order::key, &order_key::instrument>, required},
  {"side", into_bybit<&asked_order::side>, required},
  {"orderLinkId", into_client_id<&asked_order::key, &order_key::id>, required},
};

constexpr member<asked_order> asked_members[] = {
  {"header"},
  {"args",
   [](auto& in, auto& to) {
     in.each_element([&] { in.template read_object<asked_order_members>(to); });
   },
   required},
};

struct answer_draft {
  venue_order_id id{};
  client_order_id client_id{};
  venue_time time{};
};

constexpr member<answer_draft> accepted_members[] = {
  {"orderId", into_name<&answer_draft::id>},
  {"orderLinkId", into_client_id<&answer_draft::client_id>},
};

constexpr member<answer_draft> answer_header_members[] = {
  {"X-Bapi-Limit"},
  {"X-Bapi-Limit-Status"},
  {"Traceid"},
  {"Timenow", into_bybit<&answer_draft::time>},
};

/// docs/v5/websocket/trade/guideline, "Response Example".
constexpr member<answer_draft> answer_members[] = {
  {"reqId"},
  {"retCode"},
  {"retMsg"},
  {"op"},
  {"data",
   [](auto& in, auto& to) { in.template read_object<accepted_members>(to); },
   required},
  {"retExtInfo"},
  {"header",
   [](auto& in, auto& to) {
     in.template read_object<answer_header_members>(to);
   }},
  {"connId"},
};

} // namespace

// -- requests -----------------------------------------------------------------

result<order_call>
bybit_create(const order_request& order, const client_order_id& id,
             bybit_category product, const request_time& at) {
  if (auto problem = check_order(order, id))
    return problem;
  if (auto problem = obstacle_for(order, product))
    return problem;
  return request(create_method,
                 with_venue_members(order_as_json(order, id, product),
                                    order.venue_members),
                 at);
}

// An amount is one as a whole: it "cannot be less than or equal to the filled
// quantity" (docs/v5/error, 110064).
result<order_call> bybit_amend(const amend_request& change,
                               bybit_category product, const request_time& at) {
  if (auto problem = check_change(change))
    return problem;
  json_writer out;
  out.begin_object();
  if (auto problem = write_key(out, product, change.order))
    return problem;
  if (change.amount)
    out.key("qty").string(to_string(*change.amount));
  if (change.price)
    out.key("price").string(to_string(*change.price));
  return request("order.amend", out.end_object().take(), at);
}

result<order_call> bybit_cancel(const order_key& order, bybit_category product,
                                const request_time& at) {
  json_writer out;
  out.begin_object();
  if (auto problem = write_key(out, product, order))
    return problem;
  return request("order.cancel", out.end_object().take(), at);
}

// -- answers ------------------------------------------------------------------

result<std::optional<order_report>> read_bybit_answer(const order_call& request,
                                                      std::string_view answer) {
  if (request.method != create_method)
    return std::nullopt;
  asked_order asked;
  market_reader sent{request.params};
  sent.read_object<asked_members>(asked);
  if (auto problem = sent.problem())
    return problem;
  answer_draft accepted;
  market_reader in{answer};
  in.read_object<answer_members>(accepted);
  if (!accepted.client_id.empty() && accepted.client_id != asked.key.id)
    in.complain("orderLinkId", "is that of another order");
  if (auto problem = in.problem())
    return problem;
  if (accepted.id.empty() || !asked.side)
    return std::nullopt;
  asked.key.venue_id = accepted.id;
  return order_report{
    .order = asked.key, .side = *asked.side, .time = accepted.time};
}

} // namespace zenws::internal
