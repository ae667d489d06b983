// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/venue/dialect.hpp"
#include "zenws/venue/kraken/kraken_market.hpp"

namespace zenws {

/// Kraken, WebSocket API version 2 (docs.kraken.com/api).
class kraken_dialect : public dialect {
public:
  std::string_view name() const noexcept override;

  market_protocol* market() noexcept override {
    return &market_;
  }

private:
  kraken_market market_;
};

} // namespace zenws
