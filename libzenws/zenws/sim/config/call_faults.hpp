// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/config/fault.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zenws::sim {

/// Failure of a call.
struct call_error {
  /// Empty for the code by which the venue tells of maintenance.
  std::string code{};
  std::string message{};
  /// Only of Binance's WebSocket API.
  unsigned status = 503;
};

/// Verdict of a fault on a call.
struct call_verdict {
  execution executes = execution::left;
  /// No value means that there is no answer.
  std::optional<call_error> error{};
};

/// Which faults await the calls of clients, by path.
///
/// An empty path stands for all paths. Pure: the caller brings the time.
class call_faults {
public:
  using time_point = std::chrono::steady_clock::time_point;

  // -- transitions ------------------------------------------------------------

  void fail(const std::string& path, const fault_fail_calls& cause);

  void ignore(const std::string& path, const fault_answer_nothing& cause);

  /// @param until nothing means until `recover`
  void maintain(const std::string& path, std::optional<time_point> until);

  void notify_first(const std::string& path, const fault_notify_first& cause);

  void silence(const std::string& path, const fault_silence& cause);

  /// Ends all faults of a path, or of all paths.
  void recover(const std::string& path);

  // -- decisions, each counted against the fault's `times` --------------------

  /// Returns the decision about a call, nothing to serve it.
  std::optional<call_verdict> judge(const std::string& path,
                                    std::string_view method, time_point now);

  /// Returns whether an acknowledgement has to wait for a notification.
  bool notifies_first(const std::string& path);

  // -- properties -------------------------------------------------------------

  /// Returns whether no call fails.
  bool empty() const noexcept {
    return calls_.empty() && maintenance_.empty();
  }

  bool maintains(const std::string& path, time_point now) const;

  /// Returns whether new subscriptions to a channel bring nothing.
  bool silences(const std::string& path, std::string_view channel) const;

private:
  struct failing_call {
    std::string path;
    std::string method;
    call_verdict verdict;
    uint64_t times;
  };

  struct silent_channel {
    std::string path;
    std::string channel;
  };

  void add(failing_call call);

  std::vector<failing_call> calls_;
  std::map<std::string, std::optional<time_point>> maintenance_;
  std::map<std::string, fault_notify_first> notify_first_;
  std::vector<silent_channel> silent_;
};

/// Returns whether a fault for `pattern` is about a channel: the pattern is
/// empty, or the name, or its part before a colon.
bool covers_channel(std::string_view pattern, std::string_view channel);

/// Returns the `method`, `op` or `type` of a request, empty if it has none.
std::string method_of(std::string_view request);

} // namespace zenws::sim
