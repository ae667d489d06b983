// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/market/feed_merger.hpp"

#include <algorithm>
#include <utility>

namespace zenws::market {

// -- constructors, destructors, and assignment operators ----------------------

feed_merger::feed_merger(size_t num_feeds) : up_(num_feeds, false) {
  // nop
}

// -- properties ---------------------------------------------------------------

bool feed_merger::any_up() const noexcept {
  return preferred().has_value();
}

std::optional<size_t> feed_merger::preferred() const noexcept {
  for (size_t i = 0; i < up_.size(); ++i)
    if (up_[i])
      return i;
  return std::nullopt;
}

std::vector<std::string> feed_merger::awaiting_snapshot() const {
  std::vector<std::string> result;
  for (auto& [name, channel] : channels_)
    if (std::ranges::any_of(channel.scopes, [](auto& x) {
          return x.second.now == scope::phase::awaiting_snapshot;
        }))
      result.push_back(name);
  return result;
}

std::optional<feed_merger::time_point> feed_merger::wake_at() const noexcept {
  if (deadlines_.empty())
    return std::nullopt;
  return *deadlines_.begin();
}

bool feed_merger::others_up(size_t feed) const noexcept {
  for (size_t i = 0; i < up_.size(); ++i)
    if (i != feed && up_[i])
      return true;
  return false;
}

// -- transitions --------------------------------------------------------------

void feed_merger::feed_up(size_t feed) noexcept {
  up_[feed] = true;
  for (auto& [name, channel] : channels_)
    for (auto& [instrument, to] : channel.scopes)
      to.brought[feed].reset();
}

void feed_merger::feed_down(size_t feed, const emit& out) {
  up_[feed] = false;
  auto left = preferred();
  if (left && others_up(*left))
    return;
  // No other feed can bring the messages that the last one skipped.
  auto waits_in_vain = [&](auto& x) {
    return !left || x.second->feed == *left;
  };
  for (auto& [name, channel] : channels_)
    for (auto& [instrument, to] : channel.scopes)
      force_until_none(channel, to, waits_in_vain, out);
}

feed_merger::verdict
feed_merger::received(size_t feed, std::string_view channel,
                      const std::vector<venue_numbers>& numbers,
                      std::string_view payload, time_point now,
                      const emit& out) {
  auto* in = numbers.empty() || channel.empty() ? nullptr : obtain(channel);
  if (in == nullptr)
    return unnumbered(feed, channel, payload, out);
  ++num_received_;
  note(*in, feed, numbers, now, out);
  auto result = verdict::held;
  switch (judge(*in, numbers)) {
    case standing::old:
      ++duplicates_;
      result = verdict::duplicate;
      break;
    case standing::next:
      deliver(*in, numbers, payload, out);
      result = verdict::delivered;
      break;
    case standing::ahead:
      hold(*in, {feed, numbers, std::string{payload}, now + patience});
      if (!others_up(feed) || in->num_held >= max_held)
        result = force_all(*in, out) ? verdict::gap : verdict::delivered;
  }
  forget_silent_scopes(*in, out);
  return result;
}

void feed_merger::expired(time_point now, const emit& out) {
  if (auto due = wake_at(); !due || *due > now)
    return;
  auto is_due = [now](auto& x) { return x.second->deadline <= now; };
  for (auto& [name, channel] : channels_)
    for (auto& [instrument, to] : channel.scopes)
      while (std::ranges::any_of(to.waiting, is_due))
        if (auto until = first_to_go(channel, to)->deadline; until <= now)
          force(channel, to, out);
        else
          postpone(to, now, until);
}

std::vector<std::string> feed_merger::take_renewals() {
  auto all = std::exchange(renewals_, {});
  return {all.begin(), all.end()};
}

void feed_merger::restart(std::string_view channel) {
  auto i = channels_.find(channel);
  if (i == channels_.end())
    return;
  for (auto& [instrument, to] : i->second.scopes)
    if (to.has_snapshots)
      await_snapshot(i->second, to);
}

void feed_merger::restart_all() {
  for (auto& [name, channel] : channels_)
    for (auto& [instrument, to] : channel.scopes)
      if (to.has_snapshots)
        await_snapshot(channel, to);
      else
        to.now = scope::phase::fresh;
}

void feed_merger::forget(std::string_view channel) {
  auto i = channels_.find(channel);
  if (i == channels_.end())
    return;
  for (auto& [instrument, to] : i->second.scopes)
    drop_waiting(i->second, to);
  renewals_.erase(i->first);
  channels_.erase(i);
}

// -- one message --------------------------------------------------------------

feed_merger::verdict
feed_merger::unnumbered(size_t feed, std::string_view channel,
                        std::string_view payload, const emit& out) {
  if (preferred() != feed) {
    ++duplicates_;
    return verdict::duplicate;
  }
  out(channel, payload);
  return verdict::delivered;
}

feed_merger::channel_state* feed_merger::obtain(std::string_view name) {
  auto i = channels_.find(name);
  if (i != channels_.end())
    return &i->second;
  if (channels_.size() >= max_channels)
    return nullptr;
  i = channels_.emplace(std::string{name}, channel_state{}).first;
  i->second.name = i->first;
  return &i->second;
}

feed_merger::scope& feed_merger::scope_of(channel_state& in,
                                          const venue_numbers& numbers) {
  auto& result = in.scopes[numbers.instrument];
  result.brought.resize(up_.size());
  return result;
}

void feed_merger::note(channel_state& in, size_t feed,
                       const std::vector<venue_numbers>& numbers,
                       time_point now, const emit& out) {
  for (auto& x : numbers) {
    auto& to = scope_of(in, x);
    to.last_heard = num_received_;
    if (x.time < to.begun)
      continue;
    if (to.now == scope::phase::awaiting_snapshot && !x.snapshot)
      miss_snapshot(in, to, now);
    if (falls_back(to, to.brought[feed], x))
      begin_anew(in, to, x, out);
    auto& own = to.brought[feed];
    if (!own || own->last < x.last)
      own = position{x.last, x.time};
  }
}

void feed_merger::miss_snapshot(const channel_state& in, scope& to,
                                time_point now) {
  if (to.snapshot_due && *to.snapshot_due > now)
    return;
  if (to.snapshot_due)
    renewals_.insert(in.name);
  to.snapshot_due = now + snapshot_patience;
}

bool feed_merger::falls_back(const scope& to,
                             const std::optional<position>& own,
                             const venue_numbers& numbers) noexcept {
  auto& all = to.delivered;
  return (own && numbers.last < own->last && numbers.time > own->time)
         || (all && numbers.last < all->last
             && numbers.time > all->time + max_time_difference);
}

void feed_merger::begin_anew(channel_state& in, scope& to,
                             const venue_numbers& numbers, const emit& out) {
  to.brought.assign(up_.size(), std::nullopt);
  if (to.has_snapshots) {
    await_snapshot(in, to);
    if (!numbers.snapshot)
      renewals_.insert(in.name);
  } else {
    while (!to.waiting.empty())
      force(in, to, out);
    to.now = scope::phase::fresh;
  }
  to.delivered.reset();
  to.begun = numbers.time;
}

feed_merger::standing
feed_merger::judge(const scope& to, const venue_numbers& numbers) noexcept {
  using enum standing;
  if (numbers.time < to.begun)
    return old;
  if (to.now == scope::phase::awaiting_snapshot)
    return numbers.snapshot ? next : old;
  // Without a first one the changes are of no use.
  if (numbers.snapshot && !to.has_snapshots)
    return next;
  if (to.delivered && numbers.last <= to.delivered->last)
    return old;
  if (to.now == scope::phase::fresh || !to.delivered) {
    // The first message may wait because of another instrument.
    auto is_first = to.waiting.empty()
                    || numbers.last <= to.waiting.begin()->first;
    return is_first ? next : ahead;
  }
  // Changes go on to come, in which nothing is left out.
  if (numbers.snapshot)
    return to.has_changes ? ahead : next;
  auto last = to.delivered->last;
  auto continues = numbers.previous ? *numbers.previous == last
                                    : numbers.first <= last + 1;
  return continues ? next : ahead;
}

feed_merger::standing
feed_merger::judge(channel_state& in,
                   const std::vector<venue_numbers>& numbers) {
  auto result = standing::old;
  for (auto& x : numbers)
    result = std::max(result, judge(scope_of(in, x), x));
  return result;
}

// -- waiting messages ---------------------------------------------------------

void feed_merger::hold(channel_state& in, held_message message) {
  auto it = std::make_shared<held_message>(std::move(message));
  for (auto& x : it->numbers)
    if (auto& to = scope_of(in, x); judge(to, x) != standing::old)
      to.waiting.emplace(x.last, it);
  ++in.num_held;
  deadlines_.insert(it->deadline);
}

void feed_merger::leave(scope& to, uint64_t number, const held_ptr& message) {
  auto [first, last] = to.waiting.equal_range(number);
  auto i = std::find_if(first, last,
                        [&](auto& x) { return x.second == message; });
  if (i != last)
    to.waiting.erase(i);
}

void feed_merger::take(channel_state& in, const held_ptr& message) {
  for (auto& x : message->numbers)
    leave(scope_of(in, x), x.last, message);
  --in.num_held;
  deadlines_.erase(deadlines_.find(message->deadline));
}

void feed_merger::drop_waiting(channel_state& in, scope& from) {
  while (!from.waiting.empty())
    take(in, held_ptr{from.waiting.begin()->second});
}

feed_merger::held_ptr feed_merger::one_before(channel_state& in,
                                              const held_message& message) {
  for (auto& x : message.numbers)
    if (auto& all = scope_of(in, x).waiting;
        !all.empty() && all.begin()->first < x.last)
      return all.begin()->second;
  return nullptr;
}

feed_merger::held_ptr feed_merger::first_to_go(channel_state& in,
                                               const scope& from) {
  auto result = from.waiting.begin()->second;
  // Venues agree with themselves on the order; the bound is for others.
  for (auto n = in.num_held; n > 0; --n) {
    auto before = one_before(in, *result);
    if (!before)
      break;
    result = std::move(before);
  }
  return result;
}

void feed_merger::await_snapshot(channel_state& in, scope& to) {
  drop_waiting(in, to);
  to.now = scope::phase::awaiting_snapshot;
  to.snapshot_due = std::nullopt;
}

void feed_merger::postpone(scope& to, time_point now, time_point until) {
  for (auto& [number, x] : to.waiting)
    if (x->deadline <= now) {
      deadlines_.erase(deadlines_.find(x->deadline));
      deadlines_.insert(x->deadline = until);
    }
}

// -- delivering ---------------------------------------------------------------

void feed_merger::deliver(channel_state& in,
                          const std::vector<venue_numbers>& numbers,
                          std::string_view payload, const emit& out) {
  pass_on(in, numbers, payload, out);
  if (in.num_held > 0)
    catch_up(in, numbers, out);
}

void feed_merger::pass_on(channel_state& in,
                          const std::vector<venue_numbers>& numbers,
                          std::string_view payload, const emit& out) {
  for (auto& x : numbers) {
    auto& to = scope_of(in, x);
    if (judge(to, x) == standing::old)
      continue;
    to.now = scope::phase::running;
    to.has_snapshots |= x.snapshot;
    to.has_changes |= !x.snapshot;
    to.delivered = position{x.last, x.time};
  }
  out(in.name, payload);
}

void feed_merger::catch_up(channel_state& in,
                           std::vector<venue_numbers> advanced,
                           const emit& out) {
  while (!advanced.empty()) {
    auto instrument = advanced.back().instrument;
    auto& to = scope_of(in, advanced.back());
    if (to.waiting.empty()) {
      advanced.pop_back();
      continue;
    }
    auto [number, first] = *to.waiting.begin();
    auto here = std::ranges::find(first->numbers, instrument,
                                  &venue_numbers::instrument);
    auto all = judge(in, first->numbers);
    if (all == standing::old) {
      ++duplicates_;
      take(in, first);
    } else if (judge(to, *here) == standing::old) {
      leave(to, number, first); // it waits for other instruments only
    } else if (all == standing::ahead) {
      advanced.pop_back();
    } else {
      take(in, first);
      pass_on(in, first->numbers, first->payload, out);
      if (first->numbers.size() > 1)
        advanced.insert(advanced.end(), first->numbers.begin(),
                        first->numbers.end());
    }
  }
}

bool feed_merger::force(channel_state& in, scope& to, const emit& out) {
  // A snapshot contains the messages that wait before it.
  auto is_snapshot = [](auto& x) { return x.second->numbers.front().snapshot; };
  if (auto i = std::ranges::find_if(to.waiting, is_snapshot);
      i != to.waiting.end())
    while (!is_snapshot(*to.waiting.begin()))
      take(in, held_ptr{to.waiting.begin()->second});
  auto message = first_to_go(in, to);
  take(in, message);
  auto result = false;
  for (auto& x : message->numbers) {
    auto& at = scope_of(in, x);
    if (x.snapshot || judge(at, x) != standing::ahead)
      continue;
    result = true;
    if (at.has_snapshots)
      renewals_.insert(in.name);
  }
  deliver(in, message->numbers, message->payload, out);
  return result;
}

template <class Predicate>
void feed_merger::force_until_none(channel_state& in, scope& to, Predicate pred,
                                   const emit& out) {
  auto& all = to.waiting;
  auto last = std::find_if(all.rbegin(), all.rend(), pred);
  if (last == all.rend())
    return;
  for (auto number = last->first; !all.empty() && all.begin()->first <= number;)
    force(in, to, out);
}

bool feed_merger::force_all(channel_state& in, const emit& out) {
  auto result = false;
  for (auto& [instrument, to] : in.scopes)
    while (!to.waiting.empty())
      result |= force(in, to, out);
  return result;
}

void feed_merger::forget_silent_scopes(channel_state& in, const emit& out) {
  while (in.scopes.size() > max_scopes) {
    auto i = std::ranges::min_element(in.scopes, {}, [](auto& x) {
      return x.second.last_heard;
    });
    while (!i->second.waiting.empty())
      force(in, i->second, out);
    in.scopes.erase(i);
  }
}

} // namespace zenws::market
