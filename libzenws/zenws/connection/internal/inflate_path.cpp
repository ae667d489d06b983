// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/connection/internal/inflate_path.hpp"

#include "zenws/connection/internal/frame_header.hpp"
#include "zenws/internal/utf8.hpp"

#include <algorithm>
#include <cstring>

namespace zenws::internal {

namespace {

constexpr char text_opcode = 1;
constexpr char binary_opcode = 2;

// Returns the kind of a compressed message by the first byte of its first
// frame, or nothing if this is not the beginning of one.
std::optional<message_kind> kind_of(char first_byte) noexcept {
  switch (first_byte & 0x7f) {
    case rsv1 | text_opcode:
      return message_kind::text;
    case rsv1 | binary_opcode:
      return message_kind::binary;
    default:
      return std::nullopt;
  }
}

// Scans a header as if the frame were not compressed.
frame_header scan_compressed(std::string_view bytes) noexcept {
  char header[4] = {};
  auto n = std::min(bytes.size(), sizeof(header));
  std::memcpy(header, bytes.data(), n);
  header[0] = static_cast<char>(header[0] & ~rsv1);
  return scan_header(header, n);
}

} // namespace

inflate_path::inflate_path(const deflate_terms& terms,
                           const compression_config& cfg,
                           size_t max_message_bytes)
  : inflater_(terms.server, max_message_bytes),
    deflater_(terms.client),
    min_outbound_(std::max<size_t>(cfg.min_message_bytes, 1)) {
  // nop
}

// -- reading ------------------------------------------------------------------

walk_end inflate_path::walk(receive_buffer& from, size_t max_payload) {
  while (!from.empty()) {
    auto end = from.walk(max_payload);
    if (end != walk_end::not_ours)
      return end;
    if (auto taken = take(from, max_payload))
      return *taken;
  }
  return walk_end::incomplete;
}

// Returns nothing if the frame in front became a message.
std::optional<walk_end> inflate_path::take(receive_buffer& from,
                                           size_t max_payload) {
  auto bytes = from.unused();
  auto kind = kind_of(bytes.front());
  if (!kind)
    return walk_end::not_ours;
  auto head = scan_compressed(bytes);
  if (head.path == frame_path::unknown)
    return walk_end::incomplete;
  if (head.path == frame_path::slow || head.payload_bytes > max_payload)
    return walk_end::not_ours;
  if (head.payload_bytes > bytes.size() - head.header_bytes)
    return walk_end::incomplete;
  if (from.full())
    return walk_end::index_full;
  auto payload = bytes.substr(head.header_bytes, head.payload_bytes);
  if (decompress(payload, *kind) != ec::none)
    return walk_end::not_ours; // reported by `inflate_joined`
  from.consume(head.header_bytes + payload.size());
  from.add(inflater_.message(), *kind);
  return std::nullopt;
}

ec inflate_path::decompress(std::string_view payload, message_kind kind) {
  if (failure_ != ec::none)
    return failure_;
  failure_ = inflater_.inflate(payload);
  auto message = inflater_.message();
  if (failure_ == ec::none && kind == message_kind::text
      && !valid_utf8(message.data(), message.size()))
    failure_ = ec::invalid_utf8;
  return failure_;
}

void inflate_path::hide_rsv1(receive_buffer& from) {
  auto first = from.unused().front();
  hidden_kind_ = kind_of(first);
  if (hidden_kind_)
    from.replace(0, static_cast<char>((first & 0x80) | binary_opcode));
}

ec inflate_path::inflate_joined(std::string_view& payload, message_kind& kind) {
  if (!hidden_kind_)
    return ec::none;
  kind = *hidden_kind_;
  auto result = decompress(payload, kind);
  payload = inflater_.message();
  return result;
}

// -- writing ------------------------------------------------------------------

void inflate_path::compress(std::string& payload) {
  if (payload.size() < min_outbound_ || !deflater_.able())
    return;
  payload = deflater_.deflate(payload);
  written_.mark_next();
}

} // namespace zenws::internal
