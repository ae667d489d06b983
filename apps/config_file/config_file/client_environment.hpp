// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "program/program_log.hpp"

#include "zenws/config/client_config.hpp"
#include "zenws/error.hpp"
#include "zenws/log/log.hpp"

#include <string_view>

/// @file
/// What the environment of a program says about its clients.

namespace zenws {

/// Sets the proxy that the environment names for the URL of a client, see
/// `find_proxy`.
/// @returns `ec::invalid_config` if the variable has no proxy that zenws can
///          use.
error use_proxy_of_environment(client_config& to);

/// Sets the file that SSLKEYLOGFILE names, if any.
void use_key_log_of_environment(client_config& to);

/// Logs a warning if the clients of this program write their secrets to the
/// file that SSLKEYLOGFILE names.
/// @returns `ec::tls_failed` if that file cannot be opened.
error announce_key_log(const log_sink& log);

/// Same with the log of a program. Prints the problem, if any.
/// @returns whether there is none.
bool announce_key_log(std::string_view program, program_log& log);

} // namespace zenws
