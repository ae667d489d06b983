// SPDX-License-Identifier: BSD-3-Clause

#include "program/program_log.hpp"

#include "program/print_problem.hpp"

// The next one needs it.
#include <spdlog/common.h>

#include <spdlog/details/periodic_worker.h>

#include <csignal>
#include <string>
#include <utility>

namespace zenws {

namespace {

constexpr std::chrono::seconds tick{1};

} // namespace

// -- constructors, destructors, and assignment operators ----------------------

result<std::shared_ptr<program_log>> program_log::open(const log_options& opts,
                                                       clock now) {
  auto output = log_output::open(opts);
  if (!output)
    return output.error();
  return std::shared_ptr<program_log>{
    new program_log{opts, std::move(now), std::move(*output)}};
}

program_log::program_log(const log_options& opts, clock now,
                         std::unique_ptr<log_output> output)
  : now_(std::move(now)),
    options_(opts),
    limiter_(opts.rate),
    output_(std::move(output)) {
  ticker_ = std::make_unique<spdlog::details::periodic_worker>(
    [this] { tell_ended(); }, tick);
}

program_log::~program_log() {
  ticker_ = nullptr;
  limiter_.tell_all(to_output());
}

// -- writing ------------------------------------------------------------------

log_sink program_log::sink() {
  return [log = shared_from_this()](const log_entry& x) { log->write(x); };
}

void program_log::write(const log_entry& entry) {
  std::lock_guard guard{mtx_};
  if (entry.level >= level_of(options_, entry.component))
    limiter_.take(entry, now_(), to_output());
}

log_sink program_log::to_output() {
  return [this](const log_entry& x) { output_->write(x); };
}

void program_log::tell_ended() {
  std::lock_guard guard{mtx_};
  limiter_.tell_ended(now_(), to_output());
}

// -- changing -----------------------------------------------------------------

error program_log::change(const log_options& opts) {
  auto output = log_output::open(opts);
  if (!output)
    return output.error();
  std::lock_guard guard{mtx_};
  limiter_.tell_all(to_output());
  limiter_ = log_limiter{opts.rate};
  options_ = opts;
  // Whoever logs does not wait until the old one is written.
  std::swap(output_, *output);
  return {};
}

program_log_ptr open_log(std::string_view program, const log_options& opts) {
  std::signal(SIGPIPE, SIG_IGN);
  auto result = program_log::open(opts);
  if (result)
    return std::move(*result);
  print_problem(program, result.error().detail,
                "choose another file, or change its permissions");
  return nullptr;
}

} // namespace zenws
