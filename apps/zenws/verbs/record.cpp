// SPDX-License-Identifier: BSD-3-Clause

// zenws record: all that a client receives and sends, to a file.

#include "../channel_text.hpp"
#include "../client_options.hpp"
#include "../live_client.hpp"
#include "../message_line.hpp"
#include "../output.hpp"
#include "verbs.hpp"

#include "program/help.hpp"

#include <boost/json.hpp>

#include <chrono>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <unistd.h>

namespace zenws::tool {

namespace {

using namespace std::chrono_literals;

using clock = std::chrono::steady_clock;

constexpr auto progress_interval = 500ms;

struct record_options {
  venue_options venue;
  client_options connection;

  /// Channels, or instruments if `kinds` is set.
  std::vector<std::string> names;

  std::string kinds;
  recorder_options recorder;
  bool plain = false;
  double seconds = 0;
  uint64_t messages = 0;
};

// Runs until the user, a limit or the client ends it.
class recording_session {
public:
  recording_session(const record_options& options, const common_options& common,
                    live_client& client)
    : options_(options),
      common_(common),
      client_(client),
      shows_progress_(!common.quiet && !common.json && isatty(STDERR_FILENO)) {
    // nop
  }

  // Returns the exit code.
  int run() {
    while (!has_ended_) {
      if (auto item = client_.inbox().take_until(wake_at()))
        std::visit([this](auto& x) { handle(x); }, *item);
      if (options_.seconds > 0 && clock::now() >= end_)
        leave(exit_success);
      show_progress();
    }
    clear_progress();
    return result_;
  }

  uint64_t messages() const noexcept {
    return messages_;
  }

  double seconds() const noexcept {
    return std::chrono::duration<double>{clock::now() - begin_}.count();
  }

private:
  clock::time_point wake_at() const {
    auto next = clock::now() + progress_interval;
    return options_.seconds > 0 && !is_leaving_ ? std::min(next, end_) : next;
  }

  void leave(int result) {
    if (std::exchange(is_leaving_, true))
      return;
    result_ = result;
    client_.close();
  }

  void fail(const error& reason) {
    if (is_leaving_)
      return;
    clear_progress();
    print_problem(reason);
    leave(exit_failed);
  }

  // -- items ------------------------------------------------------------------

  void handle(const message_batch& batch) {
    if (is_leaving_)
      return;
    messages_ += batch.size();
    for (auto message : batch)
      bytes_ += message.payload.size();
    if (options_.messages > 0 && messages_ >= options_.messages)
      leave(exit_success);
  }

  void handle(const client_event& event) {
    if (event.kind == event_kind::ended) {
      has_ended_ = true;
      if (!is_leaving_ && event.reason)
        fail(event.reason);
      return;
    }
    if (event.kind == event_kind::recorder_failed)
      return fail(event.reason);
    was_ready_ = was_ready_ || event.state == client_state::ready;
    // An outage is the client's business, but a wrong address is the user's.
    if (event.state == client_state::backing_off && !was_ready_)
      fail(event.reason);
    else if (common_.verbose || (is_notable(event) && !is_leaving_))
      note(describe(event));
  }

  void handle(const channel_report& report) {
    for (auto& x : report.outcomes)
      refuse_unless_granted(x.channel, x.kind, x.reason);
  }

  void handle(const market_report& report) {
    for (auto& x : report.outcomes)
      refuse_unless_granted(x.instrument, x.outcome, x.reason);
  }

  void handle(const failed_request& failure) {
    fail(failure.reason);
  }

  void handle(const interruption&) {
    leave(exit_success);
  }

  template <class T>
  void handle(const T&) {
    // nop
  }

  // A recording without one of its channels is not what was asked for.
  void refuse_unless_granted(const std::string& name, outcome_kind kind,
                             const error& reason) {
    if (kind == outcome_kind::granted || is_leaving_)
      return;
    clear_progress();
    print_problem(name + " was " + std::string{to_string(kind)} + ": "
                    + to_string(reason),
                  explain(reason).remedy);
    leave(exit_failed);
  }

  // -- progress ---------------------------------------------------------------

  void note(const std::string& text) {
    clear_progress();
    print_note(text);
  }

  void show_progress() {
    auto now = clock::now();
    if (!shows_progress_ || now < next_progress_)
      return;
    next_progress_ = now + progress_interval;
    std::fprintf(stderr, "\r\x1b[K%llu messages, %.1f MB, %.0f s",
                 static_cast<unsigned long long>(messages_),
                 static_cast<double>(bytes_) / 1e6, seconds());
    is_shown_ = true;
  }

  void clear_progress() {
    if (std::exchange(is_shown_, false))
      std::fputs("\r\x1b[K", stderr);
  }

  const record_options& options_;
  const common_options& common_;
  live_client& client_;
  bool shows_progress_;
  clock::time_point begin_ = clock::now();
  clock::time_point end_ = begin_
                           + std::chrono::duration_cast<clock::duration>(
                             std::chrono::duration<double>{options_.seconds});
  clock::time_point next_progress_{};
  uint64_t messages_ = 0;
  uint64_t bytes_ = 0;
  bool is_shown_ = false;
  bool was_ready_ = false;
  bool is_leaving_ = false;
  bool has_ended_ = false;
  int result_ = exit_success;
};

int record_usage(const error& reason) {
  print_problem(reason.detail, "see \"zenws record --help\"");
  return exit_usage;
}

// A URL instead of a venue: whatever comes.
venue_options address_of(const venue_options& from) {
  if (from.venue.find("://") == std::string::npos)
    return from;
  auto result = from;
  result.url = from.venue;
  result.venue = "raw";
  return result;
}

// Starts the client and its subscriptions.
result<std::unique_ptr<live_client>> connect(const record_options& options,
                                             const common_options& common) {
  auto spec = to_spec(address_of(options.venue), options.connection);
  if (!spec)
    return spec.error();
  market::data_kinds kinds;
  if (!options.kinds.empty()) {
    auto parsed = parse_kinds(options.kinds);
    if (!parsed)
      return parsed.error();
    kinds = *parsed;
  }
  spec->config.backoff.max_attempts = backoff_config::unlimited;
  spec->record_to = options.recorder;
  if (options.plain)
    spec->record_to->compression = recording_compression::none;
  auto log = common.verbose ? live_log::to_stderr : live_log::none;
  auto client = live_client::start(std::move(*spec), log,
                                   subscription_content::messages_and_events);
  if (!client || options.names.empty())
    return client;
  if (!options.kinds.empty()) {
    (*client)->subscribe(options.names, kinds, 0);
  } else {
    std::vector<channel_spec> channels;
    for (auto& name : options.names)
      channels.push_back(parse_channel(name));
    (*client)->subscribe(std::move(channels));
  }
  return client;
}

int record(const record_options& options, const common_options& common) {
  auto client = connect(options, common);
  if (!client)
    return record_usage(client.error());
  recording_session session{options, common, **client};
  auto result = session.run();
  auto seconds = session.seconds();
  client->reset(); // the file is complete
  if (common.json)
    print_line(boost::json::serialize(
      boost::json::object{{"file", options.recorder.path},
                          {"messages", session.messages()},
                          {"seconds", seconds}}));
  else
    print_note(std::to_string(session.messages()) + " messages are in "
               + options.recorder.path);
  return result;
}

void add_recorder_options(CLI::App& verb, record_options& out) {
  const char* group = "File";
  verb
    .add_option("-o,--output", out.recorder.path,
                "the recording; it is added to if it exists")
    ->required()
    ->option_text("FILE")
    ->group(group);
  verb.add_flag("--plain", out.plain, "write lines, without compression")
    ->group(group);
  verb
    .add_option("--level", out.recorder.compression_level,
                "level of zstd, 1 to 19 (1)")
    ->option_text("N")
    ->group(group);
  verb
    .add_option("--max-bytes", out.recorder.max_bytes,
                "begin another file at this size (256 MiB)")
    ->option_text("N")
    ->group(group);
  verb
    .add_option("--max-files", out.recorder.max_files,
                "files to keep: FILE, FILE.1, … (8)")
    ->option_text("N")
    ->group(group);
}

} // namespace

verb_action declare_record(CLI::App& app) {
  auto options = std::make_shared<record_options>();
  auto* verb = app.add_subcommand(
    "record", "Record a connection to a file, until it is interrupted");
  add_venue_options(*verb, options->venue);
  verb->get_option("VENUE")->description(
    "name of a venue, see \"zenws venues\", or a URL");
  verb->add_option("NAME", options->names,
                   "channels to subscribe to; with --typed, instruments");
  verb
    ->add_option("-t,--typed", options->kinds,
                 "kinds of market data: trades, book, quotes, ticker, "
                 "instruments")
    ->option_text("KIND[,KIND...]");
  verb->add_option("--seconds", options->seconds, "end after that time")
    ->option_text("N")
    ->check(CLI::Range(0.0, 1e8));
  verb
    ->add_option("--messages", options->messages,
                 "end after that many received messages")
    ->option_text("N");
  add_recorder_options(*verb, *options);
  add_client_options(*verb, options->connection);
  add_examples(
    *verb, {{"trades and books of an instrument, for an hour",
             "zenws record okx BTC-USDT -t trades,book -o okx.jsonl.zst "
             "--seconds 3600"},
            {"a channel, until Ctrl-C",
             "zenws record deribit book.BTC-PERPETUAL.100ms -o btc.jsonl.zst"},
            {"whatever a server sends",
             "zenws record wss://example.org/feed -o feed.jsonl.zst"}});
  return [options](const common_options& common) {
    return record(*options, common);
  };
}

} // namespace zenws::tool
