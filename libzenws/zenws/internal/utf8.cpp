// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/internal/utf8.hpp"

#include <simdjson.h>

namespace zenws::internal {

bool valid_any_utf8(const char* data, size_t size) noexcept {
  return simdjson::validate_utf8(data, size);
}

} // namespace zenws::internal
