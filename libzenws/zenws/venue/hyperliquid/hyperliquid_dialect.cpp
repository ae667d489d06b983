// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/venue/hyperliquid/hyperliquid_dialect.hpp"

namespace zenws {

std::string_view hyperliquid_dialect::name() const noexcept {
  return "hyperliquid";
}

} // namespace zenws
