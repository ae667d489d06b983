#include "trading_engine/paper_account.hpp"

namespace zenws::engine {

namespace {

int contracts_of(stance what) noexcept {
  switch (what) {
    case stance::long_one:
      return 1;
    case stance::short_one:
      return -1;
    default:
      return 0;
  }
}

} // namespace

void paper_account::trade(stance target, market::decimal bid,
                          market::decimal ask) noexcept {
  mid_ = (bid.to_double() + ask.to_double()) / 2;
  auto amount = contracts_of(target) - position_;
  if (amount == 0)
    return;
  cash_ -= amount * (amount > 0 ? ask : bid).to_double();
  position_ += amount;
  ++fills_;
}

} // namespace zenws::engine
