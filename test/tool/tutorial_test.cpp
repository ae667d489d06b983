// SPDX-License-Identifier: BSD-3-Clause

// The lessons of the documentation, followed from the first line to the last.

#define CAF_SUITE tutorials

#include "tool_run.hpp"
#include "transcript.hpp"

#include "support/program.hpp"
#include "support/temporary_folder.hpp"
#include "support/unit_test.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>

#include <sys/stat.h>

using namespace zenws;
using namespace zenws::test_support;
using namespace std::chrono_literals;

namespace {

constexpr auto patience = 60s;
constexpr auto documented_port = "localhost:9001";

/// A lesson: its simulated exchange, its program in another terminal, and
/// commands in a third one.
class lesson : public tool_home {
public:
  /// Follows a page. Blocks of the kind "console" have commands with what they
  /// print; those of the kind "text" show what the program of the lesson goes
  /// on with, and what is typed to it.
  void follow(const std::string& page) {
    for (auto& block : blocks_of(page)) {
      if (block.kind == "console")
        for (auto& x : transcripts_of(block))
          perform(x);
      else if (block.kind == "text")
        go_on(block.lines);
    }
  }

  /// Ends the input of the lesson's program; returns its exit status.
  std::optional<int> end() {
    typed_.close();
    return program_->wait(patience);
  }

private:
  void perform(transcript x) {
    CAF_MESSAGE(x.command);
    auto first = x.command.substr(0, x.command.find(' '));
    replace_all(x.command, documented_port, exchange_);
    if (first == "exchange-sim")
      start_exchange();
    else if (first == "build/first_feed")
      start_program(ZENWS_FIRST_FEED, x);
    else if (first == "build/first_order")
      start_program(ZENWS_FIRST_ORDER, x);
    else if (first == "export")
      exported_ += x.command + "; ";
    else
      run_command(x);
  }

  void start_exchange() {
    simulator_.emplace(program_folder() / "exchange-sim",
                       std::vector<std::string>{"--port", "0"});
    auto where = simulator_->read_after("listening on ws://", patience);
    CAF_REQUIRE(where);
    exchange_ = *where;
  }

  void start_program(const std::string& file, const transcript& x) {
    auto input = folder_.file("typed");
    CAF_REQUIRE_EQUAL(mkfifo(input.c_str(), 0600), 0);
    auto url = x.command.substr(x.command.find(' ') + 1);
    program_.emplace("/bin/bash",
                     std::vector<std::string>{
                       "-c", "cd " + folder_.path().string() + " && exec "
                               + file + " " + url + " < typed"});
    typed_.open(input);
    expect(x.output);
  }

  void go_on(std::vector<std::string> lines) {
    CAF_REQUIRE(program_);
    for (auto word : {"kill", "buy", "cancel"}) {
      if (!lines.empty() && lines.front() == word) {
        typed_ << word << std::endl;
        lines.erase(lines.begin());
      }
    }
    expect(lines);
  }

  // A line "…" stands for any number of lines.
  void expect(const std::vector<std::string>& shown) {
    auto may_skip = false;
    for (auto& pattern : shown) {
      if (pattern == "…") {
        may_skip = true;
        continue;
      }
      auto line = program_->read_line(patience);
      while (line && may_skip && !is_shown_by(*line, pattern))
        line = program_->read_line(patience);
      if (!line || !is_shown_by(*line, pattern))
        CAF_FAIL("documented: " << pattern
                                << ", printed: " << line.value_or("nothing"));
      may_skip = false;
    }
  }

  void run_command(const transcript& x) {
    auto result = run_shell(exported_ + "{ " + x.command + "; } 2>&1");
    replace_all(result.out, exchange_, documented_port);
    auto lines = lines_of(result.out);
    if (!std::equal(lines.begin(), lines.end(), x.output.begin(),
                    x.output.end(), is_shown_by))
      CAF_FAIL("printed: " << result.out);
  }

  temporary_folder folder_;
  std::optional<program> simulator_;
  std::string exchange_ = documented_port;
  std::optional<program> program_;
  std::ofstream typed_;
  std::string exported_;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(tutorial_tests, lesson)

CAF_TEST(the first feed survives what the lesson does to it) {
  follow(ZENWS_EXAMPLES "/../first-feed.md");
  CAF_CHECK_EQUAL(end(), 0);
}

CAF_TEST(the first order is known in the end) {
  follow(ZENWS_EXAMPLES "/../first-order.md");
  CAF_CHECK_EQUAL(end(), 0);
}

CAF_TEST_FIXTURE_SCOPE_END()
