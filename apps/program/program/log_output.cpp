// SPDX-License-Identifier: BSD-3-Clause

#include "program/log_output.hpp"

#include "program/log_writer.hpp"

#include "zenws/log/log_text.hpp"

#include <spdlog/async_logger.h>
#include <spdlog/details/thread_pool.h>
#include <spdlog/sinks/ansicolor_sink.h>
#include <spdlog/sinks/rotating_file_sink.h>

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <exception>
#include <string>
#include <string_view>
#include <utility>

namespace zenws {

namespace {

spdlog::level::level_enum severity_of(log_level level) {
  switch (level) {
    case log_level::info:
      return spdlog::level::info;
    case log_level::warning:
      return spdlog::level::warn;
    case log_level::error:
      break;
  }
  return spdlog::level::err;
}

// Priorities of syslog.
std::string_view priority_of(log_level level) {
  switch (level) {
    case log_level::info:
      return "<6>";
    case log_level::warning:
      return "<4>";
    case log_level::error:
      break;
  }
  return "<3>";
}

std::string render(const log_entry& entry, log_format format) {
  switch (format) {
    case log_format::json:
      return to_json(entry);
    case log_format::journal:
      return std::string{priority_of(entry.level)} + to_message(entry);
    default:
      return to_line(entry);
  }
}

std::string_view environment(const char* name) {
  auto* value = std::getenv(name);
  return value == nullptr ? std::string_view{} : value;
}

// systemd tells programs which file leads to its journal.
bool leads_to_journal(int fd) {
  struct stat status {};
  auto name = [](auto device, auto inode) {
    return std::to_string(device) + ':' + std::to_string(inode);
  };
  return fstat(fd, &status) == 0
         && environment("JOURNAL_STREAM") == name(status.st_dev, status.st_ino);
}

bool wants_colors(int fd) {
  return isatty(fd) == 1 && environment("NO_COLOR").empty()
         && environment("TERM") != "dumb";
}

log_format chosen_format(const log_options& opts) {
  if (opts.format != log_format::automatic)
    return opts.format;
  return opts.file.empty() && leads_to_journal(STDERR_FILENO)
           ? log_format::journal
           : log_format::text;
}

spdlog::sink_ptr make_stream_sink(log_format format) {
  auto mode = format == log_format::text && wants_colors(STDERR_FILENO)
                ? spdlog::color_mode::always
                : spdlog::color_mode::never;
  auto result = std::make_shared<spdlog::sinks::ansicolor_stderr_sink_st>(mode);
  result->set_color(spdlog::level::info, result->reset);
  result->set_color(spdlog::level::warn, result->yellow);
  result->set_color(spdlog::level::err, result->red);
  return result;
}

spdlog::sink_ptr make_sink(const log_options& opts, log_format format) {
  if (opts.file.empty())
    return make_stream_sink(format);
  // spdlog does not count the current one.
  return std::make_shared<spdlog::sinks::rotating_file_sink_st>(
    opts.file, opts.max_size, opts.max_files - 1);
}

} // namespace

// -- constructors, destructors, and assignment operators ----------------------

result<std::unique_ptr<log_output>> log_output::open(const log_options& opts) {
  std::unique_ptr<log_output> result{new log_output};
  auto format = chosen_format(opts);
  result->format_ = format;
  try {
    result->writer_
      = std::make_shared<spdlog::details::thread_pool>(max_waiting, 1);
    auto writer = std::make_shared<log_writer>(log_writer::functions{
      .open = [=] { return make_sink(opts, format); },
      .render = [=](const log_entry& x) { return render(x, format); },
      // It lives as long as the thread that asks.
      .replaced
      = [pool = result->writer_.get()] { return pool->overrun_counter(); }});
    result->logger_ = std::make_shared<spdlog::async_logger>(
      "log", std::move(writer), result->writer_,
      spdlog::async_overflow_policy::overrun_oldest);
  } catch (const std::exception& problem) {
    return error{ec::invalid_config,
                 "log.file: " + opts.file + ": " + problem.what()};
  }
  return result;
}

log_output::~log_output() = default;

// -- writing ------------------------------------------------------------------

void log_output::write(const log_entry& entry) {
  logger_->log(entry.time, {}, severity_of(entry.level),
               render(entry, format_));
}

} // namespace zenws
