// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE log_stream

// What programs write to the standard error stream.

#include "program/program_log.hpp"

#include "support/unit_test.hpp"

#include <pty.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>

using namespace zenws;

namespace {

// Leads the standard error stream elsewhere for a while.
class stderr_guard {
public:
  explicit stderr_guard(int target) : saved_(dup(STDERR_FILENO)) {
    std::fflush(stderr);
    dup2(target, STDERR_FILENO);
  }

  ~stderr_guard() {
    std::fflush(stderr);
    dup2(saved_, STDERR_FILENO);
    close(saved_);
  }

private:
  int saved_;
};

struct fixture {
  fixture() {
    unsetenv("NO_COLOR");
    unsetenv("JOURNAL_STREAM");
    setenv("TERM", "xterm", 1);
  }

  ~fixture() {
    for (auto x : {ends[0], ends[1]})
      close(x);
  }

  void use_pipe() {
    CAF_REQUIRE_EQUAL(pipe(ends), 0);
  }

  void use_terminal() {
    CAF_REQUIRE_EQUAL(openpty(&ends[0], &ends[1], nullptr, nullptr, nullptr),
                      0);
  }

  // Returns the line of a warning.
  std::string line(const log_options& opts = {}) {
    {
      stderr_guard guard{ends[1]};
      auto uut = program_log::open(opts);
      CAF_REQUIRE(uut);
      (*uut)->write(warning);
    }
    std::string result;
    while (!result.ends_with('\n')) {
      char buffer[4096];
      auto count = read(ends[0], buffer, sizeof(buffer));
      CAF_REQUIRE(count > 0);
      result.append(buffer, static_cast<size_t>(count));
    }
    // A terminal makes "\r\n" of it.
    while (result.ends_with('\n') || result.ends_with('\r'))
      result.pop_back();
    return result;
  }

  // Makes the pipe what systemd says it is.
  void use_journal() {
    use_pipe();
    struct stat status {};
    CAF_REQUIRE_EQUAL(fstat(ends[1], &status), 0);
    auto name = std::to_string(status.st_dev) + ':'
                + std::to_string(status.st_ino);
    setenv("JOURNAL_STREAM", name.c_str(), 1);
  }

  log_entry warning{.level = log_level::warning,
                    .component = "zenws.client",
                    .text = "is restarted",
                    .time = {}};
  std::string plain = to_line(warning);
  int ends[2] = {-1, -1};
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(log_stream_tests, fixture)

CAF_TEST(a pipe gets text without colors) {
  use_pipe();
  CAF_CHECK_EQUAL(line(), plain);
}

CAF_TEST(a terminal gets colors) {
  use_terminal();
  CAF_CHECK_EQUAL(line({.format = log_format::text}),
                  "\033[33m" + plain + "\033[m");
}

CAF_TEST(a terminal gets no colors with NO_COLOR) {
  use_terminal();
  setenv("NO_COLOR", "1", 1);
  CAF_CHECK_EQUAL(line(), plain);
}

CAF_TEST(an empty NO_COLOR says nothing) {
  use_terminal();
  setenv("NO_COLOR", "", 1);
  CAF_CHECK(line() != plain);
}

CAF_TEST(a dumb terminal gets no colors) {
  use_terminal();
  setenv("TERM", "dumb", 1);
  CAF_CHECK_EQUAL(line(), plain);
}

CAF_TEST(JSON has no colors) {
  use_terminal();
  auto text = line({.format = log_format::json});
  CAF_CHECK_EQUAL(text.front(), '{');
  CAF_CHECK_EQUAL(text.back(), '}');
}

CAF_TEST(the journal gets priorities) {
  use_journal();
  CAF_CHECK_EQUAL(line(), "<4>zenws.client: is restarted");
}

CAF_TEST(a stream that is not that of the journal gets text) {
  use_pipe();
  setenv("JOURNAL_STREAM", "1:1", 1);
  CAF_CHECK_EQUAL(line(), plain);
}

CAF_TEST(text can be demanded under systemd) {
  use_journal();
  CAF_CHECK_EQUAL(line({.format = log_format::text}), plain);
}

CAF_TEST_FIXTURE_SCOPE_END()
