// SPDX-License-Identifier: BSD-3-Clause

#pragma once

/// @file
/// The opening handshake (RFC 6455). Shares no code with zenws::core on
/// purpose: the simulator is an independent peer, and a mistake of one side
/// shows.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace zenws::sim {

using header_fields = std::vector<std::pair<std::string, std::string>>;

/// A request to become a WebSocket, or a command by POST.
struct upgrade_request {
  std::string target;
  header_fields headers;
  std::string method = "GET";
  std::string body{};

  /// Returns the first header of that name (in any case), or nothing.
  std::optional<std::string_view> header(std::string_view name) const noexcept;
};

/// An answer other than 101.
struct http_refusal {
  unsigned status;
  header_fields headers;
  std::string body;
};

/// Reads an HTTP request from bytes as they come.
class request_parser {
public:
  enum class state : uint8_t { incomplete, complete, malformed };

  request_parser();
  ~request_parser();

  state feed(std::string_view bytes);

  /// @pre the last `feed` returned `complete`
  upgrade_request take_request();

  /// Bytes that came after the request.
  std::string_view rest() const noexcept;

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

/// Returns the reason if a request cannot be upgraded, or nothing.
std::optional<http_refusal> check_upgrade(const upgrade_request& request);

/// Returns the response that completes the handshake. Of the subprotocols
/// offered it chooses the first.
/// @param extensions agreed on, or empty
/// @pre `check_upgrade` had no objection
std::string accept_response(const upgrade_request& request,
                            std::string_view extensions = {});

/// Returns a whole response that ends the connection.
std::string refusal_response(const http_refusal& refusal);

/// Returns a whole response with a JSON text, which ends the connection.
std::string json_response(std::string_view text);

} // namespace zenws::sim
