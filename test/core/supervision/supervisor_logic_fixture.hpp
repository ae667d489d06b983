// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/supervision/supervisor_logic.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <variant>

/// Fixture for tests of `zenws::supervisor_logic`.
namespace zenws::test_support {

using namespace std::chrono_literals;

inline std::string to_string(supervisor_action::child_event event) {
  using enum supervisor_action::child_event;
  switch (event) {
    case restarting:
      return "restarting";
    case restarted:
      return "restarted";
    case ended:
      return "ended";
    default:
      return "gave_up";
  }
}

/// Returns the actions as text, for example "stop:2 start:1".
inline std::string to_text(const supervisor_actions& out) {
  struct {
    std::string operator()(const supervisor_action::start& x) {
      return "start:" + std::to_string(x.child);
    }
    std::string operator()(const supervisor_action::stop& x) {
      return "stop:" + std::to_string(x.child);
    }
    std::string operator()(const supervisor_action::kill& x) {
      return "kill:" + std::to_string(x.child);
    }
    std::string operator()(const supervisor_action::notify& x) {
      return to_string(x.event) + ':' + std::to_string(x.child);
    }
    std::string operator()(const supervisor_action::stopped& x) {
      return "stopped:" + std::to_string(x.child);
    }
    std::string operator()(const supervisor_action::forget& x) {
      return "forget:" + std::to_string(x.child);
    }
    std::string operator()(const supervisor_action::finish& x) {
      switch (x.reason) {
        case supervision_end::requested:
          return "finish:requested";
        case supervision_end::restart_limit:
          return "finish:restart_limit";
        default:
          return "finish:significant_child";
      }
    }
  } f;
  std::string result;
  for (auto& action : out)
    result += (result.empty() ? "" : " ") + std::visit(f, action);
  return result;
}

inline supervision_policy policy_of(restart_strategy strategy) {
  supervision_policy result;
  result.strategy = strategy;
  result.limit = {.max_restarts = 3, .period = 60s};
  result.restart_backoff.jitter = 0;
  return result;
}

constexpr child_policy permanent{};

constexpr child_policy transient{.restart = restart_type::transient};

constexpr child_policy temporary{.restart = restart_type::temporary};

/// A supervision whose children start at once.
struct supervisor_logic_fixture {
  supervisor_logic uut{policy_of(restart_strategy::one_for_one)};
  supervisor_logic::time_point now{1h};
  std::string trace;

  void reset(supervision_policy policy) {
    uut = supervisor_logic{policy};
  }

  /// Performs the actions of the logic that start children.
  void take(supervisor_actions out) {
    trace += (trace.empty() || out.empty() ? "" : " ") + to_text(out);
    for (auto& action : out)
      if (auto* start = std::get_if<supervisor_action::start>(&action)) {
        supervisor_actions more;
        uut.started(start->child, now, more);
        take(std::move(more));
      }
  }

  /// Returns the events since the last call.
  std::string seen() {
    return std::exchange(trace, {});
  }

  uint64_t add(const child_policy& policy = permanent) {
    supervisor_actions out;
    auto id = uut.add(policy, now, out);
    take(std::move(out));
    return id ? *id : 0;
  }

  void add_three(const child_policy& policy = permanent) {
    for (int i = 0; i < 3; ++i)
      add(policy);
    seen();
  }

  void end(uint64_t id, child_end end_kind = child_end::failure,
           std::optional<std::chrono::milliseconds> productive = {}) {
    supervisor_actions out;
    uut.ended(id, {end_kind, productive}, now, 0, out);
    take(std::move(out));
  }

  void wake() {
    now = std::max(now, uut.wake_at().value());
    supervisor_actions out;
    uut.expired(now, out);
    take(std::move(out));
  }

  void shut_down() {
    supervisor_actions out;
    uut.shut_down(now, out);
    take(std::move(out));
  }

  error terminate(uint64_t id) {
    supervisor_actions out;
    auto result = uut.terminate(id, now, out);
    take(std::move(out));
    return result;
  }

  error restart(uint64_t id) {
    supervisor_actions out;
    auto result = uut.restart(id, now, out);
    take(std::move(out));
    return result;
  }

  error remove(uint64_t id) {
    supervisor_actions out;
    auto result = uut.remove(id, out);
    take(std::move(out));
    return result;
  }
};

} // namespace zenws::test_support
