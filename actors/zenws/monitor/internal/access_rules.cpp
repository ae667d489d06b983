// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/monitor/internal/access_rules.hpp"

#include <boost/asio/ip/address.hpp>

#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

namespace zenws::monitoring {

namespace {

using digest = std::array<unsigned char, SHA256_DIGEST_LENGTH>;

digest digest_of(std::string_view text) {
  digest result{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(),
         result.data());
  return result;
}

std::string random_id() {
  std::array<unsigned char, 32> bytes{};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
    throw std::runtime_error{"the system has no random numbers"};
  constexpr std::string_view digits = "0123456789abcdef";
  std::string result;
  for (auto x : bytes) {
    result += digits[x >> 4];
    result += digits[x & 15];
  }
  return result;
}

// Returns a Host without its port.
std::string_view name_of(std::string_view host) {
  auto end = host.starts_with('[') ? host.find(']') : std::string_view::npos;
  auto colon = host.find(':', end == std::string_view::npos ? 0 : end);
  return host.substr(0, colon);
}

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' '))
    text.remove_prefix(1);
  return text;
}

} // namespace

bool is_same_secret(std::string_view x, std::string_view y) {
  auto a = digest_of(x);
  auto b = digest_of(y);
  return CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

// -- constructors, destructors, and assignment operators ----------------------

// Cookies are shared by all ports of a host.
access_rules::access_rules(std::string token, std::string bind, uint16_t port)
  : token_(std::move(token)),
    bind_(std::move(bind)),
    is_local_(boost::asio::ip::make_address(bind_).is_loopback()),
    cookie_name_("zenws_monitor_" + std::to_string(port)) {
  // nop
}

// -- checks -------------------------------------------------------------------

bool access_rules::is_for_us(const http_request& request) const {
  auto name = name_of(header_of(request, http::field::host));
  if (!is_local_)
    return !name.empty();
  return name == "localhost" || name == "127.0.0.1" || name == "[::1]"
         || name == bind_;
}

// The scheme is that of a proxy, perhaps.
bool access_rules::is_from_us(const http_request& request) const {
  auto origin = header_of(request, http::field::origin);
  if (origin.empty())
    return true;
  auto scheme = origin.find("://");
  return scheme != std::string_view::npos
         && origin.substr(scheme + 3) == header_of(request, http::field::host);
}

bool access_rules::may_read(const http_request& request,
                            clock::time_point now) const {
  return is_local_ || may_act(request, now);
}

bool access_rules::may_act(const http_request& request,
                           clock::time_point now) const {
  if (token_.empty())
    return false;
  constexpr std::string_view scheme = "Bearer ";
  auto credentials = header_of(request, http::field::authorization);
  if (credentials.starts_with(scheme))
    return is_same_secret(credentials.substr(scheme.size()), token_);
  return has_session(header_of(request, http::field::cookie), now);
}

bool access_rules::has_session(std::string_view cookies,
                               clock::time_point now) const {
  while (!cookies.empty()) {
    auto end = std::min(cookies.find(';'), cookies.size());
    auto cookie = trimmed(cookies.substr(0, end));
    cookies.remove_prefix(std::min(end + 1, cookies.size()));
    if (!cookie.starts_with(cookie_name_ + '='))
      continue;
    auto id = cookie.substr(cookie_name_.size() + 1);
    return std::ranges::any_of(sessions_, [&](auto& x) {
      return now < x.end && is_same_secret(x.id, id);
    });
  }
  return false;
}

// -- sessions -----------------------------------------------------------------

access_rules::login_result access_rules::log_in(std::string_view token,
                                                clock::time_point now) {
  while (!failures_.empty() && now - failures_.front() >= failure_window)
    failures_.pop_front();
  if (failures_.size() >= max_failures)
    return login_result::too_many_failures;
  if (!token_.empty() && is_same_secret(token, token_))
    return login_result::granted;
  failures_.push_back(now);
  return login_result::wrong_token;
}

std::string access_rules::begin_session(clock::time_point now) {
  std::erase_if(sessions_, [&](auto& x) { return x.end <= now; });
  if (sessions_.size() >= max_sessions)
    sessions_.erase(sessions_.begin());
  sessions_.push_back({random_id(), now + session_lifetime});
  auto lifetime = std::chrono::seconds{session_lifetime}.count();
  return cookie_name_ + '=' + sessions_.back().id
         + "; HttpOnly; SameSite=Strict; Path=/; Max-Age="
         + std::to_string(lifetime);
}

} // namespace zenws::monitoring
