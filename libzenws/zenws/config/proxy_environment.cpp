// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/config/proxy_environment.hpp"

#include "zenws/internal/ascii.hpp"

#include <boost/url/ipv4_address.hpp>
#include <boost/url/ipv6_address.hpp>

#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace zenws {

namespace {

namespace urls = boost::urls;

// -- no_proxy -----------------------------------------------------------------

using address_bytes = std::vector<unsigned char>;

// Returns the bytes of an IP address, none if the text is something else.
address_bytes bytes_of_address(std::string_view text) {
  if (auto v4 = urls::parse_ipv4_address(text)) {
    auto bytes = v4->to_bytes();
    return {bytes.begin(), bytes.end()};
  }
  if (auto v6 = urls::parse_ipv6_address(text)) {
    auto bytes = v6->to_bytes();
    return {bytes.begin(), bytes.end()};
  }
  return {};
}

template <class T>
std::optional<T> number_in(std::string_view text) {
  T result = 0;
  auto last = text.data() + text.size();
  auto [end, failure] = std::from_chars(text.data(), last, result);
  if (failure != std::errc{} || end != last)
    return std::nullopt;
  return result;
}

// Returns whether the first bits of two addresses are the same.
bool share_prefix(const address_bytes& x, const address_bytes& y, size_t bits) {
  if (x.size() != y.size() || bits > 8 * x.size())
    return false;
  for (size_t i = 0; i < x.size() && 8 * i < bits; ++i) {
    auto mask = 0xff00u >> std::min<size_t>(bits - 8 * i, 8);
    if (((x[i] ^ y[i]) & mask & 0xffu) != 0)
      return false;
  }
  return true;
}

bool has_address(std::string_view entry, const address_bytes& host) {
  auto slash = std::min(entry.find('/'), entry.size());
  auto bits = slash == entry.size()
                ? std::optional{8 * host.size()}
                : number_in<size_t>(entry.substr(slash + 1));
  return bits
         && share_prefix(bytes_of_address(entry.substr(0, slash)), host, *bits);
}

// Returns whether `host` is `name` or below it.
bool is_below(std::string_view host, std::string_view name) {
  return host.ends_with(name)
         && (host.size() == name.size()
             || host[host.size() - name.size() - 1] == '.');
}

std::string_view without_last_dot(std::string_view name) {
  return name.substr(0, name.size() - (name.ends_with('.') ? 1 : 0));
}

// Cuts the port off an entry. Returns it, or that of the target if there is
// none.
std::optional<uint16_t> take_port(std::string_view& entry, uint16_t otherwise) {
  auto colon = entry.rfind(':');
  auto is_address = entry.starts_with('[') ? entry.ends_with(']')
                                           : entry.find(':') != colon;
  if (colon == std::string_view::npos || is_address)
    return otherwise;
  auto result = number_in<uint16_t>(entry.substr(colon + 1));
  entry = entry.substr(0, colon);
  return result;
}

bool has_target(std::string_view entry, const url& target) {
  if (entry == "*")
    return true;
  if (take_port(entry, target.port) != target.port)
    return false;
  if (entry.starts_with('[') && entry.ends_with(']'))
    entry = entry.substr(1, entry.size() - 2);
  if (target.is_ip_literal())
    return has_address(entry, bytes_of_address(target.host));
  if (entry.starts_with("*."))
    entry.remove_prefix(1);
  if (entry.starts_with('.'))
    entry.remove_prefix(1);
  auto name = without_last_dot(entry);
  return !name.empty()
         && is_below(without_last_dot(target.host), internal::to_lower(name));
}

bool lists(std::string_view entries, const url& target) {
  constexpr std::string_view separators = ", \t";
  while (!entries.empty()) {
    auto end = std::min(entries.find_first_of(separators), entries.size());
    if (end > 0 && has_target(entries.substr(0, end), target))
      return true;
    entries.remove_prefix(std::min(end + 1, entries.size()));
  }
  return false;
}

bool is_this_machine(const url& target) {
  return target.host == "::1" || lists("localhost,127.0.0.0/8", target);
}

// -- the proxy ----------------------------------------------------------------

struct variable {
  std::string name{};
  std::string value{};
};

// Returns the first variable that has a value, or one without a name.
variable find_variable(const variable_lookup& environment,
                       std::initializer_list<const char*> names) {
  for (auto* name : names)
    if (auto value = environment(name); !value.empty())
      return {name, std::move(value)};
  return {};
}

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string result;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      result += text[i];
      continue;
    }
    unsigned char byte = 0;
    auto digits = text.substr(i + 1, 2);
    auto* last = digits.data() + digits.size();
    auto [end, failure] = std::from_chars(digits.data(), last, byte, 16);
    if (failure != std::errc{} || digits.size() != 2 || end != last)
      return std::nullopt;
    result += static_cast<char>(byte);
    i += 2;
  }
  return result;
}

// Moves user info from the URL to user and password. Returns whether it is
// written as it has to be.
bool take_user_info(proxy_config& proxy) {
  auto begin = proxy.url.find("://") + 3;
  auto end = std::min(proxy.url.find_first_of("/?#", begin), proxy.url.size());
  auto at = proxy.url.rfind('@', end);
  if (at == std::string::npos || at < begin || at >= end)
    return true;
  auto info = std::string_view{proxy.url}.substr(begin, at - begin);
  auto colon = std::min(info.find(':'), info.size());
  auto user = percent_decoded(info.substr(0, colon));
  auto password
    = percent_decoded(info.substr(std::min(colon + 1, info.size())));
  if (!user || !password)
    return false;
  proxy.user = std::move(*user);
  proxy.password = std::move(*password);
  proxy.url.erase(begin, at + 1 - begin);
  return true;
}

error unusable(const std::string& name, const std::string& problem) {
  return {.code = ec::invalid_config,
          .detail = "the environment variable " + name + ": " + problem};
}

result<proxy_config> read_proxy(variable from) {
  proxy_config result{.url = std::move(from.value),
                      .variable = std::move(from.name)};
  if (result.url.find("://") == std::string::npos)
    result.url.insert(0, "http://");
  if (!take_user_info(result))
    return unusable(result.variable, "the user info has a % that is not "
                                     "followed by two hexadecimal digits");
  if (auto found = validate(result); !found.empty())
    return unusable(result.variable, found.front().message);
  return result;
}

} // namespace

result<proxy_config> find_proxy(const variable_lookup& environment,
                                const url& target) {
  auto found = target.secure()
                 ? find_variable(environment, {"https_proxy", "HTTPS_PROXY",
                                               "all_proxy", "ALL_PROXY"})
                 : find_variable(environment,
                                 {"http_proxy", "all_proxy", "ALL_PROXY"});
  if (found.name.empty() || is_this_machine(target)
      || lists(find_variable(environment, {"no_proxy", "NO_PROXY"}).value,
               target))
    return proxy_config{};
  return read_proxy(std::move(found));
}

} // namespace zenws
