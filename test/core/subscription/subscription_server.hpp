// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/subscription/subscription.hpp"

#include <algorithm>
#include <cstdint>
#include <deque>
#include <random>
#include <set>
#include <string>
#include <vector>

/// An answer of a server. Several answers may belong to one request.
struct subscription_answer {
  enum class content { granted, all_granted, rejected };

  uint64_t request = 0;

  content kind = content::granted;

  /// The channels of this answer: granted or rejected ones.
  std::vector<std::string> channels{};

  /// Set if it answers for `channels` only, one by one.
  bool by_channel = false;

  zenws::rejection rejection = zenws::rejection::definite;
};

/// The server's end of one connection. Handles requests in their order, but
/// lacks some channels and is too busy at times.
class subscription_server {
public:
  enum class style {
    /// Lists the granted channels of a request (Deribit).
    partial,
    /// Grants a request as a whole or not at all (Binance).
    collective,
    /// Answers for each channel by itself (OKX).
    by_channel,
  };

  subscription_server(style answers, std::set<std::string> unknown_channels)
    : style_(answers), unknown_(std::move(unknown_channels)) {
    // nop
  }

  const std::set<std::string>& subscribed() const noexcept {
    return subscribed_;
  }

  void receive(zenws::subscription_request request) {
    inbox_.push_back(std::move(request));
  }

  /// Forgets everything, as the connection is gone. It may come back without
  /// one of the channels that it had.
  void disconnect(bool delists_one) {
    if (delists_one && !subscribed_.empty())
      unknown_.insert(*subscribed_.begin());
    inbox_.clear();
    subscribed_.clear();
  }

  /// Handles the oldest request, if there is one.
  std::vector<subscription_answer> handle_one(bool busy, std::mt19937_64& rng) {
    using enum zenws::subscription_request_kind;
    if (inbox_.empty())
      return {};
    auto request = std::move(inbox_.front());
    inbox_.pop_front();
    auto all = names_of(request);
    if (busy)
      return {{.request = request.number,
               .kind = subscription_answer::content::rejected,
               .channels = all,
               .rejection = zenws::rejection::transient}};
    if (request.kind == subscribe && style_ == style::collective
        && std::ranges::any_of(all, [this](auto& x) {
             return unknown_.contains(x);
           }))
      return {{.request = request.number,
               .kind = subscription_answer::content::rejected,
               .channels = all,
               .rejection = zenws::rejection::collective}};
    std::vector<std::string> done;
    for (auto& name : all)
      if (request.kind == subscribe ? subscribe_to(name)
                                    : subscribed_.erase(name) > 0)
        done.push_back(name);
    return answers(request.number, all, done, rng);
  }

private:
  static std::vector<std::string>
  names_of(const zenws::subscription_request& request) {
    std::vector<std::string> result;
    for (auto& channel : request.channels)
      result.push_back(channel.name);
    return result;
  }

  bool subscribe_to(const std::string& name) {
    if (unknown_.contains(name))
      return false;
    subscribed_.insert(name);
    return true;
  }

  std::vector<subscription_answer>
  answers(uint64_t number, std::vector<std::string> all,
          std::vector<std::string> done, std::mt19937_64& rng) const {
    using enum subscription_answer::content;
    if (style_ == style::partial) {
      if (rng() % 4 == 0 && !subscribed_.empty())
        lie_about(*subscribed_.begin(), all, done);
      std::shuffle(done.begin(), done.end(), rng);
      return {{.request = number, .kind = granted, .channels = done}};
    }
    if (style_ == style::collective)
      return {{.request = number, .kind = all_granted, .channels = all}};
    std::vector<subscription_answer> result;
    for (auto& name : all)
      result.push_back(
        {.request = number,
         .kind = std::ranges::count(done, name) > 0 ? granted : rejected,
         .channels = {name},
         .by_channel = true});
    return result;
  }

  // Claims to grant channels that are not in this request.
  static void lie_about(const std::string& name,
                        const std::vector<std::string>& all,
                        std::vector<std::string>& done) {
    if (std::ranges::count(all, name) == 0)
      done.push_back(name);
  }

  style style_;
  std::set<std::string> unknown_;
  std::set<std::string> subscribed_;
  std::deque<zenws::subscription_request> inbox_;
};
