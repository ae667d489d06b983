// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/monitor/internal/access_rules.hpp"

#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

namespace zenws::monitoring {

namespace {

using internal::is_same_secret;

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

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' '))
    text.remove_prefix(1);
  return text;
}

} // namespace

// -- constructors, destructors, and assignment operators ----------------------

// Cookies are shared by all ports of a host.
access_rules::access_rules(std::string token, std::string bind, uint16_t port)
  : token_(std::move(token)),
    site_(std::move(bind)),
    cookie_name_("zenws_monitor_" + std::to_string(port)) {
  // nop
}

// -- checks -------------------------------------------------------------------

bool access_rules::is_for_us(const http_request& request) const {
  return site_.is_for_us(header_of(request, http::field::host));
}

bool access_rules::is_from_us(const http_request& request) const {
  return internal::is_own_page(header_of(request, http::field::origin),
                               header_of(request, http::field::host));
}

bool access_rules::may_read(const http_request& request,
                            clock::time_point now) const {
  return site_.is_local() || may_act(request, now);
}

bool access_rules::may_act(const http_request& request,
                           clock::time_point now) const {
  if (token_.empty())
    return false;
  if (auto token
      = internal::bearer_token(header_of(request, http::field::authorization)))
    return is_same_secret(*token, token_);
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
