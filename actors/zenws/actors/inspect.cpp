#include "zenws/actors/inspect.hpp"

#include <chrono>
#include <cstring>

namespace zenws::detail {

portable_batch to_portable(const message_batch& batch) {
  using std::chrono::duration_cast;
  using std::chrono::nanoseconds;
  portable_batch result;
  result.client_id = batch.client_id();
  result.epoch = batch.epoch();
  result.first_sequence = batch.first_sequence();
  auto since_epoch = batch.received_at().time_since_epoch();
  result.received_at = duration_cast<nanoseconds>(since_epoch).count();
  result.messages.reserve(batch.size());
  for (auto msg : batch)
    result.messages.push_back({msg.kind, std::string{msg.payload}});
  return result;
}

message_batch from_portable(const portable_batch& batch) {
  using std::chrono::system_clock;
  size_t bytes = 0;
  for (auto& msg : batch.messages)
    bytes += msg.payload.size();
  auto content = slab_pool::make_unpooled(bytes, batch.messages.size());
  auto* pos = content->data();
  for (auto& msg : batch.messages) {
    if (!msg.payload.empty())
      std::memcpy(pos, msg.payload.data(), msg.payload.size());
    content->add(pos, msg.payload.size(), msg.kind);
    pos += msg.payload.size();
  }
  content->client_id = batch.client_id;
  content->epoch = batch.epoch;
  content->first_sequence = batch.first_sequence;
  content->received_at = system_clock::time_point{
    std::chrono::duration_cast<system_clock::duration>(
      std::chrono::nanoseconds{batch.received_at})};
  return message_batch{std::move(content)};
}

} // namespace zenws::detail
