// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/orders/order_store.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace zenws::sim {

namespace {

// An ID is the base currency, a hyphen and the order's number.
std::string make_id(const std::string& instrument, uint64_t number) {
  return instrument.substr(0, instrument.find('-')) + '-'
         + std::to_string(number);
}

} // namespace

uint64_t number_of(std::string_view id) {
  auto digits = id.substr(std::min(id.rfind('-') + 1, id.size()));
  uint64_t result = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), result);
  return result;
}

order* order_store::find(std::string_view account, std::string_view id) {
  auto* result = find_number(account, number_of(id));
  return result && result->id == id ? result : nullptr;
}

order* order_store::find_number(std::string_view account, uint64_t number) {
  auto i = orders_.find(number);
  if (i == orders_.end() || i->second.account != account)
    return nullptr;
  return &i->second;
}

order* order_store::find_label(std::string_view account,
                               std::string_view label) {
  for (auto i = orders_.rbegin(); i != orders_.rend(); ++i)
    if (i->second.account == account && i->second.label == label)
      return &i->second;
  return nullptr;
}

std::vector<order> order_store::all() const {
  return select([](const order&) { return true; });
}

const order* order_store::add(order entry) {
  if (!evict_oldest())
    return nullptr;
  auto number = ++last_number_;
  entry.id = make_id(entry.instrument, number);
  if (entry.filled > 0)
    positions_.add(entry);
  return &orders_.emplace(number, std::move(entry)).first->second;
}

bool order_store::evict_oldest() {
  if (orders_.size() < max_orders_)
    return true;
  auto closed = [](const auto& x) {
    return x.second.state != order_state::open;
  };
  auto i = std::find_if(orders_.begin(), orders_.end(), closed);
  if (i == orders_.end())
    return false;
  orders_.erase(i);
  return true;
}

void order_store::cancel_on_disconnect(const std::string& account,
                                       bool enabled) {
  if (enabled)
    cancelling_accounts_.insert(account);
  else
    cancelling_accounts_.erase(account);
}

bool order_store::cancels_on_disconnect(const std::string& account) const {
  return cancelling_accounts_.contains(account);
}

} // namespace zenws::sim
