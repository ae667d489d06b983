// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE log

#include "zenws/log/log.hpp"

#include "support/unit_test.hpp"

#include <stdexcept>

using namespace zenws;

namespace {

log_entry example() {
  return {.level = log_level::warning,
          .component = "zenws.supervisor",
          .client = "feed",
          .text = "is restarted",
          .fields = {{"restarts", "3"}, {"reason", "no \"answer\""}},
          .time = std::chrono::system_clock::time_point{
            std::chrono::milliseconds{1'700'000'000'042}}};
}

} // namespace

CAF_TEST(a line has everything that an entry has) {
  CAF_CHECK_EQUAL(to_line(example()),
                  "2023-11-14T22:13:20.042Z warning zenws.supervisor: "
                  "is restarted client=feed restarts=3 "
                  R"(reason="no \"answer\"")");
}

CAF_TEST(a line has no line break) {
  CAF_CHECK_EQUAL(to_line({.component = "c", .text = "a\nb", .time = {}}),
                  "1970-01-01T00:00:00.000Z info c: a?b");
}

CAF_TEST(sinks receive no secrets and no control characters) {
  log_entry seen;
  auto entry = example();
  entry.client = "fe\x1b[2Jed";
  entry.text = R"(sent {"client_secret":"abcdef"})";
  entry.fields = {{"passphrase", "abcdef"}, {"line", "a\r\nb"}};
  write_entry([&](const log_entry& x) { seen = x; }, entry);
  CAF_CHECK_EQUAL(seen.client, "fe?[2Jed");
  CAF_CHECK_EQUAL(seen.text, R"(sent {"client_secret":"***"})");
  CAF_CHECK_EQUAL(seen.fields[0].value, "***");
  CAF_CHECK_EQUAL(seen.fields[1].value, "a??b");
}

CAF_TEST(a sink that throws or is empty does no harm) {
  auto calls = 0;
  write_entry(
    [&](const log_entry&) {
      ++calls;
      throw std::runtime_error{"disk full"};
    },
    example());
  write_entry({}, example());
  CAF_CHECK_EQUAL(calls, 1);
}
