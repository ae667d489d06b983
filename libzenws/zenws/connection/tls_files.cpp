// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/connection/tls_files.hpp"

#include "zenws/connection/internal/tls_context.hpp"

namespace zenws {

error check_files(const tls_config& config) {
  auto loaded = internal::tls_context::get(config);
  return loaded ? error{} : loaded.error();
}

} // namespace zenws
