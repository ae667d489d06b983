// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/venue/kraken/kraken_dialect.hpp"

namespace zenws {

std::string_view kraken_dialect::name() const noexcept {
  return "kraken";
}

} // namespace zenws
