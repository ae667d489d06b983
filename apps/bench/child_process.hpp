#pragma once

#include <sys/types.h>

#include <cstdio>
#include <optional>
#include <string>
#include <vector>

namespace zenws::bench {

/// This program once more, in another role and process. It ends with its
/// owner, whichever way that one ends.
class child_process {
public:
  /// Starts it with the given arguments. Must be called on the main thread.
  /// Throws `std::runtime_error`.
  explicit child_process(const std::vector<std::string>& arguments);

  child_process(const child_process&) = delete;

  child_process& operator=(const child_process&) = delete;

  /// Kills it.
  ~child_process();

  pid_t id() const noexcept {
    return pid_;
  }

  /// Waits for the next line that it prints; nothing if it has ended.
  std::optional<std::string> read_line();

  /// Waits until it ends. Returns whether it was content.
  bool wait();

private:
  pid_t pid_ = -1;
  FILE* output_ = nullptr;
};

} // namespace zenws::bench
