// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/messages/client_spec.hpp"
#include "zenws/venue/known_venue.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
} // namespace CLI

/// @file
/// Options of verbs that connect.

namespace zenws::tool {

/// How to connect.
struct client_options {
  /// "Name: value", or "@FILE" with such lines.
  std::vector<std::string> headers{};

  std::vector<std::string> subprotocols{};
  std::string ca_file{};
  std::string cert_file{};
  std::string key_file{};
  /// URL, or "none"; empty for that of the environment.
  std::string proxy{};

  bool insecure = false;
  bool compress = false;

  /// For one attempt, in seconds.
  double timeout = 0;
};

/// Declares `-H`, `--ca` and so on.
void add_client_options(CLI::App& verb, client_options& out);

/// Returns the configuration of a client that never gives up by itself: verbs
/// see each failure first. Prints a warning if its secrets are written to a
/// file.
/// @returns `ec::invalid_config` naming every problem, or `ec::tls_failed` if
///          that file cannot be opened.
result<client_config> to_config(const client_options& from, std::string url);

/// Which venue to connect to, and where.
struct venue_options {
  std::string venue{};

  /// Name of an address, see `venue_address`.
  std::string address{};

  std::string url{};
  bool test = false;

  /// Prefix of the variables with the credentials; empty for no login.
  std::string login{};
};

/// Declares the argument VENUE, and `--at`, `--url`, `--test` and `--login`.
void add_venue_options(CLI::App& verb, venue_options& out);

/// Returns the specification of a client for a venue.
/// @returns `ec::invalid_config` if there is no such venue or address.
result<client_spec> to_spec(const venue_options& venue,
                            const client_options& from);

/// Returns a venue by its name, or an error with what was probably meant.
result<const known_venue*> require_venue(std::string_view name);

} // namespace zenws::tool
