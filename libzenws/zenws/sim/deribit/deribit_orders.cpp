// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/deribit/deribit_orders.hpp"

#include "zenws/sim/deribit/deribit_order_terms.hpp"
#include "zenws/sim/deribit/deribit_order_text.hpp"
#include "zenws/sim/orders/symbol.hpp"

#include <algorithm>
#include <utility>

namespace zenws::sim {

namespace {

// Reasons of docs.deribit.com, private/get_order_state.
constexpr const char* by_request = "user_request";
constexpr const char* by_disconnect = "cancel_on_disconnect";
constexpr const char* by_edit = "edit_post_only_reject";

} // namespace

deribit_orders::deribit_orders(order_store& store, uint64_t connection,
                               quote_fun quote)
  : store_(store),
    matcher_(store),
    connection_(connection),
    quote_(std::move(quote)) {
  // nop
}

// -- placing ------------------------------------------------------------------

void deribit_orders::buy(deribit_call& call, const std::string& account) {
  place(call, account, order_direction::buy);
}

void deribit_orders::sell(deribit_call& call, const std::string& account) {
  place(call, account, order_direction::sell);
}

void deribit_orders::place(deribit_call& call, const std::string& account,
                           order_direction direction) {
  order draft;
  draft.account = account;
  draft.connection = connection_;
  draft.direction = direction;
  draft.created = draft.updated = call.received_ms();
  if (!read_new_order(call, quote_, draft) || !admit(call, draft))
    return;
  auto* placed = store_.add(std::move(draft));
  if (!placed)
    return call.error(10013, "pme_max_total_open_orders");
  arrive(call, *placed);
}

// Stops are judged when they are triggered.
bool deribit_orders::admit(deribit_call& call, order& draft) {
  return draft.state == order_state::untriggered
         || (reduce(call, draft) && keep_passive(call, draft));
}

// "Reduce-only" never enlarges a position: a larger amount is made to fit it.
bool deribit_orders::reduce(deribit_call& call, order& draft) {
  if (!draft.reduce_only)
    return true;
  draft.amount = std::min(draft.amount,
                          draft.filled + matcher_.reducible(draft));
  if (draft.amount > draft.filled)
    return true;
  call.error(11030, "other_reject [reduce_only]");
  return false;
}

// An order that is post-only is refused, or else put just behind the touch, if
// it would trade at once.
bool deribit_orders::keep_passive(deribit_call& call, order& draft) {
  auto market = quote_(draft.instrument).value_or(market_quote{});
  if (!draft.post_only || !order_matcher::takes(draft, market))
    return true;
  if (draft.reject_post_only) {
    call.error(11054, "post_only_reject");
    return false;
  }
  auto touch = touch_of(market, draft.direction);
  draft.price = draft.direction == order_direction::buy ? touch - market.tick
                                                        : touch + market.tick;
  return true;
}

// Lets an order that is new or changed meet the market, and answers.
void deribit_orders::arrive(deribit_call& call, order& entry) {
  auto market = quote_(entry.instrument).value_or(market_quote{});
  auto change = matcher_.arrive(entry, market, call.received_ms());
  call.result([&](json_writer& out) {
    out.begin_object();
    out.key("order");
    write_order(out, change.entry);
    out.key("trades");
    write_fills(out, change.fills);
    out.end_object();
  });
  call.outcome.changes.push_back(std::move(change));
}

// -- changing -----------------------------------------------------------------

void deribit_orders::edit(deribit_call& call, const std::string& account) {
  if (auto* x = find_alive(call, account, 10010, "already_closed"))
    amend(call, *x);
}

void deribit_orders::edit_by_label(deribit_call& call,
                                   const std::string& account) {
  if (auto* x = find_labeled(call, account))
    amend(call, *x);
}

// The venue's reasons name orders that are "canceled on editing because of
// reject_post_only".
void deribit_orders::amend(deribit_call& call, order& entry) {
  auto market = quote_(entry.instrument).value_or(market_quote{});
  auto draft = entry;
  if (!read_amendment(call, market, draft))
    return;
  if (draft.state == order_state::open && !reduce(call, draft))
    return;
  if (draft.state == order_state::open && !keep_passive(call, draft)) {
    call.outcome.changes.push_back(
      store_.cancel(entry, call.received_ms(), by_edit));
    return;
  }
  draft.replaced = true;
  draft.updated = call.received_ms();
  entry = std::move(draft);
  arrive(call, entry);
}

// Returns the order that the call names and that is not over, or answers with
// an error.
order*
deribit_orders::find_alive(deribit_call& call, const std::string& account,
                           int64_t closed_code, const char* closed_message) {
  auto id = call.required_text("order_id");
  if (!id)
    return nullptr;
  auto* result = store_.find(account, *id);
  if (!result)
    call.error(10004, "order_not_found");
  else if (!is_alive(*result))
    call.error(closed_code, closed_message);
  else
    return result;
  return nullptr;
}

// docs.deribit.com, private/edit_by_label: "only when there is exactly one open
// order with the specified label".
order* deribit_orders::find_labeled(deribit_call& call,
                                    const std::string& account) {
  auto label = call.required_text("label");
  auto instrument = label ? call.required_text("instrument_name")
                          : std::nullopt;
  if (!instrument)
    return nullptr;
  auto is_meant = [&](const order& x) {
    return is_alive(x) && x.account == account && x.label == *label
           && x.instrument == *instrument;
  };
  auto found = store_.select(is_meant);
  if (found.size() == 1)
    return store_.find(account, found[0].id);
  call.error(10004, "order_not_found");
  return nullptr;
}

// -- canceling ----------------------------------------------------------------

void deribit_orders::cancel(deribit_call& call, const std::string& account) {
  auto* x = find_alive(call, account, 11044, "not_open_order");
  if (!x)
    return;
  call.outcome.changes.push_back(
    store_.cancel(*x, call.received_ms(), by_request));
  call.result([x](json_writer& out) { write_order(out, *x); });
}

template <class Predicate>
void deribit_orders::cancel_many(deribit_call& call, Predicate pred) {
  auto& changes = call.outcome.changes;
  changes = store_.cancel_if(call.received_ms(), by_request, pred);
  auto* detailed = find(call.params, "detailed");
  call.result([&](json_writer& out) {
    if (detailed && detailed->IsBool() && detailed->GetBool())
      write_cancellations(out, changes);
    else
      out.value(uint64_t{changes.size()});
  });
}

void deribit_orders::cancel_all(deribit_call& call,
                                const std::string& account) {
  cancel_many(call, [&](const order& x) { return x.account == account; });
}

void deribit_orders::cancel_all_by_instrument(deribit_call& call,
                                              const std::string& account) {
  auto instrument = call.required_text("instrument_name");
  if (!instrument)
    return;
  if (!quote_(*instrument))
    return call.bad_param("instrument_name", "unknown instrument");
  cancel_many(call, [&](const order& x) {
    return x.account == account && x.instrument == *instrument;
  });
}

// A currency narrows the orders.
void deribit_orders::cancel_by_label(deribit_call& call,
                                     const std::string& account) {
  auto label = call.required_text("label");
  if (!label)
    return;
  auto currency = text_member(call.params, "currency");
  cancel_many(call, [&](const order& x) {
    return x.account == account && x.label == *label
           && (currency.empty()
               || settlement_currency(x.instrument) == currency);
  });
}

// -- cancel on disconnect -----------------------------------------------------

void deribit_orders::enable_cancel_on_disconnect(deribit_call& call,
                                                 const std::string& account) {
  switch_cancelling(call, account, true);
}

void deribit_orders::disable_cancel_on_disconnect(deribit_call& call,
                                                  const std::string& account) {
  switch_cancelling(call, account, false);
}

void deribit_orders::switch_cancelling(deribit_call& call,
                                       const std::string& account,
                                       bool enabled) {
  auto scope = text_member(call.params, "scope");
  if (scope.empty() || scope == "connection")
    cancels_own_ = enabled;
  else if (scope == "account")
    store_.cancel_on_disconnect(account, enabled);
  else
    return call.bad_param("scope", "must be connection or account");
  call.ok();
}

std::vector<order_change>
deribit_orders::disconnected(std::string_view account,
                             std::chrono::milliseconds now) {
  if (keeps_)
    return {};
  auto whole = !account.empty()
               && store_.cancels_on_disconnect(std::string{account});
  return store_.cancel_if(now, by_disconnect, [&](const order& x) {
    return (cancels_own_ && x.connection == connection_)
           || (whole && x.account == account);
  });
}

} // namespace zenws::sim
