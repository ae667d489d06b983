// SPDX-License-Identifier: BSD-3-Clause

#pragma once

/// @file
/// WebSocket frames (RFC 6455). Shares no code with zenws::core on purpose: the
/// simulator is an independent peer, and a mistake of one side shows.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace zenws::sim {

class deflate;

enum class opcode : uint8_t {
  continuation = 0,
  text = 1,
  binary = 2,
  close = 8,
  ping = 9,
  pong = 10,
};

// Close codes (RFC 6455, section 7.4.1).
constexpr uint16_t normal_closure = 1000;
constexpr uint16_t policy_violation = 1008;

/// Appends one final, unmasked frame, as a server sends it.
void append_frame(std::string& out, opcode op, std::string_view payload);

/// Returns one final, unmasked frame.
std::string encode_frame(opcode op, std::string_view payload);

/// Returns one final, unmasked frame of a message that is compressed.
std::string encode_compressed_frame(opcode op, std::string_view payload);

/// Returns a complete Close frame; without a code its payload is empty.
std::string encode_close(std::optional<uint16_t> code, std::string_view reason);

/// Returns the code of a Close frame's payload, if it has one.
std::optional<uint16_t> close_code(std::string_view payload) noexcept;

/// A whole message, or a control frame.
struct message {
  opcode op = opcode::text;
  std::string payload;
  /// Set if it came compressed.
  bool compressed = false;
};

/// Finds messages in the bytes a client sends.
///
/// The simulator has its own frames, independent of the WebSocket library of
/// the client under test, because it must be able to do things that libraries
/// prevent: leave a ping unanswered, stop in mid-stream, send nonsense.
class message_parser {
public:
  explicit message_parser(size_t max_message_bytes) noexcept
    : max_message_bytes_(max_message_bytes) {
    // nop
  }

  /// Accepts compressed messages from now on. `with` must live long enough.
  void decompress(deflate& with) noexcept {
    deflate_ = &with;
  }

  void append(std::string_view bytes);

  /// Returns the next message, or nothing if there is none yet or if the
  /// client violated the protocol.
  std::optional<message> next();

  /// The close code that the client's violation deserves; 0 without one.
  uint16_t violation() const noexcept {
    return violation_;
  }

private:
  struct header;

  bool accept(const header& hdr);
  std::optional<message> take(const header& hdr);
  std::optional<message> assemble(const header& hdr, std::string payload);
  void fail(uint16_t code) noexcept;
  void compact();

  size_t max_message_bytes_;
  deflate* deflate_ = nullptr;
  std::string input_;
  size_t pos_ = 0;
  std::optional<message> partial_;
  uint16_t violation_ = 0;
};

} // namespace zenws::sim
