// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/net/frame.hpp"

#include "zenws/sim/net/deflate.hpp"
#include "zenws/sim/net/utf8.hpp"

#include <cstring>

namespace zenws::sim {

namespace {

constexpr uint16_t protocol_error = 1002;
constexpr uint16_t bad_text = 1007;
constexpr uint16_t too_big = 1009;
constexpr size_t max_control_payload = 125;

// Input buffers above this size are given back once they are empty.
constexpr size_t retained_input = 16 * 1024;

bool is_control(opcode op) noexcept {
  return static_cast<uint8_t>(op) >= 8;
}

bool is_known(uint8_t op) noexcept {
  return op <= 2 || (op >= 8 && op <= 10);
}

bool may_be_sent(uint16_t code) noexcept {
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014)
         || (code >= 3000 && code <= 4999);
}

uint64_t read_big_endian(const char* first, size_t n) noexcept {
  uint64_t result = 0;
  for (size_t i = 0; i < n; ++i)
    result = result << 8 | static_cast<uint8_t>(first[i]);
  return result;
}

void append_big_endian(std::string& out, uint64_t value, size_t n) {
  while (n-- > 0)
    out += static_cast<char>(value >> (8 * n) & 0xff);
}

void unmask(std::string& payload, const char* key) noexcept {
  uint32_t key32;
  std::memcpy(&key32, key, 4);
  auto key64 = static_cast<uint64_t>(key32) << 32 | key32;
  size_t i = 0;
  for (; i + 8 <= payload.size(); i += 8) {
    uint64_t word;
    std::memcpy(&word, payload.data() + i, 8);
    word ^= key64;
    std::memcpy(payload.data() + i, &word, 8);
  }
  for (; i < payload.size(); ++i)
    payload[i] = static_cast<char>(payload[i] ^ key[i % 4]);
}

} // namespace

// -- encoding -----------------------------------------------------------------

void append_frame(std::string& out, opcode op, std::string_view payload) {
  out += static_cast<char>(0x80 | static_cast<uint8_t>(op));
  if (payload.size() < 126) {
    out += static_cast<char>(payload.size());
  } else if (payload.size() <= 0xffff) {
    out += static_cast<char>(126);
    append_big_endian(out, payload.size(), 2);
  } else {
    out += static_cast<char>(127);
    append_big_endian(out, payload.size(), 8);
  }
  out += payload;
}

std::string encode_frame(opcode op, std::string_view payload) {
  std::string result;
  result.reserve(payload.size() + 10);
  append_frame(result, op, payload);
  return result;
}

std::string encode_compressed_frame(opcode op, std::string_view payload) {
  auto result = encode_frame(op, payload);
  result.front() = static_cast<char>(result.front() | 0x40);
  return result;
}

std::string encode_close(std::optional<uint16_t> code,
                         std::string_view reason) {
  std::string payload;
  if (code) {
    append_big_endian(payload, *code, 2);
    payload += utf8_prefix(reason, max_control_payload - 2);
  }
  return encode_frame(opcode::close, payload);
}

std::optional<uint16_t> close_code(std::string_view payload) noexcept {
  if (payload.size() < 2)
    return std::nullopt;
  return static_cast<uint16_t>(read_big_endian(payload.data(), 2));
}

// -- parsing ------------------------------------------------------------------

struct message_parser::header {
  uint8_t op;
  bool fin;
  bool compressed;
  bool reserved;
  bool masked;
  uint64_t length;
  size_t size;
};

void message_parser::append(std::string_view bytes) {
  if (violation_ == 0)
    input_ += bytes;
}

std::optional<message> message_parser::next() {
  while (violation_ == 0) {
    auto available = input_.size() - pos_;
    if (available < 2)
      break;
    auto* first = input_.data() + pos_;
    auto b0 = static_cast<uint8_t>(first[0]);
    auto b1 = static_cast<uint8_t>(first[1]);
    header hdr{static_cast<uint8_t>(b0 & 0x0f),
               (b0 & 0x80) != 0,
               (b0 & 0x40) != 0,
               (b0 & 0x30) != 0,
               (b1 & 0x80) != 0,
               static_cast<uint64_t>(b1 & 0x7f),
               6};
    if (hdr.length >= 126) {
      auto extra = hdr.length == 126 ? size_t{2} : size_t{8};
      if (available < 2 + extra)
        break;
      hdr.length = read_big_endian(first + 2, extra);
      hdr.size += extra;
    }
    if (!accept(hdr) || available < hdr.size
        || available - hdr.size < hdr.length)
      break;
    if (auto result = take(hdr))
      return result;
  }
  compact();
  return std::nullopt;
}

bool message_parser::accept(const header& hdr) {
  if (hdr.reserved || !hdr.masked || !is_known(hdr.op)) {
    fail(protocol_error);
    return false;
  }
  auto op = static_cast<opcode>(hdr.op);
  auto may_be_compressed = op == opcode::text || op == opcode::binary;
  if (hdr.compressed && (deflate_ == nullptr || !may_be_compressed)) {
    fail(protocol_error);
    return false;
  }
  if (is_control(op)) {
    if (hdr.fin && hdr.length <= max_control_payload)
      return true;
    fail(protocol_error);
    return false;
  }
  if ((op == opcode::continuation) != partial_.has_value()) {
    fail(protocol_error);
    return false;
  }
  auto before = partial_ ? partial_->payload.size() : 0;
  if (hdr.length > max_message_bytes_ - before) {
    fail(too_big);
    return false;
  }
  return true;
}

std::optional<message> message_parser::take(const header& hdr) {
  auto* first = input_.data() + pos_;
  std::string payload(first + hdr.size, hdr.length);
  unmask(payload, first + hdr.size - 4);
  pos_ += hdr.size + hdr.length;
  return assemble(hdr, std::move(payload));
}

std::optional<message> message_parser::assemble(const header& hdr,
                                                std::string payload) {
  message result;
  auto op = static_cast<opcode>(hdr.op);
  if (op == opcode::continuation) {
    partial_->payload += payload;
    if (!hdr.fin)
      return std::nullopt;
    result = std::move(*partial_);
    partial_.reset();
  } else {
    result = message{op, std::move(payload), hdr.compressed};
    if (!hdr.fin) {
      partial_ = std::move(result);
      return std::nullopt;
    }
  }
  if (result.compressed) {
    auto text = deflate_->decompress(result.payload, max_message_bytes_);
    if (!text) {
      fail(bad_text);
      return std::nullopt;
    }
    result.payload = std::move(*text);
  }
  if (result.op == opcode::close && !result.payload.empty()) {
    auto code = close_code(result.payload);
    if (!code || !may_be_sent(*code)) {
      fail(protocol_error);
      return std::nullopt;
    }
    if (!is_utf8(std::string_view{result.payload}.substr(2))) {
      fail(bad_text);
      return std::nullopt;
    }
  } else if (result.op == opcode::text && !is_utf8(result.payload)) {
    fail(bad_text);
    return std::nullopt;
  }
  return result;
}

void message_parser::fail(uint16_t code) noexcept {
  violation_ = code;
}

void message_parser::compact() {
  input_.erase(0, pos_);
  pos_ = 0;
  if (input_.empty() && input_.capacity() > retained_input)
    input_.shrink_to_fit();
}

} // namespace zenws::sim
