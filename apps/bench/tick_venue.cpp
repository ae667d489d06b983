// SPDX-License-Identifier: BSD-3-Clause

#include "tick_venue.hpp"

#include "zenws/sim/deribit/deribit_api.hpp"
#include "zenws/sim/net/frame.hpp"
#include "zenws/sim/net/handshake.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace zenws::bench {

namespace {

using namespace std::chrono_literals;

using clock = std::chrono::steady_clock;

// Changes before those that are measured.
constexpr size_t warm_up_ticks = 1'000;

// The client comes to rest between two changes.
constexpr auto pause = 200us;

// After that, a change has no order: the client does not trade yet.
constexpr auto patience = 1s;

// Changes without an order until a client is given up.
constexpr size_t max_misses = 60;

constexpr size_t max_request = 64 * 1024;

// Has no news: the terms of instruments do not change.
constexpr std::string_view state_channel = "instrument.state.any.any";

constexpr auto order_method = R"("method":"private/buy")";

void require(bool ok, const char* action) {
  if (!ok)
    throw std::runtime_error{action};
}

// -- messages -----------------------------------------------------------------

constexpr int best_bid = 50'000;
constexpr int best_ask = 50'010;

std::string new_levels(int first, int step) {
  constexpr int count = 100;
  std::string result;
  for (int i = 0; i < count; ++i)
    result += (i > 0 ? R"(,["new",)" : R"(["new",)")
              + std::to_string(first + i * step) + ".0,100.0]";
  return '[' + result + ']';
}

std::string book_message(std::string_view kind, uint64_t id,
                         const std::string& bids, const std::string& asks) {
  std::ostringstream out;
  out << R"({"jsonrpc":"2.0","method":"subscription","params":{"channel":")"
      << tick_channel << R"(","data":{"type":")" << kind
      << R"(","timestamp":1700000000000,)";
  if (kind == "change")
    out << R"("prev_change_id":)" << id - 1 << ',';
  out << R"("instrument_name":")" << tick_instrument << R"(","change_id":)"
      << id << R"(,"bids":)" << bids << R"(,"asks":)" << asks << "}}}";
  return out.str();
}

// -- the venue ----------------------------------------------------------------

// A client, from its handshake until all changes are answered.
class tick_session {
public:
  tick_session(int socket, size_t count) : socket_(socket), left_(count) {
    int on = 1;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  }

  ~tick_session() {
    ::close(socket_);
  }

  std::vector<double> run() {
    shake_hands();
    while (!has_book_)
      answer(wait(clock::time_point::max()));
    for (size_t misses = 0; left_ > 0;) {
      auto took = tick();
      if (!took)
        require(++misses < max_misses, "no orders come");
      else if (warm_up_ > 0)
        --warm_up_;
      else {
        --left_;
        durations_.push_back(*took);
      }
    }
    return std::move(durations_);
  }

  // Waits until the client has left: else, it would come back.
  void drain() {
    while (::recv(socket_, bytes_, sizeof(bytes_), 0) > 0)
      continue;
  }

private:
  // -- bytes ------------------------------------------------------------------

  void send(std::string_view bytes) {
    while (!bytes.empty()) {
      auto n = ::send(socket_, bytes.data(), bytes.size(), 0);
      require(n > 0, "cannot send");
      bytes.remove_prefix(static_cast<size_t>(n));
    }
  }

  // Looks for bytes again and again, as waking up would take longer than what
  // is measured. Returns none at the end of the time.
  std::string_view wait(clock::time_point until) {
    do {
      auto n = ::recv(socket_, bytes_, sizeof(bytes_), MSG_DONTWAIT);
      if (n > 0)
        return {bytes_, static_cast<size_t>(n)};
      require(n < 0 && errno == EAGAIN, "the client has left");
    } while (clock::now() < until);
    return {};
  }

  void shake_hands() {
    sim::request_parser parser;
    auto state = sim::request_parser::state::incomplete;
    while (state == sim::request_parser::state::incomplete)
      state = parser.feed(wait(clock::time_point::max()));
    require(state == sim::request_parser::state::complete, "no upgrade");
    send(sim::accept_response(parser.take_request()));
  }

  // -- requests ---------------------------------------------------------------

  // Answers requests. Returns whether there was an order among them.
  bool answer(std::string_view bytes) {
    auto result = false;
    requests_.append(bytes);
    while (auto request = requests_.next()) {
      if (request->op != sim::opcode::text)
        continue;
      auto outcome = api_.handle(request->payload);
      result |= request->payload.find(order_method) != std::string::npos;
      send(sim::encode_frame(sim::opcode::text, outcome.answer));
      auto& channels = outcome.subscribed;
      if (std::ranges::find(channels, tick_channel) != channels.end())
        send_snapshot();
    }
    return result;
  }

  // -- book -------------------------------------------------------------------

  void send_snapshot() {
    has_book_ = true;
    is_raised_ = false;
    send(sim::encode_frame(sim::opcode::text,
                           book_message("snapshot", ++change_id_,
                                        new_levels(best_bid, -1),
                                        new_levels(best_ask, 1))));
  }

  // The best bid comes and goes.
  std::string next_change() {
    is_raised_ = !is_raised_;
    auto price = std::to_string(best_bid + 1);
    auto bids = is_raised_ ? R"([["new",)" + price + ".0,100.0]]"
                           : R"([["delete",)" + price + ".0,0.0]]";
    return sim::encode_frame(sim::opcode::text,
                             book_message("change", ++change_id_, bids, "[]"));
  }

  // Returns the time until an order came, if one did.
  std::optional<double> tick() {
    auto idle_until = clock::now() + pause;
    while (clock::now() < idle_until)
      answer(wait(idle_until)); // what is not about the change before
    auto change = next_change();
    send(change);
    auto begin = clock::now();
    while (clock::now() < begin + patience) {
      auto bytes = wait(begin + patience);
      std::chrono::duration<double, std::micro> took = clock::now() - begin;
      if (answer(bytes))
        return took.count();
    }
    return std::nullopt;
  }

  // -- api --------------------------------------------------------------------

  static std::chrono::microseconds now() {
    return std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::system_clock::now().time_since_epoch());
  }

  static sim::api_surroundings surroundings() {
    return {.knows_channel =
              [](std::string_view name) {
                return name == tick_channel || name == state_channel;
              },
            .touch =
              [](std::string_view, sim::order_direction) {
                return std::optional<double>{best_ask};
              },
            .now = now,
            .instruments =
              [] {
                return std::vector<sim::instrument_terms>{
                  {tick_instrument, 2, 10, best_bid}};
              },
            .raw_channels = sim::raw_access::open};
  }

  static sim::server_config config() {
    sim::server_config result;
    result.api.limits.reset();
    return result;
  }

  int socket_;
  size_t left_;
  size_t warm_up_ = warm_up_ticks;
  sim::server_config config_ = config();
  sim::order_store orders_{1'000};
  sim::deribit_api api_{config_, orders_, 1, surroundings()};
  sim::message_parser requests_{max_request};
  char bytes_[16 * 1024];
  bool has_book_ = false;
  bool is_raised_ = false;
  uint64_t change_id_ = 0;
  std::vector<double> durations_;
};

int listen_on(uint16_t& port) {
  auto result = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in self{};
  self.sin_family = AF_INET;
  self.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* address = reinterpret_cast<sockaddr*>(&self);
  socklen_t size = sizeof(self);
  require(::bind(result, address, size) == 0, "cannot bind");
  require(::listen(result, SOMAXCONN) == 0, "cannot listen");
  getsockname(result, address, &size);
  port = ntohs(self.sin_port);
  return result;
}

} // namespace

// -- tick_venue ---------------------------------------------------------------

tick_venue::tick_venue(cores where, size_t count)
  : process_(test_support::this_program(),
             {"--tick-venue", std::to_string(static_cast<int>(where)),
              std::to_string(count)}) {
  auto line = process_.read_line();
  if (!line)
    throw std::runtime_error{"the venue does not start"};
  address_.port = static_cast<uint16_t>(std::stoul(*line));
}

std::vector<double> tick_venue::durations() {
  std::vector<double> result;
  auto line = process_.read_line();
  std::istringstream in{line.value_or("")};
  for (double x = 0; in >> x;)
    result.push_back(x);
  if (result.empty())
    throw std::runtime_error{"the client does not trade"};
  return result;
}

// -- in the other process -----------------------------------------------------

int run_tick_venue(int argc, char** argv) {
  if (argc != 2)
    return EXIT_FAILURE;
  place_server(static_cast<cores>(std::stoi(argv[0])));
  auto count = static_cast<size_t>(std::stoul(argv[1]));
  uint16_t port = 0;
  auto listener = listen_on(port);
  std::cout << port << std::endl;
  for (;;) {
    auto socket = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0)
      continue;
    tick_session session{socket, count};
    try {
      for (auto x : session.run())
        std::cout << x << ' ';
    } catch (const std::runtime_error& ex) {
      std::cerr << "tick-to-trade: " << ex.what() << '\n';
    }
    std::cout << std::endl;
    session.drain();
  }
}

} // namespace zenws::bench
