#include "trading_engine/paper_account.hpp"

namespace zenws::engine {

namespace {

double value_of(decimal x) noexcept {
  return static_cast<double>(x.units()) / decimal::one;
}

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

void paper_account::trade(stance target, decimal bid, decimal ask) noexcept {
  mid_ = (value_of(bid) + value_of(ask)) / 2;
  auto amount = contracts_of(target) - position_;
  if (amount == 0)
    return;
  cash_ -= amount * value_of(amount > 0 ? ask : bid);
  position_ += amount;
  ++fills_;
}

} // namespace zenws::engine
