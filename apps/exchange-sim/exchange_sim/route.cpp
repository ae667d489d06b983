#include "exchange_sim/route.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace zenws::sim {

namespace {

constexpr size_t max_flood_payload = 64u << 20;

constexpr std::pair<std::string_view, service> services[] = {
  {"/replay", service::replay},   {"/echo", service::echo},
  {"/flood", service::flood},     {"/broadcast", service::broadcast},
  {"/control", service::control},
};

/// Unknown paths lead to the interface of the venue.
service service_of(std::string_view path) {
  for (auto [name, what] : services)
    if (path == name)
      return what;
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

} // namespace

std::variant<route, std::string> parse_route(std::string_view target) {
  auto path = target.substr(0, target.find('?'));
  auto query = target.substr(std::min(path.size() + 1, target.size()));
  route result{std::string{path}, service_of(path), {}};
  if (result.what != service::flood)
    return result;
  while (!query.empty()) {
    auto item = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(item.size() + 1, query.size()));
    auto key = item.substr(0, item.find('='));
    auto value = item.substr(std::min(key.size() + 1, item.size()));
    if (!apply(key, value, result.flood))
      return "bad parameter of /flood: " + std::string{item};
  }
  return result;
}

} // namespace zenws::sim
