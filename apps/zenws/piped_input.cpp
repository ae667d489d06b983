// SPDX-License-Identifier: BSD-3-Clause

#include "line_input.hpp"
#include "output.hpp"

#include <cerrno>
#include <utility>

#include <unistd.h>

namespace zenws::tool {

namespace {

constexpr size_t max_line = 16u << 20;

class piped_input : public line_input {
public:
  void read(const line_handler& on_line) override {
    char buffer[16 * 1024];
    auto count = ::read(STDIN_FILENO, buffer, sizeof(buffer));
    if (count < 0 && (errno == EINTR || errno == EAGAIN))
      return;
    if (count <= 0) {
      if (!rest_.empty())
        on_line(std::exchange(rest_, {}));
      has_ended_ = true;
      return;
    }
    rest_.append(buffer, static_cast<size_t>(count));
    size_t begin = 0;
    for (auto end = rest_.find('\n'); end != std::string::npos;
         end = rest_.find('\n', begin)) {
      on_line(rest_.substr(begin, end - begin));
      begin = end + 1;
    }
    rest_.erase(0, begin);
    if (rest_.size() > max_line) {
      print_problem("a line of the input is longer than 16 MiB",
                    "split it: a line is one message");
      has_ended_ = true;
    }
  }

  void print_beside(const std::function<void()>& print) override {
    print();
  }

  bool has_ended() const noexcept override {
    return has_ended_;
  }

  void end() override {
    has_ended_ = true;
  }

private:
  std::string rest_;
  bool has_ended_ = false;
};

} // namespace

std::unique_ptr<line_input> make_piped_input() {
  return std::make_unique<piped_input>();
}

} // namespace zenws::tool
