// SPDX-License-Identifier: BSD-3-Clause

#include "instrument_terms.hpp"

#include "zenws/json/json_value.hpp"

#include <cmath>
#include <limits>

namespace zenws::engine {

namespace {

error missing(std::string_view member) {
  return {ec::invalid_data,
          '"' + std::string{member} + "\" is missing in what the venue tells"};
}

} // namespace

result<instrument_terms> read_terms(std::string_view json) {
  instrument_terms result;
  // Spot instruments are not settled.
  for (auto name : {"settlement_currency", "base_currency"})
    if (auto found = find_member(json, name).string();
        found && result.currency.empty())
      result.currency = *found;
  if (result.currency.empty())
    return missing("settlement_currency");
  auto size = find_member(json, "contract_size");
  auto number = size.kind == json_kind::number
                  ? market::decimal::parse(size.text)
                  : std::nullopt;
  if (!number || number->mantissa() <= 0)
    return missing("contract_size");
  result.contract_size = *number;
  return result;
}

std::string amount_of(const instrument_terms& terms, int contracts) {
  auto& size = terms.contract_size;
  auto text = std::to_string(size.mantissa() * contracts) + 'e'
              + std::to_string(size.exponent());
  return to_string(market::decimal::parse(text).value_or(market::decimal{}));
}

result<int> read_position(const instrument_terms& terms,
                          std::string_view json) {
  auto size = find_member(json, "size");
  auto number = size.kind == json_kind::number
                  ? market::decimal::parse(size.text)
                  : std::nullopt;
  if (!number)
    return missing("size");
  auto contracts
    = std::round(number->to_double() / terms.contract_size.to_double());
  if (std::abs(contracts) > std::numeric_limits<int>::max())
    return error{ec::invalid_data, "\"size\" is too large a position"};
  return static_cast<int>(contracts);
}

} // namespace zenws::engine
