// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/net/route.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace zenws::sim {

namespace {

constexpr size_t max_flood_payload = 64u << 20;

constexpr std::pair<std::string_view, service> services[] = {
  {"/replay", service::replay},
  {"/echo", service::echo},
  {"/flood", service::flood},
  {"/broadcast", service::broadcast},
  {"/control", service::control},
  {"/stream", service::binance},
  {"/ws", service::binance},
  {"/ws/v5/public", service::okx},
  {"/ws/v5/private", service::okx},
  {"/ws-api/v3", service::binance_api},
  {"/hyperliquid", service::hyperliquid},
  {"/kraken", service::kraken},
  {"/kraken-auth", service::kraken_private},
  {"/bybit", service::bybit},
  {"/v5/public/linear", service::bybit},
  {"/v5/public/spot", service::bybit},
  {"/v5/private", service::bybit},
  {"/v5/trade", service::bybit_trade},
  {"/coinbase", service::coinbase},
};

constexpr std::string_view raw_streams = "/ws/";

// Undoes percent-encoding: names of streams may be UTF-8 beyond ASCII.
std::string decoded(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    unsigned char byte = 0;
    auto* digits = text.data() + 1;
    if (text.size() > 2 && text.front() == '%'
        && std::from_chars(digits, digits + 2, byte, 16).ptr == digits + 2) {
      result += static_cast<char>(byte);
      text.remove_prefix(3);
    } else {
      result += text.front();
      text.remove_prefix(1);
    }
  }
  return result;
}

// Unknown paths lead to the interface of the venue.
service service_of(std::string_view path) {
  for (auto [name, kind] : services)
    if (path == name)
      return kind;
  if (path.starts_with(raw_streams)
      && (decoded(path).find('@') != std::string::npos
          || path.size() == raw_streams.size() + listen_key_size))
    return service::binance;
  return service::api;
}

template <class Number>
bool read(std::string_view text, Number& out) {
  auto* last = text.data() + text.size();
  auto [end, ec] = std::from_chars(text.data(), last, out);
  return ec == std::errc{} && end == last;
}

bool apply(std::string_view key, std::string_view value, flood_options& out) {
  if (key == "count")
    return read(value, out.count);
  if (key == "size")
    return read(value, out.size) && out.size <= max_flood_payload;
  if (key == "kind") {
    out.kind = value == "binary" ? opcode::binary : opcode::text;
    return value == "binary" || value == "text";
  }
  if (key == "close") {
    out.end = value == "no" ? flood_end::stay_open : flood_end::close;
    return value == "no" || value == "yes";
  }
  return false;
}

// Removes and returns the part before the first `separator`.
std::string_view split_off(std::string_view& text, char separator) {
  auto result = text.substr(0, text.find(separator));
  text.remove_prefix(std::min(result.size() + 1, text.size()));
  return result;
}

std::vector<std::string> split_streams(std::string_view text) {
  std::vector<std::string> result;
  while (!text.empty())
    if (auto name = split_off(text, '/'); !name.empty())
      result.push_back(decoded(name));
  return result;
}

std::string_view streams_in(std::string_view path, std::string_view query) {
  if (path.starts_with(raw_streams))
    return path.substr(raw_streams.size());
  while (!query.empty()) {
    auto item = split_off(query, '&');
    if (split_off(item, '=') == "streams")
      return item;
  }
  return {};
}

} // namespace

std::variant<route, std::string> parse_route(std::string_view target) {
  auto query = target;
  auto path = split_off(query, '?');
  route result{std::string{path}, service_of(path)};
  if (result.kind == service::binance)
    result.streams = split_streams(streams_in(path, query));
  if (result.kind != service::flood)
    return result;
  while (!query.empty()) {
    auto item = split_off(query, '&');
    auto value = item;
    auto key = split_off(value, '=');
    if (!apply(key, value, result.flood))
      return "bad parameter of /flood: " + std::string{item};
  }
  return result;
}

} // namespace zenws::sim
