// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/recording/internal/block_format.hpp"

#include <array>
#include <chrono>
#include <zlib.h>

namespace zenws::internal {

namespace {

constexpr uint32_t skippable_magic = 0x184D2A57;

constexpr std::string_view block_kind = "ZWSB";

constexpr std::string_view index_kind = "ZWSI";

// Magic number and size, which are not part of the payload of a frame.
constexpr size_t prefix_bytes = 8;

constexpr size_t head_crc_at = block_head_bytes - 4;

// Bounds what a damaged size may ask for: see recording_index.
constexpr uint64_t max_index_bytes = 1024 * 1024;

const std::string& block_beginning() {
  static const auto result = [] {
    std::string text;
    put_frame_kind(text, block_kind, block_head_bytes - prefix_bytes);
    return text;
  }();
  return result;
}

int64_t microseconds_of(std::chrono::system_clock::time_point at) {
  using namespace std::chrono;
  return floor<microseconds>(at.time_since_epoch()).count();
}

// Beyond this a time_point of nanoseconds overflows.
constexpr int64_t last_microsecond = INT64_MAX / 1000;

std::chrono::system_clock::time_point moment_of(uint64_t microseconds) {
  auto count = static_cast<int64_t>(microseconds);
  count = std::min(std::max(count, -last_microsecond), last_microsecond);
  return std::chrono::system_clock::time_point{
    std::chrono::microseconds{count}};
}

frame read_head(std::string_view bytes) {
  if (bytes.size() < block_head_bytes)
    return frame_incomplete{block_head_bytes};
  auto crc = crc_of(bytes.substr(0, head_crc_at));
  if (get_number(bytes, head_crc_at, 4) != crc)
    return frame_damaged{"the head of a block has a wrong checksum"};
  if (get_number(bytes, 12, 2) != block_version)
    return frame_damaged{"a block is of another version of the format"};
  block_head result;
  result.span = get_span(bytes, 16);
  result.line_bytes = get_number(bytes, 56, 8);
  result.packed_bytes = get_number(bytes, 64, 8);
  if (result.line_bytes > max_block_bytes
      || result.packed_bytes > max_block_bytes)
    return frame_damaged{"a block is too large"};
  return result;
}

frame read_index_frame(std::string_view bytes) {
  auto size = get_number(bytes, 4, 4) + prefix_bytes;
  if (size > max_index_bytes || size < frame_kind_bytes + 8)
    return frame_damaged{"an index has an impossible size"};
  if (bytes.size() < size)
    return frame_incomplete{size};
  auto crc_at = static_cast<size_t>(size) - 4;
  if (get_number(bytes, crc_at, 4) != crc_of(bytes.substr(0, crc_at)))
    return frame_damaged{"an index has a wrong checksum"};
  return index_frame{size};
}

} // namespace

// -- frames -------------------------------------------------------------------

bool begins_blocks(std::string_view bytes) noexcept {
  const auto& expected = block_beginning();
  if (bytes.size() < expected.size())
    return !bytes.empty() && expected.starts_with(bytes);
  // Magic number, size and kind: two of them are enough.
  auto equal = 0;
  for (size_t i = 0; i < expected.size(); i += 4)
    equal += bytes.substr(i, 4) == std::string_view{expected}.substr(i, 4);
  return equal >= 2;
}

frame read_frame(std::string_view bytes) {
  if (bytes.size() < frame_kind_bytes)
    return frame_incomplete{frame_kind_bytes};
  auto is_skippable = get_number(bytes, 0, 4) == skippable_magic;
  auto kind = bytes.substr(prefix_bytes, 4);
  if (is_skippable && kind == block_kind)
    return read_head(bytes);
  if (is_skippable && kind == index_kind)
    return read_index_frame(bytes);
  return frame_damaged{"bytes that belong to no block"};
}

size_t find_block(std::string_view bytes, size_t from) {
  const auto& beginning = block_beginning();
  for (auto pos = bytes.find(beginning, from); pos != std::string_view::npos;
       pos = bytes.find(beginning, pos + 1))
    if (std::holds_alternative<block_head>(read_head(bytes.substr(pos))))
      return pos;
  return std::string_view::npos;
}

std::string write_head(const block_head& head) {
  std::string result;
  put_frame_kind(result, block_kind, block_head_bytes - prefix_bytes);
  put_number(result, block_version, 2);
  put_number(result, 0, 2);
  put_span(result, head.span);
  put_number(result, head.line_bytes, 8);
  put_number(result, head.packed_bytes, 8);
  put_number(result, crc_of(result), 4);
  return result;
}

// -- numbers ------------------------------------------------------------------

void put_number(std::string& out, uint64_t value, size_t bytes) {
  for (size_t i = 0; i < bytes; ++i, value >>= 8)
    out += static_cast<char>(value & 0xff);
}

uint64_t get_number(std::string_view in, size_t pos, size_t bytes) noexcept {
  uint64_t result = 0;
  for (auto i = bytes; i > 0; --i)
    result = result << 8 | static_cast<uint8_t>(in[pos + i - 1]);
  return result;
}

void put_span(std::string& out, const recorded_span& span) {
  for (auto value : {static_cast<uint64_t>(microseconds_of(span.earliest)),
                     static_cast<uint64_t>(microseconds_of(span.latest)),
                     span.lowest_epoch, span.highest_epoch, span.entries})
    put_number(out, value, 8);
}

recorded_span get_span(std::string_view in, size_t pos) noexcept {
  auto number = [&](size_t i) { return get_number(in, pos + 8 * i, 8); };
  return {moment_of(number(0)), moment_of(number(1)), number(2), number(3),
          number(4)};
}

void put_frame_kind(std::string& out, std::string_view kind, uint64_t follow) {
  put_number(out, skippable_magic, 4);
  put_number(out, follow, 4);
  out += kind;
}

uint32_t crc_of(std::string_view bytes) noexcept {
  auto data = reinterpret_cast<const Bytef*>(bytes.data());
  return static_cast<uint32_t>(::crc32_z(0, data, bytes.size()));
}

} // namespace zenws::internal
