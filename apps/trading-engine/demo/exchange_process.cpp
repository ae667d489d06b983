#include "demo/exchange_process.hpp"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace zenws::demo {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds start_patience{10'000};
constexpr milliseconds end_patience{3'000};

/// What the simulator says once it accepts connections.
constexpr std::string_view greeting = "listening on ";

constexpr size_t max_line = 4096;

const char* const build_remedy
  = "Build all programs (./dev build); exchange-sim belongs next to "
    "zenws-demo.";

// -- the child's side ---------------------------------------------------------

/// Becomes the simulator. Only calls what is allowed after a fork.
[[noreturn]] void become(const char* program, char* const* arguments,
                         int output, pid_t parent) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  // Ctrl-C is for us: the simulator ends after the clients have closed.
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() != parent)
    _exit(EXIT_FAILURE);
  dup2(output, STDOUT_FILENO);
  execv(program, arguments);
  _exit(127);
}

// -- our side -----------------------------------------------------------------

/// Waits until there is something to read, or the end of it.
bool readable_within(int fd, milliseconds patience) {
  auto deadline = steady_clock::now() + patience;
  for (;;) {
    auto left = std::chrono::ceil<milliseconds>(deadline - steady_clock::now());
    pollfd what{fd, POLLIN, 0};
    auto timeout = static_cast<int>(std::max(left.count(), int64_t{0}));
    auto count = poll(&what, 1, timeout);
    if (count >= 0 || errno != EINTR)
      return count > 0;
  }
}

/// Reads up to the end of the greeting's line and returns the address in it.
std::optional<std::string> read_greeting(int fd) {
  std::string text;
  while (text.size() < max_line && readable_within(fd, start_patience)) {
    char buffer[256];
    auto count = read(fd, buffer, sizeof(buffer));
    if (count <= 0)
      return std::nullopt;
    text.append(buffer, static_cast<size_t>(count));
    auto begin = text.find(greeting);
    auto end = text.find('\n', begin == std::string::npos ? 0 : begin);
    if (begin == std::string::npos || end == std::string::npos)
      continue;
    begin += greeting.size();
    return text.substr(begin, end - begin);
  }
  return std::nullopt;
}

obstacle failed(std::string what) {
  return {what + ": " + std::strerror(errno),
          "Free some resources of the system and try again."};
}

} // namespace

std::filesystem::path program_folder() {
  std::error_code ec;
  return std::filesystem::read_symlink("/proc/self/exe", ec).parent_path();
}

std::variant<exchange_process, obstacle>
exchange_process::start(const std::filesystem::path& program,
                        const std::vector<std::string>& arguments) {
  if (access(program.c_str(), X_OK) != 0)
    return obstacle{"there is no program " + program.string(), build_remedy};
  exchange_process result;
  auto pattern
    = (std::filesystem::temp_directory_path() / "zenws-demo-XXXXXX").string();
  if (!mkdtemp(pattern.data()))
    return failed("cannot make a folder " + pattern);
  result.folder_ = pattern;
  std::vector<std::string> words{
    program.string(), "--port", "0", "--tls", "--ca-out", result.ca_file()};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (auto& word : words)
    argv.push_back(word.data());
  argv.push_back(nullptr);
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0)
    return failed("cannot make a pipe");
  result.output_ = ends[0];
  auto self = getpid();
  result.pid_ = fork();
  if (result.pid_ == 0)
    become(program.c_str(), argv.data(), ends[1], self);
  close(ends[1]);
  if (result.pid_ < 0)
    return failed("cannot start a process");
  auto url = read_greeting(result.output_);
  if (!url)
    return obstacle{"the exchange simulator did not start to listen",
                    "See its message above; run it by hand: " + program.string()
                      + " --tls"};
  result.url_ = std::move(*url);
  return result;
}

exchange_process::exchange_process(exchange_process&& other) noexcept
  : url_(std::move(other.url_)),
    folder_(std::exchange(other.folder_, {})),
    pid_(std::exchange(other.pid_, -1)),
    output_(std::exchange(other.output_, -1)) {
  // nop
}

exchange_process::~exchange_process() {
  if (pid_ > 0) {
    kill(pid_, SIGTERM);
    // Its end closes the pipe, and there is nothing else to read.
    if (!readable_within(output_, end_patience))
      kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  if (output_ >= 0)
    close(output_);
  std::error_code ignored;
  if (!folder_.empty())
    std::filesystem::remove_all(folder_, ignored);
}

std::string exchange_process::ca_file() const {
  return (folder_ / "ca.pem").string();
}

} // namespace zenws::demo
