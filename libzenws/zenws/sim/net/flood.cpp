// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/net/flood.hpp"

#include <algorithm>

namespace zenws::sim {

namespace {

constexpr size_t buffer_size = 256 * 1024;

} // namespace

std::string flood_payload(size_t size) {
  constexpr std::string_view head
    = R"({"jsonrpc":"2.0","method":"subscription","params":{"channel":)"
      R"("trades.BTC-PERPETUAL.raw","data":")";
  constexpr std::string_view tail = R"("}})";
  constexpr auto frame = head.size() + tail.size();
  if (size >= frame) {
    std::string result{head};
    result.append(size - frame, 'x');
    return result += tail;
  }
  if (size >= 2)
    return '"' + std::string(size - 2, 'x') + '"';
  return std::string(size, '0');
}

flood_buffer::flood_buffer(opcode kind, size_t payload_size) {
  auto frame = encode_frame(kind, flood_payload(payload_size));
  frame_size_ = frame.size();
  auto frames = std::max<size_t>(1, buffer_size / frame_size_);
  std::string bytes;
  bytes.reserve(frames * frame_size_);
  for (size_t i = 0; i < frames; ++i)
    bytes += frame;
  bytes_ = std::make_shared<const std::string>(std::move(bytes));
}

} // namespace zenws::sim
