// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/bybit/bybit_topic.hpp"
#include "zenws/sim/clocks.hpp"
#include "zenws/sim/config/call_faults.hpp"
#include "zenws/sim/config/server_config.hpp"
#include "zenws/sim/json/json_reader.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zenws::sim {

/// Result of a request.
struct bybit_outcome {
  std::string answer;
  std::vector<bybit_topic> subscribed{};
  std::vector<bybit_topic> unsubscribed{};
};

/// One connection's requests, in Bybit's manner.
///
/// Pure: text and time in, text out.
class bybit_session {
public:
  /// Returns whether there is an instrument of this name.
  using symbol_lookup = std::function<bool(std::string_view symbol)>;

  /// @param number tells connections apart
  bybit_session(const server_config& cfg, bybit_product where, uint64_t number,
                symbol_lookup has_symbol);

  /// Answers one request or any other message of the client.
  bybit_outcome handle(std::string_view text, const moment& now);

  /// Returns the answer to a request that fails by a fault.
  std::string failure(std::string_view text, const call_error& error) const;

  /// Returns the subscriptions that `pattern` covers.
  std::vector<bybit_topic> covered(std::string_view pattern) const;

  /// Takes away a subscription without a word.
  void revoke(const bybit_topic& topic);

  /// Subscriptions by their text.
  const std::map<std::string, bybit_topic, std::less<>>&
  topics() const noexcept {
    return topics_;
  }

  /// The account that is logged in, empty for none.
  const std::string& account() const noexcept {
    return account_;
  }

private:
  struct call;

  void subscribe(call& command);
  void unsubscribe(call& command);
  void log_in(call& command, const moment& now);
  void pong(call& command, const moment& now) const;
  std::optional<std::string> objection(const std::vector<bybit_topic>& fresh,
                                       size_t args, size_t bytes) const;
  std::string unknown(std::string_view topic) const;
  std::optional<bybit_topic> find_topic(std::string_view text) const;

  const server_config& cfg_;
  bybit_product where_;
  std::string connection_;
  symbol_lookup has_symbol_;
  std::map<std::string, bybit_topic, std::less<>> topics_;
  // Characters of all topics.
  size_t topic_bytes_ = 0;
  std::string account_;
};

} // namespace zenws::sim
