// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/nodes/node_messages.hpp"

namespace zenws {

size_t transfer_cost(const message_batch& batch) noexcept {
  // The share of the index, roughly.
  return batch.payload_bytes() + 4 * batch.size();
}

size_t transfer_cost(const market_batch& batch) noexcept {
  // Of most updates, and of most levels, when they are encoded.
  constexpr size_t bytes_of_update = 48;
  constexpr size_t bytes_of_level = 12;
  size_t result = 0;
  for (auto& x : batch) {
    auto* book = market::book_update_of(x);
    result += bytes_of_update;
    if (book != nullptr)
      result += bytes_of_level * book->levels.size();
  }
  return result;
}

} // namespace zenws
