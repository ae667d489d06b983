// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE service_manager

#include "service/service_manager.hpp"

#include "notify_socket.hpp"

#include "support/unit_test.hpp"

#include <cstdlib>
#include <optional>
#include <string>

#include <unistd.h>

using namespace zenws;
using namespace zenws::test_support;
using namespace std::chrono_literals;

namespace {

// Sets a variable of the environment, and removes it at the end.
class variable {
public:
  variable(const char* name, const std::string& value) : name_(name) {
    setenv(name, value.c_str(), 1);
  }

  variable(const variable&) = delete;

  variable& operator=(const variable&) = delete;

  ~variable() {
    unsetenv(name_);
  }

private:
  const char* name_;
};

std::optional<std::chrono::microseconds> watchdog_for(const std::string& period,
                                                      const std::string& pid) {
  variable socket{"NOTIFY_SOCKET", "@zenws"};
  variable usec{"WATCHDOG_USEC", period};
  variable owner{"WATCHDOG_PID", pid};
  return service_manager::from_environment().watchdog();
}

} // namespace

CAF_TEST(messages arrive in the words of sd_notify) {
  for (auto kind : {notify_socket::path, notify_socket::abstract}) {
    notify_socket manager{kind};
    service_manager uut{manager.address()};
    uut.ready("listening at 127.0.0.1:4242");
    CAF_CHECK_EQUAL(manager.receive(),
                    "READY=1\nSTATUS=listening at 127.0.0.1:4242");
    uut.stopping();
    CAF_CHECK_EQUAL(manager.receive(), "STOPPING=1");
    uut.alive();
    CAF_CHECK_EQUAL(manager.receive(), "WATCHDOG=1");
  }
}

CAF_TEST(a reload has the time at which it began) {
  notify_socket manager{notify_socket::path};
  service_manager uut{manager.address()};
  auto microseconds = [&] {
    uut.reloading();
    auto message = manager.receive();
    const std::string begin = "RELOADING=1\nMONOTONIC_USEC=";
    CAF_REQUIRE_EQUAL(message.substr(0, begin.size()), begin);
    return std::stoll(message.substr(begin.size()));
  };
  auto first = microseconds();
  CAF_CHECK_GREATER(first, 0);
  CAF_CHECK_GREATER_OR_EQUAL(microseconds(), first);
}

CAF_TEST(a status cannot bring messages of its own) {
  notify_socket manager{notify_socket::path};
  service_manager uut{manager.address()};
  uut.ready("gateway\nMAINPID=1");
  CAF_CHECK_EQUAL(manager.receive(), "READY=1\nSTATUS=gateway MAINPID=1");
}

CAF_TEST(the environment names the service manager) {
  CAF_CHECK(!service_manager::from_environment().watchdog());
  CAF_CHECK_EQUAL(watchdog_for("30000000", ""), 30s);
  CAF_CHECK_EQUAL(watchdog_for("30000000", std::to_string(getpid())), 30s);
}

CAF_TEST(a watchdog of another process or without a time is none) {
  CAF_CHECK(!watchdog_for("30000000", std::to_string(getppid())));
  CAF_CHECK(!watchdog_for("30000000", "mine"));
  for (auto* period : {"", "0", "-1", "soon", "30s"})
    CAF_CHECK(!watchdog_for(period, ""));
}

CAF_TEST(without a service manager and with one that is gone nothing happens) {
  service_manager none;
  none.ready("unheard");
  none.alive();
  service_manager too_long{std::string(200, 'a')};
  too_long.ready("unheard");
  std::string address;
  {
    notify_socket manager{notify_socket::path};
    address = manager.address();
  }
  service_manager gone{address};
  gone.ready("unheard");
  CAF_CHECK(!none.watchdog());
}

CAF_TEST(a service manager that does not receive holds nobody up) {
  notify_socket manager{notify_socket::path};
  service_manager uut{manager.address()};
  // More than a socket keeps.
  for (auto i = 0; i < 10'000; ++i)
    uut.alive();
  CAF_CHECK_EQUAL(manager.receive(), "WATCHDOG=1");
}
