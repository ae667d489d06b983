#pragma once

#include "zenws/supervision.hpp"

#include <chrono>
#include <string>
#include <variant>

/// What the tests of `zenws::supervision` are made of.
namespace zenws::test {

using namespace std::chrono_literals;

inline std::string to_string(supervision_action::news what) {
  using enum supervision_action::news;
  switch (what) {
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
inline std::string to_text(const supervision_actions& out) {
  struct {
    std::string operator()(const supervision_action::start& x) {
      return "start:" + std::to_string(x.child);
    }
    std::string operator()(const supervision_action::stop& x) {
      return "stop:" + std::to_string(x.child);
    }
    std::string operator()(const supervision_action::kill& x) {
      return "kill:" + std::to_string(x.child);
    }
    std::string operator()(const supervision_action::tell& x) {
      return to_string(x.what) + ':' + std::to_string(x.child);
    }
    std::string operator()(const supervision_action::settle& x) {
      return "settle:" + std::to_string(x.child);
    }
    std::string operator()(const supervision_action::forget& x) {
      return "forget:" + std::to_string(x.child);
    }
    std::string operator()(const supervision_action::finish& x) {
      switch (x.why) {
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
  for (auto& what : out)
    result += (result.empty() ? "" : " ") + std::visit(f, what);
  return result;
}

} // namespace zenws::test
