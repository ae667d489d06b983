#include "child_process.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

namespace zenws::bench {

namespace {

[[noreturn]] void become(std::vector<std::string> arguments, int output,
                         pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent)
    _exit(EXIT_FAILURE);
  dup2(output, STDOUT_FILENO);
  std::vector<char*> argv;
  std::string self = "zenws-bench";
  argv.push_back(self.data());
  for (auto& x : arguments)
    argv.push_back(x.data());
  argv.push_back(nullptr);
  execv("/proc/self/exe", argv.data());
  _exit(EXIT_FAILURE);
}

} // namespace

child_process::child_process(const std::vector<std::string>& arguments) {
  int fds[2];
  if (pipe2(fds, O_CLOEXEC) != 0)
    throw std::runtime_error{"pipe: " + std::string{std::strerror(errno)}};
  auto parent = getpid();
  pid_ = fork();
  if (pid_ == 0)
    become(arguments, fds[1], parent);
  close(fds[1]);
  if (pid_ < 0) {
    close(fds[0]);
    throw std::runtime_error{"fork: " + std::string{std::strerror(errno)}};
  }
  output_ = fdopen(fds[0], "r");
}

child_process::~child_process() {
  if (pid_ > 0) {
    kill(pid_, SIGKILL);
    wait();
  }
  if (output_ != nullptr)
    std::fclose(output_);
}

std::optional<std::string> child_process::read_line() {
  std::string result;
  for (int c; (c = std::fgetc(output_)) != EOF;) {
    if (c == '\n')
      return result;
    result += static_cast<char>(c);
  }
  return std::nullopt;
}

bool child_process::wait() {
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR)
    continue;
  pid_ = -1;
  return WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS;
}

} // namespace zenws::bench
