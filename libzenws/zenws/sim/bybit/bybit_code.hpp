// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <cstdint>

namespace zenws::sim {

/// Code of an answer to a request about orders, its `retCode`
/// (bybit-exchange.github.io/docs/v5/error and
/// docs/v5/websocket/trade/guideline).
enum class bybit_code : int64_t {
  ok = 0,
  bad_parameter = 10001,
  outside_window = 10002,
  unknown_key = 10003,
  wrong_signature = 10004,
  /// "User authentication failed": of requests before a login, a guess.
  not_logged_in = 10007,
  restarting = 10019,
  unknown_symbol = 10029,
  /// Of an operation or a category.
  unknown_operation = 10404,
  repeated_login = 20001,
  repeated_request_id = 20006,
  no_such_order = 110001,
  no_funds = 110007,
  enlarges_position = 110017,
  too_many_orders = 110020,
  below_filled = 110064,
  repeated_link_id = 110072,
};

} // namespace zenws::sim
