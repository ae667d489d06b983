// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "subscription_server.hpp"

#include "zenws/subscription/subscription_set.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

/// A reference for `zenws::subscription_set`, written from its documentation:
/// the wishes of subscribers, the answers due, the requests under way, and the
/// channels that the server has confirmed. Gives the outcomes of each input.
class subscription_model {
public:
  using names = std::vector<std::string>;

  /// Kind, ask, subscriber and channel.
  using outcome
    = std::tuple<zenws::outcome_kind, uint64_t, uint64_t, std::string>;

  using outcomes = std::multiset<outcome>;

  /// Numbers of the more interesting events.
  struct coverage {
    uint64_t granted = 0, rejected = 0, revoked = 0, withdrawn = 0,
             requests = 0, unsubscribes = 0, timeouts = 0, drops = 0,
             crashes = 0, late = 0, split = 0, transient = 0, regained = 0,
             given_up = 0, postponed = 0, renewed = 0;
  };

  explicit subscription_model(coverage& seen) : seen_(&seen) {
    // nop
  }

  // -- subscribers ------------------------------------------------------------

  outcomes add(uint64_t ask, uint64_t subscriber, const names& channels) {
    outcomes result;
    for (auto& name : std::set<std::string>{channels.begin(), channels.end()}) {
      auto& ids = wants_[name];
      if (ids.empty() && is_under_way(name))
        ++seen_->regained;
      auto had_it = std::find(ids.begin(), ids.end(), subscriber) != ids.end();
      if (!had_it)
        ids.push_back(subscriber);
      waiters_[name].push_back({ask, subscriber, had_it});
      answer_if_confirmed(name, result);
    }
    return result;
  }

  outcomes remove(uint64_t subscriber, const names& channels) {
    outcomes result;
    for (auto& name : channels) {
      if (std::erase(wants_[name], subscriber) > 0 && wants_[name].empty()
          && is_under_way(name))
        ++seen_->given_up;
      vanish_if_unknown(name);
      std::erase_if(waiters_[name], [&](auto& ask) {
        if (ask.subscriber != subscriber)
          return false;
        result.emplace(zenws::outcome_kind::withdrawn, ask.number, subscriber,
                       name);
        ++seen_->withdrawn;
        return true;
      });
    }
    return result;
  }

  /// Channels that the server may have must be requested anew.
  void renew(const names& channels) {
    for (auto& name : channels)
      if (is_wanted(name)
          && (confirmed_.contains(name) || unsure_.contains(name))
          && renewing_.insert(name).second) {
        renewed_.insert(name);
        ++seen_->renewed;
      }
  }

  /// A renewal had its snapshot, or no time left for it.
  /// @returns whether the server has it, so that a snapshot may come.
  bool begun_anew(const std::string& name) {
    if (renewed_.contains(name) || !confirmed_.contains(name)
        || is_under_way(name))
      return false;
    renewing_.erase(name);
    return true;
  }

  // -- connection -------------------------------------------------------------

  void lost() {
    confirmed_.clear();
    unsure_.clear();
    renewed_.clear();
    renewing_.clear();
    left_behind_.clear();
    under_way_.clear();
    failures_.clear();
    failures_alone_.clear();
  }

  // -- requests ---------------------------------------------------------------

  /// Returns which rule a request breaks, null if none.
  const char* requested(const zenws::subscription_request& request,
                        bool authenticated) {
    using enum zenws::subscription_request_kind;
    ++seen_->requests;
    if (std::exchange(last_request_, request.number) >= request.number)
      return "reuses a request number";
    if (request.channels.empty())
      return "requests nothing";
    for (auto& [name, arguments, access, silent_after] : request.channels) {
      if (is_under_way(name))
        return "requests a channel twice at a time";
      if (access != request.access)
        return "mixes public and private channels";
      if (access == zenws::channel_access::authenticated_only && !authenticated)
        return "requests a private channel before the authentication";
      if (arguments != "arguments of " + name)
        return "loses the arguments";
      if (request.kind == subscribe && !is_wanted(name))
        return "requests what was given up";
      if (request.kind == subscribe && confirmed_.contains(name))
        return "requests what it has";
      if (request.kind == subscribe && renewed_.contains(name))
        return "requests anew what it has not given up";
      if (request.kind == unsubscribe && is_wanted(name)
          && !renewed_.contains(name))
        return "gives up what is wanted";
      seen_->unsubscribes += request.kind == unsubscribe;
    }
    auto& sent = under_way_[request.number];
    sent.kind = request.kind;
    for (auto& channel : request.channels)
      sent.channels.insert(channel.name);
    return nullptr;
  }

  outcomes postponed(uint64_t request) {
    ++seen_->postponed;
    outcomes result;
    auto channels = std::move(under_way_[request].channels);
    under_way_.erase(request);
    for (auto& name : channels) {
      answer_if_confirmed(name, result);
      vanish_if_unknown(name);
    }
    return result;
  }

  /// It is unknown whether the server did it.
  outcomes timed_out(uint64_t request) {
    outcomes result;
    ++seen_->timeouts;
    auto [kind, channels] = std::move(under_way_[request]);
    under_way_.erase(request);
    for (auto& name : channels) {
      confirmed_.erase(name);
      unsure_.insert(name);
      ++failures_[name];
    }
    if (channels.size() > 1)
      return result;
    // Never the same again: the opposite is all that is left to say.
    auto& name = *channels.begin();
    if (kind == zenws::subscription_request_kind::subscribe) {
      if (++failures_alone_[name] >= 3)
        refuse_waiting(name, result);
      if (is_wanted(name))
        renewed_.insert(name);
      else
        renewed_.erase(name);
    } else if (is_wanted(name)) {
      renewed_.erase(name);
    } else {
      left_behind_.insert(name);
      forget(name);
    }
    return result;
  }

  /// Channels that the server may have still since it did not answer.
  const std::set<std::string>& old_connection_closed() const {
    return left_behind_;
  }

  /// The set must believe an answer to a request under way, and no other.
  outcomes answered(const subscription_answer& answer) {
    outcomes result;
    auto pos = under_way_.find(answer.request);
    if (pos == under_way_.end()
        || (answer.by_channel
            && !pos->second.channels.contains(answer.channels.front()))) {
      ++seen_->late;
      return result;
    }
    auto [kind, channels] = pos->second;
    if (answer.by_channel)
      channels = {answer.channels.begin(), answer.channels.end()};
    for (auto& name : channels)
      pos->second.channels.erase(name);
    if (pos->second.channels.empty())
      under_way_.erase(pos);
    for (auto& name : channels)
      settle(name, kind, channels.size(), answer, result);
    return result;
  }

  // -- properties -------------------------------------------------------------

  bool is_wanted(const std::string& name) const {
    return !subscribers_of(name).empty();
  }

  bool is_confirmed(const std::string& name) const {
    return is_wanted(name) && confirmed_.contains(name) && !is_under_way(name)
           && !renewed_.contains(name);
  }

  /// Returns whether it has failed too often to be waited for.
  bool is_delayed(const std::string& name) const {
    auto pos = failures_.find(name);
    return pos != failures_.end() && pos->second >= 2;
  }

  const std::vector<uint64_t>& subscribers_of(const std::string& name) const {
    static const std::vector<uint64_t> nobody;
    auto pos = wants_.find(name);
    return pos != wants_.end() ? pos->second : nobody;
  }

  std::set<std::string> wanted() const {
    std::set<std::string> result;
    for (auto& [name, ids] : wants_)
      if (!ids.empty())
        result.insert(name);
    return result;
  }

  std::vector<uint64_t> requests_under_way() const {
    std::vector<uint64_t> result;
    for (auto& [number, request] : under_way_)
      result.push_back(number);
    return result;
  }

  size_t num_open_answers() const {
    size_t result = 0;
    for (auto& [name, waiters] : waiters_)
      result += waiters.size();
    return result;
  }

private:
  struct flight {
    zenws::subscription_request_kind kind{};
    std::set<std::string> channels;
  };

  struct open_ask {
    uint64_t number;
    uint64_t subscriber;
    bool had_it; // before it asked
  };

  bool is_under_way(const std::string& name) const {
    return std::any_of(under_way_.begin(), under_way_.end(), [&](auto& x) {
      return x.second.channels.contains(name);
    });
  }

  void answer(const std::string& name, zenws::outcome_kind kind,
              outcomes& result) {
    for (auto& [ask, subscriber, had_it] : std::exchange(waiters_[name], {})) {
      result.emplace(kind, ask, subscriber, name);
      ++(kind == zenws::outcome_kind::granted ? seen_->granted
                                              : seen_->rejected);
    }
  }

  void answer_if_confirmed(const std::string& name, outcomes& result) {
    if (is_confirmed(name))
      answer(name, zenws::outcome_kind::granted, result);
  }

  void settle(const std::string& name, zenws::subscription_request_kind kind,
              size_t num_channels, const subscription_answer& answer,
              outcomes& result) {
    using enum subscription_answer::content;
    auto is_named = std::find(answer.channels.begin(), answer.channels.end(),
                              name)
                    != answer.channels.end();
    auto is_done = answer.kind == all_granted
                   || (answer.kind == granted && is_named);
    if (!is_done && answer.rejection == zenws::rejection::transient) {
      ++seen_->transient;
      ++failures_[name];
    } else if (!is_done && answer.rejection == zenws::rejection::collective
               && num_channels > 1) {
      ++seen_->split;
    } else if (kind == zenws::subscription_request_kind::unsubscribe) {
      forget(name);
    } else if (is_done) {
      confirmed_.insert(name);
      unsure_.erase(name);
      failures_.erase(name);
      failures_alone_.erase(name);
    } else {
      forget(name);
      refuse(name, result);
    }
    answer_if_confirmed(name, result);
    vanish_if_unknown(name);
  }

  // The server does not have it.
  void forget(const std::string& name) {
    confirmed_.erase(name);
    unsure_.erase(name);
    renewed_.erase(name);
    vanish_if_unknown(name);
  }

  // Channels without subscribers that the server does not have are forgotten.
  void vanish_if_unknown(const std::string& name) {
    if (is_wanted(name) || confirmed_.contains(name) || unsure_.contains(name)
        || is_under_way(name))
      return;
    renewing_.erase(name);
    failures_.erase(name);
    failures_alone_.erase(name);
  }

  // Earlier subscribers keep it.
  void refuse_waiting(const std::string& name, outcomes& result) {
    for (auto& ask : waiters_[name])
      if (!ask.had_it)
        std::erase(wants_[name], ask.subscriber);
    answer(name, zenws::outcome_kind::rejected, result);
  }

  void refuse(const std::string& name, outcomes& result) {
    refuse_waiting(name, result);
    for (auto id : std::exchange(wants_[name], {})) {
      result.emplace(zenws::outcome_kind::revoked, 0, id, name);
      ++seen_->revoked;
    }
    vanish_if_unknown(name);
  }

  std::map<std::string, std::vector<uint64_t>> wants_;
  std::map<std::string, std::vector<open_ask>> waiters_;
  std::set<std::string> confirmed_;
  std::set<std::string> unsure_; // after a timeout
  std::set<std::string> renewed_;
  std::set<std::string> renewing_; // until the snapshot is there
  std::set<std::string> left_behind_;
  std::map<std::string, unsigned> failures_;
  std::map<std::string, unsigned> failures_alone_;
  std::map<uint64_t, flight> under_way_;
  uint64_t last_request_ = 0;
  coverage* seen_;
};
