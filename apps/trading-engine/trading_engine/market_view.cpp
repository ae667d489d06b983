// SPDX-License-Identifier: BSD-3-Clause

#include "market_view.hpp"

namespace zenws::engine {

using market::book_outcome;
using market::data_kind;
using market::loss_cause;

market_view::market_view(market_options options)
  : options_(std::move(options)) {
  for (auto& name : options_.instruments) {
    auto [i, is_new] = instruments_.emplace(name, options_.tickers);
    for (auto kind : market::data_kinds::all)
      if (options_.kinds.contains(kind))
        i->second.subscriptions.emplace(
          kind, subscription_activity{subscription_name(kind, name)});
  }
}

// -- properties ---------------------------------------------------------------

void market_view::report(engine_report& out) const {
  out.epoch = epoch_;
  out.connected = connected_;
  out.ever_granted = ever_granted_;
  out.market = counters_;
  out.last_problem = last_problem_;
  for (auto& [name, item] : instruments_) {
    out.market.gaps_undetected += item.audit.undetected();
    out.instruments.push_back({.name = name,
                               .bid = item.book.best_bid(),
                               .ask = item.book.best_ask(),
                               .stale = !item.book.is_valid(),
                               .lost = item.lost,
                               .position = item.account.position(),
                               .pnl = item.account.pnl()});
    for (auto& [kind, activity] : item.subscriptions)
      out.subscriptions.push_back(activity);
  }
}

std::vector<std::string> market_view::instruments() const {
  std::vector<std::string> result;
  for (auto& [name, item] : instruments_)
    result.push_back(name);
  return result;
}

// -- the connection -----------------------------------------------------------

void market_view::connected(uint64_t epoch) {
  if (connected_ && epoch == epoch_)
    return;
  connected_ = true;
  epoch_ = epoch;
  data_in_epoch_ = 0;
  for (auto& [name, item] : instruments_)
    for (auto& [kind, activity] : item.subscriptions)
      activity.updates = 0;
}

void market_view::disconnected() {
  connected_ = false;
  for (auto& [name, item] : instruments_)
    lose_book(item, loss_cause::disconnected);
}

void market_view::granted(data_kind kind, std::string_view name) {
  auto* to = find(name);
  auto* activity = to ? to->second.find(kind) : nullptr;
  if (!activity)
    return;
  activity->granted = true;
  activity->refusal.clear();
  ever_granted_ = true;
}

void market_view::refused(data_kind kind, std::string_view name,
                          std::string reason) {
  auto* to = find(name);
  auto* activity = to ? to->second.find(kind) : nullptr;
  if (!activity)
    return;
  complain(activity->name + ": " + reason);
  activity->granted = false;
  activity->refusal = std::move(reason);
  if (kind == data_kind::book)
    lose_book(to->second, loss_cause::ended);
}

// -- market data --------------------------------------------------------------

void market_view::received(const market::update& x) {
  auto* to = find(instrument_of(x).view());
  auto* activity = to ? to->second.find(kind_of(x)) : nullptr;
  if (!activity)
    return;
  if (auto* loss = std::get_if<market::book_lost>(&x))
    return handle(*to, *loss);
  if (std::holds_alternative<market::trade_gap>(x)) {
    ++counters_.trade_gaps;
    return;
  }
  ++counters_.updates;
  ++activity->updates;
  ++data_in_epoch_;
  if (auto* figures = std::get_if<market::ticker>(&x))
    to->second.audit.compare(*figures, to->second.book);
  else if (market::book_update_of(x))
    update_book(*to, x);
}

void market_view::update_book(entry& to, const market::update& x) {
  auto& item = to.second;
  auto outcome = item.book.apply(x);
  item.audit.applied(x, item.book, outcome, epoch_);
  switch (outcome) {
    case book_outcome::applied:
      item.lost = std::nullopt;
      return observe(to);
    case book_outcome::gap:
    case book_outcome::inconsistent: {
      auto cause = outcome == book_outcome::gap ? loss_cause::gap
                                                : loss_cause::inconsistent;
      count(cause);
      complain("the book of " + to.first + " does not fit together");
      lose_book(item, cause);
      renewals_.push_back(to.first);
      return;
    }
    default:
      return;
  }
}

// Confirms a loss that we have found, which counts once.
void market_view::handle(entry& to, const market::book_lost& loss) {
  auto& item = to.second;
  if (item.book.is_valid())
    count(loss.cause);
  if (loss.cause != loss_cause::disconnected)
    complain("the book of " + to.first
             + " is lost: " + std::string{to_string(loss.cause)});
  lose_book(item, loss.cause);
}

void market_view::lose_book(instrument& item, loss_cause cause) {
  item.book.invalidate();
  item.strategy.reset();
  item.lost = cause;
}

void market_view::count(loss_cause cause) {
  switch (cause) {
    case loss_cause::gap:
    case loss_cause::inconsistent:
      ++counters_.gaps_detected;
      break;
    case loss_cause::silent:
      ++counters_.silences;
      break;
    case loss_cause::unreadable:
      ++counters_.unreadable;
      break;
    default:
      break;
  }
}

market_view::entry* market_view::find(std::string_view name) {
  auto i = instruments_.find(name);
  return i != instruments_.end() ? &*i : nullptr;
}

// -- decisions ----------------------------------------------------------------

void market_view::observe(entry& to) {
  auto& [name, item] = to;
  auto bid = item.book.best_bid();
  auto ask = item.book.best_ask();
  if (!bid || !ask)
    return;
  auto target = item.strategy.observe(bid->price, ask->price);
  if (!item.undecided)
    return;
  auto contracts = item.account.trade(target, bid->price, ask->price);
  if (contracts == 0)
    return;
  item.undecided = false;
  decisions_.push_back({name, contracts});
}

void market_view::decide(const decision& choice) {
  auto i = instruments_.find(choice.instrument);
  if (i == instruments_.end() || !i->second.undecided)
    return;
  auto& to = i->second;
  auto bid = to.book.best_bid();
  auto ask = to.book.best_ask();
  if (!bid || !ask)
    return;
  to.account.trade(choice.contracts, bid->price, ask->price);
  to.undecided = false;
  decisions_.push_back(choice);
}

void market_view::suspend(const std::string& name) {
  auto i = instruments_.find(name);
  if (i != instruments_.end())
    i->second.undecided = false;
}

void market_view::settled(const std::string& name) {
  auto i = instruments_.find(name);
  if (i != instruments_.end())
    i->second.undecided = true;
}

void market_view::dropped(const decision& choice) {
  auto i = instruments_.find(choice.instrument);
  if (i == instruments_.end())
    return;
  i->second.account.take_back(choice.contracts);
}

void market_view::held(const std::string& name, int contracts) {
  auto i = instruments_.find(name);
  if (i != instruments_.end())
    i->second.account.hold(contracts);
}

} // namespace zenws::engine
