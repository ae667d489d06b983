// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/delivery/message_batch.hpp"

namespace zenws {

namespace {

slab_ptr copy_of(const slab& original) {
  auto result = slab_pool::make_unpooled(original.payload_bytes(),
                                         original.count());
  for (auto& x : original)
    result->append({x.data, x.size}, x.kind);
  result->received_at = original.received_at;
  return result;
}

} // namespace

message_batch::message_batch(shared_slab_ptr content,
                             std::shared_ptr<delivery_budget> budget,
                             std::vector<uint32_t> selection)
  : lease_(
    new lease(std::move(content), std::move(budget), std::move(selection))) {
  // nop
}

size_t message_batch::payload_bytes() const noexcept {
  if (!lease_)
    return 0;
  if (lease_->selection.empty())
    return lease_->content->payload_bytes();
  size_t result = 0;
  for (auto msg : *this)
    result += msg.payload.size();
  return result;
}

void message_batch::renumber(uint64_t client_id, uint64_t epoch,
                             uint64_t first_sequence) {
  if (!lease_)
    return;
  if (lease_->use_count() > 1 || lease_->content->is_shared())
    *this = message_batch{copy_of(*lease_->content), lease_->budget,
                          lease_->selection};
  auto& content = const_cast<slab&>(*lease_->content); // only we have it
  content.client_id = client_id;
  content.epoch = epoch;
  content.first_sequence = first_sequence;
}

} // namespace zenws
