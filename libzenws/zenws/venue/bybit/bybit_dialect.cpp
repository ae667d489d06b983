// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/venue/bybit/bybit_dialect.hpp"

namespace zenws {

std::string_view bybit_dialect::name() const noexcept {
  return "bybit";
}

} // namespace zenws
