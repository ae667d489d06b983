// SPDX-License-Identifier: BSD-3-Clause

#include "program/progress_bar.hpp"

#include <algorithm>
#include <cstdio>
#include <string>
#include <utility>

#include <unistd.h>

namespace zenws {

namespace {

constexpr size_t bar_width = 30;

constexpr std::string_view erase_line = "\r\x1b[K";

void write_to_terminal(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
}

bool is_terminal() {
  return isatty(STDERR_FILENO) != 0;
}

std::string bar(uint64_t done, uint64_t total) {
  auto share = std::min(1.0,
                        static_cast<double>(done) / static_cast<double>(total));
  auto filled = static_cast<size_t>(share * bar_width);
  auto percent = std::to_string(static_cast<int>(share * 100));
  return std::string{erase_line} + '[' + std::string(filled, '#')
         + std::string(bar_width - filled, ' ') + "] " + percent + " %";
}

} // namespace

progress_bar::progress_bar()
  : progress_bar(is_terminal() ? write_fun{write_to_terminal} : write_fun{},
                 clock::now) {
  // nop
}

progress_bar::progress_bar(write_fun write, now_fun now)
  : write_(std::move(write)), now_(std::move(now)), next_(now_() + patience) {
  // nop
}

progress_bar::~progress_bar() {
  if (is_shown_)
    write_(erase_line);
}

void progress_bar::show(uint64_t done, uint64_t total) {
  auto now = now_();
  if (!write_ || total == 0 || now < next_)
    return;
  next_ = now + interval;
  is_shown_ = true;
  write_(bar(done, total));
}

} // namespace zenws
