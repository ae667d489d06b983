// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/venue/venue_config.hpp"

#include "zenws/timing/internal/duration_check.hpp"
#include "zenws/venue/dialect.hpp"

#include <algorithm>

namespace zenws {

namespace {

using internal::check_duration;
using internal::text_of;

std::string known_dialects() {
  std::string result;
  for (auto name : dialect_names())
    result += (result.empty() ? "" : ", ") + std::string{name};
  return result;
}

void check_count(size_t value, std::string_view field,
                 std::vector<config_problem>& out) {
  if (value == 0 || value > defaults::count_ceiling)
    out.push_back({std::string{field},
                   "is " + std::to_string(value) + " but must be between 1 and "
                     + std::to_string(defaults::count_ceiling)});
}

} // namespace

std::string_view to_string(login_mode mode) noexcept {
  return mode == login_mode::required ? "required" : "none";
}

std::string to_string(const venue_config& cfg) {
  std::string methods;
  for (auto& x : cfg.on_login)
    methods += (methods.empty() ? "" : ", ") + printable(x.method);
  return "{dialect = " + printable(cfg.dialect)
         + ", login = " + std::string{to_string(cfg.login)} + ", on_login = ["
         + methods + "], request_timeout = " + text_of(cfg.request_timeout)
         + ", idle_timeout = " + text_of(cfg.idle_timeout)
         + ", max_pending_calls = " + std::to_string(cfg.max_pending_calls)
         + ", max_channels = " + std::to_string(cfg.max_channels)
         + ", max_request_bytes = " + std::to_string(cfg.max_request_bytes)
         + ", max_channels_per_request = "
         + std::to_string(cfg.max_channels_per_request) + '}';
}

std::vector<config_problem> validate(const venue_config& cfg) {
  std::vector<config_problem> result;
  auto names = dialect_names();
  if (std::find(names.begin(), names.end(), cfg.dialect) == names.end())
    result.push_back({"dialect", '"' + printable(cfg.dialect)
                                   + "\" is unknown; zenws has "
                                   + known_dialects()});
  if (cfg.login > login_mode::required)
    result.push_back({"login", "must be none or required"});
  check_duration(cfg.request_timeout, "request_timeout", result);
  check_duration(cfg.idle_timeout, "idle_timeout", result,
                 std::chrono::milliseconds{0});
  check_count(cfg.max_pending_calls, "max_pending_calls", result);
  check_count(cfg.max_channels, "max_channels", result);
  for (size_t i = 0; i < cfg.on_login.size(); ++i)
    if (cfg.on_login[i].method.empty())
      result.push_back(
        {"on_login[" + std::to_string(i) + "].method", "must not be empty"});
  return result;
}

} // namespace zenws
