#include "zenws/market/update.hpp"

#include <array>
#include <cstddef>

namespace zenws::market {

std::string_view to_string(trade_kind what) noexcept {
  constexpr std::array<std::string_view, 5> names{
    "regular", "liquidation", "insurance_fund", "block", "other"};
  auto index = static_cast<size_t>(what);
  return index < names.size() ? names[index] : "unknown";
}

std::string_view to_string(content what) noexcept {
  constexpr std::array<std::string_view, 4> names{"none", "book", "trades",
                                                  "ticker"};
  auto index = static_cast<size_t>(what);
  return index < names.size() ? names[index] : "unknown";
}

} // namespace zenws::market
