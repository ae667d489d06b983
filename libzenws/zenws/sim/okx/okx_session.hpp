// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/clocks.hpp"
#include "zenws/sim/config/call_faults.hpp"
#include "zenws/sim/config/server_config.hpp"
#include "zenws/sim/net/sliding_window.hpp"
#include "zenws/sim/okx/okx_arg.hpp"
#include "zenws/sim/okx/okx_orders.hpp"
#include "zenws/sim/orders/order_knobs.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zenws::sim {

/// Which half of the interface a path offers.
enum class okx_side : uint8_t { public_data, private_data };

/// Result of a request.
struct okx_outcome {
  /// To be sent in this order.
  std::vector<std::string> answers;
  std::vector<okx_arg> subscribed;
  std::vector<okx_arg> unsubscribed;
  /// Orders that are new or changed.
  std::vector<order_change> changes{};
  /// Start or end of a fault of the channels of accounts.
  std::optional<fill_news> fills{};
};

/// One connection's requests, in OKX's manner.
///
/// Pure: text and time in, text out.
class okx_session {
public:
  /// The venue as a session sees it.
  struct surroundings {
    order_store& orders;
    okx_market market;
  };

  /// @param number tells sessions apart in the orders
  okx_session(const server_config& cfg, okx_side side, uint64_t number,
              surroundings around);

  /// Notes that the client is there: it has connected or sent something.
  void heard(std::chrono::steady_clock::time_point now) noexcept {
    last_heard_ = now;
  }

  /// Returns when the client will have been silent for too long, or nothing if
  /// it may be silent.
  std::optional<std::chrono::steady_clock::time_point> idle_at() const noexcept;

  /// Answers one request or any other message of the client.
  okx_outcome handle(std::string_view text, const moment& now);

  /// Returns the answer to a request that fails by a fault.
  std::string failure(std::string_view text, const call_error& error) const;

  /// The notice that the service will be upgraded.
  std::string upgrade_notice() const;

  /// Reports the number of connections of the account with a private channel.
  std::string connection_count(const okx_arg& arg, size_t count) const;

  /// Reports that there are too many of them.
  std::string too_many_connections(const okx_arg& arg) const;

  /// Reports that a channel is taken away.
  std::string unsubscribed(const okx_arg& arg) const;

  /// Returns the subscriptions that `pattern` covers.
  std::vector<okx_arg> covered(std::string_view pattern) const;

  void revoke(const okx_arg& arg);

  /// Subscriptions by their text.
  const std::map<std::string, okx_arg>& channels() const noexcept {
    return channels_;
  }

  /// The account that is logged in, empty for none.
  const std::string& account() const noexcept {
    return account_;
  }

  /// Returns the number that private messages carry.
  const std::string& uid() const noexcept {
    return uid_;
  }

private:
  struct call;

  struct refusal {
    const char* code;
    std::string message;
  };

  void dispatch(call& command, const moment& now);
  void subscribe(call& command);
  void unsubscribe(call& command);
  void log_in(call& command, const moment& now);
  void trade(call& command, const moment& now);
  void turn(call& command, std::string_view knob, const moment& now);
  template <class Fun>
  std::string event(const char* name, Fun write) const;
  std::optional<refusal> check(const okx_arg& arg) const;
  bool is_public(const okx_arg& arg) const;

  const server_config& cfg_;
  okx_side side_;
  std::string connection_;
  okx_market market_;
  okx_orders orders_;
  order_knobs knobs_;
  sliding_window requests_;
  std::chrono::steady_clock::time_point last_heard_{};
  std::map<std::string, okx_arg> channels_;
  std::string account_;
  std::string uid_;
};

} // namespace zenws::sim
