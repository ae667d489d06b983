// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/testing/message_matcher.hpp"

#include "zenws/sim/server.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace zenws::testing {

/// An exchange in the process of a test, on an ephemeral port of the loopback.
/// Ends with the object. May be used from any thread.
class mock_exchange {
public:
  /// Longest wait for anything unless told otherwise.
  static constexpr std::chrono::milliseconds patience{5'000};

  /// Throws `std::runtime_error` if no port can be opened.
  explicit mock_exchange(sim::server_config cfg = {});

  // -- properties -------------------------------------------------------------

  /// Returns the URL for clients; see `sim::server` for the protocol of each
  /// path. All of them record received messages; `/echo` sends them back.
  std::string url(std::string_view path = "/ws/api/v2") const;

  /// Everything else that the simulator can do.
  sim::server& server() noexcept {
    return server_;
  }

  // -- received messages -------------------------------------------------------

  /// Waits until so many WebSocket connections are open.
  bool wait_for_connections(uint64_t count,
                            std::chrono::milliseconds timeout = patience) const;

  /// Waits for a message of a client; one that is there already counts.
  bool assert_sent(const message_matcher& matcher,
                   std::chrono::milliseconds timeout = patience) const;

  /// Messages of clients so far, among the latest 4,096.
  size_t count_sent(const message_matcher& matcher) const;

  /// Forgets the messages so far.
  void clear();

  // -- behavior -------------------------------------------------

  /// Sends a text message to all clients of `path`, or to all if it is empty.
  void inject_message(std::string_view text, const std::string& path = {});

  /// Closes all connections by a Close frame.
  void disconnect(uint16_t code = 1000, const std::string& reason = {});

  /// Ends all connections without one.
  void drop();

  /// Goes silent on all connections that are open: reads nothing, answers
  /// nothing.
  void stall();

  /// Undoes `stall`.
  void resume();

  /// Answers the next `times` upgrades by an HTTP status; 0 means all, until
  /// `accept`.
  void refuse(unsigned status, uint64_t times = 0);

  /// Answers the next `times` upgrades by 429 with a Retry-After.
  void rate_limit(std::chrono::seconds retry_after, uint64_t times = 1);

  /// Undoes `refuse` and `rate_limit`.
  void accept();

  /// Closes the port and all connections.
  void go_away();

  /// Undoes `go_away`, on the same port. Throws `std::runtime_error`.
  void come_back();

private:
  sim::server server_;
};

} // namespace zenws::testing
