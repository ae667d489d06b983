// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/session/session.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

// Fixtures for the tests of `zenws::session`.
namespace zenws::test_support {

using namespace std::chrono_literals;

// Delays of 1, 2 and 4 s, then the end; a ping every 30 s.
inline client_config fast_config() {
  return {.url = "ws://h",
          .backoff = {.min = 1s,
                      .max = 8s,
                      .factor = 2,
                      .jitter = 0,
                      .stable_after = 10s,
                      .max_attempts = 4},
          .heartbeat = {.kind = heartbeat_kind::ping_pong,
                        .interval = 30s,
                        .max_missed = 1}};
}

inline error failure(ec code = ec::connect_failed) {
  return {.code = code};
}

inline error refused(unsigned status, std::vector<header> headers = {}) {
  auto refusal = std::make_shared<upgrade_refusal>();
  refusal->status = status;
  refusal->sent_credentials = true;
  refusal->headers = std::move(headers);
  return {.code = ec::upgrade_refused, .refusal = std::move(refusal)};
}

inline error closed(uint16_t code) {
  return {.code = ec::closed_by_peer, .close_code = code};
}

// Returns the first action of this type, or null.
template <class T>
const T* find(const session_actions& out) {
  for (auto& x : out)
    if (auto ptr = std::get_if<T>(&x))
      return ptr;
  return nullptr;
}

// Returns the number of actions of this type.
template <class T>
size_t count(const session_actions& out) {
  size_t result = 0;
  for (auto& x : out)
    result += std::holds_alternative<T>(x);
  return result;
}

// Returns the actions as text, for example "notify:ready stop:none".
inline std::string to_text(const session_actions& out) {
  struct {
    std::string operator()(const action::dial& x) {
      return "dial:" + std::to_string(x.attempt);
    }
    std::string operator()(const action::drop&) {
      return "drop";
    }
    std::string operator()(const action::dial_successor&) {
      return "dial_successor";
    }
    std::string operator()(const action::adopt_successor&) {
      return "adopt_successor";
    }
    std::string operator()(const action::promote_successor&) {
      return "promote_successor";
    }
    std::string operator()(const action::close& x) {
      return "close:" + std::to_string(x.code) + x.reason;
    }
    std::string operator()(const action::ping&) {
      return "ping";
    }
    std::string operator()(const action::write& x) {
      return "write:" + x.payload;
    }
    std::string operator()(const action::get_credentials&) {
      return "get_credentials";
    }
    std::string operator()(const action::fail& x) {
      return "fail:" + std::to_string(x.token) + ':'
             + std::string{to_string(x.reason.code)};
    }
    std::string operator()(const action::answer& x) {
      auto* good = std::get_if<rpc_result>(&x.response);
      return "answer:" + std::to_string(x.token) + ':'
             + (good != nullptr ? good->json
                                : std::get<rpc_error>(x.response).message);
    }
    std::string operator()(const action::report& x) {
      std::string result = "report";
      for (auto& outcome : x.outcomes)
        result += ':' + outcome.channel + '='
                  + std::string{zenws::to_string(outcome.kind)};
      return result;
    }
    std::string operator()(const action::notify& x) {
      auto is_state = x.event.kind == event_kind::state_changed;
      auto name = is_state ? to_string(x.event.state) : to_string(x.event.kind);
      return "notify:" + std::string{name};
    }
    std::string operator()(const action::stop& x) {
      return "stop:" + std::string{to_string(x.reason.code)};
    }
  } f;
  std::string result;
  for (auto& x : out)
    result += (result.empty() ? "" : " ") + std::visit(f, x);
  return result;
}

// A session that returns its actions instead of appending them.
struct returning_session : session {
  using session::session;

  returning_session(session other) : session(std::move(other)) {
    // nop
  }

  session_actions start(time_point now) {
    return collect(&session::start, now);
  }

  session_actions entered(client_state phase, std::string_view address) {
    return collect(&session::entered, phase, address);
  }

  session_actions opened(time_point now) {
    return collect(&session::opened, now);
  }

  session_actions lost(error reason, time_point now, double jitter) {
    return collect(&session::lost, std::move(reason), now, jitter);
  }

  session_actions successor_opened(time_point now) {
    return collect(&session::successor_opened, now);
  }

  session_actions successor_lost(error reason, time_point now) {
    return collect(&session::successor_lost, std::move(reason), now);
  }

  session_actions pong(std::string_view payload, time_point now) {
    return collect(&session::pong, payload, now);
  }

  session_actions authorized(const result<credentials>& found,
                             std::chrono::system_clock::time_point wall,
                             time_point now) {
    return collect(&session::authorized, found, wall, now);
  }

  session_actions request_close(uint16_t code, std::string reason,
                                time_point now,
                                std::chrono::milliseconds drain = 0ms) {
    return collect(&session::request_close, code, std::move(reason), now,
                   drain);
  }

  session_actions expired(time_point now) {
    return collect(&session::expired, now);
  }

  session_actions send(uint64_t token, message_kind kind, std::string payload,
                       send_policy policy, time_point now) {
    return collect(&session::send, token, kind, std::move(payload), policy,
                   now);
  }

  session_actions call(uint64_t token, std::string method, std::string params,
                       std::chrono::milliseconds answer_within,
                       send_policy policy, time_point now) {
    return collect(&session::call, token, std::move(method), std::move(params),
                   answer_within, policy, now);
  }

  session_actions unsubscribe(uint64_t subscriber,
                              std::span<const std::string_view> channels,
                              time_point now) {
    return collect(&session::unsubscribe, subscriber, channels, now);
  }

  session_actions remove_subscriber(uint64_t subscriber, time_point now) {
    return collect(&session::remove_subscriber, subscriber, now);
  }

  session_actions renew(std::span<const std::string_view> channels,
                        time_point now) {
    return collect(&session::renew, channels, now);
  }

private:
  template <class F, class... Ts>
  session_actions collect(F event, Ts&&... xs) {
    session_actions out;
    (this->*event)(std::forward<Ts>(xs)..., out);
    return out;
  }
};

// A session with an identity and a clock of its own.
struct session_fixture {
  returning_session uut{fast_config(),
                        {.id = 7, .name = "deribit", .epoch = 3}};
  session::time_point now{1h};

  void reset(const client_config& cfg) {
    uut = session{cfg, {.id = 7, .name = "deribit", .epoch = 3}};
  }

  session_actions lose(error reason = failure()) {
    return uut.lost(std::move(reason), now, 0);
  }

  session_actions wake() {
    now = std::max(now, uut.wake_at().value());
    return uut.expired(now);
  }

  void connect() {
    uut.start(now);
    uut.opened(now);
  }

  // Time until the session wants to wake up.
  std::chrono::milliseconds delay() {
    auto rest = uut.wake_at().value() - now;
    return std::chrono::duration_cast<std::chrono::milliseconds>(rest);
  }
};

} // namespace zenws::test_support
