// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/nodes/internal/remote_market.hpp"

#include "zenws/actors/market/internal/market_delivery.hpp"
#include "zenws/market/update.hpp"

#include <algorithm>
#include <utility>

namespace zenws {

namespace {

using internal::followed_trades;
using market::data_kind;

// Instruments of wishes that name none.
constexpr size_t max_instruments = 10'000;

} // namespace

// -- wishes -------------------------------------------------------------------

bool remote_market::add(uint64_t subscriber, const market_wish& wish) {
  interest key{wish.kind, wish.instrument};
  auto [entry, is_first] = wanted_.try_emplace(key, wanted{wish});
  if (!entry->second.subscribers.insert(subscriber).second)
    return false;
  if (wish.kind == data_kind::book) {
    auto& about = books_[wish.instrument];
    if (is_first)
      ++unknown_books_;
    if (about.is_known) {
      about.waiting.push_back(subscriber);
      return true;
    }
  }
  audiences_.add(subscriber, key);
  return true;
}

void remote_market::granted(const market_wish& wish) {
  auto i = wanted_.find({wish.kind, wish.instrument});
  if (i != wanted_.end())
    i->second.wish = wish;
}

std::vector<remote_market::interest>
remote_market::remove(uint64_t subscriber,
                      const std::vector<interest>& given_up) {
  std::vector<interest> result;
  for (auto& x : given_up)
    if (remove(subscriber, x))
      result.push_back(x);
  return result;
}

bool remote_market::remove(uint64_t subscriber, const interest& given_up) {
  auto i = wanted_.find(given_up);
  if (i == wanted_.end() || i->second.subscribers.erase(subscriber) == 0)
    return false;
  audiences_.remove(subscriber, given_up);
  if (i->second.subscribers.empty()) {
    wanted_.erase(i);
    forget(given_up);
    return true;
  }
  if (given_up.first == data_kind::book)
    std::erase(books_.at(given_up.second).waiting, subscriber);
  return false;
}

std::vector<remote_market::interest>
remote_market::remove_all(uint64_t subscriber) {
  std::vector<interest> result;
  for (auto i = wanted_.begin(); i != wanted_.end();) {
    auto about = i++->first;
    if (remove(subscriber, about))
      result.push_back(std::move(about));
  }
  return result;
}

void remote_market::revoke(const interest& lost, const error& reason) {
  auto i = wanted_.find(lost);
  if (i == wanted_.end())
    return;
  if (lost.first == data_kind::book)
    lose(lost.second, books_.at(lost.second), market::loss_cause::ended);
  deliver_pending();
  auto event = front_.position.event(event_kind::channel_revoked);
  event.detail = std::string{to_string(lost.first)} + ' ' + lost.second;
  event.reason = reason;
  for (auto number : std::set{i->second.subscribers}) {
    if (auto subscriber = front_.subscribers.find(number))
      front_.deliver(subscriber, event);
    remove(number, lost);
  }
}

std::vector<market_wish> remote_market::wishes() const {
  std::vector<market_wish> result;
  for (auto& [key, entry] : wanted_)
    result.push_back(entry.wish);
  return result;
}

void remote_market::forget(const interest& given_up) {
  auto& [kind, name] = given_up;
  if (kind == data_kind::book) {
    auto i = books_.find(name);
    if (!i->second.is_known)
      --unknown_books_;
    books_.erase(i);
    asked_.erase(name);
  } else if (kind == data_kind::trades) {
    auto is_wanted = [this](const std::string& x) {
      return wanted_.contains({data_kind::trades, x});
    };
    if (!is_wanted({}))
      std::erase_if(trades_, [&](auto& x) { return !is_wanted(x.first); });
  }
}

// -- data ---------------------------------------------------------------------

subscriber_set::verdict
remote_market::received(const market_block_ptr& updates) {
  verdict_ = subscriber_set::verdict::keep_reading;
  received_at_ = updates->received_at;
  auto* all = updates->begin();
  auto is_changed = false;
  size_t done = 0; // of what has to be passed on as it is
  auto copy_until = [&](size_t end) {
    for (; done < end; ++done)
      pending_.add_copy(all[done]);
  };
  for (size_t i = 0; i < updates->size(); ++i) {
    switch (judge(all[i])) {
      case fate::pass_on:
        break;
      case fate::leave_out:
        copy_until(i);
        done = i + 1;
        is_changed = true;
        break;
      case fate::tell_gap:
        copy_until(i);
        pending_.add(*gap_);
        is_changed = true;
        break;
      case fate::admit_waiting:
        // For them, it begins here.
        if (i > 0) {
          copy_until(i);
          flush(*updates);
          is_changed = true;
        }
        admit_waiting(instrument_of(all[i]));
    }
  }
  if (is_changed) {
    copy_until(updates->size());
    flush(*updates);
  } else {
    deliver(updates);
  }
  return verdict_;
}

void remote_market::disconnected() {
  repeats_.clear();
  asked_.clear();
  portion_ = max_portion;
  lose(market::loss_cause::disconnected);
}

void remote_market::dropped(uint64_t updates) {
  auto event = front_.position.event(event_kind::messages_dropped);
  event.dropped_messages = updates;
  std::set<uint64_t> concerned;
  for (auto& [about, entry] : wanted_)
    concerned.insert(entry.subscribers.begin(), entry.subscribers.end());
  for (auto number : concerned)
    if (auto subscriber = front_.subscribers.find(number))
      front_.deliver(subscriber, event);
  lose(market::loss_cause::gap);
  // Less at once, or the same would happen again.
  portion_ = std::max<size_t>(portion_ / 2, 1);
  repeats_.clear();
  for (auto& [about, entry] : wanted_)
    if (about.first == data_kind::book || about.first == data_kind::instruments)
      repeats_.push_back(about);
}

std::vector<market_wish> remote_market::take_repeats(time_point now) {
  std::vector<market_wish> result;
  if (!asked_.empty() && now < asked_until_)
    return result;
  asked_.clear();
  while (!repeats_.empty() && result.size() < portion_) {
    auto next = std::move(repeats_.front());
    repeats_.pop_front();
    auto i = wanted_.find(next);
    if (i == wanted_.end())
      continue;
    if (next.first == data_kind::book) {
      if (books_.at(next.second).is_known)
        continue;
      asked_.insert(next.second);
    }
    result.push_back(i->second.wish);
  }
  asked_until_ = now + portion_patience;
  return result;
}

// -- judging ------------------------------------------------------------------

remote_market::fate remote_market::judge(const market::update& x) {
  if (auto* trade = std::get_if<market::trade>(&x))
    return judge(*trade);
  if (auto* change = std::get_if<market::book_change>(&x)) {
    if (unknown_books_ == 0)
      return fate::pass_on;
    auto* about = find_book(change->instrument);
    return about != nullptr && about->is_known ? fate::pass_on
                                               : fate::leave_out;
  }
  if (auto* snapshot = std::get_if<market::book_snapshot>(&x))
    return judge(*snapshot);
  if (auto* loss = std::get_if<market::book_lost>(&x))
    return judge(*loss);
  if (auto* gap = std::get_if<market::trade_gap>(&x)) {
    // The gap that we tell, if any, is the larger one.
    auto* about = find_trades(gap->instrument);
    return about != nullptr && about->is_doubtful ? fate::leave_out
                                                  : fate::pass_on;
  }
  return fate::pass_on;
}

remote_market::fate remote_market::judge(const market::trade& x) {
  auto* about = find_trades(x.instrument);
  if (about == nullptr)
    return fate::pass_on;
  auto result = fate::pass_on;
  if (about->is_doubtful) {
    switch (about->trades.judge(x)) {
      case followed_trades::verdict::drop:
        return fate::leave_out;
      case followed_trades::verdict::gap_before:
        gap_ = about->trades.gap_before(x);
        result = fate::tell_gap;
        break;
      default:
        break;
    }
    about->is_doubtful = false;
  }
  about->trades.delivered(x);
  return result;
}

remote_market::fate remote_market::judge(const market::book_snapshot& x) {
  auto* about = find_book(x.instrument);
  if (about == nullptr)
    return fate::leave_out;
  if (!std::exchange(about->is_known, true))
    --unknown_books_;
  if (auto i = asked_.find(x.instrument.view()); i != asked_.end()) {
    asked_.erase(i);
    if (asked_.empty())
      portion_ = std::min(portion_ * 2, max_portion);
  }
  return about->waiting.empty() ? fate::pass_on : fate::admit_waiting;
}

remote_market::fate remote_market::judge(const market::book_lost& x) {
  auto* about = find_book(x.instrument);
  if (about == nullptr || !about->is_known)
    return fate::leave_out; // they know
  about->is_known = false;
  ++unknown_books_;
  return fate::pass_on;
}

remote_market::book*
remote_market::find_book(const market::instrument_name& name) {
  auto i = books_.find(name.view());
  return i != books_.end() ? &i->second : nullptr;
}

remote_market::trade_series*
remote_market::find_trades(const market::instrument_name& name) {
  auto i = trades_.find(name.view());
  if (i != trades_.end())
    return &i->second;
  std::string text{name.view()};
  if (!wanted_.contains({data_kind::trades, text})
      && (!wanted_.contains({data_kind::trades, {}})
          || trades_.size() >= max_instruments))
    return nullptr;
  trade_series fresh{.trades = followed_trades{numbering_}};
  return &trades_.emplace(std::move(text), fresh).first->second;
}

void remote_market::admit_waiting(const market::instrument_name& name) {
  auto* about = find_book(name);
  interest key{data_kind::book, std::string{name.view()}};
  for (auto subscriber : std::exchange(about->waiting, {}))
    audiences_.add(subscriber, key);
}

void remote_market::lose(market::loss_cause cause) {
  for (auto& [name, about] : books_)
    lose(name, about, cause);
  for (auto& [name, about] : trades_) {
    about.trades.doubt();
    about.is_doubtful = true;
  }
  deliver_pending();
}

void remote_market::lose(const std::string& name, book& about,
                         market::loss_cause cause) {
  if (!std::exchange(about.is_known, false))
    return;
  ++unknown_books_;
  auto instrument = market::instrument_name::make(name);
  pending_.add(market::book_lost{
    .instrument = instrument.value_or(market::instrument_name{}),
    .message = front_.position.next_sequence - 1,
    .cause = cause});
}

void remote_market::deliver_pending() {
  if (pending_.empty())
    return;
  auto updates = block_of(pending_, front_.position, received_at_);
  pending_.clear();
  deliver(updates);
}

void remote_market::flush(const market_block& origin) {
  if (pending_.empty())
    return;
  boost::intrusive_ptr result{new market_block(pending_)};
  pending_.clear();
  result->client_id = origin.client_id;
  result->epoch = origin.epoch;
  result->received_at = origin.received_at;
  deliver(result);
}

void remote_market::deliver(const market_block_ptr& updates) {
  // What was given up may be on its way, and some wait for their snapshot.
  if (zenws::deliver(updates, market_audiences::content::any, audiences_,
                     front_)
      == subscriber_set::verdict::stop_reading)
    verdict_ = subscriber_set::verdict::stop_reading;
}

} // namespace zenws
