// SPDX-License-Identifier: BSD-3-Clause

#include "program/log_writer.hpp"

#include "program/print_problem.hpp"

#include <spdlog/details/log_msg.h>
#include <spdlog/pattern_formatter.h>

#include <chrono>
#include <exception>
#include <utility>

namespace zenws {

namespace {

constexpr std::chrono::seconds attempt_period{1};

} // namespace

log_writer::log_writer(functions use) : use_(std::move(use)) {
  open();
}

log_writer::~log_writer() {
  if (refused_ > 0)
    print_problem("log", std::to_string(refused_)
                           + " entries could not be written: " + problem_);
}

// -- implementation of spdlog::sinks::sink ------------------------------------

void log_writer::log(const spdlog::details::log_msg& msg) try {
  if (destination_ == nullptr && msg.time < next_attempt_) {
    ++refused_;
    return;
  }
  if (destination_ == nullptr)
    open();
  tell_missing(msg);
  write(msg);
} catch (const std::exception& problem) {
  destination_ = nullptr;
  problem_ = problem.what();
  next_attempt_ = msg.time + attempt_period;
  if (refused_++ == 0)
    print_problem("log", problem_,
                  "make room or change permissions: it is "
                  "tried again each second");
}

void log_writer::flush() {
  // Each line was handed over already.
}

void log_writer::set_pattern(const std::string&) {
  // The lines are ours.
}

void log_writer::set_formatter(std::unique_ptr<spdlog::formatter>) {
  // The lines are ours.
}

// -- writing ------------------------------------------------------------------

void log_writer::open() {
  destination_ = use_.open();
  // Whole lines, in the color of their level where there are colors.
  destination_->set_formatter(
    std::make_unique<spdlog::pattern_formatter>("%^%v%$"));
}

void log_writer::write(const spdlog::details::log_msg& msg) {
  destination_->log(msg);
  destination_->flush();
}

void log_writer::tell_missing(const spdlog::details::log_msg& next) {
  if (refused_ > 0) {
    tell(refused_, "could not be written: " + problem_, next);
    refused_ = 0;
  }
  if (auto all = use_.replaced(); all > replaced_) {
    tell(all - replaced_, "were more than could be written in time", next);
    replaced_ = all;
  }
}

void log_writer::tell(size_t count, const std::string& reason,
                      const spdlog::details::log_msg& next) {
  auto number = std::to_string(count);
  auto line = use_.render({.level = log_level::error,
                           .component = "zenws.log",
                           .text = number + " entries " + reason,
                           .fields = {{"left_out", number}},
                           .time = next.time});
  write({next.time, {}, next.logger_name, spdlog::level::err, line});
}

} // namespace zenws
