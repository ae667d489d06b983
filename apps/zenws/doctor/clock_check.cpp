// SPDX-License-Identifier: BSD-3-Clause

#include "clock_check.hpp"

#include <cstdlib>
#include <ctime>
#include <optional>
#include <string>

namespace zenws::tool {

namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using time_point = std::chrono::system_clock::time_point;

// Of what venues allow (Binance: 5 s by default) not much is left then.
constexpr milliseconds wrong_clock{2'000};

// A date has whole seconds.
constexpr milliseconds half_a_second{500};

// Reads an IMF-fixdate (RFC 9110, section 5.6.7).
std::optional<time_point> parse_date(const std::string& text) {
  std::tm parts{};
  auto* end = strptime(text.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  if (end == nullptr || *end != '\0')
    return std::nullopt;
  return std::chrono::system_clock::from_time_t(timegm(&parts));
}

} // namespace

void check_peer_clock(std::string_view date, time_point sent_at,
                      std::chrono::microseconds took, const finding_sink& out) {
  auto moment = parse_date(std::string{date});
  if (!moment)
    return;
  auto ours = sent_at + took / 2;
  auto ahead = std::chrono::duration_cast<milliseconds>(
    ours - (*moment + half_a_second));
  auto doubt = half_a_second + std::chrono::ceil<milliseconds>(took / 2);
  finding result{.check = "skew"};
  if (std::chrono::abs(ahead) <= doubt) {
    result.text = "the server's clock agrees with that of this machine, as far "
                  "as it tells (whole seconds)";
  } else {
    result.text = "the clock of this machine is "
                  + std::to_string(std::chrono::abs(ahead).count())
                  + (ahead > 0ms ? " ms ahead of" : " ms behind")
                  + " the server's, give or take "
                  + std::to_string(doubt.count()) + " ms";
    result.outcome = std::chrono::abs(ahead) > wrong_clock + doubt
                       ? verdict::problem
                       : verdict::warning;
    result.remedy = "venues refuse logins and orders with a wrong time: keep "
                    "the clock right by chrony or systemd-timesyncd";
  }
  out(result);
}

} // namespace zenws::tool
