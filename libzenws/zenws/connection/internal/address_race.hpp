// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/connection/address_memory.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace zenws::internal {

using endpoint_type = boost::asio::ip::tcp::endpoint;

/// Returns an address as errors and events show it: "127.0.0.1:443" or
/// "[::1]:443".
std::string to_text(const endpoint_type& address);

/// The addresses of a host in the order in which to try them.
struct address_plan {
  /// Addresses tried in one attempt.
  static constexpr size_t max_addresses = 16;

  /// Puts addresses in order: by their ranks in the memory first, then the
  /// family of the first one alternates with the other (RFC 8305, section 4).
  address_plan(const std::vector<endpoint_type>& resolved,
               const host_and_port& host, const address_memory& memory);

  std::vector<endpoint_type> addresses;

  /// Number of addresses, all at the end, that accept connections in vain.
  size_t suspects = 0;
};

/// Schedules the attempts at the addresses (RFC 8305, section 5).
///
/// Pure: the caller brings time and failures. An address that accepts in vain
/// ("suspect") is tried once all before it have failed, or once half of the
/// time is used up, because it would win every race that it takes part in.
class address_race {
public:
  // -- member types -----------------------------------------------------------

  using clock = std::chrono::steady_clock;

  // -- constants --------------------------------------------------------------

  /// Head start of an address: the "Connection Attempt Delay" that RFC 8305,
  /// section 5 recommends.
  static constexpr std::chrono::milliseconds attempt_delay{250};

  // -- constructors, destructors, and assignment operators --------------------

  /// @param addresses their number.
  /// @param suspects the number of suspects, which are at the end.
  address_race(size_t addresses, size_t suspects, clock::time_point now,
               clock::time_point deadline) noexcept;

  // -- properties -------------------------------------------------------------

  /// Returns whether all addresses have failed.
  bool lost() const noexcept {
    return running_ == 0 && next_ == addresses_;
  }

  /// Returns the time to call `next` again, or nothing if there is no other
  /// address.
  std::optional<clock::time_point> next_at() const noexcept;

  // -- transitions ------------------------------------------------------------

  /// Returns the index of the address to try now, or nothing.
  std::optional<size_t> next(clock::time_point now) noexcept;

  /// Reports the failure of an attempt that was started.
  void failed(clock::time_point now) noexcept;

private:
  bool next_is_suspect() const noexcept {
    return next_ >= trusted_;
  }

  size_t addresses_;
  size_t trusted_;
  clock::time_point next_at_;
  clock::time_point deadline_;
  size_t next_ = 0;
  size_t running_ = 0;
};

} // namespace zenws::internal
