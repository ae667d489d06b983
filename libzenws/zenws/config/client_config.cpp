// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/config/client_config.hpp"

#include "zenws/config/url.hpp"
#include "zenws/internal/ascii.hpp"
#include "zenws/internal/utf8.hpp"
#include "zenws/timing/internal/duration_check.hpp"
#include "zenws/venue/dialect.hpp"

#include <algorithm>
#include <fstream>
#include <initializer_list>

namespace zenws {

namespace {

using problems = std::vector<config_problem>;

using internal::check_duration;
using internal::equal_names;
using internal::text_of;

// -- text ---------------------------------------------------------------------

// RFC 9110, section 5.6.2.
bool is_token(std::string_view text) noexcept {
  static constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  auto is_token_char = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z')
           || (c >= 'A' && c <= 'Z') || marks.find(c) != std::string_view::npos;
  };
  return !text.empty() && std::all_of(text.begin(), text.end(), is_token_char);
}

bool is_control(char c) noexcept {
  auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\t') || byte == 0x7f;
}

std::string indexed(std::string_view field, size_t index) {
  return std::string{field} + '[' + std::to_string(index) + ']';
}

// -- the request --------------------------------------------------------------

bool is_reserved(std::string_view name) noexcept {
  constexpr std::string_view prefix = "Sec-WebSocket-";
  auto reserved = {std::string_view{"Host"}, std::string_view{"Upgrade"},
                   std::string_view{"Connection"},
                   std::string_view{"Content-Length"},
                   std::string_view{"Transfer-Encoding"}};
  auto is_name = [name](std::string_view x) { return equal_names(x, name); };
  return std::any_of(reserved.begin(), reserved.end(), is_name)
         || equal_names(name.substr(0, prefix.size()), prefix);
}

void check_header(const header& field, const std::string& path, problems& out) {
  if (!is_token(field.name))
    out.push_back({path + ".name",
                   "must be a token: letters, digits and !#$%&'*+-.^_`|~ "
                   "(RFC 9110, section 5.6.2)"});
  else if (is_reserved(field.name))
    out.push_back({path + ".name",
                   field.name
                     + " belongs to the handshake and cannot be set; use url "
                       "or subprotocols"});
  if (std::any_of(field.value.begin(), field.value.end(), is_control))
    out.push_back({path + ".value",
                   "must not contain line breaks or other control characters "
                   "(RFC 9110, section 5.5)"});
}

void check_request(const client_config& cfg, problems& out) {
  if (auto parsed = parse_url(cfg.url); !parsed)
    out.push_back({"url", parsed.error().detail});
  for (size_t i = 0; i < cfg.headers.size(); ++i)
    check_header(cfg.headers[i], indexed("headers", i), out);
  auto& offered = cfg.subprotocols;
  for (size_t i = 0; i < offered.size(); ++i) {
    auto pos = offered.begin() + static_cast<std::ptrdiff_t>(i);
    if (!is_token(*pos))
      out.push_back({indexed("subprotocols", i),
                     "must be a token (RFC 6455, section 4.1)"});
    else if (std::find(offered.begin(), pos, *pos) != pos)
      out.push_back({indexed("subprotocols", i),
                     "is offered twice (RFC 6455, section 4.1)"});
  }
}

// -- files --------------------------------------------------------------------

void check_file(const std::string& file, std::string_view field,
                problems& out) {
  if (file.empty())
    return;
  std::ifstream in{file, std::ios::binary};
  if (!in || in.peek() == std::ifstream::traits_type::eof())
    out.push_back({std::string{field},
                   "there is no such file, or it is empty or cannot be read: "
                     + printable(file)});
}

void check_tls(const tls_config& tls, problems& out) {
  check_file(tls.ca_file, "tls.ca_file", out);
  check_file(tls.cert_file, "tls.cert_file", out);
  check_file(tls.key_file, "tls.key_file", out);
  if (tls.key_file.empty() && !tls.cert_file.empty())
    out.push_back({"tls.key_file", "is missing while tls.cert_file is set"});
  if (tls.cert_file.empty() && !tls.key_file.empty())
    out.push_back({"tls.cert_file", "is missing while tls.key_file is set"});
  if (tls.verify > tls_verify::insecure_skip_verify)
    out.push_back({"tls.verify", "must be peer or insecure_skip_verify"});
}

// -- proxy --------------------------------------------------------------------

void check_proxy(const proxy_config& cfg, problems& out) {
  auto has_control = [](const std::string& text) {
    return std::any_of(text.begin(), text.end(),
                       [](char c) { return is_control(c) || c == '\t'; });
  };
  auto parsed = parse_proxy_url(cfg.url);
  if (cfg.url.empty() && !(cfg.user.empty() && cfg.password.empty()))
    out.push_back({"proxy.url", "is missing while there are credentials"});
  else if (!cfg.url.empty() && !parsed)
    out.push_back({"proxy.url", parsed.error().detail});
  auto is_socks = parsed && parsed->scheme != proxy_scheme::http;
  if (has_control(cfg.user)
      || (!is_socks && cfg.user.find(':') != std::string::npos))
    out.push_back({"proxy.user",
                   "must contain neither colons nor control characters (RFC "
                   "7617, section 2)"});
  if (has_control(cfg.password))
    out.push_back({"proxy.password",
                   "must not contain control characters (RFC 7617, section "
                   "2)"});
  // Each has a length of one byte.
  if (is_socks && cfg.user.size() > 255)
    out.push_back({"proxy.user", "is longer than 255 bytes (RFC 1929)"});
  if (is_socks && cfg.password.size() > 255)
    out.push_back({"proxy.password", "is longer than 255 bytes (RFC 1929)"});
  if (cfg.user.empty() && !cfg.password.empty())
    out.push_back({"proxy.user", "is missing while proxy.password is set"});
}

// -- numbers ------------------------------------------------------------------

void check_size(size_t value, size_t ceiling, std::string_view field,
                problems& out) {
  if (value == 0 || value > ceiling)
    out.push_back({std::string{field}, "is " + std::to_string(value)
                                         + " but must be between 1 and "
                                         + std::to_string(ceiling) + " bytes"});
}

void check_limits(const client_config& cfg, problems& out) {
  check_duration(cfg.handshake_timeout, "handshake_timeout", out);
  check_duration(cfg.close_timeout, "close_timeout", out);
  check_duration(cfg.max_reading_pause, "max_reading_pause", out);
  check_size(cfg.max_message_bytes, defaults::message_bytes_ceiling,
             "max_message_bytes", out);
  check_size(cfg.max_header_bytes, defaults::header_bytes_ceiling,
             "max_header_bytes", out);
  check_size(cfg.max_outbound_bytes, defaults::outbound_bytes_ceiling,
             "max_outbound_bytes", out);
}

void check_window(unsigned bits, std::string_view field, problems& out) {
  if (bits < defaults::window_bits_floor || bits > defaults::window_bits)
    out.push_back({std::string{field}, "is " + std::to_string(bits)
                                         + " but must be between 9 and 15 "
                                           "(RFC 7692, section 7.1.2)"});
}

// Checked even if it is not offered.
void check_compression(const compression_config& cfg, problems& out) {
  check_window(cfg.client_window_bits, "compression.client_window_bits", out);
  check_window(cfg.server_window_bits, "compression.server_window_bits", out);
  if (cfg.min_message_bytes > defaults::outbound_bytes_ceiling)
    out.push_back({"compression.min_message_bytes",
                   "must not be greater than "
                     + std::to_string(defaults::outbound_bytes_ceiling)});
}

void check_heartbeat(const heartbeat_config& cfg, problems& out) {
  // a mistyped kind must not silently turn the heartbeat off.
  if (cfg.kind > heartbeat_kind::automatic)
    out.push_back(
      {"heartbeat.kind", "must be none, ping_pong, venue or automatic"});
  if (cfg.interval.count() != 0)
    check_duration(cfg.interval, "heartbeat.interval", out);
  if (cfg.max_missed > defaults::heartbeat_max_missed_ceiling)
    out.push_back({"heartbeat.max_missed", "must not be greater than 100"});
}

// -- output -------------------------------------------------------------------

template <class Container, class F>
std::string list_of(const Container& xs, F f) {
  std::string result = "[";
  for (auto& x : xs)
    result += (result.size() > 1 ? ", " : "") + f(x);
  return result + ']';
}

std::string text_of(const tls_config& cfg) {
  return "{ca_file = \"" + printable(cfg.ca_file) + "\", cert_file = \""
         + printable(cfg.cert_file) + "\", key_file = \""
         + printable(cfg.key_file)
         + "\", verify = " + std::string{to_string(cfg.verify)}
         + ", key_log_file = \"" + printable(cfg.key_log_file) + "\"}";
}

std::string text_of(bool value) {
  return value ? "true" : "false";
}

std::string text_of(const compression_config& cfg) {
  return "{offer = " + text_of(cfg.offer)
         + ", client_window_bits = " + std::to_string(cfg.client_window_bits)
         + ", server_window_bits = " + std::to_string(cfg.server_window_bits)
         + ", client_no_context_takeover = "
         + text_of(cfg.client_no_context_takeover)
         + ", server_no_context_takeover = "
         + text_of(cfg.server_no_context_takeover) + ", min_message_bytes = "
         + std::to_string(cfg.min_message_bytes) + '}';
}

// User info in the URL is refused, but it is not to be shown for that.
std::string shown_url(const proxy_config& cfg) {
  return parse_proxy_url(cfg.url) ? cfg.url : "(invalid)";
}

std::string text_of(const proxy_config& cfg) {
  if (cfg.url.empty())
    return "none";
  return "{url = " + shown_url(cfg)
         + ", user = " + (cfg.user.empty() ? "none" : "***")
         + ", password = " + (cfg.password.empty() ? "none" : "***") + '}';
}

std::string text_of(const backoff_config& cfg) {
  return "{min = " + text_of(cfg.min) + ", max = " + text_of(cfg.max)
         + ", factor = " + std::to_string(cfg.factor)
         + ", jitter = " + std::to_string(cfg.jitter)
         + ", stable_after = " + text_of(cfg.stable_after)
         + ", max_attempts = " + std::to_string(cfg.max_attempts)
         + ", retry_after_ceiling = " + text_of(cfg.retry_after_ceiling) + '}';
}

std::string text_of(const heartbeat_config& cfg) {
  return "{kind = " + std::string{to_string(cfg.kind)}
         + ", interval = " + text_of(cfg.interval)
         + ", max_missed = " + std::to_string(cfg.max_missed) + '}';
}

} // namespace

// -- enums --------------------------------------------------------------------

std::string_view to_string(tls_verify verify) noexcept {
  return verify == tls_verify::peer ? "peer" : "insecure_skip_verify";
}

// -- proxy_config -------------------------------------------------------------

std::string describe(const proxy_config& cfg) {
  if (cfg.url.empty())
    return "none";
  return shown_url(cfg)
         + (cfg.variable.empty() ? "" : " (" + printable(cfg.variable) + ')');
}

// -- client_config ------------------------------------------------------------

std::string to_string(const client_config& cfg) {
  auto parsed = parse_url(cfg.url);
  auto show_header = [](const header& x) {
    return printable(x.name) + ": ***";
  };
  auto show_text = [](const std::string& x) { return printable(x); };
  auto show_code = [](uint16_t x) { return std::to_string(x); };
  return "client_config{url = "
         + (parsed ? parsed->redacted() : std::string{"(invalid)"})
         + ", headers = " + list_of(cfg.headers, show_header)
         + ", subprotocols = " + list_of(cfg.subprotocols, show_text)
         + ", tls = " + text_of(cfg.tls) + ", compression = "
         + text_of(cfg.compression) + ", proxy = " + text_of(cfg.proxy)
         + ", handshake_timeout = " + text_of(cfg.handshake_timeout)
         + ", close_timeout = " + text_of(cfg.close_timeout)
         + ", max_message_bytes = " + std::to_string(cfg.max_message_bytes)
         + ", max_header_bytes = " + std::to_string(cfg.max_header_bytes)
         + ", max_outbound_bytes = " + std::to_string(cfg.max_outbound_bytes)
         + ", max_reading_pause = " + text_of(cfg.max_reading_pause)
         + ", backoff = " + text_of(cfg.backoff) + ", heartbeat = "
         + text_of(cfg.heartbeat) + ", venue = " + to_string(cfg.venue)
         + ", final_close_codes = " + list_of(cfg.final_close_codes, show_code)
         + '}';
}

// -- validation ---------------------------------------------------------------

std::vector<config_problem> validate(const heartbeat_config& cfg,
                                     const heartbeat_rule& rule) {
  problems result;
  auto resolved = resolve(cfg, rule);
  auto source = rule.source.empty() ? std::string{}
                                    : " (" + std::string{rule.source} + ')';
  if (rule.is_required && resolved.kind != rule.kind)
    result.push_back({"heartbeat.kind",
                      "does not keep a connection alive at this venue; leave "
                      "it automatic"
                        + source});
  else if (resolved.kind == rule.kind && rule.longest.count() > 0
           && resolved.interval > rule.longest)
    result.push_back({"heartbeat.interval", "is " + text_of(resolved.interval)
                                              + " but this venue wants at most "
                                              + text_of(rule.longest)
                                              + source});
  return result;
}

std::vector<config_problem> validate(const proxy_config& cfg) {
  problems result;
  check_proxy(cfg, result);
  return result;
}

std::vector<config_problem> validate(const client_config& cfg) {
  problems result;
  check_request(cfg, result);
  check_tls(cfg.tls, result);
  check_compression(cfg.compression, result);
  check_proxy(cfg.proxy, result);
  check_limits(cfg, result);
  for (auto& problem : validate(cfg.backoff, "backoff."))
    result.push_back(std::move(problem));
  check_heartbeat(cfg.heartbeat, result);
  if (auto venue = make_dialect(cfg.venue.dialect))
    for (auto& problem : validate(cfg.heartbeat, venue->heartbeat_needed()))
      result.push_back(std::move(problem));
  for (auto& problem : validate(cfg.venue))
    result.push_back({"venue." + problem.field, std::move(problem.message)});
  for (size_t i = 0; i < cfg.final_close_codes.size(); ++i)
    if (!is_close_code(cfg.final_close_codes[i]))
      result.push_back({indexed("final_close_codes", i),
                        std::to_string(cfg.final_close_codes[i])
                          + " is no code that a Close frame can carry (RFC "
                            "6455, section 7.4)"});
  return result;
}

bool is_close_code(uint16_t code) noexcept {
  if (code >= 3000 && code <= 4999)
    return true;
  return code >= 1000 && code <= 1014 && code != 1004 && code != 1005
         && code != 1006;
}

error check_close(uint16_t code, std::string_view reason) {
  if (!is_close_code(code))
    return {.code = ec::invalid_message,
            .detail = std::to_string(code) + " is no valid close code"};
  if (reason.size() > 123)
    return {.code = ec::invalid_message,
            .detail = "the close reason is longer than 123 bytes"};
  if (!internal::valid_utf8(reason.data(), reason.size()))
    return {.code = ec::invalid_message,
            .detail = "the close reason is not UTF-8"};
  return {};
}

} // namespace zenws
