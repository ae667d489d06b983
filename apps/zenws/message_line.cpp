// SPDX-License-Identifier: BSD-3-Clause

#include "message_line.hpp"

#include "json_line.hpp"

#include <boost/beast/core/detail/base64.hpp>
#include <boost/system/error_code.hpp>

#include <algorithm>
#include <cstdio>
#include <ctime>

namespace zenws::tool {

namespace {

constexpr size_t shown_bytes = 64;

std::string in_hex(std::string_view bytes) {
  auto result = '(' + std::to_string(bytes.size()) + " bytes)";
  for (auto c : bytes.substr(0, shown_bytes)) {
    char digits[4];
    std::snprintf(digits, sizeof(digits), " %02x",
                  static_cast<unsigned>(static_cast<unsigned char>(c)));
    result += digits;
  }
  return bytes.size() > shown_bytes ? result + " ..." : result;
}

std::string in_base64(std::string_view bytes) {
  namespace base64 = boost::beast::detail::base64;
  std::string result(base64::encoded_size(bytes.size()), '\0');
  result.resize(base64::encode(result.data(), bytes.data(), bytes.size()));
  return result;
}

bool is_json(std::string_view text) {
  boost::json::stream_parser parser;
  boost::system::error_code failure;
  parser.write(text.data(), text.size(), failure);
  if (!failure)
    parser.finish(failure);
  return !failure;
}

// Numbers keep their digits, which a parser would change.
std::string content_member(const message_view& message) {
  if (message.kind != message_kind::text)
    return "\"base64\":\"" + in_base64(message.payload) + '"';
  if (!is_json(message.payload))
    return "\"text\":"
           + boost::json::serialize(boost::json::string{message.payload});
  std::string data{message.payload};
  std::ranges::replace_if(
    data, [](char c) { return c == '\n' || c == '\r'; }, ' ');
  return "\"data\":" + data;
}

} // namespace

std::string to_text(std::chrono::system_clock::time_point moment) {
  auto since = std::chrono::floor<std::chrono::microseconds>(moment);
  auto seconds = std::chrono::floor<std::chrono::seconds>(since);
  auto time = std::chrono::system_clock::to_time_t(seconds);
  std::tm parts{};
  gmtime_r(&time, &parts);
  char text[40];
  auto size = std::strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &parts);
  std::snprintf(text + size, sizeof(text) - size, ".%06dZ",
                static_cast<int>((since - seconds).count()));
  return text;
}

std::string to_line(const message_view& message, uint64_t epoch,
                    const common_options& common) {
  if (common.json)
    return "{\"time\":\"" + to_text(message.received_at)
           + "\",\"epoch\":" + std::to_string(epoch)
           + ",\"sequence\":" + std::to_string(message.sequence) + ','
           + content_member(message) + '}';
  if (!is_terminal_output())
    return std::string{message.payload};
  return message.kind == message_kind::text ? printable(message.payload)
                                            : in_hex(message.payload);
}

std::string to_json(const client_event& event) {
  boost::json::object result{
    {"time", to_text(std::chrono::system_clock::now())},
    {"event", to_string(event.kind)},
    {"state", to_string(event.state)},
    {"epoch", event.epoch},
    {"text", describe(event)},
  };
  if (event.reason)
    result["error"] = to_string(event.reason.code);
  return boost::json::serialize(result);
}

bool is_notable(const client_event& event) {
  return event.kind != event_kind::state_changed
         || event.state == client_state::backing_off;
}

} // namespace zenws::tool
