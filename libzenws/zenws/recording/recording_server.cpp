// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/recording/recording_server.hpp"

#include "zenws/internal/listen_at.hpp"
#include "zenws/recording/internal/recorded_feed.hpp"
#include "zenws/recording/internal/venue_answers.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/websocket.hpp>

#include <atomic>
#include <deque>
#include <thread>
#include <utility>

namespace zenws {

namespace {

namespace asio = boost::asio;
namespace websocket = boost::beast::websocket;

using asio::ip::tcp;
using boost::beast::error_code;

constexpr double max_server_speed = 1e6;

constexpr size_t max_request = 1024 * 1024;

// One connection, on the thread of the server.
class replay_connection
  : public std::enable_shared_from_this<replay_connection> {
public:
  replay_connection(tcp::socket socket, const recording_server_options& options,
                    uint64_t number, std::shared_ptr<void> lease)
    : socket_(std::move(socket)),
      timer_(socket_.get_executor()),
      options_(options),
      name_("connection " + std::to_string(number)),
      lease_(std::move(lease)),
      answers_(internal::make_venue_answers(options.dialect)),
      feed_(options) {
    socket_.read_message_max(max_request);
    socket_.set_option(websocket::stream_base::timeout::suggested(
      boost::beast::role_type::server));
  }

  void start() {
    socket_.async_accept([self = shared_from_this()](error_code failed) {
      if (failed)
        return;
      self->tell("is open");
      if (!self->answers_)
        self->begin();
      self->read();
    });
  }

private:
  void tell(const std::string& text) const {
    if (options_.on_event)
      options_.on_event(name_ + ' ' + text);
  }

  void read() {
    socket_.async_read(buffer_,
                       [self = shared_from_this()](error_code failed, size_t) {
                         if (failed)
                           return self->end();
                         self->received();
                       });
  }

  // The next request is read when all answers to this one are written: nothing
  // piles up.
  void received() {
    auto bytes = buffer_.cdata();
    std::string_view text{static_cast<const char*>(bytes.data()), bytes.size()};
    if (!answers_ || !socket_.got_text()) {
      buffer_.consume(buffer_.size());
      return read();
    }
    auto answer = answers_->answer(text);
    buffer_.consume(buffer_.size());
    for (auto& message : answer.messages)
      waiting_.push_back(std::move(message));
    reads_again_ = true;
    if (answer.grants)
      begin();
    send();
  }

  void begin() {
    if (std::exchange(has_begun_, true))
      return;
    is_playing_ = true;
    feed_.start(std::chrono::steady_clock::now());
    send();
  }

  // Writes what is next, one message at a time.
  void send() {
    if (is_writing_ || has_ended_)
      return;
    if (!waiting_.empty()) {
      message_ = std::move(waiting_.front());
      waiting_.pop_front();
      return write(recorded_type::text);
    }
    if (std::exchange(reads_again_, false))
      read();
    if (!is_playing_)
      return;
    auto* entry = feed_.peek();
    if (entry == nullptr)
      return played();
    if (auto due = feed_.due(); due > std::chrono::steady_clock::now())
      return wait(due);
    message_ = entry->data;
    auto type = entry->type;
    if (answers_ && type == recorded_type::text)
      answers_->adapt(message_);
    feed_.pop();
    write(type);
  }

  void write(recorded_type type) {
    is_writing_ = true;
    socket_.text(type == recorded_type::text);
    socket_.async_write(asio::buffer(message_),
                        [self = shared_from_this()](error_code failed, size_t) {
                          self->is_writing_ = false;
                          return failed ? self->end() : self->send();
                        });
  }

  void wait(internal::recorded_feed::time_point due) {
    timer_.expires_at(due);
    timer_.async_wait([self = shared_from_this()](error_code failed) {
      if (!failed)
        self->send();
    });
  }

  void played() {
    is_playing_ = false;
    auto& failure = feed_.failure();
    tell("got all of it: " + std::to_string(feed_.sent()) + " messages"
         + (failure ? "; " + to_string(failure) : ""));
  }

  void end() {
    if (std::exchange(has_ended_, true))
      return;
    timer_.cancel();
    tell("has ended after " + std::to_string(feed_.sent()) + " messages");
    lease_ = nullptr;
  }

  websocket::stream<boost::beast::tcp_stream> socket_;
  asio::steady_timer timer_;
  const recording_server_options& options_;
  std::string name_;
  std::shared_ptr<void> lease_; // held while this counts as a connection
  std::unique_ptr<internal::venue_answers> answers_; // null if it has none
  internal::recorded_feed feed_;
  boost::beast::flat_buffer buffer_;
  std::deque<std::string> waiting_; // answers
  std::string message_;             // being written
  bool reads_again_ = false;
  bool has_begun_ = false;
  bool is_playing_ = false;
  bool is_writing_ = false;
  bool has_ended_ = false;
};

} // namespace

std::vector<config_problem> validate(const recording_server_options& options) {
  std::vector<config_problem> result;
  auto check = [&](bool good, const char* field, const char* message) {
    if (!good)
      result.push_back({field, message});
  };
  auto& range = options.range;
  check(!options.path.empty(), "path", "must be the path of a recording");
  check(!range.from || !range.to || *range.from <= *range.to, "range.to",
        "must not be before range.from");
  check(options.dialect == "raw"
          || internal::has_venue_answers(options.dialect),
        "dialect", "must be raw or the name of a venue");
  check(options.speed == 0
          || (options.speed >= 1 / max_server_speed
              && options.speed <= max_server_speed),
        "speed", "must be 0 or between 1e-6 and 1e6");
  check(options.max_gap.count() >= 0, "max_gap", "must not be negative");
  check(options.max_connections >= 1 && options.max_connections <= 10'000,
        "max_connections", "must be between 1 and 10000");
  return result;
}

// -- implementation -----------------------------------------------------------

struct recording_server::impl {
  explicit impl(recording_server_options content)
    : options(std::move(content)) {
    // nop
  }

  error open() {
    if (auto problem = internal::listen_at(acceptor, options.host,
                                           options.port))
      return problem;
    port = acceptor.local_endpoint().port();
    accept();
    thread = std::thread{[this] { context.run(); }};
    return {};
  }

  void accept() {
    acceptor.async_accept([this](error_code failed, tcp::socket socket) {
      if (failed == asio::error::operation_aborted)
        return;
      // Too many files are open, for example.
      if (failed) {
        pause.expires_after(std::chrono::milliseconds{100});
        pause.async_wait([this](error_code aborted) {
          if (!aborted)
            accept();
        });
        return;
      }
      admit(std::move(socket));
      accept();
    });
  }

  // A connection that is too many ends with its socket.
  void admit(tcp::socket socket) {
    if (leases.use_count() > static_cast<long>(options.max_connections))
      return;
    error_code ignored;
    socket.set_option(tcp::no_delay{true}, ignored);
    std::make_shared<replay_connection>(std::move(socket), options, ++accepted,
                                        leases)
      ->start();
  }

  recording_server_options options;
  std::shared_ptr<char> leases = std::make_shared<char>();
  asio::io_context context{1};
  tcp::acceptor acceptor{context};
  asio::steady_timer pause{context};
  uint16_t port = 0;
  uint64_t accepted = 0;
  std::thread thread;
};

// -- constructors, destructors, and assignment operators ----------------------

result<std::unique_ptr<recording_server>>
recording_server::start(recording_server_options options) {
  if (auto problems = validate(options); !problems.empty())
    return as_error(problems);
  if (recording_files(options.path).empty())
    return error{ec::recording_failed, "no file " + options.path};
  auto content = std::make_unique<impl>(std::move(options));
  if (auto problem = content->open())
    return problem;
  return std::unique_ptr<recording_server>{
    new recording_server{std::move(content)}};
}

recording_server::recording_server(std::unique_ptr<impl> content)
  : impl_(std::move(content)) {
  // nop
}

recording_server::~recording_server() {
  impl_->context.stop();
  impl_->thread.join();
}

// -- properties ---------------------------------------------------------------

uint16_t recording_server::port() const noexcept {
  return impl_->port;
}

std::string recording_server::url() const {
  auto is_v6 = impl_->options.host.find(':') != std::string::npos;
  return "ws://"
         + (is_v6 ? '[' + impl_->options.host + ']' : impl_->options.host) + ':'
         + std::to_string(impl_->port);
}

} // namespace zenws
