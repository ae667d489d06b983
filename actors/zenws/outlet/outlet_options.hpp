// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/desk/desk_messages.hpp"
#include "zenws/config_problem.hpp"
#include "zenws/defaults.hpp"
#include "zenws/delivery/subscription_options.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace zenws {

/// What the user of an outlet may do. No right includes another one.
struct outlet_rights {
  /// Subscribe to data and events.
  bool read = false;

  /// Call methods of venues, whatever they do there.
  bool call = false;

  /// Place, amend and cancel orders at desks, throw and reset their kill
  /// switches, and watch them.
  bool trade = false;
};

/// A secret that gives rights.
struct outlet_token {
  /// For logs.
  std::string name{};

  /// At least `outlet_options::min_token_size` visible characters of ASCII.
  std::string secret{};

  outlet_rights rights{};
};

/// Certificates of an outlet.
struct outlet_tls {
  /// Certificate chain of the outlet (PEM).
  std::string cert_file{};

  /// Its private key (PEM).
  std::string key_file{};

  /// Authority (PEM) that must have signed the certificate of each program that
  /// connects. Empty: programs need none.
  std::string ca_file{};

  bool is_set() const noexcept {
    return !cert_file.empty() || !key_file.empty() || !ca_file.empty();
  }
};

/// Settings of an `outlet`.
struct outlet_options {
  /// Address to listen at, IPv4 or IPv6. Any other than one of the loopback
  /// needs TLS and a token.
  std::string bind = "127.0.0.1";

  /// Port to listen at; 0 lets the system choose.
  uint16_t port = 0;

  outlet_tls tls{};

  /// Without one, everybody who reaches the port may read, and nothing more.
  std::vector<outlet_token> tokens{};

  /// Connections at a time; one more is closed at once.
  size_t max_connections = 64;

  /// Largest message of a program.
  size_t max_message_bytes = size_t{64} * 1024;

  /// Subscriptions of one connection.
  size_t max_subscriptions = 1'000;

  /// Requests of one connection that may wait for their answers.
  size_t max_pending_requests = 256;

  /// Bytes of received data that a connection may hold until its program reads
  /// them. Whole batches count, as of any subscriber.
  size_t budget_bytes = defaults::subscriber_budget_bytes;

  /// For subscriptions that choose no other: `drop_newest` or
  /// `disconnect_subscriber`. Programs never slow a venue down.
  overflow_policy policy = overflow_policy::drop_newest;

  /// Time for TLS and the upgrade, and once more for the login.
  std::chrono::milliseconds login_within = std::chrono::seconds{10};

  /// Silence of a program after which its connection is closed. It is pinged
  /// after half of it.
  std::chrono::milliseconds silence_limit = std::chrono::seconds{30};

  /// Order desks that programs may use, by name.
  std::map<std::string, order_desk_actor> desks{};

  /// Bytes of the shortest token.
  static constexpr size_t min_token_size = 16;
};

/// Returns **every** problem, none if the options are valid. Reads the files of
/// `tls`. Never shows a token.
std::vector<config_problem> validate(const outlet_options& options);

} // namespace zenws
