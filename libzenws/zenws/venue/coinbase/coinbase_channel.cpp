// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/venue/coinbase/coinbase_channel.hpp"

#include <string>

namespace zenws {

coinbase_channel coinbase_channel::parse(std::string_view name) noexcept {
  auto colon = name.find(':');
  if (colon == std::string_view::npos)
    return {.kind = name};
  return {.kind = name.substr(0, colon), .product = name.substr(colon + 1)};
}

std::string_view coinbase_kind_of(std::string_view channel) noexcept {
  return channel == "l2_data" ? "level2" : channel;
}

error check_coinbase_product(std::string_view product) {
  if (!product.ends_with("-USDC") || product == "USDT-USDC"
      || product == "EURC-USDC")
    return {};
  product.remove_suffix(1);
  return error{ec::not_supported, "Coinbase sends the market data of "
                                    + std::string{product} + "C as that of "
                                    + std::string{product} + ": ask for that"};
}

} // namespace zenws
