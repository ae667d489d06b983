// SPDX-License-Identifier: BSD-3-Clause

#include "service/service_manager.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <utility>

#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

namespace zenws {

namespace {

std::string_view variable(const char* name) {
  auto* value = std::getenv(name);
  return value == nullptr ? std::string_view{} : std::string_view{value};
}

// Returns a whole number above 0, or nothing.
std::optional<int64_t> parse_positive(std::string_view text) {
  int64_t result = 0;
  auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(),
                                        result);
  if (problem != std::errc{} || end != text.data() + text.size() || result <= 0)
    return std::nullopt;
  return result;
}

// Reads the variables of sd_watchdog_enabled(3), which children inherit.
std::optional<std::chrono::microseconds> watchdog_of_this_process() {
  auto owner = variable("WATCHDOG_PID");
  auto period = parse_positive(variable("WATCHDOG_USEC"));
  if (!period || (!owner.empty() && parse_positive(owner) != getpid()))
    return std::nullopt;
  return std::chrono::microseconds{*period};
}

// The clock by which systemd puts reloads and messages in order.
int64_t monotonic_microseconds() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return int64_t{now.tv_sec} * 1'000'000 + now.tv_nsec / 1'000;
}

// Each line is a message of its own.
std::string one_line(std::string_view text) {
  std::string result{text};
  std::replace_if(
    result.begin(), result.end(), [](char c) { return c == '\n' || c == '\0'; },
    ' ');
  return result;
}

} // namespace

// -- constructors, destructors, and assignment operators ----------------------

service_manager::service_manager(
  std::string address, std::optional<std::chrono::microseconds> watchdog)
  : address_(std::move(address)), watchdog_(watchdog) {
  // nop
}

service_manager service_manager::from_environment() {
  std::string address{variable("NOTIFY_SOCKET")};
  if (address.empty())
    return {};
  return service_manager{std::move(address), watchdog_of_this_process()};
}

// -- messages -----------------------------------------------------------------

void service_manager::ready(std::string_view status) const {
  send("READY=1\nSTATUS=" + one_line(status), 0);
}

void service_manager::reloading() const {
  send("RELOADING=1\nMONOTONIC_USEC="
         + std::to_string(monotonic_microseconds()),
       0);
}

void service_manager::stopping() const {
  send("STOPPING=1", 0);
}

void service_manager::alive() const {
  send("WATCHDOG=1", MSG_DONTWAIT);
}

void service_manager::send(std::string_view message, int flags) const {
  sockaddr_un to{};
  to.sun_family = AF_UNIX;
  if (address_.size() < 2 || address_.size() >= sizeof(to.sun_path))
    return;
  std::memcpy(to.sun_path, address_.data(), address_.size());
  if (to.sun_path[0] == '@')
    to.sun_path[0] = '\0';
  auto length
    = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address_.size());
  auto fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0)
    return;
  sendto(fd, message.data(), message.size(), flags | MSG_NOSIGNAL,
         reinterpret_cast<const sockaddr*>(&to), length);
  close(fd);
}

} // namespace zenws
