// SPDX-License-Identifier: BSD-3-Clause

// A client of the bench made of WebSocket++.

#include "peer_report.hpp"

#include <websocketpp/client.hpp>
#include <websocketpp/config/asio_client.hpp>
#include <websocketpp/config/asio_no_tls_client.hpp>

#include <cstdlib>
#include <exception>
#include <iostream>
#include <memory>
#include <string>
#include <type_traits>

namespace {

using websocketpp::connection_hdl;

template <class Config>
class runner {
public:
  using endpoint = websocketpp::client<Config>;

  using message_ptr = typename endpoint::message_ptr;

  explicit runner(const peer::job& order)
    : order_(order), flood_(order), trips_(order), idle_(order) {
    endpoint_.clear_access_channels(websocketpp::log::alevel::all);
    endpoint_.clear_error_channels(websocketpp::log::elevel::all);
    endpoint_.init_asio();
    endpoint_.set_tcp_post_init_handler([this](connection_hdl hdl) {
      auto& socket = endpoint_.get_con_from_hdl(hdl)->get_raw_socket();
      socket.set_option(boost::asio::ip::tcp::no_delay{true});
    });
    auto fail = [](connection_hdl) { std::exit(EXIT_FAILURE); };
    endpoint_.set_fail_handler(fail);
    endpoint_.set_close_handler(fail);
    if constexpr (std::is_same_v<Config, websocketpp::config::asio_tls_client>)
      trust(order.ca_file);
  }

  void run() {
    if (order_.kind == "flood")
      run_flood();
    else if (order_.kind == "rtt")
      run_trips();
    else
      run_idle();
    connect();
    endpoint_.run();
  }

private:
  void trust(const std::string& ca_file) {
    namespace ssl = boost::asio::ssl;
    auto context = std::make_shared<ssl::context>(ssl::context::tls_client);
    context->load_verify_file(ca_file);
    context->set_verify_mode(ssl::verify_peer);
    endpoint_.set_tls_init_handler([context](connection_hdl) { //
      return context;
    });
  }

  void connect() {
    websocketpp::lib::error_code ec;
    auto connection = endpoint_.get_connection(order_.url, ec);
    if (ec)
      throw std::runtime_error{ec.message()};
    endpoint_.connect(connection);
  }

  void run_flood() {
    endpoint_.set_message_handler([this](connection_hdl, message_ptr message) {
      if (flood_.take(message->get_payload().size()))
        endpoint_.stop();
    });
  }

  void run_trips() {
    auto send = [this,
                 payload = std::string(order_.size, 'x')](connection_hdl hdl) {
      trips_.sent();
      endpoint_.send(hdl, payload, websocketpp::frame::opcode::text);
    };
    endpoint_.set_open_handler(send);
    endpoint_.set_message_handler(
      [this, send](connection_hdl hdl, message_ptr) {
        if (trips_.received())
          endpoint_.stop();
        else
          send(hdl);
      });
  }

  void run_idle() {
    endpoint_.set_open_handler([this](connection_hdl) {
      if (idle_.opened())
        endpoint_.stop();
      else
        connect();
    });
  }

  const peer::job& order_;
  peer::flood_meter flood_;
  peer::trip_meter trips_;
  peer::idle_meter idle_;
  endpoint endpoint_;
};

} // namespace

int main(int argc, char** argv) try {
  auto order = peer::parse(argc, argv);
  if (order.is_tls())
    runner<websocketpp::config::asio_tls_client>{order}.run();
  else
    runner<websocketpp::config::asio_client>{order}.run();
  std::fflush(stdout);
  std::_Exit(EXIT_SUCCESS);
} catch (const std::exception& ex) {
  std::cerr << ex.what() << '\n';
  return EXIT_FAILURE;
}
