// SPDX-License-Identifier: BSD-3-Clause

// zenws connect: a WebSocket connection between a peer and a user or a pipe.

#include "../client_options.hpp"
#include "../line_input.hpp"
#include "../live_client.hpp"
#include "../message_line.hpp"
#include "../output.hpp"
#include "verbs.hpp"

#include "program/help.hpp"

#include <algorithm>
#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <poll.h>
#include <unistd.h>

namespace zenws::tool {

namespace {

using steady = std::chrono::steady_clock;

// Bytes that may be on their way to the socket before more input is read.
constexpr size_t max_unwritten = 1u << 20;

struct connect_options {
  std::string url;
  client_options connection;
  std::vector<std::string> messages;
  double wait = 2;
  uint64_t count = 0;
  bool no_close = false;
  bool reconnect = false;
  bool no_history = false;
};

// Connects the standard streams with a peer.
class wire {
public:
  wire(const connect_options& options, const common_options& common,
       live_client& client)
    : options_(options), common_(common), client_(client) {
    // nop
  }

  // Returns the exit code.
  int run() {
    while (!has_ended_) {
      wait();
      std::optional<inbox_item> item;
      while (!has_ended_ && (item = client_.inbox().try_take()))
        std::visit([this](auto& x) { handle(x); }, *item);
      flush_lines();
      leave_in_time();
    }
    if (input_ != nullptr)
      input_->end();
    return result_;
  }

private:
  // -- waiting ----------------------------------------------------------------

  bool reads_input() const {
    return input_ != nullptr && !input_->has_ended() && is_open_
           && unwritten_bytes_ < max_unwritten;
  }

  void wait() {
    pollfd entries[]{{client_.inbox().descriptor(), POLLIN, 0},
                     {reads_input() ? STDIN_FILENO : -1, POLLIN, 0}};
    auto patience = -1;
    if (leave_at_) {
      auto left = std::chrono::ceil<std::chrono::milliseconds>(*leave_at_
                                                               - steady::now());
      patience = static_cast<int>(std::max<int64_t>(left.count(), 0));
    }
    poll(entries, std::size(entries), patience);
    if (entries[1].revents != 0)
      input_->read([this](std::string line) { send(std::move(line)); });
  }

  // Ends some time after there is nothing left to be sent.
  void leave_in_time() {
    auto is_spent = input_ == nullptr || input_->has_ended();
    if (!is_spent || !was_open_ || !unwritten_.empty() || options_.no_close
        || is_leaving_)
      return;
    if (!leave_at_)
      leave_at_ = steady::now()
                  + std::chrono::milliseconds{
                    static_cast<int64_t>(options_.wait * 1000)};
    if (steady::now() >= *leave_at_)
      leave(exit_success);
  }

  void leave(int result) {
    leave_at_.reset();
    if (std::exchange(is_leaving_, true))
      return;
    result_ = result;
    client_.close();
  }

  // -- sending ----------------------------------------------------------------

  void send(std::string text) {
    unwritten_.push_back(text.size());
    unwritten_bytes_ += text.size();
    client_.send({std::move(text), queue_until(std::chrono::seconds{30})});
  }

  void settle_send() {
    unwritten_bytes_ -= unwritten_.front();
    unwritten_.pop_front();
  }

  // -- what the client tells --------------------------------------------------

  void handle(const message_batch& batch) {
    auto print = [&] {
      for (auto message : batch) {
        if (options_.count > 0 && received_ == options_.count)
          break;
        ++received_;
        auto line = to_line(message, batch.epoch(), common_);
        print_line(is_chat() ? painted(color::cyan, "< ") + line : line);
      }
    };
    if (input_ != nullptr)
      input_->print_beside(print);
    else
      print();
    if (options_.count > 0 && received_ == options_.count)
      leave(exit_success);
  }

  void handle(const client_event& event) {
    if (event.kind == event_kind::ended) {
      has_ended_ = true;
      if (!is_leaving_)
        end_by(event.reason);
      return;
    }
    if (common_.verbose || event.kind == event_kind::insecure_tls)
      note(describe(event));
    if (event.kind != event_kind::state_changed)
      return;
    if (event.state == client_state::ready)
      begin();
    else if (event.state == client_state::backing_off)
      lose(event);
  }

  void handle(const message_written&) {
    settle_send();
  }

  void handle(const failed_request& failure) {
    settle_send();
    if (is_leaving_)
      return;
    print_problem(failure.reason);
    if (!options_.reconnect)
      leave(exit_failed);
  }

  void handle(const interruption&) {
    if (input_ != nullptr)
      input_->end();
    leave(exit_success);
  }

  template <class T>
  void handle(const T&) {
    // nop
  }

  // -- life of the connection -------------------------------------------------

  bool is_chat() const {
    return isatty(STDIN_FILENO) != 0 && is_terminal_output() && !common_.json;
  }

  void note(const std::string& text) {
    if (input_ != nullptr)
      input_->print_beside([&] { print_note(text); });
    else
      print_note(text);
  }

  void begin() {
    is_open_ = true;
    if (std::exchange(was_open_, true)) {
      note("connected again");
      return;
    }
    for (auto& message : options_.messages)
      send(message);
    if (is_chat())
      print_note("connected; Ctrl-D ends");
    if (options_.messages.empty())
      input_ = is_chat() ? make_edited_input(
                 options_.no_history ? std::string{} : history_file())
                         : make_piped_input();
  }

  void lose(const client_event& event) {
    is_open_ = false;
    if (options_.reconnect)
      note(describe(event));
    else if (!is_leaving_)
      end_by(event.reason);
  }

  // A connection that the peer has ended in order is no failure.
  void end_by(const error& reason) {
    auto code = reason.close_code;
    auto is_normal = reason.code == ec::closed_by_peer
                     && (code == 1000 || code == 1001 || code == no_close_code);
    if (input_ != nullptr)
      input_->end();
    if (is_normal)
      print_note("closed by the peer: " + to_string(reason));
    else if (reason)
      print_problem(reason);
    leave(is_normal || !reason ? exit_success : exit_failed);
  }

  const connect_options& options_;
  const common_options& common_;
  live_client& client_;
  std::unique_ptr<line_input> input_;

  // Sizes of the messages that are not written yet.
  std::deque<size_t> unwritten_;
  size_t unwritten_bytes_ = 0;

  uint64_t received_ = 0;
  std::optional<steady::time_point> leave_at_;
  bool is_open_ = false;
  bool was_open_ = false;
  bool is_leaving_ = false;
  bool has_ended_ = false;
  int result_ = exit_success;
};

int connect(const connect_options& options, const common_options& common) {
  auto config = to_config(options.connection, options.url);
  if (!config)
    return usage_problem("connect", config.error());
  auto client
    = live_client::start({.name = "connection", .config = std::move(*config)},
                         common.verbose ? live_log::to_stderr : live_log::none,
                         subscription_content::messages_and_events);
  if (!client)
    return usage_problem("connect", client.error());
  return wire{options, common, **client}.run();
}

} // namespace

verb_action declare_connect(CLI::App& app) {
  auto options = std::make_shared<connect_options>();
  auto* verb = app.add_subcommand(
    "connect", "Talk to a WebSocket server: lines in, messages out");
  verb->add_option("URL", options->url, "ws:// or wss:// address")->required();
  verb
    ->add_option("-x,--execute", options->messages,
                 "send this message instead of the input; repeatable")
    ->option_text("TEXT")
    ->allow_extra_args(false);
  verb
    ->add_option("-w,--wait", options->wait,
                 "how long to stay once everything is sent")
    ->option_text("SECONDS (2)")
    ->check(CLI::Range(0.0, 1e6));
  verb
    ->add_option("-c,--count", options->count,
                 "end after that many messages of the peer")
    ->option_text("N");
  verb->add_flag("-n,--no-close", options->no_close,
                 "stay once everything is sent, until the peer closes");
  verb->add_flag("--reconnect", options->reconnect,
                 "connect again when the connection is lost");
  verb->add_flag("--no-history", options->no_history,
                 "neither read nor write the history of typed lines");
  add_client_options(*verb, options->connection);
  add_examples(
    *verb, {{"talk to a server", "zenws connect wss://example.org/ws"},
            {"send one message, print one answer",
             "zenws connect ws://localhost:8080 -x '{\"op\":\"ping\"}' -c 1"},
            {"send a file, line by line",
             "zenws connect ws://localhost:8080 < messages.txt"},
            {"print all that comes, over outages",
             "zenws connect -n --reconnect wss://example.org/ws < /dev/null"}});
  return [options](const common_options& common) {
    return connect(*options, common);
  };
}

} // namespace zenws::tool
