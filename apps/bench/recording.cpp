// SPDX-License-Identifier: BSD-3-Clause

#include "recording.hpp"

#include "zenws/sim/market/market.hpp"
#include "zenws/sim/market/notification.hpp"
#include "zenws/sim/net/capture.hpp"

#include "zenws/venue/dialect.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <stdexcept>
#include <utility>
#include <variant>

namespace zenws::bench {

namespace {

// Nothing that a report would have to escape.
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

// Splits "DIALECT:FILE"; a file may have a colon in its name.
std::pair<std::string, std::string> split(const std::string& source) {
  auto colon = source.find(':');
  if (colon != std::string::npos)
    for (auto name : dialect_names())
      if (std::string_view{source}.substr(0, colon) == name)
        return {source.substr(0, colon), source.substr(colon + 1)};
  return {{}, source};
}

// The frames are a server's: unmasked (RFC 6455, section 5.2).
std::string_view payload_of(std::string_view frame) {
  auto length = static_cast<unsigned char>(frame[1]);
  return frame.substr(length < 126 ? 2 : length == 126 ? 4 : 10);
}

recording make_recording(std::string name, std::string dialect,
                         const std::vector<std::string_view>& messages) {
  recording result{std::move(name), std::move(dialect), {}, {}};
  for (auto x : messages)
    result.text.insert(result.text.end(), x.begin(), x.end());
  // The text has grown: only now views of it are safe.
  const char* pos = result.text.data();
  for (auto x : messages) {
    result.messages.emplace_back(pos, x.size());
    pos += x.size();
  }
  return result;
}

std::string book_of(const std::string& instrument) {
  return "book." + instrument + ".raw";
}

} // namespace

recording read_recording(const std::string& source) {
  auto [dialect, path] = split(source);
  auto loaded = sim::load_capture(path);
  if (auto* problem = std::get_if<std::string>(&loaded))
    throw std::runtime_error{*problem};
  std::vector<std::string_view> payloads;
  for (auto& x : std::get<sim::capture>(loaded).messages)
    payloads.push_back(payload_of(*x.frame));
  return make_recording(plain_name(path), dialect, payloads);
}

recording simulated_recording() {
  using namespace std::chrono_literals;
  constexpr auto start = 1'700'000'000'000ms;
  constexpr int num_steps = 400;
  sim::market all{1, {"BTC-PERPETUAL", "ETH-PERPETUAL"}};
  std::vector<std::string> messages;
  for (int i = 0; i < num_steps; ++i)
    for (auto& x : all.instruments()) {
      auto now = start + i * 1ms;
      auto& name = x.terms().name;
      if (i == 0)
        messages.push_back(sim::book_snapshot(book_of(name), x, now));
      auto update = x.step();
      messages.push_back(sim::book_change(book_of(name), x, update, now));
      if (update.trade)
        messages.push_back(
          sim::trade_print("trades." + name + ".raw", x, update, now));
      messages.push_back(sim::ticker("ticker." + name + ".raw", x, now));
    }
  return make_recording("simulated", "deribit",
                        {messages.begin(), messages.end()});
}

} // namespace zenws::bench
