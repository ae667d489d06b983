// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/error.hpp"
#include "zenws/json/envelope.hpp"
#include "zenws/trading/account_update.hpp"

namespace zenws::internal {

/// Reads a message of OKX's channel `orders`: a report for each order, behind
/// the fill that it may tell.
error read_okx_orders(const envelope& message, trading::account_updates& out);

} // namespace zenws::internal
