// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/actors/pool/internal/pool.hpp"

#include <algorithm>
#include <utility>

// Spreading channels over members.
namespace zenws {

struct pool::channel_request {
  caf::actor subscriber;
  subscription_options options;
  size_t missing;       // outcomes
  uint64_t promise = 0; // of the report; none if channels only move
  channel_report report{};
};

caf::result<channel_report> pool::subscribe_to(subscribe_channels& request) {
  if (request.channels.empty())
    return channel_report{};
  auto pending = std::make_shared<channel_request>(channel_request{
    request.subscriber, request.options, request.channels.size(),
    promises_.add(make_response_promise())});
  caf_compat::monitor(*this, request.subscriber);
  for (auto& spec : request.channels) {
    auto& entry = channels_[spec.name];
    entry.spec = spec;
    entry.subscribers[request.subscriber] = request.options;
  }
  place(pending, std::move(request.channels));
  return caf::delegated<channel_report>{};
}

caf::result<void> pool::unsubscribe_from(const unsubscribe_channels& request) {
  std::map<uint64_t, std::vector<std::string>> by_member;
  for (auto& name : request.channels) {
    if (auto id = shards_.member_of(name))
      by_member[*id].push_back(name);
    drop(name, request.subscriber);
  }
  for (auto& [id, names] : by_member)
    caf_compat::anon_send(members_.at(id).client.address,
                          unsubscribe_channels{std::move(names),
                                               request.subscriber});
  return caf::unit;
}

std::optional<uint64_t> pool::home_of(channel_shards& shards,
                                      const std::string& channel) {
  if (auto id = shards.member_of(channel))
    return id;
  auto is_ready = [this](uint64_t id) { return members_.at(id).was_ready; };
  if (auto id = shards.assign(channel, is_ready))
    return id;
  // Others request it as soon as they are.
  return shards.assign(channel, [](uint64_t) { return true; });
}

void pool::place(const channel_request_ptr& pending,
                 std::vector<channel_spec> channels) {
  channels_by_member by_member;
  for (auto& spec : channels) {
    if (!is_wanted(spec.name, pending->subscriber)) {
      settle(pending, {spec.name, outcome_kind::withdrawn});
    } else if (auto id = home_of(shards_, spec.name)) {
      by_member[*id].push_back(std::move(spec));
    } else if (can_grow() || starting_ > 0) {
      unassigned_.emplace_back(pending, std::move(spec));
    } else {
      settle(pending, {spec.name,
                       outcome_kind::rejected,
                       {ec::too_many_channels, "no member has room"}});
    }
  }
  for (auto& [id, specs] : by_member)
    request_channels(id, pending, specs);
  if (!unassigned_.empty() && starting_ == 0 && clock().now() >= refill_at_)
    start_member();
}

void pool::request_channels(uint64_t id, const channel_request_ptr& pending,
                            const std::vector<channel_spec>& channels) {
  auto failed = [this, id, pending, channels](const caf::error& failure) {
    error reason{caf_compat::code_of(failure), caf_compat::detail_of(failure)};
    std::vector<channel_spec> moved;
    for (auto& spec : channels) {
      if (shards_.member_of(spec.name) == id)
        settle(pending, {spec.name, outcome_kind::rejected, reason});
      else
        moved.push_back(spec);
    }
    place(pending, std::move(moved));
  };
  request(members_.at(id).client.address, caf::infinite,
          subscribe_channels{channels, pending->subscriber, pending->options})
    .then(
      [this, pending](channel_report& report) {
        for (auto& outcome : report.outcomes)
          settle(pending, std::move(outcome));
      },
      failed);
}

void pool::settle(const channel_request_ptr& pending, channel_outcome outcome) {
  auto only_moves = pending->promise == 0;
  if (outcome.kind == outcome_kind::rejected) {
    drop(outcome.channel, pending->subscriber);
    if (only_moves) {
      client_event news;
      news.kind = event_kind::channel_revoked;
      news.client = options_.name;
      news.detail = outcome.channel;
      news.reason = outcome.reason;
      caf_compat::anon_send(pending->subscriber, std::move(news));
    }
  }
  pending->report.outcomes.push_back(std::move(outcome));
  if (--pending->missing == 0)
    promises_.answer(pending->promise, std::move(pending->report));
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

void pool::forget_subscriber(const caf::actor_addr& source) {
  // Members notice by themselves.
  for (auto i = channels_.begin(); i != channels_.end();) {
    auto& [name, entry] = *i++;
    std::erase_if(entry.subscribers,
                  [&](auto& x) { return x.first.address() == source; });
    if (entry.subscribers.empty()) {
      auto unwanted = name;
      shards_.release(unwanted);
      channels_.erase(unwanted);
    }
  }
  std::erase_if(unassigned_, [&](auto& x) {
    return x.first->subscriber.address() == source;
  });
  forget_market_of(source);
}

void pool::move_channels(const std::vector<std::string>& lost) {
  std::map<caf::actor, channel_request_ptr> requests;
  std::map<caf::actor, std::vector<channel_spec>> specs;
  for (auto& name : lost) {
    auto i = channels_.find(name);
    if (i == channels_.end())
      continue;
    ++moved_;
    for (auto& [subscriber, options] : i->second.subscribers) {
      auto& pending = requests[subscriber];
      if (!pending)
        pending = std::make_shared<channel_request>(
          channel_request{subscriber, options, 0});
      ++pending->missing;
      specs[subscriber].push_back(i->second.spec);
    }
  }
  for (auto& [subscriber, pending] : requests)
    place(pending, std::move(specs[subscriber]));
}

void pool::take_channels(uint64_t id) {
  auto lost = shards_.clear_member(id);
  for (auto& name : lost)
    for (auto& [subscriber, options] : channels_.at(name).subscribers)
      caf_compat::anon_send(members_.at(id).client.address,
                            unsubscribe_channels{{name}, subscriber});
  move_channels(lost);
}

void pool::assign_unassigned() {
  assign_unassigned_market();
  if (unassigned_.empty())
    return;
  for (auto& [pending, spec] : std::exchange(unassigned_, {}))
    place(pending, {spec});
}

} // namespace zenws
