// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/venue/deribit/deribit_orders.hpp"

#include "zenws/json/internal/json_writer.hpp"
#include "zenws/venue/deribit/internal/deribit_account.hpp"
#include "zenws/venue/internal/order_check.hpp"
#include "zenws/venue/internal/venue_members.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace zenws {

namespace {

using namespace std::chrono_literals;

// -- parameters ---------------------------------------------------------------

/// Parameters of a request.
class deribit_params {
public:
  deribit_params() {
    out_.begin_object();
  }

  deribit_params& text(std::string_view name, std::string_view value) {
    out_.key(name).string(value, name);
    return *this;
  }

  deribit_params& number(std::string_view name, market::decimal value) {
    out_.key(name).raw(to_string(value));
    return *this;
  }

  deribit_params& number(std::string_view name,
                         std::optional<market::decimal> value) {
    return value ? number(name, *value) : *this;
  }

  deribit_params& integer(std::string_view name, int64_t value) {
    out_.key(name).number(value);
    return *this;
  }

  deribit_params& flag(std::string_view name) {
    out_.key(name).boolean(true);
    return *this;
  }

  /// Alone, post_only would change a price that trades at once.
  deribit_params& post_only() {
    return flag("post_only").flag("reject_post_only");
  }

  /// The venue does not begin with the request later than that (private/buy).
  deribit_params& valid_until(const request_time& at) {
    auto end = (at.now + at.lifetime).time_since_epoch();
    return integer("valid_until", end.count());
  }

  result<order_call> call_for(std::string_view method,
                              std::string_view venue_members = {}) {
    static constexpr std::array<std::string_view, 1> defaults{"trigger"};
    auto text = internal::with_venue_members(
      out_.end_object().take(), venue_members, {.defaults = defaults});
    if (!text)
      return text.error();
    return order_call{std::string{method}, std::move(*text)};
  }

private:
  internal::json_writer out_;
};

// -- new orders ---------------------------------------------------------------

/// Checks an order; the venue's rules are those of docs.deribit.com,
/// private/buy.
error check_deribit_order(const trading::order_request& order,
                          const trading::client_order_id& id) {
  if (auto problem = internal::check_order(order, id,
                                           internal::price_range::any))
    return problem;
  // Seen with NautilusTrader (docs/integrations/deribit.md): refused.
  if (!internal::has_limit(order.type)
      && order.validity != trading::time_in_force::good_til_canceled)
    return {ec::not_supported,
            "Deribit takes no time in force for orders without a limit"};
  return {};
}

const char* deribit_name_of(trading::order_type type) noexcept {
  switch (type) {
    case trading::order_type::market:
      return "market";
    case trading::order_type::stop_limit:
      return "stop_limit";
    case trading::order_type::stop_market:
      return "stop_market";
    default:
      return "limit";
  }
}

/// Adds the terms that are not the venue's defaults.
void add_deribit_terms(const trading::order_request& order,
                       deribit_params& to) {
  if (order.validity == trading::time_in_force::immediate_or_cancel)
    to.text("time_in_force", "immediate_or_cancel");
  if (order.validity == trading::time_in_force::fill_or_kill)
    to.text("time_in_force", "fill_or_kill");
  if (order.post_only)
    to.post_only();
  if (order.reduce_only)
    to.flag("reduce_only");
  if (order.trigger)
    to.number("trigger_price", order.trigger).text("trigger", "last_price");
}

} // namespace

// -- properties ---------------------------------------------------------------

order_lookup deribit_orders::lookup() const noexcept {
  return order_lookup::query;
}

departure_rule deribit_orders::departure() const noexcept {
  return departure_rule::cancel_on_disconnect;
}

void deribit_orders::learn(const market::instrument_state& terms) {
  // Not told in the channel of states, nor for spot (public/get_instrument).
  if (!terms.settlement.empty())
    currencies_[terms.instrument] = terms.settlement;
}

market::asset_name
deribit_orders::currency_of(const market::instrument_name& name) const {
  auto i = currencies_.find(name);
  return i != currencies_.end() ? i->second : market::asset_name{};
}

// -- channels -----------------------------------------------------------------

std::vector<channel_spec> deribit_orders::channels(
  const std::vector<market::instrument_name>& instruments) const {
  std::vector<channel_spec> result;
  auto add = [&](std::string name) {
    result.push_back(
      {.name = std::move(name), .access = channel_access::authenticated_only});
  };
  for (auto& x : instruments)
    add("user.changes." + std::string{x.view()} + ".raw");
  add("user.portfolio.any");
  return result;
}

// -- messages -----------------------------------------------------------------

error deribit_orders::decode(const envelope& message,
                             trading::account_updates& out) {
  if (!message.method.is("subscription"))
    return {};
  std::string memory;
  return internal::read_deribit_news(message.channel.resolved(memory),
                                     message.data, out);
}

// -- requests -----------------------------------------------------------------

result<order_call> deribit_orders::place(const trading::order_request& order,
                                         const trading::client_order_id& id,
                                         const request_time& at) const {
  if (auto problem = check_deribit_order(order, id))
    return problem;
  deribit_params params;
  params.text("instrument_name", order.instrument.view())
    .number("amount", order.amount)
    .text("type", deribit_name_of(order.type))
    .text("label", id.view())
    .number("price", order.price);
  add_deribit_terms(order, params);
  auto sells = order.side == trading::order_side::sell;
  return params.valid_until(at).call_for(sells ? "private/sell" : "private/buy",
                                         order.venue_members);
}

result<order_call> deribit_orders::amend(const trading::amend_request& change,
                                         const request_time& at) const {
  auto& order = change.order;
  if (auto problem = internal::check_change(change, internal::price_range::any))
    return problem;
  if (!change.amount)
    return error{ec::invalid_config,
                 "amount: Deribit wants it with each change, as a whole"};
  auto by_label = !order.id.empty() && !order.instrument.empty();
  if (!by_label && order.venue_id.empty())
    return error{ec::not_supported, "the order has no name"};
  deribit_params params;
  if (by_label)
    params.text("label", order.id.view())
      .text("instrument_name", order.instrument.view());
  else
    params.text("order_id", order.venue_id.view());
  params.number("amount", change.amount).number("price", change.price);
  if (change.price && change.post_only)
    params.post_only();
  params.valid_until(at);
  return params.call_for(by_label ? "private/edit_by_label" : "private/edit");
}

result<order_call> deribit_orders::cancel(const trading::order_key& order,
                                          const request_time&) const {
  deribit_params params;
  if (order.id.empty()) {
    if (order.venue_id.empty())
      return error{ec::not_supported, "the order has no name"};
    return params.text("order_id", order.venue_id.view())
      .call_for("private/cancel");
  }
  params.text("label", order.id.view());
  // Without it, the stricter rate limits of cancel_all hold.
  if (auto currency = currency_of(order.instrument); !currency.empty())
    params.text("currency", currency.view());
  return params.flag("detailed").call_for("private/cancel_by_label");
}

result<order_call>
deribit_orders::cancel_all(const market::instrument_name& instrument,
                           const request_time&) const {
  deribit_params params;
  if (instrument.empty())
    return params.flag("detailed").call_for("private/cancel_all");
  return params.text("instrument_name", instrument.view())
    .flag("detailed")
    .call_for("private/cancel_all_by_instrument");
}

result<order_call> deribit_orders::guard(std::chrono::seconds time,
                                         const request_time&) const {
  return deribit_params{}
    .text("scope", "connection")
    .call_for(time == 0s ? "private/disable_cancel_on_disconnect"
                         : "private/enable_cancel_on_disconnect");
}

// -- questions ----------------------------------------------------------------

result<order_call> deribit_orders::ask_order(const trading::order_key& order,
                                             const request_time&) const {
  // A wrong currency would be answered as if there were no such order.
  auto currency = currency_of(order.instrument);
  if (!order.id.empty() && !currency.empty())
    return deribit_params{}
      .text("currency", currency.view())
      .text("label", order.id.view())
      .call_for("private/get_order_state_by_label");
  if (!order.venue_id.empty())
    return deribit_params{}
      .text("order_id", order.venue_id.view())
      .call_for("private/get_order_state");
  return error{ec::not_supported,
               order.id.empty()
                 ? "the order has no name"
                 : "the settlement currency of the instrument is unknown"};
}

result<order_call>
deribit_orders::ask_open_orders(const market::instrument_name& instrument,
                                const request_time&) const {
  return deribit_params{}
    .text("instrument_name", instrument.view())
    .call_for("private/get_open_orders_by_instrument");
}

result<order_call>
deribit_orders::ask_fills(const market::instrument_name& instrument,
                          market::venue_time since,
                          const request_time& at) const {
  using std::chrono::milliseconds;
  // docs.deribit.com/articles/accessing-historical-trades-orders; older ones
  // are asked for apart from these.
  if (since < at.now - 24h)
    return error{ec::not_supported, "Deribit tells the fills of 24 hours"};
  auto first = std::chrono::floor<milliseconds>(since).time_since_epoch();
  return deribit_params{}
    .text("instrument_name", instrument.view())
    .integer("start_timestamp", first.count())
    .integer("count", 1000)
    .text("sorting", "asc")
    .call_for("private/get_user_trades_by_instrument");
}

result<order_call>
deribit_orders::ask_position(const market::instrument_name& instrument,
                             const request_time&) const {
  return deribit_params{}
    .text("instrument_name", instrument.view())
    .call_for("private/get_position");
}

error deribit_orders::read_answer(const order_call& request,
                                  std::string_view result,
                                  trading::account_updates& out) const {
  return internal::read_deribit_answer(request.method, result, out);
}

bool deribit_orders::is_absence(const rpc_error& refusal) const noexcept {
  // docs.deribit.com, "RPC Error Codes": order_not_found, already_closed and
  // not_open_order. already_filled (11008) may be about an amount.
  return refusal.code == 10004 || refusal.code == 10010
         || refusal.code == 11044;
}

} // namespace zenws
