// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <chrono>
#include <string>

namespace zenws {

/// How a book stands that a client follows.
struct book_status {
  std::string instrument;

  /// It is proven by the venue's rule: subscribers have it.
  bool is_valid = false;

  /// Why it is not: the cause of its loss, or "no snapshot yet".
  std::string problem{};

  /// The best prices; empty where there is none, or if it is not valid.
  std::string bid{};
  std::string ask{};

  /// Time since the last update that was proven; negative if there was none.
  std::chrono::milliseconds last_update_ago{-1};

  bool operator==(const book_status&) const = default;
};

} // namespace zenws
