// SPDX-License-Identifier: BSD-3-Clause

// zenws connect at a terminal.

#define CAF_SUITE tool_terminal

#include "tool_run.hpp"

#include "support/program.hpp"
#include "support/unit_test.hpp"

#include "zenws/sim/server.hpp"

#include <cstdlib>
#include <fstream>
#include <iterator>

#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace zenws;
using namespace zenws::test_support;

namespace {

/// The tool at a terminal of its own.
class terminal {
public:
  terminal(const std::string& url, const std::string& state) {
    pid_ = forkpty(&end_, nullptr, nullptr, nullptr);
    if (pid_ != 0)
      return;
    auto file = (program_folder() / "zenws").string();
    setenv("XDG_STATE_HOME", state.c_str(), 1);
    setenv("XDG_CONFIG_HOME", state.c_str(), 1);
    setenv("TERM", "xterm", 1);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    execl(file.c_str(), file.c_str(), "connect", url.c_str(), "-w", "0",
          nullptr);
    _exit(127);
  }

  /// Waits until the terminal shows a text, after the last one.
  bool shows(std::string_view text) {
    for (;;) {
      if (auto pos = shown_.find(text); pos != std::string::npos) {
        shown_.erase(0, pos + text.size());
        return true;
      }
      char buffer[1024];
      auto count = read(end_, buffer, sizeof(buffer));
      if (count <= 0)
        return false;
      shown_.append(buffer, static_cast<size_t>(count));
    }
  }

  void type(std::string_view text) {
    auto ignored = write(end_, text.data(), text.size());
    static_cast<void>(ignored);
  }

  /// Waits for the end. Returns the exit code.
  int wait() {
    while (shows("\n"))
      ; // until the terminal is closed
    int status = 0;
    waitpid(pid_, &status, 0);
    close(end_);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

private:
  int end_ = -1;
  pid_t pid_ = -1;
  std::string shown_;
};

} // namespace

CAF_TEST(lines are answered beside the prompt and kept without secrets) {
  sim::server server;
  CAF_REQUIRE(!server.start());
  temporary_folder state;
  terminal uut{server.url("/echo"), state.path().string()};
  CAF_REQUIRE(uut.shows("connected; Ctrl-D ends"));
  CAF_REQUIRE(uut.shows("> "));
  uut.type("hello\r");
  CAF_REQUIRE(uut.shows("< \x1b[0mhello"));
  uut.type(" unseen\r");
  CAF_REQUIRE(uut.shows("< \x1b[0m unseen"));
  uut.type("{\"client_secret\":\"abcdefgh\"}\r");
  CAF_REQUIRE(uut.shows("< \x1b[0m{\"client_secret\""));
  uut.type("\x04");
  CAF_CHECK_EQUAL(uut.wait(), 0);
  std::ifstream in{state.file("zenws/history")};
  std::string history{std::istreambuf_iterator<char>{in}, {}};
  CAF_CHECK(contains(history, "hello"));
  CAF_CHECK(!contains(history, "unseen"));
  CAF_CHECK(!contains(history, "abcdefgh"));
}
