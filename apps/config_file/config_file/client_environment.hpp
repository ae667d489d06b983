// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/config/client_config.hpp"
#include "zenws/error.hpp"

/// @file
/// What the environment of a program says about its clients.

namespace zenws {

/// Sets the proxy that the environment names for the URL of a client, see
/// `find_proxy`.
/// @returns `ec::invalid_config` if the variable has no proxy that zenws can
///          use.
error use_proxy_of_environment(client_config& to);

} // namespace zenws
