// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/trading/order_numbers.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace zenws::trading {

namespace {

constexpr int base = 36;

bool is_letter_or_digit(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

} // namespace

error order_numbers::check(std::string_view owner) {
  if (owner.empty() || owner.size() > max_owner
      || !std::ranges::all_of(owner, is_letter_or_digit))
    return {ec::invalid_config,
            "the owner of orders needs 1 to 9 small letters or digits"};
  return {};
}

client_order_id order_numbers::id_of(uint64_t number) const {
  std::array<char, 16> text;
  auto end
    = std::to_chars(text.data(), text.data() + text.size(), number, base).ptr;
  std::string_view value{text.data(), static_cast<size_t>(end - text.data())};
  if (value.size() > digits)
    return {};
  auto result = owner_;
  result.append(digits - value.size(), '0').append(value);
  return client_order_id::make(result).value_or(client_order_id{});
}

std::optional<uint64_t>
order_numbers::number_of(const client_order_id& id) const noexcept {
  auto text = id.view();
  if (!text.starts_with(owner_) || text.size() != owner_.size() + digits)
    return std::nullopt;
  text.remove_prefix(owner_.size());
  uint64_t result = 0;
  auto last = text.data() + text.size();
  auto [end, ec] = std::from_chars(text.data(), last, result, base);
  // One spelling only: no capital letters.
  auto is_ours = std::ranges::all_of(text, is_letter_or_digit);
  return ec == std::errc{} && end == last && is_ours ? std::optional{result}
                                                     : std::nullopt;
}

} // namespace zenws::trading
