#include "zenws/actors/pool/pool.hpp"

#include <algorithm>
#include <utility>

/// How a pool spreads channels over its members.
namespace zenws {

struct pool::ask {
  caf::actor subscriber;
  subscription_options options;
  size_t missing;       // outcomes
  uint64_t promise = 0; // of the report; none if channels only move
  channel_report report{};
};

caf::result<channel_report> pool::subscribe_to(subscribe_channels& what) {
  if (what.channels.empty())
    return channel_report{};
  auto wish = std::make_shared<ask>(
    ask{what.subscriber, what.options, what.channels.size(),
        promises_.add(make_response_promise())});
  monitor(what.subscriber);
  for (auto& spec : what.channels) {
    auto& entry = channels_[spec.name];
    entry.spec = spec;
    entry.subscribers[what.subscriber] = what.options;
  }
  place(wish, std::move(what.channels));
  return caf::delegated<channel_report>{};
}

caf::result<void> pool::unsubscribe_from(const unsubscribe_channels& what) {
  std::map<uint64_t, std::vector<std::string>> by_member;
  for (auto& name : what.channels) {
    if (auto id = shards_.member_of(name))
      by_member[*id].push_back(name);
    drop(name, what.subscriber);
  }
  for (auto& [id, names] : by_member)
    anon_send(members_.at(id).client.address,
              unsubscribe_channels{std::move(names), what.subscriber});
  return caf::unit;
}

std::optional<uint64_t> pool::home_of(const std::string& channel) {
  if (auto id = shards_.member_of(channel))
    return id;
  auto is_ready = [this](uint64_t id) { return members_.at(id).was_ready; };
  if (auto id = shards_.assign(channel, is_ready))
    return id;
  // Others request it as soon as they are.
  return shards_.assign(channel, [](uint64_t) { return true; });
}

void pool::place(const ask_ptr& what, std::vector<channel_spec> channels) {
  channels_by_member by_member;
  for (auto& spec : channels) {
    if (!is_wanted(spec.name, what->subscriber)) {
      settle(what, {spec.name, outcome_kind::withdrawn});
    } else if (auto id = home_of(spec.name)) {
      by_member[*id].push_back(std::move(spec));
    } else if (can_grow() || starting_ > 0) {
      unassigned_.emplace_back(what, std::move(spec));
    } else {
      settle(what, {spec.name,
                    outcome_kind::rejected,
                    {ec::too_many_channels, "no member has room"}});
    }
  }
  for (auto& [id, specs] : by_member)
    request_channels(id, what, specs);
  if (!unassigned_.empty() && starting_ == 0 && clock().now() >= refill_at_)
    start_member();
}

void pool::request_channels(uint64_t id, const ask_ptr& what,
                            const std::vector<channel_spec>& channels) {
  auto failed = [this, id, what, channels](const caf::error& why) {
    error reason{caf_compat::code_of(why), caf_compat::detail_of(why)};
    std::vector<channel_spec> moved;
    for (auto& spec : channels) {
      if (shards_.member_of(spec.name) == id)
        settle(what, {spec.name, outcome_kind::rejected, reason});
      else
        moved.push_back(spec);
    }
    place(what, std::move(moved));
  };
  request(members_.at(id).client.address, caf::infinite,
          subscribe_channels{channels, what->subscriber, what->options})
    .then(
      [this, what](channel_report& report) {
        for (auto& outcome : report.outcomes)
          settle(what, std::move(outcome));
      },
      failed);
}

void pool::settle(const ask_ptr& what, channel_outcome outcome) {
  auto only_moves = what->promise == 0;
  if (outcome.kind == outcome_kind::rejected) {
    drop(outcome.channel, what->subscriber);
    if (only_moves) {
      client_event news;
      news.kind = event_kind::channel_revoked;
      news.client = options_.name;
      news.detail = outcome.channel;
      news.reason = outcome.reason;
      anon_send(what->subscriber, std::move(news));
    }
  }
  what->report.outcomes.push_back(std::move(outcome));
  if (--what->missing == 0)
    promises_.answer(what->promise, std::move(what->report));
}

bool pool::is_wanted(const std::string& channel,
                     const caf::actor& subscriber) const {
  auto i = channels_.find(channel);
  return i != channels_.end() && i->second.subscribers.count(subscriber) > 0;
}

void pool::drop(const std::string& channel, const caf::actor& subscriber) {
  auto i = channels_.find(channel);
  if (i == channels_.end())
    return;
  i->second.subscribers.erase(subscriber);
  if (i->second.subscribers.empty()) {
    shards_.release(channel);
    channels_.erase(i);
  }
}

void pool::forget_subscriber(const caf::actor_addr& who) {
  // Members notice by themselves.
  for (auto i = channels_.begin(); i != channels_.end();) {
    auto& [name, entry] = *i++;
    std::erase_if(entry.subscribers,
                  [&](auto& x) { return x.first.address() == who; });
    if (entry.subscribers.empty()) {
      auto unwanted = name;
      shards_.release(unwanted);
      channels_.erase(unwanted);
    }
  }
  std::erase_if(unassigned_,
                [&](auto& x) { return x.first->subscriber.address() == who; });
}

void pool::move_channels(const std::vector<std::string>& lost) {
  std::map<caf::actor, ask_ptr> asks;
  std::map<caf::actor, std::vector<channel_spec>> specs;
  for (auto& name : lost) {
    auto i = channels_.find(name);
    if (i == channels_.end())
      continue;
    ++moved_;
    for (auto& [subscriber, options] : i->second.subscribers) {
      auto& wish = asks[subscriber];
      if (!wish)
        wish = std::make_shared<ask>(ask{subscriber, options, 0});
      ++wish->missing;
      specs[subscriber].push_back(i->second.spec);
    }
  }
  for (auto& [subscriber, wish] : asks)
    place(wish, std::move(specs[subscriber]));
}

void pool::take_channels(uint64_t id) {
  auto lost = shards_.clear_member(id);
  for (auto& name : lost)
    for (auto& [subscriber, options] : channels_.at(name).subscribers)
      anon_send(members_.at(id).client.address,
                unsubscribe_channels{{name}, subscriber});
  move_channels(lost);
}

void pool::assign_unassigned() {
  if (unassigned_.empty())
    return;
  for (auto& [what, spec] : std::exchange(unassigned_, {}))
    place(what, {spec});
}

} // namespace zenws
