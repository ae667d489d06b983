// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/log/log.hpp"

#include "zenws/error.hpp"
#include "zenws/json/internal/json_writer.hpp"
#include "zenws/json/redaction.hpp"
#include "zenws/log/log_text.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>

namespace zenws {

namespace {

std::string time_text(std::chrono::system_clock::time_point time) {
  using namespace std::chrono;
  using namespace std::chrono_literals;
  auto in_ms = floor<milliseconds>(time);
  auto seconds = system_clock::to_time_t(floor<std::chrono::seconds>(time));
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 32> date{};
  auto size = std::strftime(date.data(), date.size(), "%FT%T", &parts);
  std::array<char, 8> fraction{};
  auto millis = static_cast<int>((in_ms.time_since_epoch() % 1s).count());
  std::snprintf(fraction.data(), fraction.size(), ".%03dZ", millis);
  return std::string{date.data(), size} + fraction.data();
}

void append_field(std::string& line, std::string_view key,
                  std::string_view value) {
  line += ' ';
  line += key;
  line += '=';
  auto is_plain = !value.empty()
                  && value.find_first_of(" \"=\\") == std::string_view::npos;
  if (is_plain) {
    line += value;
    return;
  }
  line += '"';
  for (auto c : value) {
    if (c == '"' || c == '\\')
      line += '\\';
    line += c;
  }
  line += '"';
}

// Texts of venues may be anything.
std::string utf8_text(std::string_view text) {
  std::string result{text};
  if (!internal::valid_utf8(text.data(), text.size()))
    std::replace_if(
      result.begin(), result.end(),
      [](char c) { return static_cast<unsigned char>(c) >= 0x80; }, '?');
  return result;
}

} // namespace

std::string_view to_string(log_level level) noexcept {
  switch (level) {
    case log_level::info:
      return "info";
    case log_level::warning:
      return "warning";
    case log_level::error:
      return "error";
  }
  return "unknown";
}

std::string to_message(const log_entry& entry) {
  auto result = entry.component + ": " + entry.text;
  if (!entry.client.empty())
    append_field(result, "client", entry.client);
  for (auto& [key, value] : entry.fields)
    append_field(result, key, value);
  return printable(result);
}

std::string to_line(const log_entry& entry) {
  auto result = time_text(entry.time) + ' ';
  result += to_string(entry.level);
  return result + ' ' + to_message(entry);
}

std::string to_json(const log_entry& entry) {
  internal::json_writer out;
  auto add = [&out](std::string_view key, std::string_view value) {
    out.key(key).string(utf8_text(value));
  };
  out.begin_object();
  add("time", time_text(entry.time));
  add("level", to_string(entry.level));
  add("component", entry.component);
  if (!entry.client.empty())
    add("client", entry.client);
  add("text", entry.text);
  if (!entry.fields.empty()) {
    out.key("fields");
    out.begin_object();
    for (auto& [key, value] : entry.fields)
      add(key, value);
    out.end_object();
  }
  out.end_object();
  return *out.take();
}

void log_to_stderr(const log_entry& entry) noexcept {
  try {
    auto line = to_line(entry) + '\n';
    std::fwrite(line.data(), 1, line.size(), stderr);
  } catch (...) {
    // out of memory: the entry is lost
  }
}

void write_entry(const log_sink& sink, log_entry entry) noexcept {
  try {
    if (!sink)
      return;
    entry.client = printable(entry.client);
    entry.text = printable(redact(entry.text));
    for (auto& [key, value] : entry.fields)
      value = is_secret_member(key) ? "***" : printable(redact(value));
    sink(entry);
  } catch (...) {
    // a log must not end what it is about
  }
}

} // namespace zenws
