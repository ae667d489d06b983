#include "zenws/market/feed_merger.hpp"

#include <algorithm>
#include <utility>

namespace zenws::market {

std::optional<venue_numbers> numbers_of(const update& what) {
  switch (what.kind) {
    case content::book:
      return venue_numbers{what.book.first_change_id, what.book.change_id,
                           what.book.prev_change_id,
                           what.book.kind == update_kind::snapshot};
    case content::trades:
      if (what.trades.empty())
        return std::nullopt;
      // A trade says what it is without those before it.
      return venue_numbers{what.trades.front().sequence,
                           what.trades.back().sequence, std::nullopt, false};
    default:
      return std::nullopt;
  }
}

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
    if (channel.now == channel_state::phase::awaiting_snapshot)
      result.push_back(name);
  return result;
}

std::optional<feed_merger::time_point> feed_merger::wake_at() const noexcept {
  std::optional<time_point> result;
  for (auto& [name, channel] : channels_)
    for (auto& waiting : channel.backlogs)
      if (!waiting.messages.empty() && (!result || waiting.deadline < *result))
        result = waiting.deadline;
  return result;
}

bool feed_merger::others_up(size_t feed) const noexcept {
  for (size_t i = 0; i < up_.size(); ++i)
    if (i != feed && up_[i])
      return true;
  return false;
}

// -- transitions ----------------------------------------------------------------

void feed_merger::feed_up(size_t feed) noexcept {
  up_[feed] = true;
}

std::vector<std::string> feed_merger::feed_down(size_t feed, const emit& out) {
  std::vector<std::string> result;
  up_[feed] = false;
  auto left = preferred();
  for (auto& [name, channel] : channels_) {
    channel.backlogs[feed].messages.clear();
    // Nobody else will bring what is missing.
    if (left && !others_up(*left) && force(channel, *left, out))
      result.push_back(name);
  }
  return result;
}

feed_merger::verdict
feed_merger::received(size_t feed, std::string_view channel,
                      const std::optional<venue_numbers>& numbers,
                      std::string_view payload, time_point now,
                      const emit& out) {
  if (!numbers) {
    if (preferred() != feed) {
      ++duplicates_;
      return verdict::duplicate;
    }
    out(payload);
    return verdict::delivered;
  }
  auto i = channels_.find(channel);
  if (i == channels_.end()) {
    i = channels_.emplace(std::string{channel}, channel_state{}).first;
    i->second.backlogs.resize(up_.size());
  }
  auto& to = i->second;
  auto& own = to.backlogs[feed];
  if (begins(to, *numbers) || continues(to, *numbers)) {
    own.messages.clear();
    deliver(to, *numbers, payload, out);
    catch_up(to, out);
    return verdict::delivered;
  }
  if (to.now == channel_state::phase::awaiting_snapshot
      || numbers->last <= to.last) {
    ++duplicates_;
    return verdict::duplicate;
  }
  if (numbers->snapshot)
    own.messages.clear();
  if (own.messages.empty())
    own.deadline = now + patience;
  own.messages.push_back({*numbers, std::string{payload}});
  if (others_up(feed) && own.messages.size() < max_held)
    return verdict::held;
  return force(to, feed, out) ? verdict::gap : verdict::delivered;
}

std::vector<std::string> feed_merger::expired(time_point now, const emit& out) {
  std::vector<std::string> result;
  for (auto& [name, channel] : channels_)
    for (size_t feed = 0; feed < up_.size(); ++feed) {
      auto& waiting = channel.backlogs[feed];
      if (!waiting.messages.empty() && waiting.deadline <= now
          && force(channel, feed, out))
        result.push_back(name);
    }
  return result;
}

void feed_merger::restart(std::string_view channel) {
  auto i = channels_.find(channel);
  if (i != channels_.end())
    restart(i->second);
}

void feed_merger::restart_all() {
  for (auto& [name, channel] : channels_)
    restart(channel);
}

// -- one channel ----------------------------------------------------------------

void feed_merger::restart(channel_state& what) {
  using enum channel_state::phase;
  what.now = what.has_snapshots ? awaiting_snapshot : fresh;
  for (auto& waiting : what.backlogs)
    waiting.messages.clear();
}

bool feed_merger::begins(const channel_state& to,
                         const venue_numbers& what) const noexcept {
  using enum channel_state::phase;
  return to.now == fresh || (to.now == awaiting_snapshot && what.snapshot);
}

bool feed_merger::continues(const channel_state& to,
                            const venue_numbers& what) const noexcept {
  if (to.now != channel_state::phase::running || what.snapshot
      || what.last <= to.last)
    return false;
  return what.previous ? *what.previous == to.last : what.first <= to.last + 1;
}

void feed_merger::deliver(channel_state& to, const venue_numbers& what,
                          std::string_view payload, const emit& out) {
  to.now = channel_state::phase::running;
  to.has_snapshots |= what.snapshot;
  to.last = what.last;
  out(payload);
}

void feed_merger::catch_up(channel_state& to, const emit& out) {
  for (auto progress = true; progress;) {
    progress = false;
    for (auto& waiting : to.backlogs) {
      auto& held = waiting.messages;
      while (!held.empty()) {
        auto& next = held.front();
        if (continues(to, next.numbers)) {
          deliver(to, next.numbers, next.payload, out);
          progress = true;
        } else if (next.numbers.last <= to.last) {
          ++duplicates_;
        } else {
          break;
        }
        held.pop_front();
      }
    }
  }
}

bool feed_merger::force(channel_state& to, size_t feed, const emit& out) {
  auto gap = false;
  for (auto& x : std::exchange(to.backlogs[feed].messages, {})) {
    if (x.numbers.last <= to.last) {
      ++duplicates_;
      continue;
    }
    gap |= !x.numbers.snapshot && !continues(to, x.numbers);
    deliver(to, x.numbers, x.payload, out);
  }
  catch_up(to, out);
  return gap;
}

} // namespace zenws::market
