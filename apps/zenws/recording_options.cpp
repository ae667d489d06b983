// SPDX-License-Identifier: BSD-3-Clause

#include "recording_options.hpp"

#include "output.hpp"

#include "program/suggestion.hpp"

#include "zenws/recording/recording_summary.hpp"
#include "zenws/venue/dialect.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace zenws::tool {

namespace {

// Entries from which the dialect shows.
constexpr size_t dialect_sample_entries = 500;

error wrong_option(std::string detail) {
  return {ec::invalid_config, std::move(detail)};
}

error read_moment(const std::string& text, const char* option,
                  std::optional<std::chrono::system_clock::time_point>& out) {
  if (text.empty())
    return {};
  auto time = time_from_string(text);
  if (!time)
    return wrong_option(std::string{option} + ": " + time.error().detail);
  out = *time;
  return {};
}

} // namespace

void add_recording_options(CLI::App& verb, recording_options& out) {
  const char* group = "Recording";
  verb
    .add_option("FILE", out.path,
                "the recording; its older files FILE.1, FILE.2, … come first")
    ->required();
  verb.add_option("--from", out.from, "the first time that counts (UTC)")
    ->option_text("TIME")
    ->group(group);
  verb.add_option("--to", out.to, "the last time that counts (UTC)")
    ->option_text("TIME")
    ->group(group);
  verb.add_option("--epoch", out.epoch, "one connection, by its number")
    ->option_text("N")
    ->group(group);
  verb
    .add_option("--dialect", out.dialect,
                "protocol of the messages, by default that which reads most")
    ->option_text("NAME")
    ->group(group);
}

result<recording_range> to_range(const recording_options& from) {
  recording_range result;
  result.epoch = from.epoch;
  if (auto problem = read_moment(from.from, "--from", result.from))
    return problem;
  if (auto problem = read_moment(from.to, "--to", result.to))
    return problem;
  if (result.from && result.to && *result.from > *result.to)
    return wrong_option("--to is before --from");
  return result;
}

result<recording_source> open_recording(const recording_options& from) {
  auto range = to_range(from);
  if (!range)
    return range.error();
  auto names = dialect_names();
  if (!from.dialect.empty() && make_dialect(from.dialect) == nullptr)
    return wrong_option("there is no dialect \"" + from.dialect + '"'
                        + suggestion(from.dialect, names));
  auto files = recording_files(from.path);
  if (files.empty())
    return wrong_option("there is no file " + from.path);
  return recording_source{std::move(files), *range};
}

std::string dialect_of(const recording_options& from) {
  if (!from.dialect.empty())
    return from.dialect;
  recording_source source{recording_files(from.path)};
  std::vector<recorded_entry> sample;
  for (; sample.size() < dialect_sample_entries && source.peek() != nullptr;
       source.pop())
    sample.push_back(*source.peek());
  return find_dialect(sample);
}

int print_account(const recording_source& from) {
  if (from.failure()) {
    print_problem(from.failure());
    return exit_failed;
  }
  auto& account = from.account();
  if (account.corrupt == 0 && !account.torn)
    return exit_success;
  for (auto& problem : account.problems)
    print_note(problem);
  print_problem(std::to_string(account.corrupt)
                  + " parts of the recording cannot be read"
                  + (account.torn ? ", and the end of a file is cut off" : ""),
                "the rest is complete; see \"zenws inspect\"");
  return exit_failed;
}

} // namespace zenws::tool
