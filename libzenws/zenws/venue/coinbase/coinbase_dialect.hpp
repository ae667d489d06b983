// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/venue/dialect.hpp"
#include "zenws/venue/coinbase/coinbase_market.hpp"

namespace zenws {

/// Coinbase Advanced Trade (docs.cdp.coinbase.com).
class coinbase_dialect : public dialect {
public:
  std::string_view name() const noexcept override;

  market_protocol* market() noexcept override {
    return &market_;
  }

private:
  coinbase_market market_;
};

} // namespace zenws
