// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/config/url.hpp"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace zenws {

/// The step at which an attempt failed at an address.
enum class address_step : uint8_t {
  /// TCP: refused, unreachable or silent.
  connect,
  /// The proxy at this address opened no tunnel.
  tunnel,
  tls,
  upgrade,
};

/// Place of an address among those of its host: the lesser is tried first.
struct address_rank {
  /// The address accepts TCP connections that lead nowhere. It must not win
  /// against others by accepting faster.
  bool accepts_in_vain = false;

  /// Negative if it was good, positive if it failed, with the time of that.
  int64_t order = 0;

  auto operator<=>(const address_rank&) const = default;
};

/// Remembers successes and failures of addresses, so that an attempt begins at
/// the address that worked last and ends at those that failed last.
///
/// A failure fades as other addresses fail after it, and ends with the first
/// connection that the address leads to. Contains the last `max_addresses`
/// addresses that were tried.
///
/// Belongs to one client, whose attempts share it. Not thread-safe.
class address_memory {
public:
  static constexpr size_t max_addresses = 64;

  // -- properties -------------------------------------------------------------

  /// Returns the rank of an address such as "127.0.0.1:443".
  address_rank rank(const host_and_port& host,
                    std::string_view address) const noexcept;

  /// Returns whether the proxy, the last one in use, has opened a tunnel
  /// before.
  bool has_let_through(const host_and_port& proxy) const noexcept {
    return proxy == open_proxy_;
  }

  // -- transitions ------------------------------------------------------------

  /// Remembers that the address led to an open connection.
  void opened(const host_and_port& host, std::string_view address);

  /// Remembers that an attempt failed at the address.
  void failed(const host_and_port& host, std::string_view address,
              address_step step);

  /// Remembers that the proxy opened a tunnel.
  void let_through(const host_and_port& proxy) {
    open_proxy_ = proxy;
  }

private:
  struct record {
    host_and_port host;
    std::string address;
    address_rank rank;

    bool is(const host_and_port& other_host,
            std::string_view other_address) const noexcept {
      return address == other_address && host == other_host;
    }
  };

  void put(const host_and_port& host, std::string_view address,
           address_rank rank);

  std::vector<record> records_; // those of the past first
  int64_t time_ = 0;            // counts transitions
  host_and_port open_proxy_;    // empty as long as there was none
};

} // namespace zenws
