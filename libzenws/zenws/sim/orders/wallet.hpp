// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <cmath>
#include <map>
#include <string>
#include <utility>

namespace zenws::sim {

/// What an account has of a currency.
struct balance {
  std::string currency{};
  double total = 0;
};

/// The balances of all accounts. Each begins with the same amount, and trades
/// change it by their profits and fees.
class wallet {
public:
  static constexpr double first_deposit = 1'000;

  void add(const std::string& account, const std::string& currency,
           double change) {
    changes_[{account, currency}] += change;
  }

  /// Returns a balance with eight decimals.
  balance of(const std::string& account, const std::string& currency) const {
    auto i = changes_.find({account, currency});
    auto change = i != changes_.end() ? i->second : 0.0;
    return {currency, std::round((first_deposit + change) * 1e8) / 1e8};
  }

private:
  std::map<std::pair<std::string, std::string>, double> changes_;
};

} // namespace zenws::sim
