// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/nodes/node_messages.hpp"

namespace zenws {

size_t transfer_cost(const message_batch& batch) noexcept {
  // The share of the index, roughly.
  return batch.payload_bytes() + 4 * batch.size();
}

} // namespace zenws
