// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/orders/symbol.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdio>

namespace zenws::sim {

namespace {

constexpr std::string_view perpetual = "-PERPETUAL";

constexpr std::string_view swap = "-SWAP";

bool is_perpetual(std::string_view instrument) {
  return instrument.ends_with(perpetual);
}

std::string base_of(std::string_view instrument) {
  return std::string{instrument.substr(0, instrument.find('-'))};
}

} // namespace

bool is_okx_swap(std::string_view instrument) {
  return instrument.ends_with(swap);
}

// Deribit's names go on with a date or a word.
bool is_okx_pair(std::string_view instrument) {
  auto dash = instrument.find('-');
  if (dash == std::string_view::npos || is_perpetual(instrument))
    return false;
  auto is_letter = [](unsigned char c) { return std::isupper(c) != 0; };
  return std::ranges::all_of(instrument.substr(dash + 1), is_letter);
}

std::string settlement_currency(std::string_view instrument) {
  if (is_okx_swap(instrument))
    instrument.remove_suffix(swap.size());
  if (is_okx_pair(instrument))
    return std::string{instrument.substr(instrument.find('-') + 1)};
  auto pair = base_of(instrument);
  return pair.substr(pair.find('_') + 1);
}

std::string base_currency(std::string_view instrument) {
  auto pair = base_of(instrument);
  return pair.substr(0, pair.find('_'));
}

std::string binance_symbol(std::string_view instrument) {
  if (is_perpetual(instrument))
    return base_of(instrument) + "USDT";
  std::string result;
  for (auto c : instrument)
    if (std::isalnum(static_cast<unsigned char>(c)))
      result += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return result;
}

std::string coinbase_product(std::string_view instrument) {
  return is_perpetual(instrument) ? base_of(instrument) + "-USD"
                                  : std::string{instrument};
}

std::vector<std::string> okx_names(std::string_view instrument) {
  if (!is_perpetual(instrument))
    return {std::string{instrument}};
  auto base = base_of(instrument);
  return {base + "-USDT", base + "-USDT-SWAP"};
}

std::string eight_decimals(double x) {
  char text[400];
  auto size = std::snprintf(text, sizeof(text), "%.8f", x);
  return {text, static_cast<size_t>(size)};
}

std::string shortest_decimal(double x) {
  char text[400];
  auto result = std::to_chars(text, text + sizeof(text), x,
                              std::chars_format::fixed);
  return {text, result.ptr};
}

} // namespace zenws::sim
