// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "session_fixture.hpp"

#include "zenws/json/json_value.hpp"

#include <string>
#include <utility>
#include <vector>

/// Fixture for tests of `zenws::venue_protocol`.
namespace zenws::test_support {

// A session with a venue, and the venue's side of it.
struct venue_fixture : session_fixture {
  session_actions out;
  std::vector<std::string> sent; // requests, in order

  void restart(const client_config& cfg, protocol_snapshot memory = {}) {
    uut = session{cfg,
                  {.id = 7, .name = "deribit"},
                  {.dialect = make_dialect(cfg.venue.dialect),
                   .snapshot = std::move(memory)}};
    sent.clear();
  }

  // Keeps the actions of the session, and the texts among them.
  void take(session_actions actions) {
    for (auto& x : actions)
      if (auto* write = std::get_if<action::write>(&x))
        sent.push_back(write->payload);
    out = std::move(actions);
  }

  void connect() {
    take(uut.start(now));
    take(uut.opened(now));
  }

  inbound_kind peer(const std::string& text) {
    session_actions actions;
    auto kind = uut.received(text, now, actions).kind;
    take(std::move(actions));
    return kind;
  }

  int64_t id_of(size_t index) const {
    return find_member(sent.at(index), "id").integer().value_or(-1);
  }

  // Answers the request at `index`.
  inbound_kind answer(size_t index, const std::string& result) {
    return peer(R"({"jsonrpc":"2.0","id":)" + std::to_string(id_of(index))
                + R"(,"result":)" + result + '}');
  }

  inbound_kind refuse(size_t index, int code) {
    return peer(R"({"jsonrpc":"2.0","id":)" + std::to_string(id_of(index))
                + R"(,"error":{"code":)" + std::to_string(code)
                + R"(,"message":"no"}})");
  }

  uint64_t subscribe(uint64_t subscriber, std::vector<std::string> names,
                     channel_access access = channel_access::open_to_all) {
    std::vector<channel_spec> channels;
    for (auto& name : names)
      channels.push_back({.name = name, .access = access});
    session_actions actions;
    auto ask = uut.subscribe(subscriber, channels, now, actions);
    take(std::move(actions));
    return ask ? *ask : 0;
  }

  void call(uint64_t token, send_policy policy = fail_if_down) {
    take(uut.call(token, "private/buy", R"({"amount":1})", 5s, policy, now));
  }

  void log_in() {
    take(uut.authorized(credentials{"key", "secret"},
                        std::chrono::system_clock::time_point{}, now));
  }

  void drop() {
    take(lose(failure(ec::connection_lost)));
  }

  void reconnect() {
    take(wake());
    take(uut.opened(now));
  }
};

inline bool says(const session_actions& out, const std::string& text) {
  return to_text(out).find(text) != std::string::npos;
}

} // namespace zenws::test_support
