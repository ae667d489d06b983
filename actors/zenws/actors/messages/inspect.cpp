// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/actors/messages/inspect.hpp"

#include <chrono>
#include <limits>

namespace zenws::detail {

namespace {

// Sequence numbers that a batch can reach over: a message has at least one byte
// of header, and larger ones come alone.
constexpr uint64_t max_span = slab_pool::read_size;

// Bytes that may lie between two messages that are written in one piece: the
// header of a frame.
constexpr size_t max_gap = 16;

// A message in an index: a number with its size and these flags, then the
// fields that the flags announce.
constexpr uint64_t has_step = 1; // its sequence number does not follow
constexpr uint64_t has_gap = 2; // the bytes before it are not as many as before
constexpr uint64_t is_binary = 4;
constexpr unsigned flag_bits = 3;

constexpr size_t max_entry_bytes = 16;

char* write_number(char* to, uint64_t value) {
  for (; value >= 0x80; value >>= 7)
    *to++ = static_cast<char>(value | 0x80);
  *to++ = static_cast<char>(value);
  return to;
}

constexpr uint64_t no_number = std::numeric_limits<uint64_t>::max();

// Takes a number of at most 35 bits from the front.
uint64_t read_number(std::string_view& from) {
  uint64_t result = 0;
  for (unsigned shift = 0; shift < 35 && !from.empty(); shift += 7) {
    auto byte = static_cast<uint8_t>(from.front());
    from.remove_prefix(1);
    result |= uint64_t{byte & 0x7fu} << shift;
    if (byte < 0x80)
      return result;
  }
  return no_number;
}

class parcel_writer {
public:
  parcel_writer(const slab& content, size_t first, size_t count)
    : content_(content), first_(first) {
    result_.header.count = count;
    result_.header.index.resize(count * max_entry_bytes);
    pos_ = result_.header.index.data();
  }

  void add(uint32_t which) {
    auto& entry = content_.begin()[which];
    auto step = which + 1 - first_ - result_.header.span;
    result_.header.span += step;
    auto gap = extend_run(entry, step);
    uint64_t flags = entry.kind == message_kind::binary ? is_binary : 0;
    if (step != 1)
      flags |= has_step;
    if (gap != last_gap_)
      flags |= has_gap;
    pos_ = write_number(pos_, uint64_t{entry.size} << flag_bits | flags);
    if (step != 1)
      pos_ = write_number(pos_, step);
    if (gap != last_gap_)
      pos_ = write_number(pos_, gap);
    last_gap_ = gap;
    run_end_ = entry.data + entry.size;
  }

  batch_parcel finish() {
    end_run();
    auto& index = result_.header.index;
    index.resize(static_cast<size_t>(pos_ - index.data()));
    return std::move(result_);
  }

private:
  // Continues the run or starts another one; returns the bytes in between.
  size_t extend_run(const slab_entry& next, uint64_t step) {
    if (step == 1 && run_begin_ != nullptr && content_.holds(run_begin_)
        && content_.holds(next.data) && next.data >= run_end_
        && static_cast<size_t>(next.data - run_end_) <= max_gap)
      return static_cast<size_t>(next.data - run_end_);
    end_run();
    run_begin_ = next.data;
    return 0;
  }

  void end_run() {
    if (run_begin_ == nullptr)
      return;
    auto size = static_cast<size_t>(run_end_ - run_begin_);
    result_.header.bytes += size;
    result_.runs.emplace_back(run_begin_, size);
  }

  const slab& content_;
  size_t first_;
  batch_parcel result_;
  char* pos_ = nullptr;
  const char* run_begin_ = nullptr;
  const char* run_end_ = nullptr;
  size_t last_gap_ = 0;
};

error broken(const char* problem) {
  return error{ec::invalid_data, std::string{"a batch "} + problem};
}

// Slabs for received batches: each reading thread of CAF has its own.
slab_ptr acquire_slab(size_t bytes, size_t count) {
  thread_local auto pool = slab_pool::make();
  if (slab_pool::fits(bytes, count))
    return pool->acquire(bytes, count);
  return slab_pool::make_unpooled(bytes, count);
}

// Fills a slab from an index that may be anything.
result<batch_draft> read_index(const batch_header& header) {
  batch_draft result;
  result.content = acquire_slab(header.bytes, header.span);
  auto& content = *result.content;
  auto from = std::string_view{header.index};
  auto* pos = content.data();
  auto bytes_left = header.bytes;
  auto span_left = header.span;
  auto is_sparse = header.count != header.span;
  uint64_t gap = 0;
  for (uint64_t i = 0; i < header.count; ++i) {
    auto number = read_number(from);
    auto step = (number & has_step) != 0 ? read_number(from) : 1;
    if ((number & has_gap) != 0)
      gap = read_number(from);
    auto size = number >> flag_bits;
    if (number == no_number || gap > max_gap || step == 0)
      return broken("with a broken index");
    if (step > span_left || gap + size > bytes_left)
      return broken("whose index does not fit");
    pos += gap;
    // A position tells the sequence number: left out messages need theirs.
    for (uint64_t left_out = 1; left_out < step; ++left_out)
      content.add(pos, 0, message_kind::binary);
    if (is_sparse)
      result.selection.push_back(static_cast<uint32_t>(content.count()));
    content.add(pos, size,
                (number & is_binary) != 0 ? message_kind::binary
                                          : message_kind::text);
    pos += size;
    bytes_left -= gap + size;
    span_left -= step;
  }
  if (!from.empty() || bytes_left != 0 || span_left != 0)
    return broken("whose index does not fit");
  return result;
}

} // namespace

batch_parcel parcel_of(const message_batch& batch) {
  using std::chrono::duration_cast;
  using std::chrono::nanoseconds;
  if (batch.empty())
    return {};
  auto content = batch.content();
  auto selection = batch.selection();
  auto first = selection.empty() ? 0 : selection.front();
  parcel_writer writer{*content, first, batch.size()};
  if (selection.empty())
    for (uint32_t i = 0; i < content->count(); ++i)
      writer.add(i);
  else
    for (auto i : selection)
      writer.add(i);
  auto result = writer.finish();
  auto& header = result.header;
  header.client_id = batch.client_id();
  header.epoch = batch.epoch();
  header.first_sequence = batch.first_sequence();
  auto since_epoch = batch.received_at().time_since_epoch();
  header.received_at = duration_cast<nanoseconds>(since_epoch).count();
  return result;
}

result<batch_draft> draft_of(const batch_header& header) {
  using std::chrono::system_clock;
  if (header.count == 0)
    return batch_draft{};
  if (header.bytes > max_batch_bytes || header.span > max_span
      || header.count > header.span)
    return broken("that is too large");
  auto result = read_index(header);
  if (!result)
    return result;
  auto& content = *result->content;
  content.client_id = header.client_id;
  content.epoch = header.epoch;
  content.first_sequence = header.first_sequence;
  content.received_at = system_clock::time_point{
    std::chrono::duration_cast<system_clock::duration>(
      std::chrono::nanoseconds{header.received_at})};
  return result;
}

} // namespace zenws::detail
