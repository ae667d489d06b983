#include "zenws/nodes/node_messages.hpp"

namespace zenws {

size_t transfer_cost(const message_batch& what) noexcept {
  // The share of the index, roughly.
  return what.payload_bytes() + 4 * what.size();
}

} // namespace zenws
