// SPDX-License-Identifier: BSD-3-Clause

#include "engine_process.hpp"

#include <csignal>
#include <cstdlib>
#include <iostream>
#include <string_view>
#include <utility>

namespace zenws::demo {

namespace {

using clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds end_patience{10'000};

bool is_status(std::string_view line) {
  return line.starts_with("live | ") || line.starts_with("paper | ");
}

uint64_t count(std::string_view text, std::string_view part) {
  uint64_t result = 0;
  for (auto pos = text.find(part); pos != text.npos;
       pos = text.find(part, pos + part.size()))
    ++result;
  return result;
}

// Returns the sum of the numbers before a word.
uint64_t sum_before(std::string_view text, std::string_view word) {
  uint64_t result = 0;
  for (auto pos = text.find(word); pos != text.npos;
       pos = text.find(word, pos + word.size())) {
    auto begin = text.find_last_not_of("0123456789", pos - 1) + 1;
    result += std::strtoull(text.data() + begin, nullptr, 10);
  }
  return result;
}

// Returns the number N of "is ready (connection N)".
uint64_t connection_in(std::string_view line) {
  constexpr std::string_view words = "is ready (connection ";
  auto pos = line.find(words);
  return pos == line.npos
           ? 0
           : std::strtoull(line.data() + pos + words.size(), nullptr, 10);
}

} // namespace

engine_figures&
engine_figures::operator+=(const engine_figures& other) noexcept {
  updates += other.updates;
  reconnects += other.reconnects;
  restarts += other.restarts;
  without_book += other.without_book;
  not_traded += other.not_traded;
  return *this;
}

engine_process::engine_process(std::string name,
                               std::vector<std::string> arguments)
  : name_(std::move(name)), arguments_(std::move(arguments)) {
  start();
}

void engine_process::start() {
  updates_of_earlier_ = figures_.updates;
  running_.emplace(test_support::program_folder() / "trading-engine",
                   arguments_);
}

void engine_process::kill() {
  running_->signal(SIGKILL);
  running_->wait(end_patience);
  running_.reset();
}

std::optional<std::string> engine_process::show_line(milliseconds patience) {
  auto line = running_->read_line(patience);
  if (!line)
    return line;
  std::cout << "  " << name_ << (name_.empty() ? "" : " ") << *line
            << std::endl;
  if (is_status(*line))
    read_status(*line);
  if (line->starts_with("engine: "))
    last_words_ = *line;
  figures_.reconnects += connection_in(*line) > 1;
  figures_.restarts += line->find(" was restarted") != std::string::npos;
  return line;
}

void engine_process::read_status(const std::string& line) {
  figures_.updates = updates_of_earlier_ + sum_before(line, " updates");
  figures_.without_book = count(line, " - / ") + count(line, " / -");
  figures_.not_traded = count(line, "(disconnected)")
                        + count(line, "(reconciling)");
}

bool engine_process::show_for(milliseconds time) {
  auto end = clock::now() + time;
  for (auto now = clock::now(); now < end; now = clock::now())
    if (!show_line(std::chrono::ceil<milliseconds>(end - now))
        && clock::now() < end)
      return false;
  return true;
}

bool engine_process::await_trading(milliseconds patience) {
  auto end = clock::now() + patience;
  std::optional<uint64_t> known;
  for (auto now = clock::now(); now < end; now = clock::now()) {
    auto line = show_line(std::chrono::ceil<milliseconds>(end - now));
    if (!line)
      return false;
    if (!is_status(*line))
      continue;
    auto all = line->find(" | ") != std::string::npos
               && figures_.without_book + figures_.not_traded == 0;
    if (all && known && figures_.updates > *known)
      return true;
    known = figures_.updates;
  }
  return false;
}

bool engine_process::await_data(milliseconds patience) {
  auto end = clock::now() + patience;
  auto known = figures_.updates;
  for (auto now = clock::now(); now < end; now = clock::now())
    if (!show_line(std::chrono::ceil<milliseconds>(end - now))
        || figures_.updates > known)
      break;
  return figures_.updates > known;
}

std::optional<int> engine_process::finish(milliseconds patience) {
  running_->signal(SIGTERM);
  auto end = clock::now() + patience;
  for (auto now = clock::now(); now < end; now = clock::now())
    if (!show_line(std::chrono::ceil<milliseconds>(end - now)))
      break;
  return running_->wait(end_patience);
}

} // namespace zenws::demo
