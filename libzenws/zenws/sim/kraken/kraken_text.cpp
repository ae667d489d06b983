// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/kraken/kraken_text.hpp"

#include "zenws/sim/clocks.hpp"
#include "zenws/sim/market/market.hpp"
#include "zenws/sim/orders/symbol.hpp"

#include <cstdio>

namespace zenws::sim {

namespace {

/// Returns how many decimals a price has: 1 for a tick of 0.5.
int price_decimals(const instrument& item) {
  auto result = 0;
  for (int64_t unit = 1; unit % item.terms().ticks_per_unit != 0; unit *= 10)
    ++result;
  return result;
}

} // namespace

std::string kraken_symbol(std::string_view instrument) {
  auto base = base_currency(instrument);
  auto settlement = settlement_currency(instrument);
  return base + '/' + (settlement == base ? "USD" : settlement);
}

std::string kraken_price(const instrument& item, int64_t ticks) {
  char text[64];
  auto size = std::snprintf(text, sizeof(text), "%.*f", price_decimals(item),
                            item.price_of(ticks));
  return {text, static_cast<size_t>(size)};
}

std::string kraken_amount(const instrument& item, int64_t lots) {
  return eight_decimals(item.amount_of(lots));
}

std::string kraken_time(std::chrono::microseconds time) {
  using namespace std::chrono;
  sys_time<microseconds> moment{time};
  auto day = floor<days>(moment);
  year_month_day date{day};
  hh_mm_ss clock{moment - day};
  char text[64];
  auto size = std::snprintf(
    text, sizeof(text), "%04d-%02u-%02uT%02d:%02d:%02d.%06dZ",
    static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
    static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
    static_cast<int>(clock.minutes().count()),
    static_cast<int>(clock.seconds().count()),
    static_cast<int>(clock.subseconds().count()));
  return {text, static_cast<size_t>(size)};
}

std::string kraken_now() {
  return kraken_time(wall_clock<std::chrono::microseconds>());
}

} // namespace zenws::sim
