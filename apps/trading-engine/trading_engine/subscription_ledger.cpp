#include "trading_engine/subscription_ledger.hpp"

#include <algorithm>

namespace zenws::engine {

std::string_view to_string(channel_state state) noexcept {
  switch (state) {
    case channel_state::idle:
      return "idle";
    case channel_state::requested:
      return "requested";
    case channel_state::confirmed:
      return "confirmed";
    case channel_state::lost:
      return "lost";
  }
  return "unknown";
}

subscription_ledger::subscription_ledger(
  const std::vector<std::string>& channels, std::chrono::milliseconds patience)
  : patience_(patience) {
  for (const auto& channel : channels)
    channels_.emplace(channel, entry{});
}

// -- properties ---------------------------------------------------------------

size_t subscription_ledger::count(channel_state state) const {
  auto matches = [=](const auto& x) { return x.second.state == state; };
  return static_cast<size_t>(std::ranges::count_if(channels_, matches));
}

// -- transitions --------------------------------------------------------------

void subscription_ledger::reset() {
  for (auto& [name, what] : channels_)
    what = entry{};
}

std::vector<std::string> subscription_ledger::due(time_point now) const {
  std::vector<std::string> result;
  for (const auto& [name, what] : channels_)
    if (what.state == channel_state::idle
        || (what.state == channel_state::lost && what.due <= now))
      result.push_back(name);
  return result;
}

void subscription_ledger::requested(uint64_t id,
                                    const std::vector<std::string>& channels,
                                    time_point now) {
  for (const auto& channel : channels) {
    auto i = channels_.find(channel);
    if (i == channels_.end())
      continue;
    i->second.state = channel_state::requested;
    i->second.request = id;
    i->second.due = now + patience_;
  }
}

void subscription_ledger::answered(uint64_t id,
                                   const std::vector<std::string>& granted,
                                   time_point now) {
  for (auto& [name, what] : channels_) {
    if (what.state != channel_state::requested || what.request != id)
      continue;
    if (std::ranges::find(granted, name) != granted.end())
      what.state = channel_state::confirmed;
    else
      lose(what, now);
  }
}

void subscription_ledger::refused(uint64_t id, time_point now) {
  answered(id, {}, now);
}

void subscription_ledger::expire(time_point now) {
  for (auto& [name, what] : channels_)
    if (what.state == channel_state::requested && what.due <= now)
      lose(what, now);
}

void subscription_ledger::renew(std::string_view channel) {
  if (auto i = channels_.find(channel); i != channels_.end())
    i->second.state = channel_state::idle;
}

bool subscription_ledger::heard(std::string_view channel) {
  auto i = channels_.find(channel);
  if (i == channels_.end())
    return false;
  ++i->second.messages;
  return true;
}

void subscription_ledger::lose(entry& what, time_point now) {
  what.state = channel_state::lost;
  what.due = now + patience_;
  ++losses_;
}

} // namespace zenws::engine
