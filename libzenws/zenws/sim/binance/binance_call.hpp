// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/clocks.hpp"
#include "zenws/sim/json/json_reader.hpp"
#include "zenws/sim/json/json_writer.hpp"
#include "zenws/sim/orders/order_feed.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace zenws::sim {

/// A subscription of a connection to the events of an account.
struct binance_subscription {
  int64_t id = 0;
  std::string account{};
};

/// Result of a request to Binance's WebSocket API.
struct binance_api_outcome {
  std::string answer;
  /// Orders that are new or changed, one event each.
  std::vector<order_change> changes;
  std::vector<binance_subscription> subscribed;
  std::vector<binance_subscription> unsubscribed;
  /// Start or end of a fault of the events of accounts.
  std::optional<fill_news> fills;
};

/// A request while it is being answered.
struct binance_call {
  // -- status codes (web-socket-api.md, "Status codes") ------------------------

  static constexpr unsigned bad_request = 400;
  static constexpr unsigned unauthorized = 401;
  static constexpr unsigned too_many_requests = 429;
  static constexpr unsigned unavailable = 503;

  // -- member variables -------------------------------------------------------

  const json& request;
  const json& params;
  const moment& now;
  size_t weight_limit = 0;
  binance_api_outcome outcome{};

  // -- parameters -------------------------------------------------------------

  /// Returns a number that is written as one or as a text.
  std::optional<double> number(const char* name) const;

  // -- answers ----------------------------------------------------------------

  template <class Fun>
  void result(Fun write) {
    json_writer out;
    begin_answer(out, 200, "result");
    write(out);
    end_answer(out);
  }

  /// Refuses a request that is wrong.
  void error(int64_t code, std::string_view message) {
    error(bad_request, code, message);
  }

  void error(unsigned status, int64_t code, std::string_view message);

  void missing(const char* name);

private:
  void begin_answer(json_writer& out, unsigned status, const char* member);
  void end_answer(json_writer& out);
  void write_limits(json_writer& out) const;
  void write_retry_after(json_writer& out) const;
};

} // namespace zenws::sim
