// SPDX-License-Identifier: BSD-3-Clause

#include "tick_rival.hpp"

#include "tick_venue.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>
#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <deque>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>

namespace zenws::bench {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;

using boost::system::error_code;
using tcp = asio::ip::tcp;

// A socket without the indirection of `any_io_executor`.
using tcp_stream
  = asio::basic_stream_socket<tcp, asio::io_context::executor_type>;

using clock = std::chrono::steady_clock;
using node = rapidjson::Value;

std::string_view text_of(const node& x) {
  return {x.GetString(), x.GetStringLength()};
}

} // namespace

// The limits of the desk.
class rival_limits {
public:
  bool allow(double price, double amount, double best_bid, double best_ask,
             clock::time_point book_time, size_t open_orders) {
    auto now = clock::now();
    while (!sent_.empty() && now - sent_.front() >= std::chrono::seconds{1})
      sent_.pop_front();
    auto is_allowed = amount <= max_amount && amount <= max_value
                      && std::fmod(price, tick) == 0
                      && std::fmod(amount, lot) == 0
                      && position + amount <= max_position
                      && now - book_time <= std::chrono::seconds{5}
                      && best_bid < best_ask
                      && price - best_ask <= best_ask * max_distance
                      && open_orders < max_open_orders
                      && sent_.size() < max_orders_per_second;
    if (is_allowed)
      sent_.push_back(now);
    return is_allowed;
  }

  double position = 0;

private:
  static constexpr double tick = 0.5;
  static constexpr double lot = 10;
  static constexpr double max_amount = 1'000;
  static constexpr double max_value = 1e8;
  static constexpr double max_position = 1e9;
  static constexpr double max_distance = 0.05;
  static constexpr size_t max_open_orders = 200;
  static constexpr size_t max_orders_per_second = 100'000;

  std::deque<clock::time_point> sent_;
};

class rival_book {
public:
  void apply(const node& data) {
    if (text_of(data["type"]) == "snapshot") {
      bids_.clear();
      asks_.clear();
    } else if (data["prev_change_id"].GetUint64() != last_) {
      throw std::runtime_error{"a change of the book is missing"};
    }
    last_ = data["change_id"].GetUint64();
    apply(data["bids"], bids_);
    apply(data["asks"], asks_);
    time_ = clock::now();
  }

  double best_bid() const {
    return bids_.begin()->first;
  }

  double best_ask() const {
    return asks_.begin()->first;
  }

  clock::time_point time() const noexcept {
    return time_;
  }

private:
  template <class Levels>
  static void apply(const node& changes, Levels& to) {
    for (auto& x : changes.GetArray())
      if (text_of(x[0]) == "delete")
        to.erase(x[1].GetDouble());
      else
        to[x[1].GetDouble()] = x[2].GetDouble();
  }

  std::map<double, double, std::greater<>> bids_;
  std::map<double, double> asks_;
  uint64_t last_ = 0;
  clock::time_point time_;
};

class tick_rival::loop {
public:
  explicit loop(const server_address& where) : stream_(context_) {
    auto& socket = beast::get_lowest_layer(stream_);
    socket.connect({asio::ip::make_address("127.0.0.1"), where.port});
    socket.set_option(tcp::no_delay{true});
    stream_.handshake("127.0.0.1", "/ws/api/v2");
    stream_.text(true);
    call(R"("public/auth","params":{"grant_type":"client_credentials",)"
         R"("client_id":"demo","client_secret":"demo-secret"})");
    call(R"("public/subscribe","params":{"channels":[")"
         + std::string{tick_channel} + R"("]})");
    read();
  }

  void run() {
    context_.run();
  }

  void stop() {
    asio::post(context_, [this] { context_.stop(); });
  }

private:
  static constexpr auto parse_flags = rapidjson::kParseInsituFlag;

  // Before trading.
  void call(const std::string& method) {
    stream_.write(
      asio::buffer(R"({"jsonrpc":"2.0","id":1,"method":)" + method + '}'));
    stream_.read(buffer_);
    buffer_.consume(buffer_.size());
  }

  void read() {
    stream_.async_read(buffer_, [this](error_code ec, size_t) {
      if (ec)
        return;
      take();
      buffer_.consume(buffer_.size());
      read();
    });
  }

  void take() {
    auto bytes = buffer_.data();
    text_.assign(static_cast<const char*>(bytes.data()), bytes.size());
    pool_.Clear();
    rapidjson::Document root{&pool_};
    root.ParseInsitu<parse_flags>(text_.data());
    if (root.HasParseError() || !root.IsObject())
      throw std::runtime_error{"a message is no JSON"};
    if (root.HasMember("method"))
      take_news(root);
    else if (root.HasMember("result"))
      take_answer(root["result"]);
  }

  void take_news(const node& root) {
    auto& params = root["params"];
    if (text_of(params["channel"]) != tick_channel)
      return;
    book_.apply(params["data"]);
    if (book_.best_bid() == best_)
      return;
    best_ = book_.best_bid();
    place();
  }

  void take_answer(const node& result) {
    if (!result.IsObject() || !result.HasMember("order"))
      return;
    auto& order = result["order"];
    limits_.position += order["filled_amount"].GetDouble();
    if (text_of(order["order_state"]) != "open")
      orders_.erase(std::string{text_of(order["label"])});
  }

  void place() {
    constexpr double amount = 10;
    if (!limits_.allow(best_, amount, book_.best_bid(), book_.best_ask(),
                       book_.time(), orders_.size()))
      return;
    auto number = ++last_number_;
    auto label = "rival" + std::to_string(number);
    orders_.emplace(label, best_);
    write_request(number, label, amount);
    stream_.async_write(asio::buffer(request_.GetString(), request_.GetSize()),
                        [](error_code, size_t) {});
  }

  void write_request(uint64_t number, const std::string& label, double amount) {
    using namespace std::chrono;
    auto end = floor<milliseconds>(system_clock::now()) + seconds{2};
    request_.Clear();
    rapidjson::Writer<rapidjson::StringBuffer> out{request_};
    out.StartObject();
    out.Key("jsonrpc");
    out.String("2.0");
    out.Key("id");
    out.Uint64(number);
    out.Key("method");
    out.String("private/buy");
    out.Key("params");
    out.StartObject();
    out.Key("instrument_name");
    out.String(tick_instrument);
    out.Key("amount");
    out.Double(amount);
    out.Key("type");
    out.String("limit");
    out.Key("label");
    out.String(label.c_str());
    out.Key("price");
    out.Double(best_);
    out.Key("time_in_force");
    out.String("immediate_or_cancel");
    out.Key("valid_until");
    out.Int64(end.time_since_epoch().count());
    out.EndObject();
    out.EndObject();
  }

  asio::io_context context_{1};
  beast::websocket::stream<tcp_stream> stream_;
  beast::flat_buffer buffer_;
  std::string text_;
  rapidjson::MemoryPoolAllocator<> pool_;
  rapidjson::StringBuffer request_;
  rival_book book_;
  rival_limits limits_;
  std::unordered_map<std::string, double> orders_; // open, by label
  double best_ = 0;
  uint64_t last_number_ = 0;
};

tick_rival::tick_rival(const server_address& where)
  : loop_(std::make_unique<loop>(where)), thread_([this] { loop_->run(); }) {
  // nop
}

tick_rival::~tick_rival() {
  loop_->stop();
  thread_.join();
}

} // namespace zenws::bench
