// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace zenws::internal {

/// Answer of a venue that only plays a recording.
struct venue_answer {
  /// Messages, in order; none if there is nothing to say.
  std::vector<std::string> messages{};

  /// Set if channels were granted.
  bool grants = false;
};

/// Answers the requests of one connection as a venue does, as far as a client
/// needs it to become ready: whatever it subscribes to is granted, logins and
/// heartbeats are answered, and all else is refused.
class venue_answers {
public:
  virtual ~venue_answers();

  /// Answers a text message.
  virtual venue_answer answer(std::string_view text) = 0;

  /// Changes a recorded message so that it fits this connection.
  virtual void adapt(std::string& message);
};

/// Returns whether `make_venue_answers` knows the venue.
bool has_venue_answers(std::string_view dialect) noexcept;

/// Returns the answers of a venue; null without one, as for "raw".
std::unique_ptr<venue_answers> make_venue_answers(std::string_view dialect);

} // namespace zenws::internal
