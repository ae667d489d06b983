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
  auto since_epoch = batch.received_at().time_since_epoch();
  result.received_at = duration_cast<nanoseconds>(since_epoch).count();
  result.messages.reserve(batch.size());
  for (auto msg : batch)
    result.messages.push_back(
      {msg.kind, msg.sequence, std::string{msg.payload}});
  return result;
}

namespace {

// Sequence numbers that a batch can reach over: a message has at least one byte
// of header, and larger ones come alone.
constexpr uint64_t max_span = slab_pool::read_size;

// What comes from other nodes may be anything.
bool is_plausible(const portable_batch& batch) {
  auto& messages = batch.messages;
  for (size_t i = 1; i < messages.size(); ++i)
    if (messages[i].sequence <= messages[i - 1].sequence)
      return false;
  return messages.empty()
         || messages.back().sequence - messages.front().sequence < max_span;
}

} // namespace

result<message_batch> from_portable(const portable_batch& batch) {
  using std::chrono::system_clock;
  if (!is_plausible(batch))
    return error{ec::invalid_data, "a batch whose sequence numbers jump"};
  if (batch.messages.empty())
    return message_batch{};
  auto first = batch.messages.front().sequence;
  size_t bytes = 0;
  for (auto& msg : batch.messages)
    bytes += msg.payload.size();
  auto count = batch.messages.back().sequence - first + 1;
  auto content = slab_pool::make_unpooled(bytes, static_cast<size_t>(count));
  std::vector<uint32_t> selection;
  auto* pos = content->data();
  for (auto& msg : batch.messages) {
    // An index tells the sequence number: left out messages need theirs.
    while (content->count() < msg.sequence - first)
      content->add(pos, 0, message_kind::binary);
    if (!msg.payload.empty())
      std::memcpy(pos, msg.payload.data(), msg.payload.size());
    selection.push_back(static_cast<uint32_t>(content->count()));
    content->add(pos, msg.payload.size(), msg.kind);
    pos += msg.payload.size();
  }
  content->client_id = batch.client_id;
  content->epoch = batch.epoch;
  content->first_sequence = first;
  content->received_at = system_clock::time_point{
    std::chrono::duration_cast<system_clock::duration>(
      std::chrono::nanoseconds{batch.received_at})};
  return message_batch{std::move(content), nullptr, std::move(selection)};
}

} // namespace zenws::detail
