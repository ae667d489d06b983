// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/delivery/subscription_options.hpp"
#include "zenws/outlet/internal/outlet_request.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace zenws {

/// A subscription of a program, as its messages show it.
struct outlet_source {
  outlet_topic topic = outlet_topic::everything;

  /// Name of the client, or of the desk.
  std::string name{};

  /// Empty unless the topic is a channel.
  std::string channel{};

  overflow_policy policy = overflow_policy::drop_newest;

  /// Bytes of batches that may wait, and that do.
  size_t budget_bytes = defaults::subscriber_budget_bytes;
  size_t held_bytes = 0;

  /// Messages that the connection has left out and not told yet.
  uint64_t dropped = 0;

  /// Nothing is to be told any more.
  bool is_over = false;
};

using outlet_source_ptr = std::shared_ptr<outlet_source>;

} // namespace zenws
