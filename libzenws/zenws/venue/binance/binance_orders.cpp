// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/venue/binance/binance_orders.hpp"

#include "zenws/json/internal/json_writer.hpp"
#include "zenws/market/internal/market_reader.hpp"
#include "zenws/venue/binance/binance_dialect.hpp"
#include "zenws/venue/binance/internal/binance_answers.hpp"
#include "zenws/venue/binance/internal/binance_events.hpp"
#include "zenws/venue/internal/order_check.hpp"
#include "zenws/venue/internal/venue_members.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <utility>

namespace zenws {

namespace {

using namespace trading;
using namespace std::chrono_literals;

using internal::has_limit;
using internal::json_writer;
using internal::market_reader;
using market::decimal;
using market::instrument_name;
using market::instrument_state;

// -- terms --------------------------------------------------------------------

std::optional<binance_product> product_by(const instrument_state& terms) {
  using enum market::instrument_kind;
  auto is_in_base = terms.unit == market::amount_unit::base
                    || terms.unit == market::amount_unit::unknown;
  if (!is_in_base || terms.is_inverse)
    return std::nullopt;
  if (terms.kind == spot)
    return binance_product::spot;
  if (terms.kind == perpetual || terms.kind == future)
    return binance_product::usd_futures;
  return std::nullopt;
}

error invalid(std::string detail) {
  return {ec::invalid_config, std::move(detail)};
}

error unsupported(std::string detail) {
  return {ec::not_supported, std::move(detail)};
}

error check_offer(const order_request& order, binance_product product) {
  auto is_spot = product == binance_product::spot;
  // "STOP_ORDER_SWITCH_ALGO" (-4120), since 2025-12-09 (derivatives change
  // log). Neither `order.status` nor events of orders tell of algo orders.
  if (!is_spot && order.trigger)
    return unsupported("USD-M takes stops as algo orders only");
  if (is_spot && order.reduce_only)
    return unsupported("spot has no positions to reduce");
  if (order.post_only && order.trigger)
    return unsupported("LIMIT_MAKER has no trigger");
  if (!has_limit(order.type) && order.validity == time_in_force::fill_or_kill)
    return unsupported("orders without a limit have no time in force");
  return {};
}

// -- names --------------------------------------------------------------------

std::string_view side_name(order_side side) noexcept {
  return side == order_side::sell ? "SELL" : "BUY";
}

std::string_view type_name(const order_request& order,
                           binance_product product) noexcept {
  switch (order.type) {
    case order_type::market:
      return "MARKET";
    case order_type::stop_limit:
      return "STOP_LOSS_LIMIT";
    case order_type::stop_market:
      return "STOP_LOSS";
    default:
      return order.post_only && product == binance_product::spot ? "LIMIT_MAKER"
                                                                 : "LIMIT";
  }
}

/// Returns nothing for orders that must not have one. GTX is refused rather
/// than traded at once, like LIMIT_MAKER of spot.
std::string_view validity_name(const order_request& order,
                               binance_product product) noexcept {
  if (!has_limit(order.type))
    return {};
  if (order.post_only)
    return product == binance_product::spot ? std::string_view{} : "GTX";
  switch (order.validity) {
    case time_in_force::immediate_or_cancel:
      return "IOC";
    case time_in_force::fill_or_kill:
      return "FOK";
    default:
      return "GTC";
  }
}

// -- parameters ---------------------------------------------------------------

// "DECIMAL parameters such as price are expected as JSON strings", INT as
// integers ("General API Information").

void add_text(json_writer& params, std::string_view name,
              std::string_view text) {
  params.key(name).string(text, name);
}

void add_number(json_writer& params, std::string_view name, decimal x) {
  params.key(name).string(to_string(x));
}

void begin(json_writer& params, const instrument_name& instrument) {
  params.begin_object();
  add_text(params, "symbol", instrument.view());
}

/// Ends the parameters with the time. "The value cannot be greater than 60000"
/// ("Timing security"); the venue refuses what arrives later than that.
result<order_call> finish(std::string method, json_writer& params,
                          const request_time& at,
                          std::string_view venue_members = {}) {
  auto window = std::clamp(at.lifetime, 1ms, 60'000ms);
  params.key("timestamp").number(at.now.time_since_epoch().count());
  params.key("recvWindow").number(window.count());
  auto text = internal::with_venue_members(params.end_object().take(),
                                           venue_members);
  if (!text)
    return text.error();
  return order_call{std::move(method), std::move(*text)};
}

error add_client_id(json_writer& params, const order_key& order) {
  add_text(params, "origClientOrderId", order.id.view());
  return {};
}

error add_venue_id(json_writer& params, const order_key& order) {
  auto id = order.venue_id.view();
  if (id.empty())
    return invalid("the order has no id");
  if (id.find_first_not_of("0123456789") != id.npos)
    return invalid("the venue's id of an order is an integer");
  params.key("orderId").raw(id);
  return {};
}

/// Names an order by the client's id if it has one.
error add_id(json_writer& params, const order_key& order) {
  return order.id.empty() ? add_venue_id(params, order)
                          : add_client_id(params, order);
}

/// Changes an order of futures: "Both quantity and price must be sent" ("Modify
/// Order").
result<order_call> modify(const amend_request& change, const request_time& at) {
  if (!change.price)
    return invalid("the price is missing");
  json_writer params;
  begin(params, change.order.instrument);
  if (auto problem = add_id(params, change.order))
    return problem;
  add_text(params, "side", side_name(change.side));
  add_number(params, "quantity", *change.amount);
  add_number(params, "price", *change.price);
  return finish("order.modify", params, at);
}

} // namespace

// -- properties ---------------------------------------------------------------

order_lookup binance_orders::lookup() const noexcept {
  return order_lookup::query;
}

bool binance_orders::tells_position(
  const instrument_name& instrument) const noexcept {
  auto i = products_.find(instrument);
  return i == products_.end() || i->second != binance_product::spot;
}

departure_rule binance_orders::departure() const noexcept {
  return departure_rule::none;
}

void binance_orders::learn(const instrument_state& terms) {
  if (auto product = product_by(terms))
    products_.insert_or_assign(terms.instrument, *product);
  else
    products_.erase(terms.instrument);
}

result<binance_product>
binance_orders::product_of(const instrument_name& instrument) const {
  auto i = products_.find(instrument);
  if (i != products_.end())
    return i->second;
  return unsupported('"' + std::string{instrument.view()}
                     + "\" is not known as an instrument of spot or USD-M");
}

error binance_orders::expect(binance_product product,
                             const instrument_name& instrument,
                             std::string_view reason) const {
  auto known = product_of(instrument);
  if (!known)
    return known.error();
  return *known == product ? error{} : unsupported(std::string{reason});
}

// -- channels -----------------------------------------------------------------

std::vector<channel_spec>
binance_orders::channels(const std::vector<instrument_name>&) const {
  return {{.name = std::string{binance_dialect::account_channel},
           .access = channel_access::authenticated_only}};
}

// -- messages -----------------------------------------------------------------

error binance_orders::decode(const envelope& message, account_updates& out) {
  if (message.kind() == envelope_kind::answer)
    return {};
  auto event = message.channel ? message.data : message.root;
  auto name = message.channel ? find_member(event.text, "e") : message.event;
  std::string memory;
  auto kind = internal::binance_event_of(name.resolved(memory));
  if (kind == internal::binance_event::other)
    return {};
  // {"subscriptionId":0,"event":{…}}
  if (auto wrapped = find_member(event.text, "event");
      wrapped.kind == json_kind::object)
    event = wrapped;
  market_reader in{event};
  internal::read_binance_event(in, kind, out);
  return in.problem();
}

// -- requests -----------------------------------------------------------------

result<order_call> binance_orders::place(const order_request& order,
                                         const client_order_id& id,
                                         const request_time& at) const {
  auto product = product_of(order.instrument);
  if (!product)
    return product.error();
  if (auto problem = internal::check_order(order, id))
    return problem;
  if (auto problem = check_offer(order, *product))
    return problem;
  auto is_spot = *product == binance_product::spot;
  json_writer params;
  begin(params, order.instrument);
  add_text(params, "side", side_name(order.side));
  add_text(params, "type", type_name(order, *product));
  if (auto validity = validity_name(order, *product); !validity.empty())
    add_text(params, "timeInForce", validity);
  add_number(params, "quantity", order.amount);
  if (order.price)
    add_number(params, "price", *order.price);
  if (order.trigger)
    add_number(params, "stopPrice", *order.trigger);
  if (order.reduce_only)
    add_text(params, "reduceOnly", "true");
  add_text(params, "newClientOrderId", id.view());
  // With state and fills, as far as there are any at once.
  add_text(params, "newOrderRespType", is_spot ? "FULL" : "RESULT");
  return finish("order.place", params, at, order.venue_members);
}

result<order_call> binance_orders::amend(const amend_request& change,
                                         const request_time& at) const {
  auto product = product_of(change.order.instrument);
  if (!product)
    return product.error();
  if (auto problem = internal::check_change(change))
    return problem;
  if (!change.amount)
    return invalid("the amount is missing");
  if (*product == binance_product::usd_futures)
    return modify(change, at);
  if (change.price)
    return unsupported("spot does not change the price of an order");
  json_writer params;
  begin(params, change.order.instrument);
  if (auto problem = add_id(params, change.order))
    return problem;
  // "If not sent, one will be randomly generated."
  if (!change.order.id.empty())
    add_text(params, "newClientOrderId", change.order.id.view());
  add_number(params, "newQty", *change.amount);
  return finish("order.amend.keepPriority", params, at);
}

result<order_call> binance_orders::cancel(const order_key& order,
                                          const request_time& at) const {
  auto product = product_of(order.instrument);
  if (!product)
    return product.error();
  json_writer params;
  begin(params, order.instrument);
  if (auto problem = add_id(params, order))
    return problem;
  return finish("order.cancel", params, at);
}

result<order_call> binance_orders::cancel_all(const instrument_name& instrument,
                                              const request_time& at) const {
  if (instrument.empty())
    return unsupported("Binance cancels by instrument");
  if (auto problem = expect(binance_product::spot, instrument,
                            "USD-M cancels all orders over REST only"))
    return problem;
  json_writer params;
  begin(params, instrument);
  return finish("openOrders.cancelAll", params, at);
}

// -- questions ----------------------------------------------------------------

result<order_call> binance_orders::ask_order(const order_key& order,
                                             const request_time& at) const {
  auto product = product_of(order.instrument);
  if (!product)
    return product.error();
  json_writer params;
  begin(params, order.instrument);
  auto problem = order.venue_id.empty() ? add_id(params, order)
                                        : add_venue_id(params, order);
  if (problem)
    return problem;
  return finish("order.status", params, at);
}

result<order_call>
binance_orders::ask_open_orders(const instrument_name& instrument,
                                const request_time& at) const {
  if (auto problem = expect(binance_product::spot, instrument,
                            "USD-M tells open orders over REST only"))
    return problem;
  json_writer params;
  begin(params, instrument);
  return finish("openOrders.status", params, at);
}

result<order_call> binance_orders::ask_fills(const instrument_name& instrument,
                                             market::venue_time since,
                                             const request_time& at) const {
  if (auto problem = expect(binance_product::spot, instrument,
                            "USD-M tells fills over REST only"))
    return problem;
  auto start = std::chrono::floor<std::chrono::milliseconds>(since);
  json_writer params;
  begin(params, instrument);
  params.key("startTime").number(start.time_since_epoch().count());
  params.key("limit").number(1'000);
  return finish("myTrades", params, at);
}

result<order_call>
binance_orders::ask_position(const instrument_name& instrument,
                             const request_time& at) const {
  if (auto problem = expect(binance_product::usd_futures, instrument,
                            "spot has no positions"))
    return problem;
  json_writer params;
  begin(params, instrument);
  return finish("v2/account.position", params, at);
}

// -- answers ------------------------------------------------------------------

error binance_orders::read_answer(const order_call& request,
                                  std::string_view result,
                                  account_updates& out) const {
  using enum internal::binance_naming;
  auto& method = request.method;
  market_reader in{result};
  if (method == "myTrades") {
    internal::read_binance_fills(in, out);
  } else if (method == "v2/account.position") {
    auto symbol = find_member(request.params, "symbol").string();
    auto about = instrument_name::make(symbol.value_or(""));
    if (!about || about->empty())
      return {ec::invalid_data, "the question has no instrument"};
    internal::read_binance_position(in, *about, out);
  } else if (method.starts_with("order.")
             || method.starts_with("openOrders.")) {
    auto is_by_venue_id = method == "order.status"
                          && find_member(request.params, "orderId");
    internal::read_binance_orders(
      in, is_by_venue_id ? by_venue_id : by_client_id, out);
  } else {
    return {};
  }
  return in.problem();
}

// errors.md, "NO_SUCH_ORDER", and "Messages for -1010 …, -2011 CANCEL_REJECTED,
// and -2038 ORDER_AMEND_REJECTED".
bool binance_orders::is_absence(const rpc_error& refusal) const noexcept {
  if (refusal.code == -2011 || refusal.code == -2038)
    return refusal.message.starts_with("Unknown order sent");
  return refusal.code == -2013;
}

} // namespace zenws
