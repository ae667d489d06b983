// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/connection/address_memory.hpp"

namespace zenws {

address_rank address_memory::rank(const host_and_port& host,
                                  std::string_view address) const noexcept {
  for (auto& x : records_)
    if (x.is(host, address))
      return x.rank;
  return {};
}

void address_memory::opened(const host_and_port& host,
                            std::string_view address) {
  put(host, address, {false, -++time_});
}

void address_memory::failed(const host_and_port& host, std::string_view address,
                            address_step step) {
  put(host, address, {step != address_step::connect, ++time_});
}

void address_memory::put(const host_and_port& host, std::string_view address,
                         address_rank rank) {
  std::erase_if(records_, [&](auto& x) { return x.is(host, address); });
  if (records_.size() == max_addresses)
    records_.erase(records_.begin());
  records_.push_back({host, std::string{address}, rank});
}

} // namespace zenws
