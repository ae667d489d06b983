// SPDX-License-Identifier: BSD-3-Clause

#include "paper_account.hpp"

namespace zenws::engine {

namespace {

int contracts_of(stance side) noexcept {
  switch (side) {
    case stance::long_one:
      return 1;
    case stance::short_one:
      return -1;
    default:
      return 0;
  }
}

} // namespace

int paper_account::trade(stance target, market::decimal bid,
                         market::decimal ask) noexcept {
  auto amount = contracts_of(target) - position_;
  trade(amount, bid, ask);
  return amount;
}

void paper_account::trade(int contracts, market::decimal bid,
                          market::decimal ask) noexcept {
  auto mid = (bid.to_double() + ask.to_double()) / 2;
  if (mid_ == 0)
    cash_ -= position_ * mid;
  mid_ = mid;
  cash_ -= contracts * (contracts > 0 ? ask : bid).to_double();
  position_ += contracts;
}

void paper_account::hold(int contracts) noexcept {
  take_back(position_ - contracts);
}

void paper_account::take_back(int contracts) noexcept {
  cash_ += contracts * mid_;
  position_ -= contracts;
}

} // namespace zenws::engine
