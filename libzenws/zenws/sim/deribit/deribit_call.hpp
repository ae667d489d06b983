// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/json/json_reader.hpp"
#include "zenws/sim/json/json_writer.hpp"
#include "zenws/sim/orders/order_feed.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace zenws::sim {

/// Time since the Unix epoch.
using wall_clock_fun = std::function<std::chrono::microseconds()>;

/// Effect of an answer on the session.
enum class session_end : uint8_t { none, rate_limited, logged_out };

/// Result of a request.
struct api_outcome {
  /// The answer to send first; empty if there is none.
  std::string answer;
  /// Channels the session has from now on and had not before.
  std::vector<std::string> subscribed;
  /// Channels the session has no more.
  std::vector<std::string> unsubscribed;
  /// A new heartbeat interval; zero switches heartbeats off.
  std::optional<std::chrono::seconds> heartbeat;
  /// Set if this was `public/test`, the answer to a test request.
  bool is_test = false;
  /// Orders that are new or changed.
  std::vector<order_change> changes;
  /// Start or end of a fault of the channels of accounts.
  std::optional<fill_news> fills;
  session_end end = session_end::none;
};

/// A request in Deribit's manner while it is being answered.
struct deribit_call {
  const json& request;
  json params;
  std::chrono::microseconds received;
  const wall_clock_fun& now;
  api_outcome outcome;

  // -- answers ----------------------------------------------------------------

  template <class Fun>
  void answer(const char* member, Fun write) {
    json_writer out;
    out.begin_object();
    out.member("jsonrpc", "2.0");
    if (auto* id = find(request, "id"); id && is_scalar(*id))
      out.key("id").copy(*id);
    out.key(member);
    write(out);
    auto sent = now();
    out.member("usIn", received.count());
    out.member("usOut", sent.count());
    out.member("usDiff", (sent - received).count());
    out.member("testnet", true);
    out.end_object();
    outcome.answer = out.text();
  }

  template <class Fun>
  void result(Fun write) {
    answer("result", std::move(write));
  }

  void ok();

  void names(const std::vector<std::string>& xs);

  void error(int64_t code, std::string_view message);

  /// Answers that there is no authorization.
  void unauthorized();

  void bad_param(const char* param, const char* reason);

  // -- parameters -------------------------------------------------------------

  /// Returns the list of channels, or answers with an error.
  const json* channels();

  /// Returns a text that is not empty, or answers with an error.
  std::optional<std::string_view> required_text(const char* param);

  std::chrono::milliseconds received_ms() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(received);
  }
};

} // namespace zenws::sim
