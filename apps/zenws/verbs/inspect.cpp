// SPDX-License-Identifier: BSD-3-Clause

// zenws inspect: what is in a recording, and whether all of it is.

#include "../output.hpp"
#include "../recording_options.hpp"
#include "verbs.hpp"

#include "program/help.hpp"

#include "zenws/recording/recording_summary.hpp"

#include <chrono>
#include <memory>
#include <string>

namespace zenws::tool {

namespace {

struct inspect_options {
  recording_options recording;

  // In seconds.
  double min_silence = 10;
};

int inspect(const inspect_options& options, const common_options& common) {
  auto source = open_recording(options.recording);
  if (!source) {
    print_problem(source.error().detail, "see \"zenws inspect --help\"");
    return exit_usage;
  }
  std::chrono::duration<double> silence{options.min_silence};
  summary_options how{
    options.recording.dialect,
    std::chrono::duration_cast<std::chrono::milliseconds>(silence)};
  auto read = [&] { return summarize(*source, how); };
  auto summary = common.quiet ? read() : with_progress(*source, read);
  if (!summary) {
    print_problem(summary.error());
    return exit_failed;
  }
  auto text = common.json ? to_json(*summary) : describe(*summary);
  if (text.ends_with('\n'))
    text.pop_back();
  print_line(text);
  return summary->is_damaged() ? exit_failed : exit_success;
}

} // namespace

verb_action declare_inspect(CLI::App& app) {
  auto options = std::make_shared<inspect_options>();
  auto* verb = app.add_subcommand(
    "inspect", "Tell what is in a recording: when, gaps, rates, latencies");
  add_recording_options(*verb, options->recording);
  verb
    ->add_option("--min-silence", options->min_silence,
                 "shorter times without a message are no silence (10)")
    ->option_text("SECONDS")
    ->check(CLI::Range(0.001, 86'400.0));
  add_examples(
    *verb, {{"what is in it, and is it whole (exit code 1 if not)",
             "zenws inspect feed.jsonl.zst"},
            {"the losses, for a program",
             "zenws inspect feed.jsonl.zst --json | jq .missing"},
            {"the last connection of an hour",
             "zenws inspect feed.jsonl.zst --from 2026-03-01T09 --epoch 7"}});
  return [options](const common_options& common) {
    return inspect(*options, common);
  };
}

} // namespace zenws::tool
