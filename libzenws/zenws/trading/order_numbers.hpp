// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/error.hpp"
#include "zenws/trading/order_key.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace zenws::trading {

/// Makes the client ids of orders: the name of their owner and a number of nine
/// digits to the base of 36. They tell orders of several owners at one account
/// apart, and never repeat as long as the numbers do not.
class order_numbers {
public:
  // -- constants --------------------------------------------------------------

  /// In characters.
  static constexpr size_t max_owner = 9;

  static constexpr size_t digits = 9;

  // -- constructors, destructors, and assignment operators --------------------

  /// @param owner small letters and digits; unique at the account.
  /// @pre `check(owner)`
  explicit order_numbers(std::string owner) : owner_(std::move(owner)) {
    // nop
  }

  /// Returns an error if an owner cannot have this name.
  static error check(std::string_view owner);

  // -- properties -------------------------------------------------------------

  const std::string& owner() const noexcept {
    return owner_;
  }

  /// @returns an empty id for a number of more than `digits` digits.
  client_order_id id_of(uint64_t number) const;

  /// Returns the number of an id; nothing if it belongs to another owner.
  std::optional<uint64_t> number_of(const client_order_id& id) const noexcept;

private:
  std::string owner_;
};

} // namespace zenws::trading
