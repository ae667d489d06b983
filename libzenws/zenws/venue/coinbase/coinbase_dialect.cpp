// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/venue/coinbase/coinbase_dialect.hpp"

namespace zenws {

std::string_view coinbase_dialect::name() const noexcept {
  return "coinbase";
}

} // namespace zenws
