// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/venue/dialect.hpp"
#include "zenws/venue/bybit/bybit_market.hpp"

namespace zenws {

/// Bybit, API version 5 (bybit-exchange.github.io/docs/v5).
class bybit_dialect : public dialect {
public:
  std::string_view name() const noexcept override;

  market_protocol* market() noexcept override {
    return &market_;
  }

private:
  bybit_market market_;
};

} // namespace zenws
