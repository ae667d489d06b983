#define CAF_SUITE trading_engine_program

// The program itself, in a process of its own.

#include "zenws/testing/mock_exchange.hpp"

#include "caf/test/unit_test.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include <algorithm>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using zenws::testing::json_with;
using zenws::testing::mock_exchange;
namespace sim = zenws::sim;

namespace {

constexpr auto patience = 20s;

/// A running trading engine; ends with the object.
class program {
public:
  explicit program(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), ZENWS_TRADING_ENGINE);
    std::vector<char*> argv;
    for (auto& x : arguments)
      argv.push_back(x.data());
    argv.push_back(nullptr);
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    for (auto fd : {STDOUT_FILENO, STDERR_FILENO})
      posix_spawn_file_actions_addopen(&files, fd, "/dev/null", O_WRONLY, 0);
    if (posix_spawn(&pid_, ZENWS_TRADING_ENGINE, &files, nullptr, argv.data(),
                    environ)
        != 0)
      pid_ = 0;
    posix_spawn_file_actions_destroy(&files);
  }

  ~program() {
    if (pid_ != 0) {
      ::kill(pid_, SIGKILL);
      wait();
    }
  }

  bool is_running() const {
    return pid_ != 0;
  }

  void signal(int number) const {
    ::kill(pid_, number);
  }

  /// Returns the exit status, or -1 if a signal ended it.
  int wait() {
    int status = 0;
    ::waitpid(std::exchange(pid_, 0), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

private:
  pid_t pid_ = 0;
};

bool says_goodbye(const sim::received_message& x) {
  return x.kind == sim::message_kind::close && x.close_code == 1001;
}

} // namespace

CAF_TEST(a signal ends the program with a goodbye to the venue) {
  for (auto number : {SIGTERM, SIGINT}) {
    mock_exchange venue;
    program uut{{"--url", venue.url()}};
    CAF_REQUIRE(uut.is_running());
    CAF_REQUIRE(venue.assert_sent(json_with(R"({"method":"public/subscribe"})"),
                                  patience));
    uut.signal(number);
    CAF_CHECK_EQUAL(uut.wait(), 0);
    CAF_CHECK(venue.server().wait_for(says_goodbye, patience));
    CAF_CHECK(venue.wait_for_connections(0, patience));
  }
}

CAF_TEST(an engine is back with its channels after an outage) {
  mock_exchange venue;
  program uut{{"--url", venue.url()}};
  auto subscribes = json_with(R"({"method":"public/subscribe"})");
  CAF_REQUIRE(venue.assert_sent(subscribes, patience));
  venue.clear();
  venue.drop();
  CAF_CHECK(venue.assert_sent(subscribes, patience));
  uut.signal(SIGTERM);
  CAF_CHECK_EQUAL(uut.wait(), 0);
}

CAF_TEST(arguments that make no sense end the program with status two) {
  program uut{{"--url", "nonsense"}};
  CAF_CHECK_EQUAL(uut.wait(), 2);
}
