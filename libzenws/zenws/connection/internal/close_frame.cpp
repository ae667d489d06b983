// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/connection/internal/close_frame.hpp"

#include "zenws/config/client_config.hpp"
#include "zenws/connection/internal/frame_header.hpp"
#include "zenws/internal/utf8.hpp"

#include <string>

namespace zenws::internal {

namespace {

// FIN and the opcode of a Close frame.
constexpr char close_byte = static_cast<char>(0x88);

// A payload of at most 125 bytes needs no more (RFC 6455, section 5.5).
constexpr size_t header_size = 2;

constexpr size_t max_payload = 125;

// Mask bit included.
size_t length_byte(std::string_view bytes) noexcept {
  return static_cast<unsigned char>(bytes[1]);
}

std::string_view payload_of(std::string_view bytes) noexcept {
  return bytes.substr(header_size, length_byte(bytes));
}

uint16_t code_of(std::string_view payload) noexcept {
  auto* bytes = reinterpret_cast<const unsigned char*>(payload.data());
  return static_cast<uint16_t>(read_big_endian(bytes, 2));
}

error broken(const std::string& content) {
  return {ec::protocol_error, "a Close frame with " + content};
}

} // namespace

close_scan scan_close(std::string_view bytes) noexcept {
  if (bytes.empty() || bytes.front() != close_byte)
    return close_scan::other;
  if (bytes.size() < header_size)
    return close_scan::incomplete;
  if (length_byte(bytes) > max_payload)
    return close_scan::other;
  return bytes.size() < header_size + length_byte(bytes)
           ? close_scan::incomplete
           : close_scan::whole;
}

bool has_forbidden_code(std::string_view bytes) noexcept {
  auto payload = payload_of(bytes);
  return payload.size() >= 2 && !is_close_code(code_of(payload));
}

error read_close(std::string_view bytes) {
  auto payload = payload_of(bytes);
  if (payload.empty())
    return {.code = ec::closed_by_peer, .close_code = no_close_code};
  if (payload.size() == 1)
    return broken("half a code (RFC 6455, section 5.5.1)");
  auto code = code_of(payload);
  if (!is_close_code(code))
    return broken("code " + std::to_string(code)
                  + ", which must not be sent (RFC 6455, section 7.4)");
  auto reason = payload.substr(2);
  if (!valid_utf8(reason.data(), reason.size()))
    return broken("code " + std::to_string(code)
                  + " and a reason that is not UTF-8 (RFC 6455, section "
                    "5.5.1)");
  return {.code = ec::closed_by_peer,
          .detail = std::string{reason},
          .close_code = code};
}

} // namespace zenws::internal
