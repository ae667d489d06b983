// SPDX-License-Identifier: BSD-3-Clause

#include "line_input.hpp"

#include "zenws/json/redaction.hpp"

#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>

#include <sys/stat.h>

#include <editline/readline.h>

namespace zenws::tool {

namespace {

constexpr int max_history = 1000;

// The library calls a function without a context.
const line_input::line_handler* line_receiver = nullptr;
bool line_was_read = false;
bool input_has_ended = false;

void receive_line(char* text) {
  line_was_read = true;
  if (text == nullptr) {
    input_has_ended = true;
    return;
  }
  std::string line{text};
  std::free(text);
  if (!line.empty() && line.front() != ' ' && redact(line) == line)
    add_history(line.c_str());
  if (line_receiver != nullptr && !line.empty())
    (*line_receiver)(std::move(line));
}

// Ctrl-D in an empty line. The library reads a line with this character, unless
// the terminal says that it is the end of the input.
int end_input(int, int) {
  if (rl_end == 0)
    input_has_ended = true;
  return 0;
}

class edited_input : public line_input {
public:
  explicit edited_input(std::string history) : history_(std::move(history)) {
    rl_readline_name = "zenws";
    using_history();
    stifle_history(max_history);
    if (!history_.empty())
      read_history(history_.c_str());
    rl_add_defun("zenws-end-input", end_input, 'd' & 0x1f);
    begin_line();
  }

  ~edited_input() override {
    end();
  }

  void read(const line_handler& on_line) override {
    line_receiver = &on_line;
    rl_callback_read_char();
    line_receiver = nullptr;
    if (input_has_ended)
      end();
    else if (std::exchange(line_was_read, false))
      begin_line();
  }

  void print_beside(const std::function<void()>& print) override {
    if (has_ended_) {
      print();
      return;
    }
    std::fputs("\r\x1b[K", stdout);
    print();
    std::fflush(stdout);
    rl_forced_update_display();
  }

  bool has_ended() const noexcept override {
    return has_ended_;
  }

  void end() override {
    if (std::exchange(has_ended_, true))
      return;
    rl_callback_handler_remove();
    std::fputs("\r\x1b[K", stdout);
    keep_history();
  }

private:
  // The library shows a line until the next one begins.
  static void begin_line() {
    rl_callback_handler_remove();
    rl_callback_handler_install("> ", receive_line);
  }

  void keep_history() const {
    if (history_.empty())
      return;
    std::error_code ignored;
    std::filesystem::create_directories(
      std::filesystem::path{history_}.parent_path(), ignored);
    auto before = umask(0077);
    write_history(history_.c_str());
    umask(before);
  }

  std::string history_;
  bool has_ended_ = false;
};

} // namespace

std::unique_ptr<line_input> make_edited_input(const std::string& history) {
  return std::make_unique<edited_input>(history);
}

std::string history_file() {
  if (auto* folder = std::getenv("XDG_STATE_HOME");
      folder != nullptr && *folder != '\0')
    return std::string{folder} + "/zenws/history";
  auto* home = std::getenv("HOME");
  return home != nullptr ? std::string{home} + "/.local/state/zenws/history"
                         : std::string{};
}

} // namespace zenws::tool
