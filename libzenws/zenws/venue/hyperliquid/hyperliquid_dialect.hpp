// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/venue/dialect.hpp"
#include "zenws/venue/hyperliquid/hyperliquid_market.hpp"

namespace zenws {

/// Hyperliquid (hyperliquid.gitbook.io).
class hyperliquid_dialect : public dialect {
public:
  std::string_view name() const noexcept override;

  market_protocol* market() noexcept override {
    return &market_;
  }

private:
  hyperliquid_market market_;
};

} // namespace zenws
