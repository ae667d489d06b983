// SPDX-License-Identifier: BSD-3-Clause

// zenws events: what has happened in a running program.

#include "../json_line.hpp"
#include "../monitor_client.hpp"
#include "../monitor_state.hpp"
#include "../output.hpp"
#include "../round_clock.hpp"
#include "verbs.hpp"

#include "program/help.hpp"

#include <memory>
#include <string>

namespace zenws::tool {

namespace {

constexpr double seconds_between_requests = 0.5;

struct events_options {
  monitor_options monitor;
  int64_t after = 0;
  bool follow = false;
};

// Prints the events after a number. Returns the number of the last one.
result<int64_t> print_events(const monitor_client& monitor, int64_t after,
                             const common_options& common) {
  auto answer = monitor.get("/events.json", {{"after", std::to_string(after)}});
  if (!answer)
    return answer.error();
  if (after > 0 && text_in(*answer, "lost") == "yes")
    print_note("zenws: some events are missing: the program keeps the latest "
               "only");
  for (auto& event : array_in(*answer, "events")) {
    after = std::max(after, number_in(event, "seq"));
    if (common.json && event.is_object())
      print_json(event.get_object());
    else
      print_line(event_line(event));
  }
  flush_lines();
  return after;
}

int show_events(const events_options& options, const common_options& common) {
  auto monitor = monitor_client::make(options.monitor);
  if (!monitor)
    return usage_problem("events", monitor.error());
  round_clock clock;
  auto last = options.after;
  do {
    auto printed = print_events(*monitor, last, common);
    if (!printed)
      return failure(printed.error());
    last = *printed;
  } while (options.follow && clock.wait(seconds_between_requests));
  return exit_success;
}

} // namespace

verb_action declare_events(CLI::App& app) {
  auto options = std::make_shared<events_options>();
  auto* verb = app.add_subcommand(
    "events", "Print what has happened in a running program");
  verb->add_flag("-f,--follow", options->follow, "print later ones as well");
  verb
    ->add_option("--after", options->after,
                 "only events with a larger number (\"seq\")")
    ->option_text("N")
    ->check(CLI::NonNegativeNumber);
  add_monitor_options(*verb, options->monitor);
  add_examples(*verb,
               {{"what happens in a gateway",
                 "zenws events -f --address http://127.0.0.1:9600"},
                {"errors only",
                 "zenws events --json | jq 'select(.severity == \"error\")'"}});
  return [options](const common_options& common) {
    return show_events(*options, common);
  };
}

} // namespace zenws::tool
