// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/error.hpp"
#include "zenws/json/json_value.hpp"
#include "zenws/trading/account_update.hpp"

#include <string_view>

namespace zenws::internal {

/// Adds what a message of a channel tells about an account of Deribit; nothing
/// if the channel is about something else.
/// @returns as `order_protocol::decode`.
error read_deribit_news(std::string_view channel, const json_value& data,
                        trading::account_updates& out);

/// Same for the answer to a method.
/// @returns also `ec::invalid_data` if it tells that orders were not canceled.
error read_deribit_answer(std::string_view method, std::string_view result,
                          trading::account_updates& out);

} // namespace zenws::internal
