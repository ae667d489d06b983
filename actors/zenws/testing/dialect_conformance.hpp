// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/subscription/subscription.hpp"
#include "zenws/venue/dialect.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zenws::testing {

/// Messages of a venue, for `check_dialect`: whole messages, as its
/// documentation has them. Messages that a venue does not have stay empty.
struct venue_script {
  /// Writes the answer to a request of the client.
  using answer = std::function<std::string(std::string_view request)>;

  std::function<dialect_ptr()> make;

  /// Two public channels.
  channel_spec channel;
  channel_spec other_channel;

  /// Data of `channel`.
  std::string data;

  /// Grants all channels of a request; one answer for each if the venue does it
  /// that way.
  std::function<std::vector<std::string>(std::string_view request)> grant;

  /// Grants `channel` only, of a request for both. For venues that can.
  answer grant_one;

  /// Refuses a subscription for its names.
  answer refuse_names;

  /// Refuses any request for now.
  answer busy;

  /// Ends `channel`, unasked.
  std::string take_away;

  // -- calls ------------------------------------------------------------------

  std::string method;
  answer result;

  /// A documented refusal: nothing happened.
  answer refusal;

  /// An error that leaves open whether the request was carried out.
  answer failure;

  /// An answer to the request that makes no sense.
  answer nonsense;

  // -- logins -----------------------------------------------------------------

  answer grant_login;

  /// Passes by itself.
  answer refuse_login;

  /// No waiting cures it.
  answer refuse_credentials;

  // -- the connection ---------------------------------------------------------

  /// Announces the end of the connection.
  std::string goodbye;

  /// Shows that the venue is alive.
  std::string beat;
};

/// Runs a client that speaks a dialect against the behavior of venues: logins,
/// calls that are answered, refused, left open or not readable, partial grants,
/// silence, revocation, goodbye and heartbeats, in virtual time.
/// @returns the mistakes of the dialect, one sentence each; nothing if it is
///          sound.
std::vector<std::string> check_dialect(const venue_script& script);

} // namespace zenws::testing
