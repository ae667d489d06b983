// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sinks/internal/redis_address.hpp"

#include <boost/url/parse.hpp>

#include <charconv>

namespace zenws {

namespace {

constexpr std::string_view unix_scheme = "unix://";

template <class T>
std::optional<T> parse_number(std::string_view text) {
  T result = 0;
  auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(),
                                       result);
  if (failed != std::errc{} || end != text.data() + text.size())
    return std::nullopt;
  return result;
}

} // namespace

std::optional<redis_address> parse_redis_url(std::string_view url) {
  redis_address result;
  if (url.starts_with(unix_scheme)) {
    result.path = url.substr(unix_scheme.size());
    return result.path.starts_with('/') ? std::optional{result} : std::nullopt;
  }
  auto parsed = boost::urls::parse_uri(url);
  if (!parsed || parsed->scheme() != "redis" || parsed->has_query()
      || parsed->host_address().empty())
    return std::nullopt;
  result.host = parsed->host_address();
  result.user = parsed->user();
  if (parsed->has_port()) {
    auto port = parse_number<uint16_t>(parsed->port());
    if (!port || *port == 0)
      return std::nullopt;
    result.port = *port;
  }
  auto path = parsed->path();
  if (path.size() > 1) {
    auto database = parse_number<uint32_t>(std::string_view{path}.substr(1));
    if (!database)
      return std::nullopt;
    result.database = *database;
  }
  return result;
}

} // namespace zenws
