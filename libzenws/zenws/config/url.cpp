// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/config/url.hpp"

#include "zenws/internal/ascii.hpp"
#include "zenws/json/redaction.hpp"

#include <boost/url/ipv4_address.hpp>
#include <boost/url/ipv6_address.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>
#include <charconv>
#include <optional>

namespace urls = boost::urls;

namespace zenws {

namespace {

using internal::is_digit;

// -- characters ---------------------------------------------------------------

bool is_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_host_char(char c) noexcept {
  return is_letter(c) || is_digit(c) || c == '-' || c == '.' || c == '_';
}

// -- parts of a URL -----------------------------------------------------------

error bad_url(std::string_view reason) {
  return {.code = ec::invalid_url, .detail = std::string{reason}};
}

constexpr uint16_t default_port(url_scheme scheme) noexcept {
  return scheme == url_scheme::wss ? 443 : 80;
}

constexpr uint16_t default_port(proxy_scheme scheme) noexcept {
  return scheme == proxy_scheme::http ? 80 : 1080;
}

// Text between "://" and path, query or fragment.
struct authority {
  std::string_view host;
  std::optional<std::string_view> port;
};

// Refuses characters that would end a request line or header, or change its
// meaning.
error check_characters(std::string_view text) {
  for (auto c : text) {
    auto byte = static_cast<unsigned char>(c);
    if (c == '\r' || c == '\n')
      return bad_url("the URL contains a line break");
    if (byte < 0x20 || byte == 0x7f)
      return bad_url("the URL contains a control character");
    if (c == ' ')
      return bad_url("the URL contains a space; write %20");
    if (byte >= 0x80)
      return bad_url("the URL contains a character outside of ASCII; "
                     "percent-encode it, write host names in Punycode");
  }
  return {};
}

result<url_scheme> parse_scheme(std::string_view text) {
  auto colon = text.find("://");
  if (colon == std::string_view::npos)
    return bad_url("the URL has no scheme; begin with ws:// or wss://");
  auto name = internal::to_lower(text.substr(0, colon));
  if (name == "ws")
    return url_scheme::ws;
  if (name == "wss")
    return url_scheme::wss;
  if (name == "http")
    return bad_url("the scheme is http; use ws:// instead");
  if (name == "https")
    return bad_url("the scheme is https; use wss:// instead");
  return bad_url("the scheme is neither ws nor wss");
}

result<proxy_scheme> parse_proxy_scheme(std::string_view text) {
  auto name = internal::to_lower(text.substr(0, text.find("://")));
  for (auto x :
       {proxy_scheme::http, proxy_scheme::socks5, proxy_scheme::socks5h})
    if (name.size() < text.size() && name == to_string(x))
      return x;
  return bad_url("the proxy's URL must begin with http://, socks5:// or "
                 "socks5h://");
}

result<authority> split_authority(std::string_view text,
                                  std::string_view where_credentials_go) {
  auto rest = text.substr(text.find("://") + 3);
  rest = rest.substr(0, rest.find_first_of("/?#"));
  if (rest.find('@') != std::string_view::npos)
    return bad_url("user info is not supported; "
                   + std::string{where_credentials_go});
  if (rest.empty() || (rest.front() == ':' && rest.rfind(':') == 0))
    return bad_url("the URL has no host");
  auto end = rest.front() == '[' ? rest.find(']') : rest.find(':');
  if (rest.front() == '[') {
    if (end == std::string_view::npos)
      return bad_url("the IPv6 address has no closing bracket");
    ++end;
  } else if (end != rest.rfind(':')) {
    return bad_url("the host contains a colon; write an IPv6 address in "
                   "brackets");
  }
  if (end >= rest.size())
    return authority{rest, std::nullopt};
  if (rest[end] != ':')
    return bad_url("there is something other than a port after the IPv6 "
                   "address");
  return authority{rest.substr(0, end), rest.substr(end + 1)};
}

result<uint16_t> parse_port(const authority& from, uint16_t otherwise) {
  if (!from.port)
    return otherwise;
  auto text = *from.port;
  if (text.empty() || !std::all_of(text.begin(), text.end(), is_digit))
    return bad_url("the port is not a number");
  uint16_t port = 0;
  auto last = text.data() + text.size();
  if (std::from_chars(text.data(), last, port).ec != std::errc{})
    return bad_url("the port is greater than 65535");
  if (port == 0)
    return bad_url("the port is 0");
  return port;
}

result<std::string> parse_host(std::string_view text) {
  if (text.front() == '[') {
    auto address = urls::parse_ipv6_address(text.substr(1, text.size() - 2));
    if (!address)
      return bad_url("the brackets do not contain a valid IPv6 address (zone "
                     "identifiers are not supported)");
    return std::string{address->to_string()};
  }
  // Percent-encoding could smuggle anything into the Host header.
  if (!std::all_of(text.begin(), text.end(), is_host_char))
    return bad_url("the host contains a character that no host name has");
  if (text.size() > 253)
    return bad_url("the host is longer than 253 characters");
  return internal::to_lower(text);
}

std::string bracketed(const std::string& host) {
  return host.find(':') != std::string::npos ? '[' + host + ']' : host;
}

std::string target_of(const urls::url_view& from) {
  std::string result{from.encoded_path()};
  if (result.empty())
    result = "/";
  if (from.has_query()) {
    result += '?';
    result += std::string_view{from.encoded_query()};
  }
  return result;
}

// -- secrets ------------------------------------------------------------------

// Keys in paths (listen keys, API keys of node providers) are long and mix
// letters with digits.
bool looks_like_key(std::string_view segment) noexcept {
  auto is_key_char = [](char c) {
    return is_letter(c) || is_digit(c) || c == '-' || c == '_';
  };
  return segment.size() >= 20
         && std::all_of(segment.begin(), segment.end(), is_key_char)
         && std::any_of(segment.begin(), segment.end(), is_digit);
}

// Calls `f` with each part of `text` between separators and joins the results.
template <class F>
std::string map_parts(std::string_view text, char separator, F f) {
  std::string result;
  for (;;) {
    auto end = text.find(separator);
    result += f(text.substr(0, end));
    if (end == std::string_view::npos)
      return result;
    result += separator;
    text.remove_prefix(end + 1);
  }
}

std::string redacted_segment(std::string_view segment) {
  return looks_like_key(segment) ? "***" : std::string{segment};
}

std::string redacted_parameter(std::string_view parameter) {
  auto equals = parameter.find('=');
  if (equals == std::string_view::npos)
    return parameter.empty() ? "" : "***";
  return std::string{parameter.substr(0, equals)} + "=***";
}

std::string redacted_target(std::string_view target) {
  auto question_mark = target.find('?');
  auto path = target.substr(0, question_mark);
  auto result = map_parts(path, '/', redacted_segment);
  if (question_mark == std::string_view::npos)
    return result;
  return result + '?'
         + map_parts(target.substr(question_mark + 1), '&', redacted_parameter);
}

// Adds the parts of a value that look like keys; all of it if its name says so.
void add_secrets(std::string_view name, std::string_view value,
                 std::vector<std::string>& out) {
  if (is_secret_member(name) && !value.empty()) {
    out.emplace_back(value);
    return;
  }
  auto add = [&out](std::string_view part) {
    if (looks_like_key(part))
      out.emplace_back(part);
    return std::string{};
  };
  map_parts(value, '/', add);
}

std::string origin_of(const url& from) {
  return std::string{to_string(from.scheme)} + "://" + from.host_header();
}

} // namespace

// -- url_scheme ---------------------------------------------------------------

std::string_view to_string(url_scheme scheme) noexcept {
  return scheme == url_scheme::wss ? "wss" : "ws";
}

// -- url ----------------------------------------------------------------------

bool url::is_ip_literal() const noexcept {
  return urls::parse_ipv4_address(host).has_value()
         || urls::parse_ipv6_address(host).has_value();
}

std::string url::host_header() const {
  auto result = bracketed(host);
  if (port != default_port(scheme))
    result += ':' + std::to_string(port);
  return result;
}

std::string url::authority() const {
  return bracketed(host) + ':' + std::to_string(port);
}

std::vector<std::string> url::secrets() const {
  std::vector<std::string> result;
  std::string_view all{target};
  auto question_mark = all.find('?');
  add_secrets({}, all.substr(0, question_mark), result);
  if (question_mark == std::string_view::npos)
    return result;
  map_parts(all.substr(question_mark + 1), '&', [&](std::string_view x) {
    auto equals = std::min(x.find('='), x.size());
    add_secrets(x.substr(0, equals), x.substr(std::min(equals + 1, x.size())),
                result);
    return std::string{};
  });
  return result;
}

std::string url::redacted() const {
  return origin_of(*this) + redacted_target(target);
}

std::string to_string(const url& address) {
  return origin_of(address) + address.target;
}

// -- parsing ------------------------------------------------------------------

result<url> parse_url(std::string_view text) {
  if (text.empty())
    return bad_url("the URL is empty");
  if (auto err = check_characters(text))
    return err;
  auto scheme = parse_scheme(text);
  if (!scheme)
    return scheme.error();
  auto authority = split_authority(text,
                                   "send credentials in a header or a message");
  if (!authority)
    return authority.error();
  auto port = parse_port(*authority, default_port(*scheme));
  if (!port)
    return port.error();
  auto host = parse_host(authority->host);
  if (!host)
    return host.error();
  auto parsed = urls::parse_uri(text);
  if (!parsed)
    return bad_url("path or query contains a character that must be "
                   "percent-encoded (RFC 3986)");
  return url{.scheme = *scheme,
             .host = std::move(*host),
             .port = *port,
             .target = target_of(*parsed)};
}

std::string_view to_string(proxy_scheme scheme) noexcept {
  switch (scheme) {
    case proxy_scheme::socks5:
      return "socks5";
    case proxy_scheme::socks5h:
      return "socks5h";
    default:
      return "http";
  }
}

result<proxy_address> parse_proxy_url(std::string_view text) {
  if (auto err = check_characters(text))
    return err;
  auto scheme = parse_proxy_scheme(text);
  if (!scheme)
    return scheme.error();
  auto authority = split_authority(text, "use proxy.user and proxy.password");
  if (!authority)
    return authority.error();
  auto rest = text.substr(text.find("://") + 3);
  auto end = rest.find_first_of("/?#");
  if (end != std::string_view::npos && rest.substr(end) != "/")
    return bad_url("the proxy's URL has a path, a query or a fragment");
  auto port = parse_port(*authority, default_port(*scheme));
  if (!port)
    return port.error();
  auto host = parse_host(authority->host);
  if (!host)
    return host.error();
  return proxy_address{*scheme, {std::move(*host), *port}};
}

} // namespace zenws
