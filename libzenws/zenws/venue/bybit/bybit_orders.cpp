// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/venue/bybit/bybit_orders.hpp"

#include "zenws/venue/bybit/internal/bybit_account.hpp"
#include "zenws/venue/bybit/internal/bybit_order_entry.hpp"

#include <string>
#include <utility>

namespace zenws {

namespace {

using namespace market;
using namespace trading;

// docs/v5/error.
constexpr int64_t no_such_order = 110001;
constexpr int64_t no_such_spot_order = 170213;

error invalid(std::string problem) {
  return {ec::invalid_config, std::move(problem)};
}

/// Returns whether a topic is a channel, or the part of it that is about one
/// product, such as "order.linear".
bool is_of(std::string_view channel, std::string_view topic) noexcept {
  if (!topic.starts_with(channel))
    return false;
  topic.remove_prefix(channel.size());
  return topic.empty()
         || (topic.starts_with('.')
             && internal::bybit_category_named(topic.substr(1)));
}

} // namespace

// -- properties ---------------------------------------------------------------

order_lookup bybit_orders::lookup() const noexcept {
  return order_lookup::cancel;
}

// docs/v5/order/dcp: "DCP feature is only available for Ins clients".
departure_rule bybit_orders::departure() const noexcept {
  return departure_rule::none;
}

void bybit_orders::learn(const instrument_state& terms) {
  auto product = internal::bybit_category_of(terms);
  if (!product)
    return;
  auto [i, is_new] = known_.try_emplace(
    terms.instrument, known_terms{*product, terms.settlement});
  auto& known = i->second;
  known.is_ambiguous = known.is_ambiguous || known.product != *product;
  known.settlement = terms.settlement;
}

const bybit_orders::known_terms*
bybit_orders::find(const instrument_name& instrument) const {
  auto i = known_.find(instrument);
  return i != known_.end() ? &i->second : nullptr;
}

bool bybit_orders::is_about(const instrument_name& instrument,
                            std::optional<category> told) const {
  auto* known = find(instrument);
  return told
         && (known == nullptr || known->is_ambiguous
             || known->product == *told);
}

result<bybit_orders::category>
bybit_orders::product_of(const instrument_name& instrument) const {
  auto name = std::string{instrument.view()};
  auto* known = find(instrument);
  if (known == nullptr)
    return invalid("the terms of " + name + " are not known");
  if (known->is_ambiguous)
    return invalid(name + " is the name of several products");
  return known->product;
}

// -- channels -----------------------------------------------------------------

// docs/v5/websocket/private/order: "All-In-One topic and Categorised topic
// cannot be in the same subscription request".
std::vector<channel_spec>
bybit_orders::channels(const std::vector<instrument_name>&) const {
  std::vector<channel_spec> result;
  for (auto name : {"order", "execution", "position", "wallet"})
    result.push_back(
      {.name = name, .access = channel_access::authenticated_only});
  return result;
}

// -- messages -----------------------------------------------------------------

error bybit_orders::decode(const envelope& message, account_updates& out) {
  std::string memory;
  auto topic = message.channel.resolved(memory);
  if (is_of("order", topic))
    return decode_orders(message, out);
  if (is_of("execution", topic))
    return decode_fills(message, out);
  if (is_of("position", topic))
    return decode_positions(message, out);
  if (topic == "wallet")
    return internal::read_bybit_balances(message.root, out);
  return {};
}

error bybit_orders::decode_orders(const envelope& message,
                                  account_updates& out) const {
  std::vector<internal::bybit_news<order_report>> news;
  auto problem = internal::read_bybit_orders(message.root, news);
  for (auto& x : news)
    if (is_about(x.content.order.instrument, x.product))
      out.emplace_back(std::move(x.content));
  return problem;
}

// Fees of futures and options are in the currency of settlement, which not all
// messages tell.
error bybit_orders::decode_fills(const envelope& message,
                                 account_updates& out) const {
  std::vector<internal::bybit_news<fill>> news;
  auto problem = internal::read_bybit_fills(message.root, news);
  for (auto& [x, product] : news) {
    if (!is_about(x.order.instrument, product))
      continue;
    auto* known = find(x.order.instrument);
    if (x.fee && x.fee_currency.empty() && known != nullptr
        && product != category::spot)
      x.fee_currency = known->settlement;
    out.emplace_back(x);
  }
  return problem;
}

error bybit_orders::decode_positions(const envelope& message,
                                     account_updates& out) const {
  std::vector<internal::bybit_position> news;
  auto problem = internal::read_bybit_positions(message.root, news);
  for (auto& x : news) {
    auto& instrument = x.content.instrument;
    if (!is_about(instrument, x.product))
      continue;
    if (!x.is_hedged)
      out.emplace_back(x.content);
    else if (!problem && find(instrument) != nullptr)
      problem = {ec::invalid_data, R"("positionIdx" is that of hedge mode)"};
  }
  return problem;
}

// -- requests -----------------------------------------------------------------

result<order_call> bybit_orders::place(const order_request& order,
                                       const client_order_id& id,
                                       const request_time& at) const {
  auto product = product_of(order.instrument);
  if (!product)
    return product.error();
  return internal::bybit_create(order, id, *product, at);
}

result<order_call> bybit_orders::amend(const amend_request& change,
                                       const request_time& at) const {
  auto product = product_of(change.order.instrument);
  if (!product)
    return product.error();
  return internal::bybit_amend(change, *product, at);
}

result<order_call> bybit_orders::cancel(const order_key& order,
                                        const request_time& at) const {
  auto product = product_of(order.instrument);
  if (!product)
    return product.error();
  return internal::bybit_cancel(order, *product, at);
}

// docs/v5/websocket/trade/guideline, "op", has no such request.
result<order_call> bybit_orders::cancel_all(const instrument_name&,
                                            const request_time&) const {
  return error{ec::not_supported, "Bybit cancels all orders over REST only"};
}

// -- questions ----------------------------------------------------------------

error bybit_orders::read_answer(const order_call& request,
                                std::string_view result,
                                account_updates& out) const {
  auto report = internal::read_bybit_answer(request, result);
  if (!report)
    return report.error();
  if (*report)
    out.emplace_back(std::move(**report));
  return {};
}

// docs/v5/error has codes of their own for orders that are over (110008,
// 110010, 170139, 170142), yet the text of 110001 is "order not exists or too
// late to cancel", or "to replace" (github.com/sieblyio/bybit-api/issues/289).
// It was seen for an order that was filled
// (github.com/hirokisan/bybit/issues/129).
bool bybit_orders::is_absence(const rpc_error&) const noexcept {
  return false;
}

// Each order that arrives is told: "Please use websocket order stream to
// confirm the order status" (docs/v5/order/create-order).
bool bybit_orders::is_over(const rpc_error& refusal) const noexcept {
  return refusal.code == no_such_order || refusal.code == no_such_spot_order;
}

} // namespace zenws
