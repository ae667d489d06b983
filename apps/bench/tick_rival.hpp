// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "transport.hpp"

#include <memory>
#include <thread>

namespace zenws::bench {

/// What one would write without zenws: a loop of Beast and RapidJSON in one
/// thread, with a book of `std::map`, which checks an order by the same limits
/// and sends it.
class tick_rival {
public:
  /// Begins to trade.
  explicit tick_rival(const server_address& where);

  /// Ends.
  ~tick_rival();

private:
  class loop;

  std::unique_ptr<loop> loop_;
  std::thread thread_;
};

} // namespace zenws::bench
