// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/config/client_config.hpp"
#include "zenws/error.hpp"

namespace zenws {

/// Checks that authority, certificate and key can be read and fit together.
/// @returns `ec::tls_failed` naming the file.
error check_files(const tls_config& config);

} // namespace zenws
