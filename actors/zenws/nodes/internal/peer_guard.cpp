// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/nodes/internal/peer_guard.hpp"

#include <boost/endian/conversion.hpp>

namespace zenws {

namespace {

namespace basp {

// First byte of a header.
enum operation : uint8_t {
  server_handshake = 0x00,
  client_handshake = 0x01,
  direct_message = 0x02,
  routed_message = 0x03,
  heartbeat = 0x06, // the last one
};

} // namespace basp

constexpr size_t payload_size_offset = 4;

// Of the handshake of the side that was dialed.
constexpr size_t version_offset = 8;

// Flags and number of a message; see `caf/message_id.hpp`.
constexpr size_t message_id_offset = 8;

constexpr size_t sender_offset = 16;

constexpr uint8_t stream_flag = 0x20; // of the first byte

const unsigned char* field_of(std::string_view header, size_t offset) {
  return reinterpret_cast<const unsigned char*>(header.data()) + offset;
}

uint32_t payload_size_of(std::string_view header) {
  return boost::endian::load_big_u32(field_of(header, payload_size_offset));
}

uint64_t version_of(std::string_view handshake) {
  return boost::endian::load_big_u64(field_of(handshake, version_offset));
}

uint64_t sender_of(std::string_view message) {
  return boost::endian::load_big_u64(field_of(message, sender_offset));
}

// Returns the release of CAF that speaks a version of its protocol; see the
// history of `caf/io/basp/version.hpp`.
std::string release_of(uint64_t version) {
  switch (version) {
    case 3:
      return "CAF 0.17";
    case 4:
      return "CAF 0.18";
    case 5:
    case 6:
    case 7:
      return "CAF 0.19";
    case 8:
      return "CAF 1.0 or 1.1";
    case 9:
      return "CAF 1.2";
    default:
      return "another CAF (protocol " + std::to_string(version) + ')';
  }
}

bool is_message(uint8_t operation) {
  return operation == basp::direct_message || operation == basp::routed_message;
}

incoming_part part_after(std::string_view header) {
  auto operation = static_cast<uint8_t>(header.front());
  if (payload_size_of(header) == 0)
    return incoming_part::header;
  if (!is_message(operation) || sender_of(header) != 0)
    return incoming_part::payload;
  return operation == basp::routed_message
           ? incoming_part::anonymous_routed_message
           : incoming_part::anonymous_message;
}

bool is_part_of_stream(std::string_view header) {
  return (static_cast<uint8_t>(header[message_id_offset]) & stream_flag) != 0;
}

} // namespace

std::string_view to_string(protocol_violation violation) noexcept {
  switch (violation) {
    case protocol_violation::none:
      return "nothing";
    case protocol_violation::unknown_operation:
      return "no such operation";
    case protocol_violation::no_handshake:
      return "no handshake";
    case protocol_violation::empty_handshake:
      return "an empty handshake";
    case protocol_violation::part_of_stream:
      return "a part of a stream";
    case protocol_violation::unreadable:
      return "a message that cannot be read";
    case protocol_violation::too_large:
      return "a message that is too large";
    case protocol_violation::other_version:
      return "another generation of CAF";
  }
  return "unknown";
}

protocol_violation peer_guard::admit(std::string_view bytes) noexcept {
  if (next_ != incoming_part::header) {
    // CAF asks for exactly that many, and would complain.
    next_ = incoming_part::header;
    return protocol_violation::none;
  }
  return bytes.size() == header_size ? judge(bytes)
                                     : protocol_violation::unknown_operation;
}

std::string peer_guard::explain(protocol_violation violation) const {
  if (violation != protocol_violation::other_version)
    return std::string{to_string(violation)};
  return "it runs " + release_of(peer_version_) + ", this node "
         + release_of(own_version_)
         + ": both ends need the same generation of CAF";
}

protocol_violation peer_guard::judge(std::string_view header) noexcept {
  auto operation = static_cast<uint8_t>(header.front());
  if (operation > basp::heartbeat)
    return protocol_violation::unknown_operation;
  if (operation == basp::server_handshake
      || operation == basp::client_handshake) {
    if (auto violation = judge_handshake(header);
        violation != protocol_violation::none)
      return violation;
    introduced_ = true;
  } else if (!introduced_) {
    return protocol_violation::no_handshake;
  } else if (is_message(operation) && is_part_of_stream(header)) {
    return protocol_violation::part_of_stream;
  }
  if (payload_size_of(header) > max_payload_)
    return protocol_violation::too_large;
  next_ = part_after(header);
  return protocol_violation::none;
}

protocol_violation
peer_guard::judge_handshake(std::string_view header) noexcept {
  auto operation = static_cast<uint8_t>(header.front());
  auto expected = side_ == connection_side::accepted ? basp::client_handshake
                                                     : basp::server_handshake;
  // The dialing side may choose among connections by a second handshake.
  if (operation != expected
      || (introduced_ && operation == basp::server_handshake))
    return protocol_violation::no_handshake;
  if (operation == basp::server_handshake) {
    peer_version_ = version_of(header);
    if (peer_version_ != own_version_)
      return protocol_violation::other_version;
  }
  auto size = payload_size_of(header);
  if (size == 0)
    return protocol_violation::empty_handshake;
  return size > max_handshake_bytes ? protocol_violation::too_large
                                    : protocol_violation::none;
}

} // namespace zenws
