// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/config/server_config.hpp"
#include "zenws/sim/json/json_reader.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace zenws::sim {

/// Why a login is refused.
enum class bybit_login_problem : uint8_t {
  /// The arguments have another form, or the moment of expiry has passed.
  malformed,
  unknown_key,
  wrong_signature,
};

/// Checks the arguments of a login: a key, a moment of expiry in milliseconds
/// and a signature.
/// @returns the key of the account.
std::variant<std::string, bybit_login_problem>
check_bybit_login(const std::vector<account_config>& accounts, const json& args,
                  std::chrono::milliseconds now);

} // namespace zenws::sim
