// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <functional>
#include <regex>
#include <string>
#include <string_view>

namespace zenws::testing {

/// Matches the messages that a test waits for.
class message_matcher {
public:
  using predicate = std::function<bool(std::string_view message)>;

  /// The very message.
  message_matcher(std::string text);

  message_matcher(const char* text);

  /// A message in which the expression is found.
  message_matcher(std::regex expression);

  /// Whatever the test says.
  template <class F>
  requires std::is_invocable_r_v<bool, F&, std::string_view>
  message_matcher(F matches) : matches_(std::move(matches)) {
    // nop
  }

  bool operator()(std::string_view message) const {
    return matches_(message);
  }

private:
  predicate matches_;
};

/// A message that is JSON and contains `partial`: each member of an object must
/// be there and contain the one of `partial`, arrays must be of the same size
/// with elements that contain each other, and all else must be equal.
///
/// Throws `std::invalid_argument` if `partial` is not JSON.
message_matcher json_with(const std::string& partial);

} // namespace zenws::testing
