// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "unit_test.hpp"
#include "world.hpp"

#include "zenws/json/json_value.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace zenws::test_support {

/// A world with clients of venues.
struct venue_world : world {
  using world::world;

  /// Starts a client whose events are collected from the start.
  std::pair<client_actor, inbox_ptr> connect_watched(client_spec spec) {
    auto [watcher, in] = watcher_of_events();
    spec.subscribers.push_back(watcher);
    auto uut = rt.connect(std::move(spec));
    if (!uut)
      CAF_FAIL("cannot connect: " << caf_compat::to_text(uut.error()));
    return {*uut, in};
  }

  /// Same for a client of a supervisor.
  std::pair<client_actor, inbox_ptr>
  start_watched(const client_supervisor_actor& supervisor, client_spec spec) {
    auto [watcher, in] = watcher_of_events();
    spec.subscribers.push_back(watcher);
    auto uut = ask<client_actor>(supervisor, start_client{std::move(spec)});
    if (!uut)
      CAF_FAIL("cannot start: " << caf_compat::to_text(uut.error()));
    return {*uut, in};
  }

  /// The result of a request for channels.
  struct followed {
    caf::expected<channel_report> report;
    caf::actor subscriber;
    inbox_ptr in;
  };

  /// Requests channels for a new subscriber.
  template <class Handle>
  followed
  try_follow(const Handle& client, std::vector<channel_spec> channels) {
    auto in = std::make_shared<inbox>();
    auto subscriber = sys.spawn(collecting, in);
    auto report = ask<channel_report>(
      client, subscribe_channels{std::move(channels), subscriber});
    return {std::move(report), subscriber, in};
  }

  /// Same for channels all of which must be granted.
  template <class Handle>
  std::pair<caf::actor, inbox_ptr>
  follow_specs(const Handle& client, std::vector<channel_spec> channels) {
    auto [report, subscriber, in] = try_follow(client, std::move(channels));
    CAF_REQUIRE(report);
    CAF_CHECK(report->all_granted());
    return {subscriber, in};
  }

  /// Same for public channels without arguments.
  template <class Handle>
  std::pair<caf::actor, inbox_ptr>
  follow(const Handle& client, const std::vector<std::string>& names) {
    std::vector<channel_spec> channels;
    for (auto& name : names)
      channels.push_back({.name = name});
    return follow_specs(client, std::move(channels));
  }

  /// Sends all requests before it waits for the first response.
  template <class T, class Handle, class Request>
  std::vector<caf::expected<T>>
  ask_at_once(const Handle& receiver, const std::vector<Request>& requests) {
    auto send = [&](const Request& x) {
      return self->request(receiver, std::chrono::milliseconds{patience}, x);
    };
    std::vector<decltype(send(requests.front()))> open;
    for (auto& x : requests)
      open.push_back(send(x));
    std::vector<caf::expected<T>> result;
    for (auto& x : open)
      std::move(x).receive(
        [&](T& answer) { result.emplace_back(std::move(answer)); },
        [&](caf::error& reason) { result.emplace_back(std::move(reason)); });
    return result;
  }

  template <class Handle>
  client_status status_of(const Handle& client) {
    auto result = ask<client_status>(client, get_status{});
    CAF_REQUIRE(result);
    return *result;
  }

private:
  std::pair<subscribe, inbox_ptr> watcher_of_events() {
    auto in = std::make_shared<inbox>();
    subscribe result{sys.spawn(collecting, in)};
    result.options.content = subscription_content::events;
    return {result, in};
  }
};

/// Waits for the end of a connection or an attempt and returns the reason.
inline ec reason_of_outage(const inbox_ptr& in) {
  auto event = in->wait_for_state(client_state::backing_off);
  return event ? event->reason.code : ec::none;
}

/// Returns the outcome of each channel.
inline std::map<std::string, outcome_kind>
outcomes_of(const channel_report& report) {
  std::map<std::string, outcome_kind> result;
  for (auto& x : report.outcomes)
    result.emplace(x.channel, x.kind);
  return result;
}

/// Waits for `n` messages of an epoch and returns the number of those without
/// `text`.
inline size_t unauthenticated(const inbox_ptr& in, size_t n,
                              const std::string& text, uint64_t epoch = 1) {
  size_t seen = 0;
  size_t result = 0;
  auto enough = eventually([&] {
    in->wait_for_messages(in->count() + 1);
    seen = result = 0;
    for (auto& x : in->messages()) {
      seen += x.epoch >= epoch;
      result += x.epoch >= epoch && x.payload.find(text) == std::string::npos;
    }
    return seen >= n;
  });
  CAF_REQUIRE(enough);
  return result;
}

/// Returns the number of answers with this error; `ec::none` counts results.
template <class T>
size_t count_of(const std::vector<caf::expected<T>>& answers, ec code) {
  auto is_it = [=](auto& x) {
    return code == ec::none ? static_cast<bool>(x)
                            : !x && caf_compat::code_of(x.error()) == code;
  };
  return static_cast<size_t>(
    std::count_if(answers.begin(), answers.end(), is_it));
}

/// Returns the account of a simulator.
inline result<credentials> demo_account() {
  return credentials{"demo", "demo-secret", "demo-passphrase"};
}

} // namespace zenws::test_support
