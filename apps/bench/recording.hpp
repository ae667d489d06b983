// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace zenws::bench {

/// The messages of a venue in a session.
struct recording {
  /// The file's name without folder and ending, or "simulated".
  std::string name;

  /// Dialect that the user chose; empty to detect it.
  std::string dialect;

  /// Views of `text`.
  std::vector<std::string_view> messages;

  std::vector<char> text;

  /// Size of all messages.
  size_t bytes() const noexcept {
    return text.size();
  }
};

/// Reads "FILE" or "DIALECT:FILE". Throws `std::runtime_error`.
recording read_recording(const std::string& source);

/// Returns the messages of Deribit's book, trades and ticker channels for a
/// seeded market.
recording simulated_recording();

} // namespace zenws::bench
