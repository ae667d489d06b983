// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/venue/okx/okx_orders.hpp"

#include "zenws/json/internal/json_writer.hpp"
#include "zenws/venue/internal/account_values.hpp"
#include "zenws/venue/internal/order_check.hpp"
#include "zenws/venue/internal/venue_members.hpp"
#include "zenws/venue/okx/internal/okx_holdings.hpp"
#include "zenws/venue/okx/internal/okx_order_reader.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace zenws {

namespace okx_requests {

namespace {

using internal::has_trigger;
using internal::json_writer;

using market::instrument_kind;

using trading::client_order_id;
using trading::order_request;
using trading::order_side;
using trading::order_type;

using enum internal::presence;

constexpr std::string_view place_method = "order";
constexpr std::string_view amend_method = "amend-order";
constexpr std::string_view cancel_method = "cancel-order";

// -- checks -------------------------------------------------------------------

/// A new order and what matters for the form of its request.
struct order_draft {
  const order_request* order;
  const client_order_id* id;
  instrument_kind kind;

  json_value venue_member(std::string_view name) const {
    return find_member(order->venue_members, name);
  }

  bool is_pair() const noexcept {
    return kind == instrument_kind::spot;
  }

  bool is_market() const noexcept {
    return order->type == order_type::market;
  }

  bool is_option() const noexcept {
    return kind == instrument_kind::option;
  }

  /// "WS / Place order", tdMode: all account modes trade contracts by "cross";
  /// pairs need "cross" in the multi-currency and portfolio margin modes.
  bool is_cash() const {
    auto mode = venue_member("tdMode");
    return mode ? mode.is("cash") : is_pair();
  }
};

error unsupported(std::string reason) {
  return {ec::not_supported, std::move(reason)};
}

error invalid(std::string reason) {
  return {ec::invalid_config, std::move(reason)};
}

error check_kind(instrument_kind kind) {
  switch (kind) {
    case instrument_kind::spot:
    case instrument_kind::future:
    case instrument_kind::perpetual:
    case instrument_kind::option:
      return {};
    default:
      return unsupported("orders of OKX are for pairs, futures, perpetuals and "
                         "options");
  }
}

error check_execution(const order_draft& x) {
  auto& order = *x.order;
  using enum trading::time_in_force;
  if (x.is_market() && order.validity == fill_or_kill)
    return unsupported("OKX has no market order that is filled as a whole");
  if (x.is_market() && x.is_option())
    return unsupported("OKX has no market orders of options");
  // "For MARGIN Buy Market Orders, it refers to the quantity in quote
  // currency".
  if (x.is_market() && x.is_pair() && !x.is_cash()
      && order.side == order_side::buy)
    return unsupported("a market order that buys a pair with borrowed money "
                       "has its amount in the quote currency: use a limit "
                       "order that is immediate_or_cancel");
  return {};
}

/// "Only applicable to MARGIN orders, and FUTURES/SWAP orders in net mode": it
/// would be ignored elsewhere.
error check_reduction(const order_draft& x) {
  if (!x.order->reduce_only)
    return {};
  if (x.is_option() || (x.is_pair() && x.is_cash()))
    return unsupported("OKX reduces positions in futures, perpetuals and "
                       "margin only");
  auto opened = x.order->side == order_side::buy ? "long" : "short";
  if (x.venue_member("posSide").is(opened))
    return invalid("posSide makes a reduce-only order open a position");
  return {};
}

error check(const order_draft& x) {
  if (has_trigger(x.order->type))
    return unsupported("stops are algo orders, which OKX takes by REST only");
  for (auto& problem :
       {check_kind(x.kind), internal::check_order(*x.order, *x.id),
        check_execution(x), check_reduction(x)})
    if (problem)
      return problem;
  return {};
}

// -- requests -----------------------------------------------------------------

std::string_view type_of(const order_draft& x) noexcept {
  using enum trading::time_in_force;
  auto& order = *x.order;
  if (order.post_only)
    return "post_only";
  if (x.is_market())
    return order.validity == immediate_or_cancel && !x.is_pair()
             ? "optimal_limit_ioc"
             : "market";
  switch (order.validity) {
    case immediate_or_cancel:
      return "ioc";
    case fill_or_kill:
      return "fok";
    default:
      return "limit";
  }
}

void add_terms(json_writer& out, const order_draft& x) {
  auto& order = *x.order;
  out.key("side").string(to_string(order.side));
  out.key("ordType").string(type_of(x));
  out.key("sz").string(to_string(order.amount));
  if (order.price)
    out.key("px").string(to_string(*order.price));
  if (order.reduce_only)
    out.key("reduceOnly").boolean(true);
  // "Default is quote_ccy for buy".
  auto is_resizable = x.is_market() && x.is_pair() && x.is_cash();
  if (is_resizable)
    out.key("tgtCcy").string("base_ccy");
  out.key("tdMode").string(x.is_pair() ? "cash" : "cross");
  if (is_resizable)
    out.key("banAmend").boolean(true);
}

/// Members of a request that `venue_members` may replace, and names that it
/// must not have: those of other members by which a request tells the same.
constexpr std::string_view default_members[] = {"tdMode", "banAmend"};
constexpr std::string_view reserved_members[] = {"instId", "instIdCode", "px",
                                                 "reduceOnly", "tgtCcy"};

/// Returns a request with one argument.
result<order_call> call_of(std::string_view method,
                           result<std::string> argument) {
  if (!argument)
    return argument.error();
  return order_call{std::string{method}, '[' + *argument + ']'};
}

/// Same for one that "will not be processed" after a moment ("Transaction
/// Timeouts"): placing and amending.
result<order_call> call_of(std::string_view method,
                           result<std::string> argument,
                           const request_time& at) {
  auto call = call_of(method, std::move(argument));
  auto end = (at.now + at.lifetime).time_since_epoch().count();
  if (call)
    call->params = R"({"expTime":")" + std::to_string(end) + R"(","args":)"
                   + call->params + '}';
  return call;
}

// -- answers ------------------------------------------------------------------

/// Returns the only argument of a request of ours; empty if it is none.
std::string_view argument_in(const order_call& request) {
  auto args = find_member(request.params, "args");
  auto all = elements_of(args ? args.text : std::string_view{request.params});
  return all && all->size() == 1 ? all->front().text : std::string_view{};
}

struct row_draft {
  trading::client_order_id id{};
  trading::venue_order_id venue_id{};
  market::venue_time time{};
  bool is_accepted = false;
};

/// "WS / Place order".
constexpr internal::member<row_draft> row_members[] = {
  {"clOrdId", internal::into_client_id<&row_draft::id>, required},
  {"ordId", internal::into_name<&row_draft::venue_id>, required},
  {"tag"},
  {"ts", [](auto& in, auto& to) { to.time = in.optional_time(); }},
  {"sCode", [](auto& in, auto& to) { to.is_accepted = in.text() == "0"; },
   required},
  {"sMsg"},
  {"subCode"},
};

struct answer_draft {
  std::vector<row_draft> rows{};
};

constexpr internal::member<answer_draft> answer_members[] = {
  {"id"},
  {"op"},
  {"data",
   [](auto& in, auto& to) {
     in.each_element(
       [&] { in.template read_object<row_members>(to.rows.emplace_back()); });
   },
   required},
  {"code"},
  {"msg"},
  {"inTime"},
  {"outTime"},
};

} // namespace

} // namespace okx_requests

// -- constructors, destructors, and assignment operators ----------------------

okx_orders::okx_orders()
  : holdings_(std::make_unique<internal::okx_holdings>()) {
  // nop
}

okx_orders::~okx_orders() = default;

// -- properties ---------------------------------------------------------------

void okx_orders::learn(const market::instrument_state& terms) {
  listings_[terms.instrument] = {terms.kind, terms.code};
  using enum market::instrument_kind;
  if (terms.kind == future || terms.kind == perpetual || terms.kind == option)
    holdings_->watch(terms.instrument);
}

const okx_orders::listing*
okx_orders::find_listing(const market::instrument_name& instrument) const {
  auto i = listings_.find(instrument);
  return i != listings_.end() ? &i->second : nullptr;
}

// -- channels -----------------------------------------------------------------

std::vector<channel_spec>
okx_orders::channels(const std::vector<market::instrument_name>&) const {
  std::vector<channel_spec> result{
    {.name = "orders", .arguments = R"({"channel":"orders","instType":"ANY"})"},
    {.name = "positions",
     .arguments = R"({"channel":"positions","instType":"ANY"})"},
    {.name = "account"},
  };
  for (auto& x : result)
    x.access = channel_access::authenticated_only;
  return result;
}

// -- messages -----------------------------------------------------------------

error okx_orders::decode(const envelope& message,
                         trading::account_updates& out) {
  if (message.channel.is("orders"))
    return internal::read_okx_orders(message, out);
  if (message.channel.is("positions"))
    return holdings_->read_positions(message, out);
  if (message.channel.is("account"))
    return holdings_->read_balances(message, out);
  return {};
}

// -- requests -----------------------------------------------------------------

void okx_orders::name_instrument(
  internal::json_writer& out, const market::instrument_name& instrument) const {
  auto* known = find_listing(instrument);
  if (known != nullptr && known->code != 0)
    out.key("instIdCode").number(known->code);
  else
    out.key("instId").string(instrument.view(), "the name of an instrument");
}

// "If both are passed, ordId will be used."
error okx_orders::name_order(internal::json_writer& out,
                             const trading::order_key& order) const {
  if (order.id.empty() && order.venue_id.empty())
    return {ec::not_supported, "OKX knows an order by an id only"};
  name_instrument(out, order.instrument);
  if (!order.id.empty())
    out.key("clOrdId").string(order.id.view(), "the id of an order");
  else
    out.key("ordId").string(order.venue_id.view(), "the id of an order");
  return {};
}

result<order_call> okx_orders::place(const trading::order_request& order,
                                     const trading::client_order_id& id,
                                     const request_time& at) const {
  auto* known = find_listing(order.instrument);
  if (known == nullptr)
    return okx_requests::invalid("the terms of "
                                 + std::string{order.instrument.view()}
                                 + " are not known");
  okx_requests::order_draft draft{&order, &id, known->kind};
  if (auto problem = okx_requests::check(draft))
    return problem;
  internal::json_writer out;
  out.begin_object();
  name_instrument(out, order.instrument);
  out.key("clOrdId").string(id.view(), "the id of an order");
  okx_requests::add_terms(out, draft);
  return okx_requests::call_of(
    okx_requests::place_method,
    internal::with_venue_members(out.end_object().take(), order.venue_members,
                                 {.defaults = okx_requests::default_members,
                                  .reserved = okx_requests::reserved_members}),
    at);
}

// What exceeds the price band is refused by default (pxAmendType), and an
// amendment that fails leaves the order as it is (cxlOnFail).
result<order_call> okx_orders::amend(const trading::amend_request& change,
                                     const request_time& at) const {
  if (auto problem = internal::check_change(change))
    return problem;
  internal::json_writer out;
  out.begin_object();
  if (auto problem = name_order(out, change.order))
    return problem;
  if (change.amount)
    out.key("newSz").string(to_string(*change.amount));
  if (change.price)
    out.key("newPx").string(to_string(*change.price));
  return okx_requests::call_of(okx_requests::amend_method,
                               out.end_object().take(), at);
}

// Without a time limit, which OKX does not offer here: a cancellation that
// comes late is still right.
result<order_call> okx_orders::cancel(const trading::order_key& order,
                                      const request_time&) const {
  internal::json_writer out;
  out.begin_object();
  if (auto problem = name_order(out, order))
    return problem;
  return okx_requests::call_of(okx_requests::cancel_method,
                               out.end_object().take());
}

result<order_call> okx_orders::cancel_all(const market::instrument_name&,
                                          const request_time&) const {
  return error{ec::not_supported, "OKX cancels orders one by one"};
}

// -- answers ------------------------------------------------------------------

market::instrument_name
okx_orders::instrument_in(std::string_view argument) const {
  if (auto name = find_member(argument, "instId").string())
    return market::instrument_name::make(*name).value_or(
      market::instrument_name{});
  auto code = find_member(argument, "instIdCode").integer().value_or(-1);
  auto has_code = [code](auto& known) {
    return std::cmp_equal(known.second.code, code);
  };
  auto i = std::ranges::find_if(listings_, has_code);
  return i != listings_.end() ? i->first : market::instrument_name{};
}

error okx_orders::read_answer(const order_call& request,
                              std::string_view result,
                              trading::account_updates& out) const {
  if (request.method != okx_requests::place_method)
    return {};
  auto argument = okx_requests::argument_in(request);
  auto instrument = instrument_in(argument);
  auto side = find_member(argument, "side");
  if (instrument.empty() || !side)
    return {};
  okx_requests::answer_draft answer;
  internal::market_reader in{result};
  in.read_object<okx_requests::answer_members>(answer);
  if (auto problem = in.problem())
    return problem;
  for (auto& row : answer.rows)
    if (row.is_accepted && !row.venue_id.empty())
      out.emplace_back(trading::order_report{
        .order = {instrument, row.id, row.venue_id},
        .side = side.is("sell") ? trading::order_side::sell
                                : trading::order_side::buy,
        .time = row.time});
  return {};
}

bool okx_orders::is_absence(const rpc_error& refusal) const noexcept {
  // okx.com/docs-v5, "Error Code": "Order does not exist", "OrdId does not
  // exist".
  return refusal.code == 51603 || refusal.code == 51063;
}

bool okx_orders::is_over(const rpc_error& refusal) const noexcept {
  // "Order cancellation failed as the order has been filled, canceled or does
  // not exist", "Your order has already been filled or canceled".
  return refusal.code == 51400 || refusal.code == 51503 || is_absence(refusal);
}

} // namespace zenws
