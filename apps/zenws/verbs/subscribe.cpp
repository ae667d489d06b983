// SPDX-License-Identifier: BSD-3-Clause

// zenws subscribe: messages of channels, or typed market data.

#include "../channel_text.hpp"
#include "../client_options.hpp"
#include "../live_client.hpp"
#include "../market_line.hpp"
#include "../message_line.hpp"
#include "../output.hpp"
#include "verbs.hpp"

#include "program/help.hpp"

#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace zenws::tool {

namespace {

struct subscribe_options {
  venue_options venue;
  client_options connection;

  /// Channels, or instruments if `kinds` is set.
  std::vector<std::string> names;

  std::string kinds;
  uint32_t depth = 0;
  uint64_t count = 0;
  bool events = false;
};

// Prints what a subscription brings, until it is interrupted.
class feed {
public:
  feed(const subscribe_options& options, const common_options& common,
       live_client& client)
    : options_(options), common_(common), client_(client) {
    // nop
  }

  // Returns the exit code.
  int run() {
    while (!has_ended_) {
      auto item = client_.inbox().try_take();
      if (!item) {
        flush_lines();
        item = client_.inbox().take();
      }
      std::visit([this](auto& x) { handle(x); }, *item);
    }
    return result_;
  }

private:
  void print(const std::string& line) {
    if (is_full())
      return;
    print_line(line);
    ++printed_;
    if (is_full())
      leave(exit_success);
  }

  bool is_full() const {
    return options_.count > 0 && printed_ == options_.count;
  }

  void leave(int result) {
    if (std::exchange(is_leaving_, true))
      return;
    result_ = result;
    client_.close();
  }

  void handle(const message_batch& batch) {
    for (auto message : batch)
      print(to_line(message, batch.epoch(), common_));
  }

  void handle(const market_batch& batch) {
    for (auto& update : batch)
      if (common_.json)
        print(to_json(update, batch.epoch()));
      else if (auto line = text_.line_of(update))
        print(*line);
  }

  void handle(const client_event& event) {
    if (event.kind == event_kind::ended) {
      has_ended_ = true;
      if (!is_leaving_ && event.reason)
        fail(event.reason);
      return;
    }
    was_ready_ = was_ready_ || event.state == client_state::ready;
    // An outage is the client's business, but a wrong address is the user's.
    if (event.state == client_state::backing_off && !was_ready_)
      fail(event.reason);
    else if (options_.events && !is_leaving_)
      print_line(common_.json ? to_json(event) : describe(event));
    else if (common_.verbose || (is_notable(event) && !is_leaving_))
      print_note(describe(event));
  }

  void handle(const channel_report& report) {
    size_t granted = 0;
    for (auto& x : report.outcomes) {
      if (x.kind == outcome_kind::granted)
        ++granted;
      else
        refuse(x.channel, x.kind, x.reason);
    }
    if (granted == 0)
      leave(exit_failed);
  }

  void handle(const market_report& report) {
    size_t granted = 0;
    for (auto& x : report.outcomes) {
      if (x.outcome == outcome_kind::granted)
        ++granted;
      else
        refuse(std::string{to_string(x.kind)} + " of " + x.instrument,
               x.outcome, x.reason);
    }
    if (granted == 0)
      leave(exit_failed);
  }

  void handle(const failed_request& failure) {
    if (!is_leaving_)
      fail(failure.reason);
  }

  void handle(const interruption&) {
    leave(exit_success);
  }

  template <class T>
  void handle(const T&) {
    // nop
  }

  void refuse(const std::string& name, outcome_kind kind, const error& reason) {
    print_problem(name + " was " + std::string{to_string(kind)} + ": "
                    + to_string(reason)
                    + (options_.kinds.empty()
                         ? channel_suggestion(options_.venue.venue, name)
                         : ""),
                  explain(reason).remedy);
  }

  void fail(const error& reason) {
    if (!is_leaving_)
      print_problem(reason);
    leave(exit_failed);
  }

  const subscribe_options& options_;
  const common_options& common_;
  live_client& client_;
  market_text text_;
  uint64_t printed_ = 0;
  bool was_ready_ = false;
  bool is_leaving_ = false;
  bool has_ended_ = false;
  int result_ = exit_success;
};

// Returns a channel that the venue's dialect refuses, with the reason.
error check_channels(const std::string& venue,
                     const std::vector<channel_spec>& channels) {
  auto dialect = make_dialect(venue);
  for (auto& channel : channels)
    if (auto problem = dialect->check(channel)) {
      problem.detail += channel_suggestion(venue, channel.name);
      return problem;
    }
  return {};
}

int subscribe(const subscribe_options& options, const common_options& common) {
  auto spec = to_spec(options.venue, options.connection);
  if (!spec)
    return usage_problem("subscribe", spec.error());
  market::data_kinds kinds;
  std::vector<channel_spec> channels;
  if (!options.kinds.empty()) {
    auto parsed = parse_kinds(options.kinds);
    if (!parsed)
      return usage_problem("subscribe", parsed.error());
    kinds = *parsed;
  } else {
    for (auto& name : options.names)
      channels.push_back(parse_channel(name));
    if (auto problem = check_channels(options.venue.venue, channels))
      return usage_problem("subscribe", problem);
  }
  auto client = live_client::start(
    std::move(*spec), common.verbose ? live_log::to_stderr : live_log::none,
    std::nullopt);
  if (!client)
    return usage_problem("subscribe", client.error());
  if (channels.empty())
    (*client)->subscribe(options.names, kinds, options.depth);
  else
    (*client)->subscribe(std::move(channels));
  return feed{options, common, **client}.run();
}

} // namespace

verb_action declare_subscribe(CLI::App& app) {
  auto options = std::make_shared<subscribe_options>();
  auto* verb = app.add_subcommand(
    "subscribe", "Print what channels of a venue bring, or typed market data");
  add_venue_options(*verb, options->venue);
  verb
    ->add_option("NAME", options->names,
                 "channels as the venue names them, with {JSON} behind the "
                 "name for arguments; with --typed, instruments")
    ->required();
  verb
    ->add_option("-t,--typed", options->kinds,
                 "proven market data of these kinds: trades, book, quotes, "
                 "ticker, instruments")
    ->option_text("KIND[,KIND...]");
  verb->add_option("--depth", options->depth, "levels of books that are enough")
    ->option_text("N");
  verb->add_option("-c,--count", options->count, "end after that many lines")
    ->option_text("N");
  verb->add_flag("--events", options->events,
                 "print events, such as outages and gaps, among the data");
  add_client_options(*verb, options->connection);
  add_examples(
    *verb,
    {{"trades as the venue sends them",
      "zenws subscribe deribit trades.BTC-PERPETUAL.100ms"},
     {"trades and books of two instruments, proven, as text",
      "zenws subscribe okx BTC-USDT ETH-USDT --typed trades,book"},
     {"ten trades of futures, as JSON",
      "zenws subscribe binance BTCUSDT --at usdm -t trades -c 10 --json"},
     {"orders of an account, logged in by DERIBIT_KEY and DERIBIT_SECRET",
      "zenws subscribe deribit user.orders.any.any.raw --login DERIBIT"}});
  return [options](const common_options& common) {
    return subscribe(*options, common);
  };
}

} // namespace zenws::tool
