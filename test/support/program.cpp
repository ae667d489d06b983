// SPDX-License-Identifier: BSD-3-Clause

#include "program.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace zenws::test_support {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds end_patience{5'000};

// Becomes the program. Only makes calls that are allowed after a fork.
[[noreturn]] void become(const char* program, char* const* arguments,
                         int output, pid_t parent) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  // Ctrl-C is for the parent only, which ends its children.
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent)
    _exit(EXIT_FAILURE);
  dup2(output, STDOUT_FILENO);
  execv(program, arguments);
  _exit(127);
}

// Waits for output or its end, or for the end of a process.
bool readable_until(int fd, steady_clock::time_point deadline) {
  for (;;) {
    auto left = std::chrono::ceil<milliseconds>(deadline - steady_clock::now());
    pollfd entry{fd, POLLIN, 0};
    auto timeout = static_cast<int>(std::max(left.count(), int64_t{0}));
    auto count = poll(&entry, 1, timeout);
    if (count >= 0 || errno != EINTR)
      return count > 0;
  }
}

std::runtime_error failed(const std::string& action) {
  return std::runtime_error{action + ": " + std::strerror(errno)};
}

} // namespace

std::filesystem::path this_program() {
  std::error_code ignored;
  return std::filesystem::read_symlink("/proc/self/exe", ignored);
}

std::filesystem::path program_folder() {
  return this_program().parent_path();
}

program::program(const std::filesystem::path& file,
                 const std::vector<std::string>& arguments) {
  if (access(file.c_str(), X_OK) != 0)
    throw std::runtime_error{"there is no program " + file.string()};
  std::vector<std::string> words{file.string()};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (auto& word : words)
    argv.push_back(word.data());
  argv.push_back(nullptr);
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0)
    throw failed("cannot make a pipe");
  auto self = getpid();
  pid_ = fork();
  if (pid_ == 0)
    become(file.c_str(), argv.data(), ends[1], self);
  ::close(ends[1]);
  output_ = ends[0];
  if (pid_ < 0) {
    ::close(output_);
    throw failed("cannot start a process");
  }
}

program::program(program&& other) noexcept
  : pid_(std::exchange(other.pid_, -1)),
    output_(std::exchange(other.output_, -1)),
    unread_(std::move(other.unread_)) {
  // nop
}

program::~program() {
  if (pid_ > 0) {
    signal(SIGTERM);
    signal(SIGCONT);
    if (!wait(end_patience)) {
      signal(SIGKILL);
      waitpid(pid_, nullptr, 0);
    }
  }
  if (output_ >= 0)
    ::close(output_);
}

std::optional<std::string> program::read_line(milliseconds patience) {
  auto deadline = steady_clock::now() + patience;
  for (;;) {
    if (auto end = unread_.find('\n'); end != std::string::npos) {
      auto result = unread_.substr(0, end);
      unread_.erase(0, end + 1);
      return result;
    }
    char buffer[4096];
    if (!readable_until(output_, deadline))
      return std::nullopt;
    auto count = ::read(output_, buffer, sizeof(buffer));
    if (count <= 0)
      return std::nullopt;
    unread_.append(buffer, static_cast<size_t>(count));
  }
}

std::optional<std::string> program::read_after(std::string_view greeting,
                                               milliseconds patience) {
  auto deadline = steady_clock::now() + patience;
  for (;;) {
    auto left = std::chrono::ceil<milliseconds>(deadline - steady_clock::now());
    auto line = read_line(std::max(left, milliseconds{0}));
    if (!line)
      return std::nullopt;
    if (auto pos = line->find(greeting); pos != std::string::npos)
      return line->substr(pos + greeting.size());
  }
}

void program::signal(int number) const {
  if (pid_ <= 0)
    return;
  ::kill(pid_, number);
  // Its threads go on for a moment.
  siginfo_t ignored;
  if (number == SIGSTOP)
    waitid(P_PID, static_cast<id_t>(pid_), &ignored,
           WSTOPPED | WEXITED | WNOWAIT);
}

std::optional<int> program::wait(milliseconds patience) {
  if (pid_ <= 0)
    return -1;
  // Readable once the process has ended.
  auto process = static_cast<int>(syscall(SYS_pidfd_open, pid_, 0));
  if (process < 0)
    throw failed("cannot watch a process");
  auto has_ended = readable_until(process, steady_clock::now() + patience);
  ::close(process);
  int status = 0;
  if (!has_ended || waitpid(pid_, &status, 0) != pid_)
    return std::nullopt;
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

} // namespace zenws::test_support
