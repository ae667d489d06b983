// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/net/capture.hpp"

#include "zenws/sim/net/frame.hpp"
#include "zenws/sim/net/utf8.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <iterator>
#include <optional>

namespace zenws::sim {

namespace {

struct received_line {
  double time;
  std::string_view text;
};

bool is_client_line(std::string_view line) {
  auto first_space = line.find(' ');
  if (first_space == std::string_view::npos)
    return false;
  auto rest = line.substr(first_space + 1);
  return rest.starts_with("<- ") || rest.starts_with("<-> ");
}

std::optional<received_line> parse_received(std::string_view line) {
  auto colon = line.find(": ");
  if (colon == std::string_view::npos)
    return std::nullopt;
  received_line result{0, line.substr(colon + 2)};
  auto* last = line.data() + colon;
  auto [end, ec] = std::from_chars(line.data(), last, result.time);
  if (ec != std::errc{} || end != last || !std::isfinite(result.time))
    return std::nullopt;
  return is_utf8(result.text) ? std::optional{result} : std::nullopt;
}

bool is_rpc(const received_line& line) {
  return line.text.find("\"jsonrpc\"") != std::string_view::npos;
}

bool is_notification(const received_line& line) {
  return line.text.find("\"method\":\"subscription\"")
         != std::string_view::npos;
}

capture build(const std::vector<received_line>& lines) {
  capture result;
  if (std::all_of(lines.begin(), lines.end(), is_rpc))
    result.start = replay_start::on_subscribe;
  std::optional<double> first;
  for (auto& line : lines) {
    if (result.start == replay_start::on_subscribe && !is_notification(line))
      continue;
    if (!first)
      first = line.time;
    auto seconds = std::chrono::duration<double>{line.time - *first};
    auto frame = encode_frame(opcode::text, line.text);
    result.messages.push_back(
      {std::chrono::duration_cast<std::chrono::microseconds>(seconds),
       std::make_shared<const std::string>(std::move(frame))});
  }
  return result;
}

} // namespace

std::variant<capture, std::string> parse_capture(std::string_view text) {
  std::vector<received_line> lines;
  size_t number = 0;
  while (!text.empty()) {
    ++number;
    auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (line.ends_with('\r'))
      line.remove_suffix(1);
    if (line.empty() || is_client_line(line))
      continue;
    auto received = parse_received(line);
    if (!received)
      return "line " + std::to_string(number)
             + " is none of \"TIME: TEXT\", "
               "\"URL <- TIME: TEXT\", \"URL <-> TIME\"";
    lines.push_back(*received);
  }
  auto result = build(lines);
  if (result.messages.empty())
    return std::string{"no received message in the capture"};
  return result;
}

std::variant<capture, std::string> load_capture(const std::string& path) {
  std::ifstream in{path, std::ios::binary};
  std::string text{std::istreambuf_iterator<char>{in}, {}};
  if (!in.is_open() || in.bad())
    return "cannot read " + path;
  auto result = parse_capture(text);
  if (auto* error = std::get_if<std::string>(&result))
    return path + ": " + *error;
  return result;
}

} // namespace zenws::sim
