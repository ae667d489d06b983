// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/venue/known_venue.hpp"

#include "zenws/internal/enum_names.hpp"

#include <algorithm>
#include <array>

namespace zenws {

namespace {

using enum venue_money;

// developers.binance.com/docs/binance-spot-api-docs, "WebSocket Streams",
// "WebSocket API" and "Testnet"; /docs/derivatives/usds-margined-futures,
// "Important WebSocket Change Notice" and "General Info"
constexpr std::array binance_addresses{
  venue_address{"spot", "wss://stream.binance.com:9443/stream", "BTCUSDT"},
  venue_address{"spot-api", "wss://ws-api.binance.com:443/ws-api/v3"},
  venue_address{"usdm", "wss://fstream.binance.com/public/stream", "BTCUSDT"},
  venue_address{"usdm-market", "wss://fstream.binance.com/market/stream",
                "BTCUSDT"},
  venue_address{"usdm-api", "wss://ws-fapi.binance.com/ws-fapi/v1"},
  venue_address{"spot", "wss://stream.testnet.binance.vision/stream", "BTCUSDT",
                test},
  venue_address{"spot-api", "wss://ws-api.testnet.binance.vision/ws-api/v3", "",
                test},
  venue_address{"usdm", "wss://fstream.binancefuture.com/stream", "BTCUSDT",
                test},
  venue_address{"usdm-api", "wss://testnet.binancefuture.com/ws-fapi/v1", "",
                test},
};

// bybit-exchange.github.io/docs/v5/ws/connect and /docs/v5/demo
constexpr std::array bybit_addresses{
  venue_address{"linear", "wss://stream.bybit.com/v5/public/linear", "BTCUSDT"},
  venue_address{"spot", "wss://stream.bybit.com/v5/public/spot", "BTCUSDT"},
  venue_address{"inverse", "wss://stream.bybit.com/v5/public/inverse",
                "BTCUSD"},
  venue_address{"option", "wss://stream.bybit.com/v5/public/option"},
  venue_address{"private", "wss://stream.bybit.com/v5/private"},
  venue_address{"trade", "wss://stream.bybit.com/v5/trade"},
  venue_address{"linear", "wss://stream-testnet.bybit.com/v5/public/linear",
                "BTCUSDT", test},
  venue_address{"spot", "wss://stream-testnet.bybit.com/v5/public/spot",
                "BTCUSDT", test},
  venue_address{"inverse", "wss://stream-testnet.bybit.com/v5/public/inverse",
                "BTCUSD", test},
  venue_address{"option", "wss://stream-testnet.bybit.com/v5/public/option", "",
                test},
  venue_address{"private", "wss://stream-testnet.bybit.com/v5/private", "",
                test},
  venue_address{"trade", "wss://stream-testnet.bybit.com/v5/trade", "", test},
  venue_address{"demo-private", "wss://stream-demo.bybit.com/v5/private", "",
                test},
};

// docs.cdp.coinbase.com, "Advanced Trade WebSocket", Overview
constexpr std::array coinbase_addresses{
  venue_address{"public", "wss://advanced-trade-ws.coinbase.com", "BTC-USD"},
};

// docs.deribit.com, "Environments"
constexpr std::array deribit_addresses{
  venue_address{"api", "wss://www.deribit.com/ws/api/v2", "BTC-PERPETUAL"},
  venue_address{"api", "wss://test.deribit.com/ws/api/v2", "BTC-PERPETUAL",
                test},
};

// hyperliquid.gitbook.io, "For developers", API, Websocket
constexpr std::array hyperliquid_addresses{
  venue_address{"api", "wss://api.hyperliquid.xyz/ws", "BTC"},
  venue_address{"api", "wss://api.hyperliquid-testnet.xyz/ws", "BTC", test},
};

// docs.kraken.com, "Spot WebSocket v2"
constexpr std::array kraken_addresses{
  venue_address{"public", "wss://ws.kraken.com/v2", "BTC/USD"},
  venue_address{"private", "wss://ws-auth.kraken.com/v2"},
};

// www.okx.com/docs-v5/en, "Production Trading Services" and "Demo Trading
// Services"
constexpr std::array okx_addresses{
  venue_address{"public", "wss://ws.okx.com:8443/ws/v5/public", "BTC-USDT"},
  venue_address{"private", "wss://ws.okx.com:8443/ws/v5/private"},
  venue_address{"business", "wss://ws.okx.com:8443/ws/v5/business"},
  venue_address{"public", "wss://wspap.okx.com:8443/ws/v5/public", "BTC-USDT",
                test},
  venue_address{"private", "wss://wspap.okx.com:8443/ws/v5/private", "", test},
  venue_address{"business", "wss://wspap.okx.com:8443/ws/v5/business", "",
                test},
};

constexpr std::array venues{
  known_venue{"binance", "Binance", binance_addresses},
  known_venue{"bybit", "Bybit", bybit_addresses},
  known_venue{"coinbase", "Coinbase", coinbase_addresses},
  known_venue{"deribit", "Deribit", deribit_addresses},
  known_venue{"hyperliquid", "Hyperliquid", hyperliquid_addresses},
  known_venue{"kraken", "Kraken", kraken_addresses},
  known_venue{"okx", "OKX", okx_addresses},
};

} // namespace

BOOST_DESCRIBE_ENUM(venue_money, real, test)

std::string_view to_string(venue_money value) noexcept {
  return internal::enum_name(value);
}

const venue_address*
known_venue::find(venue_money money, std::string_view address) const noexcept {
  auto i = std::ranges::find_if(addresses, [=](auto& x) {
    return x.money == money && (address.empty() || x.name == address);
  });
  return i != addresses.end() ? &*i : nullptr;
}

std::span<const known_venue> known_venues() noexcept {
  return venues;
}

const known_venue* find_venue(std::string_view name) noexcept {
  auto i = std::ranges::find(venues, name, &known_venue::name);
  return i != venues.end() ? &*i : nullptr;
}

} // namespace zenws
