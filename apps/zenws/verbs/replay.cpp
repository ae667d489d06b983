// SPDX-License-Identifier: BSD-3-Clause

// zenws replay: a recording as lines, or served as the venue it is from.

#include "../interrupt_watch.hpp"
#include "../message_line.hpp"
#include "../output.hpp"
#include "../recording_options.hpp"
#include "verbs.hpp"

#include "program/help.hpp"

#include "zenws/message.hpp"
#include "zenws/recording/recording_server.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace zenws::tool {

namespace {

using clock = std::chrono::steady_clock;

struct replay_verb_options {
  recording_options recording;
  double speed = 1;

  // In seconds; 0 for no limit.
  double max_gap = 0;

  std::optional<uint16_t> port;
  std::string host = "127.0.0.1";
};

int replay_usage(const error& reason) {
  print_problem(reason.detail, "see \"zenws replay --help\"");
  return exit_usage;
}

// Waits for the user.
class stop_signal {
public:
  void raise() {
    std::lock_guard guard{mtx_};
    is_raised_ = true;
    raised_.notify_all();
  }

  // Returns whether it was raised by then.
  bool wait_until(clock::time_point time) {
    std::unique_lock guard{mtx_};
    return raised_.wait_until(guard, time, [this] { return is_raised_; });
  }

  void wait() {
    std::unique_lock guard{mtx_};
    raised_.wait(guard, [this] { return is_raised_; });
  }

private:
  std::mutex mtx_;
  std::condition_variable raised_;
  bool is_raised_ = false;
};

// -- lines --------------------------------------------------------------------

class pacer {
public:
  explicit pacer(const replay_verb_options& options) : options_(options) {
    // nop
  }

  // Waits until the entry is due. Returns whether the user wants the end.
  bool wait_for(const recorded_header& entry, stop_signal& stop) {
    std::chrono::duration<double> pause{entry.at - last_.value_or(entry.at)};
    last_ = entry.at;
    // Clocks are set back now and then: late entries are due.
    auto seconds = std::max(pause.count(), 0.0);
    if (options_.max_gap > 0)
      seconds = std::min(seconds, options_.max_gap);
    if (options_.speed > 0)
      played_ += seconds / options_.speed;
    auto due = begin_
               + std::chrono::duration_cast<clock::duration>(
                 std::chrono::duration<double>{std::min(played_, longest)});
    if (due > clock::now())
      flush_lines();
    return stop.wait_until(due);
  }

private:
  // A limit, in seconds, that no clock overflows by.
  static constexpr double longest = 1e8;

  const replay_verb_options& options_;
  clock::time_point begin_ = clock::now();
  double played_ = 0;
  std::optional<std::chrono::system_clock::time_point> last_;
};

bool is_shown(const recorded_header& entry, const common_options& common) {
  return common.json
         || (entry.direction == recorded_direction::in
             && (entry.type == recorded_type::text
                 || entry.type == recorded_type::binary));
}

std::string line_of(const recorded_entry& entry, const common_options& common) {
  if (common.json)
    return write_line(entry);
  auto kind = entry.type == recorded_type::text ? message_kind::text
                                                : message_kind::binary;
  return to_line({kind, entry.data, entry.sequence, entry.at}, entry.epoch,
                 common);
}

int print_entries(const replay_verb_options& options,
                  const common_options& common) {
  stop_signal stop;
  interrupt_watch interrupts{[&stop] { stop.raise(); }};
  auto source = open_recording(options.recording);
  if (!source)
    return replay_usage(source.error());
  pacer pace{options};
  for (; auto* entry = source->peek(); source->pop()) {
    if (!is_shown(*entry, common))
      continue;
    if (pace.wait_for(*entry, stop))
      return exit_success;
    print_line(line_of(*entry, common));
  }
  flush_lines();
  return print_account(*source);
}

// -- a venue ------------------------------------------------------------------

int serve(const replay_verb_options& options) {
  stop_signal stop;
  interrupt_watch interrupts{[&stop] { stop.raise(); }};
  auto source = open_recording(options.recording);
  if (!source)
    return replay_usage(source.error());
  recording_server_options server;
  server.path = options.recording.path;
  server.range = *to_range(options.recording);
  server.dialect = dialect_of(options.recording);
  server.speed = options.speed;
  server.max_gap
    = std::chrono::milliseconds{static_cast<int64_t>(options.max_gap * 1000)};
  server.host = options.host;
  server.port = *options.port;
  server.on_event = [](const std::string& text) { print_note(text); };
  auto running = recording_server::start(std::move(server));
  if (!running) {
    print_problem(running.error());
    return exit_usage;
  }
  print_line((*running)->url());
  flush_lines();
  stop.wait();
  return exit_success;
}

} // namespace

verb_action declare_replay(CLI::App& app) {
  auto options = std::make_shared<replay_verb_options>();
  auto* verb = app.add_subcommand(
    "replay", "Print the messages of a recording, or serve it as its venue");
  add_recording_options(*verb, options->recording);
  verb
    ->add_option("-x,--speed", options->speed,
                 "factor of the recorded pace (1); 0: without pauses")
    ->option_text("FACTOR")
    ->check(CLI::Range(0.0, 1e6));
  verb
    ->add_option("--max-gap", options->max_gap,
                 "cut longer pauses to this; 0: none (0)")
    ->option_text("SECONDS")
    ->check(CLI::Range(0.0, 1e8));
  verb
    ->add_option("--serve", options->port,
                 "serve it over WebSocket on this port, 0 for any, and print "
                 "the URL")
    ->option_text("PORT");
  verb
    ->add_option("--host", options->host,
                 "address to serve it at: without TLS, to whoever reaches it "
                 "(127.0.0.1)")
    ->option_text("ADDRESS");
  add_examples(*verb,
               {{"the messages, at ten times their pace",
                 "zenws replay feed.jsonl.zst --speed 10"},
                {"all entries, with times and events, at once",
                 "zenws replay feed.jsonl.zst --speed 0 --json"},
                {"a venue for the clients of a test",
                 "zenws replay feed.jsonl.zst --serve 9000 &\n"
                 "  zenws subscribe deribit book.BTC-PERPETUAL.100ms --url "
                 "ws://127.0.0.1:9000"}});
  return [options](const common_options& common) {
    return options->port ? serve(*options) : print_entries(*options, common);
  };
}

} // namespace zenws::tool
