// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/outlet/outlet_options.hpp"

#include "zenws/connection/tls_files.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <set>
#include <string_view>

namespace zenws {

namespace {

using problem_list = std::vector<config_problem>;

// Others do not fit into a header.
bool fits_into_header(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; });
}

void check_bind(const outlet_options& options, problem_list& out) {
  boost::system::error_code failed;
  auto address = boost::asio::ip::make_address(options.bind, failed);
  if (failed)
    return out.push_back({"bind", "must be an IP address such as 127.0.0.1"});
  if (address.is_loopback())
    return;
  if (!options.tls.is_set())
    out.push_back(
      {"bind", options.bind
                 + " is not this machine's loopback, and there is "
                   "no TLS: anybody could read tokens on their way"});
  if (options.tokens.empty())
    out.push_back({"tokens", "are needed to listen at an address that other "
                             "machines reach"});
}

void check_tls(const outlet_tls& tls, problem_list& out) {
  if (!tls.is_set())
    return;
  if (tls.cert_file.empty() || tls.key_file.empty())
    return out.push_back({"tls", "needs cert_file and key_file"});
  if (auto problem = check_files({.ca_file = tls.ca_file,
                                  .cert_file = tls.cert_file,
                                  .key_file = tls.key_file}))
    out.push_back({"tls", problem.detail});
}

void check_tokens(const std::vector<outlet_token>& tokens, problem_list& out) {
  std::set<std::string_view> known;
  for (auto& x : tokens) {
    auto field = "tokens." + x.name;
    if (x.name.empty())
      out.push_back({"tokens", "each needs a name"});
    if (x.secret.size() < outlet_options::min_token_size)
      out.push_back({field, "must have at least "
                              + std::to_string(outlet_options::min_token_size)
                              + " characters"});
    if (!fits_into_header(x.secret))
      out.push_back({field, "must be ASCII without spaces"});
    if (!known.insert(x.secret).second)
      out.push_back({field, "is that of another name already"});
    if (!x.rights.read && !x.rights.call && !x.rights.trade)
      out.push_back({field + ".rights", "must have one of read, call, trade"});
  }
}

} // namespace

std::vector<config_problem> validate(const outlet_options& options) {
  problem_list result;
  check_bind(options, result);
  check_tls(options.tls, result);
  check_tokens(options.tokens, result);
  auto need_positive = [&](size_t value, const char* field) {
    if (value == 0)
      result.push_back({field, "must not be 0"});
  };
  need_positive(options.max_connections, "max_connections");
  need_positive(options.max_message_bytes, "max_message_bytes");
  need_positive(options.max_subscriptions, "max_subscriptions");
  need_positive(options.max_pending_requests, "max_pending_requests");
  need_positive(options.budget_bytes, "budget");
  if (options.policy == overflow_policy::backpressure)
    result.push_back({"overflow", "must be drop_newest or "
                                  "disconnect_subscriber: programs must not "
                                  "slow a venue down"});
  if (options.login_within <= std::chrono::milliseconds{0})
    result.push_back({"login_within", "must not be 0"});
  if (options.silence_limit < std::chrono::milliseconds{20})
    result.push_back({"silence_limit", "must be at least 20 ms"});
  for (auto& [name, desk] : options.desks)
    if (name.empty() || !desk)
      result.push_back({"desks", "each needs a name and an address"});
  return result;
}

} // namespace zenws
