// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE log_limiter

#include "program/log_limiter.hpp"

#include "support/unit_test.hpp"

#include <string>
#include <vector>

using namespace zenws;
using namespace std::chrono_literals;

namespace {

struct fixture {
  void take(log_limiter& uut, const std::string& text,
            log_level level = log_level::warning,
            const std::string& component = "zenws.client") {
    uut.take({.level = level, .component = component, .text = text}, now, out);
  }

  // Texts since the last call.
  std::vector<std::string> texts() {
    return std::exchange(texts_, {});
  }

  log_limiter::time_point now{1h};
  std::vector<log_entry> entries;
  log_sink out = [this](const log_entry& x) {
    entries.push_back(x);
    texts_.push_back(x.text);
  };

private:
  std::vector<std::string> texts_;
};

using strings = std::vector<std::string>;

} // namespace

CAF_TEST_FIXTURE_SCOPE(log_limiter_tests, fixture)

CAF_TEST(more of a kind than the rate are left out and told when it is over) {
  log_limiter uut{2};
  for (auto i = 0; i < 5; ++i)
    take(uut, "attempt " + std::to_string(i) + " failed");
  CAF_CHECK(texts() == strings({"attempt 0 failed", "attempt 1 failed"}));
  now += log_limiter::window;
  take(uut, "attempt 5 failed");
  CAF_CHECK(texts()
            == strings({"3 more like this were left out: attempt 4 failed",
                        "attempt 5 failed"}));
  CAF_CHECK_EQUAL(entries[2].component, "zenws.client");
  CAF_CHECK(entries[2].level == log_level::warning);
  CAF_CHECK_EQUAL(entries[2].fields.at(0).value, "3");
}

CAF_TEST(entries are of one kind if only numbers and quoted names differ) {
  log_limiter uut{1};
  take(uut, R"("a" is restarted in 1.5 ms)");
  take(uut, R"("another" is restarted in 20 ms)");
  CAF_CHECK_EQUAL(texts().size(), 1u);
  take(uut, R"("a" is given up)");
  take(uut, R"("a" is restarted in 1.5 ms)", log_level::error);
  take(uut, R"("a" is restarted in 1.5 ms)", log_level::warning, "zenws.pool");
  CAF_CHECK_EQUAL(texts().size(), 3u);
}

CAF_TEST(texts that end in a quote or a number have a kind as well) {
  log_limiter uut{1};
  for (auto text : {"\"", "a\"", "a\"b", "7", "a 7", ""})
    take(uut, text);
  CAF_CHECK_EQUAL(texts().size(), 6u);
  for (auto text : {"a\"cd", "8.5", "a 100", "\"name\""})
    take(uut, text);
  CAF_CHECK(texts().empty());
}

CAF_TEST(what was left out is told without another entry) {
  log_limiter uut{1};
  take(uut, "a");
  take(uut, "a");
  uut.tell_ended(now + log_limiter::window - 1ms, out);
  CAF_CHECK(texts() == strings({"a"}));
  uut.tell_ended(now + log_limiter::window, out);
  CAF_CHECK(texts() == strings({"1 more like this were left out: a"}));
  uut.tell_ended(now + 2 * log_limiter::window, out);
  CAF_CHECK(texts().empty());
}

CAF_TEST(what was left out is told at the end) {
  log_limiter uut{1};
  for (auto text : {"a", "a", "b"})
    take(uut, text);
  uut.tell_all(out);
  CAF_CHECK(texts()
            == strings({"a", "b", "1 more like this were left out: a"}));
}

CAF_TEST(a rate of zero lets everything pass) {
  log_limiter uut{0};
  for (auto i = 0; i < 1000; ++i)
    take(uut, "a");
  CAF_CHECK_EQUAL(texts().size(), 1000u);
}

CAF_TEST(any number of kinds loses nothing and takes little memory) {
  log_limiter uut{1};
  constexpr size_t kinds = 3 * log_limiter::max_kinds;
  for (size_t i = 0; i < kinds; ++i) {
    now += 1ms;
    std::string text;
    for (auto rest = i + 1; rest > 0; rest /= 10)
      text += static_cast<char>('a' + rest % 10);
    take(uut, text);
    take(uut, text);
  }
  uut.tell_all(out);
  // Each kind once, and what was left out of it.
  CAF_CHECK_EQUAL(texts().size(), 2 * kinds);
}

CAF_TEST_FIXTURE_SCOPE_END()
