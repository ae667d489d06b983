// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/monitor/monitor_options.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <string_view>

namespace zenws {

namespace {

// Others do not fit into a header.
bool is_visible_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; });
}

} // namespace

std::vector<config_problem> validate(const monitor_options& options) {
  std::vector<config_problem> result;
  boost::system::error_code failed;
  auto address = boost::asio::ip::make_address(options.bind, failed);
  if (failed)
    result.push_back({"bind", "must be an IP address such as 127.0.0.1"});
  else if (!address.is_loopback() && options.token.empty())
    result.push_back({"token", "is needed to listen at an address that other "
                               "machines reach"});
  if (!options.token.empty()
      && options.token.size() < monitor_options::min_token_size)
    result.push_back(
      {"token", "must have at least "
                  + std::to_string(monitor_options::min_token_size)
                  + " characters"});
  if (!is_visible_ascii(options.token))
    result.push_back({"token", "must be ASCII without spaces"});
  if (options.program.empty())
    result.push_back({"program", "must not be empty"});
  return result;
}

} // namespace zenws
