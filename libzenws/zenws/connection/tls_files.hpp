#pragma once

#include "zenws/config/client_config.hpp"
#include "zenws/error.hpp"

namespace zenws {

/// Tells whether authority, certificate and key can be read and fit together,
/// before anybody depends on them.
/// @returns `ec::tls_failed` naming the file.
error check_files(const tls_config& what);

} // namespace zenws
