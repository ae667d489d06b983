#include "recording.hpp"

#include "exchange_sim/capture.hpp"

#include "zenws/dialect.hpp"

#include <algorithm>
#include <filesystem>
#include <stdexcept>
#include <utility>
#include <variant>

namespace zenws::bench {

namespace {

/// Nothing that a report would have to escape.
std::string plain_name(const std::string& path) {
  auto result = std::filesystem::path{path}.stem().string();
  auto is_plain = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z')
           || (c >= 'A' && c <= 'Z') || c == '-' || c == '_' || c == '.';
  };
  std::replace_if(
    result.begin(), result.end(), [&](char c) { return !is_plain(c); }, '_');
  return result;
}

/// Splits "DIALECT:FILE"; a file may have a colon in its name.
std::pair<std::string, std::string> split(const std::string& what) {
  auto colon = what.find(':');
  if (colon != std::string::npos)
    for (auto name : dialect_names())
      if (std::string_view{what}.substr(0, colon) == name)
        return {what.substr(0, colon), what.substr(colon + 1)};
  return {{}, what};
}

/// The frames are a server's: unmasked (RFC 6455, section 5.2).
std::string_view payload_of(std::string_view frame) {
  auto length = static_cast<unsigned char>(frame[1]);
  return frame.substr(length < 126 ? 2 : length == 126 ? 4 : 10);
}

} // namespace

recording read_recording(const std::string& what) {
  auto [dialect, path] = split(what);
  auto loaded = sim::load_capture(path);
  if (auto* problem = std::get_if<std::string>(&loaded))
    throw std::runtime_error{*problem};
  auto& messages = std::get<sim::capture>(loaded).messages;
  recording result{plain_name(path), dialect, {}, {}};
  for (auto& x : messages) {
    auto payload = payload_of(*x.frame);
    result.text.insert(result.text.end(), payload.begin(), payload.end());
  }
  // The text has grown: only now views of it are safe.
  const char* pos = result.text.data();
  for (auto& x : messages) {
    result.messages.emplace_back(pos, payload_of(*x.frame).size());
    pos += result.messages.back().size();
  }
  return result;
}

} // namespace zenws::bench
