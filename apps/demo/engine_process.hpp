// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "support/program.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace zenws::demo {

/// What an engine has said so far, over all its processes.
struct engine_figures {
  /// Updates of market data at its strategies.
  uint64_t updates = 0;

  /// Connections after the first of each client, and clients that were started
  /// anew by their supervisors.
  uint64_t reconnects = 0;
  uint64_t restarts = 0;

  /// Instruments that were without a book, or not traded, at the end.
  uint64_t without_book = 0;
  uint64_t not_traded = 0;

  engine_figures& operator+=(const engine_figures& other) noexcept;
};

/// A trading engine in a process of its own, whose output is shown. Owned by
/// the thread that has started it.
class engine_process {
public:
  // -- constructors, destructors, and assignment operators --------------------

  /// @param name shown before its lines; empty for none.
  engine_process(std::string name, std::vector<std::string> arguments);

  // -- properties -------------------------------------------------------------

  pid_t pid() const noexcept {
    return running_->pid();
  }

  const engine_figures& figures() const noexcept {
    return figures_;
  }

  /// What it has said at its end; empty if it has not ended by itself.
  const std::string& last_words() const noexcept {
    return last_words_;
  }

  // -- control ----------------------------------------------------------------

  void signal(int number) {
    running_->signal(number);
  }

  /// Ends it by SIGKILL.
  void kill();

  /// Starts it again, as at first.
  void start();

  /// Shows what it says for some time.
  /// @returns `false` if it has ended.
  bool show_for(std::chrono::milliseconds time);

  /// Shows what it says until all of its instruments are traded and have
  /// books, with new data.
  bool await_trading(std::chrono::milliseconds patience);

  /// Shows what it says until there is new data.
  bool await_data(std::chrono::milliseconds patience);

  /// Asks it to end. Returns its exit code, nothing if it does not end.
  std::optional<int> finish(std::chrono::milliseconds patience);

private:
  // Shows the next line; nothing if there is none in time.
  std::optional<std::string> show_line(std::chrono::milliseconds patience);

  void read_status(const std::string& line);

  std::string name_;
  std::vector<std::string> arguments_;
  std::optional<test_support::program> running_;
  engine_figures figures_;
  std::string last_words_;
  uint64_t updates_of_earlier_ = 0;
};

} // namespace zenws::demo
