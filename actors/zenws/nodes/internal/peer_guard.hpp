// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace zenws {

/// End of a connection between nodes.
enum class connection_side : uint8_t { accepted, dialed };

/// Violations of the protocol of nodes.
enum class protocol_violation : uint8_t {
  none,
  /// The operation is not one of CAF's.
  unknown_operation,
  /// The connection does not begin with the handshake of the other side.
  no_handshake,
  /// A handshake without content, on which CAF 0.17 would crash.
  empty_handshake,
  /// A part of a stream of CAF's, which zenws has none of: CAF 0.17 would crash
  /// on one with other content.
  part_of_stream,
  /// A message without a sender that CAF cannot read: CAF since 1.0 would crash
  /// when it answers.
  unreadable,
  /// A message is larger than nodes send.
  too_large,
  /// The gateway speaks the protocol of another generation of CAF.
  other_version,
};

/// What comes next from another node.
enum class incoming_part : uint8_t {
  header,
  /// Of any header but of the next two.
  payload,
  /// A message that names no sender.
  anonymous_message,
  /// Same, after the names of the two nodes between which it travels.
  anonymous_routed_message,
};

/// Returns a few words for logs.
std::string_view to_string(protocol_violation violation) noexcept;

/// Checks the bytes of another node before CAF reads them: CAF trusts its peers
/// and would allocate any length that they name.
///
/// Pure. Knows the header of CAF's binary protocol (BASP), which is the same in
/// versions 3 to 9 (CAF 0.17 to 1.2; `caf/io/basp/header.hpp`). Only the side
/// that was dialed tells its version.
class peer_guard {
public:
  // -- constants --------------------------------------------------------------

  static constexpr size_t header_size = 32;

  /// Largest payload of a handshake.
  static constexpr size_t max_handshake_bytes = 64 * 1024;

  // -- constructors, destructors, and assignment operators --------------------

  /// @param own_version of CAF's protocol, as this node speaks it.
  peer_guard(connection_side side, size_t max_payload_bytes,
             uint64_t own_version) noexcept
    : side_(side), max_payload_(max_payload_bytes), own_version_(own_version) {
    // nop
  }

  // -- properties -------------------------------------------------------------

  connection_side side() const noexcept {
    return side_;
  }

  /// Returns whether the handshake was received.
  bool is_introduced() const noexcept {
    return introduced_;
  }

  incoming_part next() const noexcept {
    return next_;
  }

  /// Returns what a violation means, for people.
  std::string explain(protocol_violation violation) const;

  // -- transitions ------------------------------------------------------------

  /// Checks the next bytes for CAF: a header, or the payload that belongs to
  /// the last one.
  protocol_violation admit(std::string_view bytes) noexcept;

private:
  protocol_violation judge(std::string_view header) noexcept;

  protocol_violation judge_handshake(std::string_view header) noexcept;

  connection_side side_;
  size_t max_payload_;
  uint64_t own_version_;
  uint64_t peer_version_ = 0;
  incoming_part next_ = incoming_part::header;
  bool introduced_ = false;
};

} // namespace zenws
