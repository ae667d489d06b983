// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/connection/internal/status_line.hpp"

#include "zenws/internal/ascii.hpp"

#include <algorithm>

namespace zenws::internal {

namespace {

constexpr std::string_view protocol = "HTTP/1.";

// "HTTP/1.1 101"
constexpr size_t status_pos = 9;
constexpr size_t status_end = 12;

constexpr size_t max_quoted = 100;

std::string_view first_line(std::string_view response) noexcept {
  return response.substr(0, response.find("\r\n"));
}

} // namespace

bool may_be_response(std::string_view bytes) noexcept {
  return bytes.starts_with(protocol.substr(0, bytes.size()));
}

std::optional<unsigned> read_status(std::string_view response) noexcept {
  auto line = first_line(response);
  if (!line.starts_with(protocol) || line.size() < status_end
      || !is_digit(line[protocol.size()]) || line[status_pos - 1] != ' ')
    return std::nullopt;
  auto digits = line.substr(status_pos, status_end - status_pos);
  if (!std::all_of(digits.begin(), digits.end(), is_digit)
      || (line.size() > status_end && line[status_end] != ' '))
    return std::nullopt;
  unsigned result = 0;
  for (auto c : digits)
    result = 10 * result + static_cast<unsigned>(c - '0');
  return result;
}

std::string_view read_reason(std::string_view response) noexcept {
  auto line = first_line(response);
  return line.substr(std::min(line.size(), status_end + 1));
}

std::string with_complete_status_line(std::string_view response) {
  std::string result{response};
  if (read_status(response) && response.substr(status_end).starts_with('\r'))
    result.insert(status_end, 1, ' ');
  return result;
}

std::string describe_no_response(std::string_view bytes) {
  if (bytes.starts_with("GET ") || bytes.starts_with("CONNECT "))
    return "the peer sends our own request back";
  auto line = bytes.substr(0, bytes.find_first_of("\r\n"));
  std::string text{line.substr(0, max_quoted)};
  auto is_odd = [](char c) { return c < 0x20 || c > 0x7e; };
  std::replace_if(text.begin(), text.end(), is_odd, '?');
  return "the answer is not HTTP: \"" + text + '"';
}

} // namespace zenws::internal
