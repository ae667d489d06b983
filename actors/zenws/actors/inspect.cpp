#include "zenws/actors/inspect.hpp"

#include <chrono>
#include <limits>
#include <optional>

namespace zenws::detail {

namespace {

// Sequence numbers that a batch can reach over: a message has at least one byte
// of header, and larger ones come alone.
constexpr uint64_t max_span = slab_pool::read_size;

// What the index says about one message. As most venues send one message after
// the other, the step is left out where it is 1.
struct index_entry {
  uint64_t size = 0;
  uint64_t step = 1;
  message_kind kind = message_kind::text;
};

void write_number(std::string& to, uint64_t what) {
  for (; what >= 0x80; what >>= 7)
    to += static_cast<char>(what | 0x80);
  to += static_cast<char>(what);
}

std::optional<uint64_t> read_number(std::string_view& from) {
  uint64_t result = 0;
  for (unsigned shift = 0; shift < 35 && !from.empty(); shift += 7) {
    auto byte = static_cast<uint8_t>(from.front());
    from.remove_prefix(1);
    result |= uint64_t{byte & 0x7fu} << shift;
    if (byte < 0x80)
      return result;
  }
  return std::nullopt;
}

void write(std::string& to, const index_entry& what) {
  auto is_binary = what.kind == message_kind::binary;
  auto steps = what.step != 1;
  write_number(to, what.size << 2 | uint64_t{is_binary} << 1 | uint64_t{steps});
  if (steps)
    write_number(to, what.step);
}

std::optional<index_entry> read_entry(std::string_view& from) {
  auto first = read_number(from);
  if (!first)
    return std::nullopt;
  index_entry result;
  result.size = *first >> 2;
  result.kind = (*first & 2) != 0 ? message_kind::binary : message_kind::text;
  if ((*first & 1) != 0) {
    auto step = read_number(from);
    if (!step || *step == 0)
      return std::nullopt;
    result.step = *step;
  }
  return result;
}

// What comes from other nodes may be anything.
result<std::vector<index_entry>> read_index(std::string_view from) {
  std::vector<index_entry> result;
  result.reserve(from.size());
  size_t bytes = 0;
  uint64_t span = 0;
  while (!from.empty()) {
    auto entry = read_entry(from);
    if (!entry)
      return error{ec::invalid_data, "a batch with a broken index"};
    bytes += entry->size;
    span += entry->step;
    if (bytes > max_batch_bytes || span > max_span)
      return error{ec::invalid_data, "a batch that is too large"};
    result.push_back(*entry);
  }
  return result;
}

} // namespace

batch_header header_of(const message_batch& batch) {
  using std::chrono::duration_cast;
  using std::chrono::nanoseconds;
  batch_header result;
  result.client_id = batch.client_id();
  result.epoch = batch.epoch();
  auto since_epoch = batch.received_at().time_since_epoch();
  result.received_at = duration_cast<nanoseconds>(since_epoch).count();
  result.first_sequence = batch.first_sequence();
  result.index.reserve(batch.size() * 2);
  auto before = result.first_sequence - 1;
  for (auto msg : batch) {
    write(result.index, {msg.payload.size(), msg.sequence - before, msg.kind});
    before = msg.sequence;
  }
  return result;
}

result<batch_draft> draft_of(const batch_header& what) {
  using std::chrono::system_clock;
  auto index = read_index(what.index);
  if (!index)
    return index.error();
  batch_draft result;
  if (index->empty())
    return result;
  uint64_t span = 0;
  for (auto& entry : *index) {
    result.payload_bytes += entry.size;
    span += entry.step;
  }
  auto count = static_cast<size_t>(span);
  result.content = slab_pool::make_unpooled(result.payload_bytes, count);
  auto& content = *result.content;
  auto* pos = content.data();
  for (auto& entry : *index) {
    // An index tells the sequence number: left out messages need theirs.
    for (uint64_t i = 1; i < entry.step; ++i)
      content.add(pos, 0, message_kind::binary);
    result.selection.push_back(static_cast<uint32_t>(content.count()));
    content.add(pos, entry.size, entry.kind);
    pos += entry.size;
  }
  if (result.selection.size() == content.count())
    result.selection.clear();
  content.client_id = what.client_id;
  content.epoch = what.epoch;
  content.first_sequence = what.first_sequence;
  content.received_at = system_clock::time_point{
    std::chrono::duration_cast<system_clock::duration>(
      std::chrono::nanoseconds{what.received_at})};
  return result;
}

} // namespace zenws::detail
