// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/venue/bybit/internal/bybit_words.hpp"
#include "zenws/venue/order_protocol.hpp"

#include <optional>
#include <string_view>

/// @file
/// Requests of Bybit's order entry, and their answers
/// (bybit-exchange.github.io/docs/v5/websocket/trade/guideline).

namespace zenws::internal {

/// @returns `ec::not_supported` or `ec::invalid_config`, see
///          `order_protocol::place`.
result<order_call> bybit_create(const trading::order_request& order,
                                const trading::client_order_id& id,
                                bybit_category product, const request_time& at);

/// @returns `ec::invalid_config` if the order has no id, or if there is nothing
///          to change.
result<order_call> bybit_amend(const trading::amend_request& change,
                               bybit_category product, const request_time& at);

/// @returns `ec::invalid_config` if the order has no id.
result<order_call> bybit_cancel(const trading::order_key& order,
                                bybit_category product, const request_time& at);

/// Reads the answer to a request; only those of `bybit_create` tell of an
/// order.
result<std::optional<trading::order_report>>
read_bybit_answer(const order_call& request, std::string_view answer);

} // namespace zenws::internal
