// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/binance/binance_call.hpp"

#include <chrono>

namespace zenws::sim {

std::optional<double> binance_call::number(const char* name) const {
  auto result = number_member(params, name);
  return result ? result : decimal_member(params, name);
}

void binance_call::error(unsigned status, int64_t code,
                         std::string_view message) {
  json_writer out;
  begin_answer(out, status, "error");
  out.begin_object();
  out.member("code", code);
  out.member("msg", message);
  if (status == too_many_requests)
    write_retry_after(out);
  out.end_object();
  end_answer(out);
}

void binance_call::missing(const char* name) {
  error(-1102, "Mandatory parameter '" + std::string{name}
                 + "' was not sent, was empty/null, or malformed.");
}

void binance_call::begin_answer(json_writer& out, unsigned status,
                                const char* member) {
  out.begin_object();
  out.key("id");
  if (auto* id = find(request, "id"); id && is_scalar(*id))
    out.copy(*id);
  else
    out.copy(json{});
  out.member("status", uint64_t{status});
  out.key(member);
}

void binance_call::end_answer(json_writer& out) {
  write_limits(out);
  out.end_object();
  outcome.answer = out.text();
}

void binance_call::write_limits(json_writer& out) const {
  out.key("rateLimits").begin_array();
  if (weight_limit > 0) {
    out.begin_object();
    out.member("rateLimitType", "REQUEST_WEIGHT");
    out.member("interval", "MINUTE");
    out.member("intervalNum", int64_t{1});
    out.member("limit", uint64_t{weight_limit});
    out.end_object();
  }
  out.end_array();
}

void binance_call::write_retry_after(json_writer& out) const {
  constexpr std::chrono::milliseconds one_minute{60'000};
  out.key("data").begin_object();
  out.member("serverTime", int64_t{now.wall.count()});
  out.member("retryAfter", int64_t{(now.wall + one_minute).count()});
  out.end_object();
}

} // namespace zenws::sim
