// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

namespace zenws::test_support {

/// The program that runs.
std::filesystem::path this_program();

/// Returns the folder of this build's programs, that of the running one.
std::filesystem::path program_folder();

/// A program in a process of its own, whose output we read. Ends with this
/// object, and with the thread that started it at the latest.
class program {
public:
  // -- constructors, destructors, and assignment operators --------------------

  /// Starts the program `file`.
  /// @throws std::runtime_error if it cannot be started.
  program(const std::filesystem::path& file,
          const std::vector<std::string>& arguments);

  program(program&& other) noexcept;

  program& operator=(program&&) = delete;

  /// Asks it to end, and kills it if it does not.
  ~program();

  // -- properties -------------------------------------------------------------

  pid_t pid() const noexcept {
    return pid_;
  }

  // -- output -----------------------------------------------------------------

  /// Returns the next line that it prints; nothing if it has ended or if there
  /// is none in time.
  std::optional<std::string>
  read_line(std::chrono::milliseconds patience = std::chrono::minutes{10});

  /// Reads up to a line that has `greeting` and returns the text after it.
  std::optional<std::string> read_after(std::string_view greeting,
                                        std::chrono::milliseconds patience);

  // -- control ----------------------------------------------------------------

  /// Sends a signal. After SIGSTOP, returns once the program has stopped.
  void signal(int number) const;

  /// Waits until it has ended. Returns its exit status, -1 if a signal ended
  /// it, nothing if it still runs.
  std::optional<int> wait(std::chrono::milliseconds patience);

private:
  pid_t pid_ = -1;
  int output_ = -1;
  std::string unread_;
};

} // namespace zenws::test_support
