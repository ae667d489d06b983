// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/delivery/message_batch.hpp"

namespace zenws {

message_batch::message_batch(slab_ptr content,
                             std::shared_ptr<delivery_budget> budget,
                             std::vector<uint32_t> selection)
  : lease_(
    new lease(std::move(content), std::move(budget), std::move(selection))) {
  // nop
}

size_t message_batch::payload_bytes() const noexcept {
  if (lease_ == nullptr)
    return 0;
  if (lease_->selection.empty())
    return lease_->content->payload_bytes();
  size_t result = 0;
  for (auto msg : *this)
    result += msg.payload.size();
  return result;
}

} // namespace zenws
