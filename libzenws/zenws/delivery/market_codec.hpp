// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/delivery/market_batch.hpp"
#include "zenws/error.hpp"

#include <string>
#include <string_view>

namespace zenws {

/// Returns the bytes of a batch for another node: small numbers are short, and
/// each name comes once. Nothing but `decode_market` reads them.
std::string encode_market(const market_batch& batch);

/// Reads the bytes of `encode_market`, or any others.
/// @returns `ec::invalid_data` if it is no batch.
result<market_batch> decode_market(std::string_view bytes);

} // namespace zenws
