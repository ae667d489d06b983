// SPDX-License-Identifier: BSD-3-Clause

// How a ledger keeps its orders, and what it adds up of them.

#include "zenws/trading/order_ledger.hpp"

#include "zenws/trading/internal/ledger_entry.hpp"

#include <algorithm>
#include <utility>

namespace zenws::trading {

namespace {

// Most orders between two that were seen of the same owner.
constexpr uint64_t longest_jump = 1'000'000'000;

} // namespace

// -- sums ---------------------------------------------------------------------

const order_ledger::instrument_sums*
order_ledger::find_sums(std::string_view instrument) const noexcept {
  auto i = sums_.find(instrument);
  return i != sums_.end() ? &i->second : nullptr;
}

order_ledger::instrument_sums&
order_ledger::sums_of(std::string_view instrument) {
  auto i = sums_.find(instrument);
  if (i == sums_.end())
    i = sums_.try_emplace(std::string{instrument}).first;
  return i->second;
}

// -- entries ------------------------------------------------------------------

size_t order_ledger::venue_name::hash::operator()(const venue_name& x) const {
  // Ids repeat at most from one instrument to the other.
  return std::hash<venue_order_id>{}(x.id) + x.instrument.view().size();
}

order_ledger::entry* order_ledger::find_entry(uint64_t number) const noexcept {
  auto i = entries_.find(number);
  return i != entries_.end() ? i->second.get() : nullptr;
}

order_ledger::entry*
order_ledger::find_entry(const client_order_id& id) const noexcept {
  auto number = numbers_.number_of(id);
  return number ? find_entry(*number) : nullptr;
}

order_ledger::entry*
order_ledger::find_entry(const order_key& key) const noexcept {
  if (!key.id.empty())
    return find_entry(key.id);
  auto i = venue_names_.find({key.instrument, key.venue_id});
  return i != venue_names_.end() ? find_entry(i->second) : nullptr;
}

order_ledger::entry* order_ledger::obtain(const order_key& key, order_side side,
                                          news& out) {
  if (auto* known = find_entry(key))
    return known;
  auto number = numbers_.number_of(key.id);
  // Far ahead, it only looks like ours.
  if (!number || *number > last_number_ + longest_jump)
    return nullptr;
  if (issued_.contains(*number)) {
    ++counters_.repeated; // over for long
    return nullptr;
  }
  ++counters_.adopted;
  issue(*number);
  order content{.key = key,
                .terms = {.instrument = key.instrument, .side = side}};
  auto& result = add({.content = std::move(content)}, *number, out);
  result.is_known = true;
  return &result;
}

order_ledger::entry& order_ledger::add(order_record record, uint64_t number,
                                       news& out) {
  auto owned = std::make_unique<entry>(std::move(record), number, cfg_);
  auto& result = *entries_.emplace(number, std::move(owned)).first->second;
  open_.insert(number);
  sums_of(result.content.key.instrument.view()).open.add(result.content);
  out.emplace_back(order_event{order_event_kind::pending, result.content});
  return result;
}

void order_ledger::refute(entry& x) {
  if (!x.is_refused && !x.is_absent)
    return;
  x.is_refused = x.is_absent = false;
  x.content.reason.clear();
  ++counters_.contradicted;
  doubtful_.insert(x.number);
}

void order_ledger::learn_venue_id(entry& x, const venue_order_id& id) {
  if (id.empty() || id == x.content.key.venue_id)
    return;
  x.content.key.venue_id = id;
  if (venue_names_.emplace(venue_name{x.content.key.instrument, id}, x.number)
        .second)
    x.venue_ids.push_back(id);
}

void order_ledger::follow_up(entry& x, const internal::order_snapshot& before,
                             market::venue_time time, news& out) {
  auto& content = x.content;
  content.state = x.state();
  count(x, before);
  internal::append_changes(content, before, time, out);
  if (is_final(content.state) && !is_final(before.state))
    settle(x);
  else if (is_final(content.state) && x.is_over_by_venue())
    doubtful_.erase(x.number);
  else if (!is_final(content.state) && is_final(before.state))
    revive(x);
}

void order_ledger::count(const entry& x,
                         const internal::order_snapshot& before) {
  auto& now = x.content;
  auto side = now.terms.side;
  auto& sums = sums_of(now.key.instrument.view());
  if (!is_final(before.state))
    sums.open.remove(side, before.amount, before.filled);
  if (!is_final(now.state))
    sums.open.add(now);
  if (now.filled != before.filled) {
    auto is_buy = side == order_side::buy;
    is_buy ? sums.position.add(now.filled) : sums.position.subtract(now.filled);
    is_buy ? sums.position.subtract(before.filled)
           : sums.position.add(before.filled);
    if (!now.terms.amount.is_zero() && now.filled > now.terms.amount
        && before.filled <= now.terms.amount)
      ++counters_.contradicted;
  }
  auto was_unclear = before.state == order_state::unknown;
  auto is_unclear = now.state == order_state::unknown;
  sums.unclear -= was_unclear && !is_unclear;
  sums.unclear += is_unclear && !was_unclear;
  counters_.ever_unknown += is_unclear && !was_unclear;
}

void order_ledger::revive(entry& x) {
  std::erase(settled_, x.number);
  open_.insert(x.number);
}

void order_ledger::issue(uint64_t number) {
  issued_.add(number, number);
  last_number_ = std::max(last_number_, number);
}

void order_ledger::settle(entry& x) {
  open_.erase(x.number);
  settled_.push_back(x.number);
  if (x.is_over_by_venue()) {
    doubtful_.erase(x.number);
  } else if (doubtful_.insert(x.number).second) {
    // By its fills; but its amount may have been changed.
    x.waits_for_news = true;
  }
  while (settled_.size() > cfg_.max_settled) {
    auto oldest = entries_.find(settled_.front());
    settled_.pop_front();
    auto& forgotten = *oldest->second;
    for (auto& id : forgotten.venue_ids)
      venue_names_.erase({forgotten.content.key.instrument, id});
    doubtful_.erase(forgotten.number);
    entries_.erase(oldest);
  }
}

} // namespace zenws::trading
