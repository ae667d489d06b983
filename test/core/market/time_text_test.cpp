// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE market_time_text

#include "zenws/market/internal/time_text.hpp"

#include "support/unit_test.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

using namespace zenws::internal;
using zenws::market::venue_time;

namespace {

int64_t microseconds_of(std::optional<venue_time> x) {
  return x ? x->time_since_epoch().count() : -1;
}

} // namespace

CAF_TEST(the unit of a number shows by its size) {
  struct row {
    uint64_t count;
    int64_t expected;
  };
  for (const auto& [count, expected] : std::vector<row>{
         {0, 0},
         {1, 1'000},
         {1'700'000'000'123, 1'700'000'000'123'000},
         {99'999'999'999'999, 99'999'999'999'999'000},
         {100'000'000'000'000, 100'000'000'000'000},
         {1'700'000'000'123'456, 1'700'000'000'123'456},
         {1'700'000'000'123'456'789, 1'700'000'000'123'456},
         {8'999'999'999'999'999'999, 8'999'999'999'999'999},
       })
    CAF_CHECK_EQUAL(microseconds_of(time_of(count)), expected);
}

CAF_TEST(a number that is no time of this age is refused) {
  CAF_CHECK(!time_of(9'000'000'000'000'000'000));
  CAF_CHECK(!time_of(UINT64_MAX));
}

CAF_TEST(a text of digits is a number) {
  CAF_CHECK_EQUAL(microseconds_of(parse_time("1700000000123")),
                  1'700'000'000'123'000);
  CAF_CHECK(!parse_time("99999999999999999999999"));
  CAF_CHECK(!parse_time("-1700000000123"));
}

CAF_TEST(dates are read in all their spellings) {
  // 2024-02-29 12:34:56 UTC.
  constexpr int64_t second = 1'709'210'096'000'000;
  struct row {
    std::string_view text;
    int64_t expected;
  };
  for (const auto& [text, expected] : std::vector<row>{
         {"2024-02-29T12:34:56Z", second},
         {"2024-02-29T12:34:56z", second},
         {"2024-02-29T12:34:56", second},
         {"2024-02-29 12:34:56", second},
         {"2024-02-29T12:34:56.5Z", second + 500'000},
         {"2024-02-29T12:34:56.000001Z", second + 1},
         {"2024-02-29T12:34:56.123456789Z", second + 123'456},
         {"2024-02-29T12:34:56.0000009", second},
         {"2024-02-29T14:34:56+02:00", second},
         {"2024-02-29T14:34:56+0200", second},
         {"2024-02-29T05:04:56.25-07:30", second + 250'000},
         {"1970-01-01T00:00:00Z", 0},
         {"2016-12-31T23:59:60Z", 1'483'228'800'000'000},
       })
    CAF_CHECK_EQUAL(microseconds_of(parse_time(text)), expected);
}

CAF_TEST(text that is no time is refused) {
  for (std::string_view text : {
         "",
         "now",
         "2024-02-29",
         "2023-02-29T12:34:56Z",
         "2024-13-01T12:34:56Z",
         "2024-00-01T12:34:56Z",
         "2024-02-29T24:00:00Z",
         "2024-02-29T12:60:00Z",
         "2024-02-29T12:34:61Z",
         "2024-02-29T12:34Z",
         "2024-2-29T12:34:56Z",
         "2024-02-29T12:34:56.Z",
         "2024-02-29T12:34:56+02",
         "2024-02-29T12:34:56Z ",
         "2024-02-29T12:34:56ZZ",
         "2024-02-29X12:34:56Z",
         "20240229T123456Z",
         "-024-02-29T12:34:56Z",
       })
    CAF_CHECK(!parse_time(text));
}
