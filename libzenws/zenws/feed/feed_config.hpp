// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/config_problem.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace zenws {

/// Settings of the market data of a client.
struct feed_config {
  /// Silence of a book's channel after which the book is not believed any more
  /// and begun anew; 0 for never. It doubles up to 16 times as long while
  /// nothing but that has brought anything: a quiet instrument is no fault.
  std::chrono::milliseconds book_silence = std::chrono::minutes{1};

  /// Time to wait for the snapshot of a book before it is asked for again. It
  /// doubles up to 16 times as long.
  std::chrono::milliseconds snapshot_patience = std::chrono::seconds{5};

  /// Time to wait for missed trades. Those that come meanwhile are held, to be
  /// delivered in order.
  std::chrono::milliseconds trade_patience = std::chrono::seconds{5};

  /// Trades, or changes of a book, of one instrument that are held while an
  /// answer is waited for.
  size_t max_held = 10'000;
};

/// Returns every problem, none if the settings are valid.
std::vector<config_problem> validate(const feed_config& cfg,
                                     const std::string& path = {});

} // namespace zenws
