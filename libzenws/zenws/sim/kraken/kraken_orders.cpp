// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/kraken/kraken_orders.hpp"

#include "zenws/sim/kraken/kraken_order_terms.hpp"
#include "zenws/sim/kraken/kraken_order_text.hpp"

#include <utility>

namespace zenws::sim {

namespace {

// docs.kraken.com, "Executions", member `reason`.
constexpr const char* by_user = "User requested";

// Not documented.
constexpr const char* by_post_only = "Post only order";
constexpr const char* unknown_order = "EOrder:Unknown order";

// docs.kraken.com, "Cancel on Disconnect": less than a day.
constexpr double longest_guard = 86'400;

void write_ids(json_writer& out, const order& x) {
  out.member("order_id", kraken_order_id(x));
  if (!x.label.empty())
    out.member("cl_ord_id", x.label);
}

} // namespace

kraken_orders::kraken_orders(order_store& store, uint64_t connection,
                             kraken_market_view around)
  : store_(&store), connection_(connection), around_(std::move(around)) {
  // nop
}

// -- placing ------------------------------------------------------------------

// docs.kraken.com, "Add Order": an id is unique among open orders. The words
// for one that is not are not documented.
void kraken_orders::add(kraken_call& call, const std::string& account) {
  order draft;
  draft.account = account;
  draft.connection = connection_;
  draft.created = draft.updated = call.now.wall;
  auto instrument
    = around_.instrument(std::string{text_member(call.params(), "symbol")});
  if (!instrument)
    return call.refuse("EQuery:Unknown asset pair");
  draft.instrument = *instrument;
  auto market = around_.quote(*instrument).value_or(market_quote{});
  if (!read_kraken_order(call, market, draft))
    return;
  if (!draft.label.empty() && find_alive(account, {}, draft.label))
    return call.refuse("EOrder:Client order ID is in use");
  if (call.flag("validate", false))
    return call.succeed([](json_writer&) {});
  auto* placed = store_->add(std::move(draft));
  if (!placed)
    return call.refuse("EOrder:Orders limit exceeded");
  call.succeed([&](json_writer& out) {
    write_ids(out, *placed);
    out.member("order_userref", int64_t{0});
  });
  arrive(call, *placed, client_step::placed);
}

// docs.kraken.com, "Add Order", member `post_only`: such an order is canceled
// if it would take.
void kraken_orders::arrive(kraken_call& call, order& entry, client_step step) {
  auto& changes = call.outcome.changes;
  if (entry.post_only && step == client_step::placed && takes(entry)) {
    changes.push_back(store_->cancel(entry, call.now.wall, by_post_only));
  } else {
    auto market = around_.quote(entry.instrument).value_or(market_quote{});
    order_matcher matcher{*store_};
    changes.push_back(matcher.arrive(entry, market, call.now.wall));
  }
  changes.back().step = step;
}

bool kraken_orders::takes(const order& entry) const {
  auto market = around_.quote(entry.instrument).value_or(market_quote{});
  return entry.state == order_state::open
         && order_matcher::takes(entry, market);
}

// -- changing -----------------------------------------------------------------

// docs.kraken.com, "Amend Order": if the quantity is less than what is filled,
// the rest is canceled; a price that is to be post-only is refused if it would
// take, and the order stays as it is.
void kraken_orders::amend(kraken_call& call, const std::string& account) {
  auto* entry = find_named(call, account);
  if (!entry)
    return;
  auto draft = *entry;
  auto market = around_.quote(entry->instrument).value_or(market_quote{});
  if (!read_kraken_amendment(call, market, draft))
    return;
  if (call.flag("post_only", false) && takes(draft))
    return call.refuse("EOrder:Post only order");
  call.succeed([&](json_writer& out) {
    out.member("amend_id", kraken_amend_id(*entry, call.now.wall));
    write_ids(out, *entry);
  });
  if (remaining(draft) <= 0) {
    call.outcome.changes.push_back(
      store_->cancel(*entry, call.now.wall, by_user));
    return;
  }
  draft.replaced = true;
  draft.updated = call.now.wall;
  *entry = std::move(draft);
  arrive(call, *entry, client_step::amended);
}

// Returns the open order that a request names, or refuses it.
order* kraken_orders::find_named(kraken_call& call,
                                 const std::string& account) {
  auto id = text_member(call.params(), "order_id");
  auto label = text_member(call.params(), "cl_ord_id");
  if (id.empty() == label.empty()) {
    call.refuse("EGeneral:Invalid arguments");
    return nullptr;
  }
  auto* result = find_alive(account, id, label);
  if (!result)
    call.refuse(unknown_order);
  return result;
}

order* kraken_orders::find_alive(const std::string& account,
                                 std::string_view id, std::string_view label) {
  return store_->find_latest([&](const order& x) {
    return is_alive(x) && x.account == account
           && (id.empty() ? x.label == label : kraken_order_id(x) == id);
  });
}

// -- canceling ----------------------------------------------------------------

// docs.kraken.com, "Cancel Order": ids of one kind, each of which is answered
// by itself.
void kraken_orders::cancel(kraken_call& call, const std::string& account) {
  auto* ids = find(call.params(), "order_id");
  auto* labels = find(call.params(), "cl_ord_id");
  auto* list = ids ? ids : labels;
  if ((ids && labels) || !list || !list->IsArray() || list->Empty()
      || !all_strings(*list))
    return call.refuse("EGeneral:Invalid arguments");
  for (auto& x : list->GetArray())
    cancel_one(call, account, ids ? text_of(x) : "", ids ? "" : text_of(x));
}

void kraken_orders::cancel_one(kraken_call& call, const std::string& account,
                               std::string_view id, std::string_view label) {
  auto* entry = find_alive(account, id, label);
  if (!entry)
    return call.refuse(unknown_order);
  call.outcome.changes.push_back(
    store_->cancel(*entry, call.now.wall, by_user));
  call.succeed([&](json_writer& out) { write_ids(out, *entry); });
}

// docs.kraken.com, "Cancel All".
void kraken_orders::cancel_all(kraken_call& call, const std::string& account) {
  call.outcome.changes
    = store_->cancel_if(call.now.wall, by_user,
                        [&](const order& x) { return x.account == account; });
  call.succeed([&](json_writer& out) {
    out.member("count", uint64_t{call.outcome.changes.size()});
  });
}

// docs.kraken.com, "Cancel on Disconnect".
void kraken_orders::cancel_all_after(kraken_call& call,
                                     const std::string& account) {
  auto timeout = number_member(call.params(), "timeout");
  if (!timeout || *timeout < 0 || *timeout >= longest_guard)
    return call.refuse("EGeneral:Invalid arguments:timeout");
  std::chrono::seconds time{static_cast<int64_t>(*timeout)};
  call.outcome.guard = kraken_guard{account, time};
  call.succeed([&](json_writer& out) {
    out.member("currentTime", kraken_time(call.now.wall));
    out.member("triggerTime", time.count() == 0
                                ? std::string{"0"}
                                : kraken_time(call.now.wall + time));
  });
}

} // namespace zenws::sim
