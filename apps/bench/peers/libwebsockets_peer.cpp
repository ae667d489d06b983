// SPDX-License-Identifier: BSD-3-Clause

// A client of the bench made of libwebsockets.

#include "peer_report.hpp"

#include <libwebsockets.h>

#include <cstdlib>
#include <cstring>
#include <exception>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

class runner {
public:
  explicit runner(const peer::job& order)
    : order_(order),
      flood_(order),
      trips_(order),
      idle_(order),
      frame_(LWS_PRE + order.size, 'x') {
    split_url();
    lws_set_log_level(0, nullptr);
    lws_context_creation_info info{};
    info.port = CONTEXT_PORT_NO_LISTEN;
    info.protocols = protocols;
    info.user = this;
    info.gid = info.uid = static_cast<decltype(info.gid)>(-1);
    info.pt_serv_buf_size = 64 * 1024; // bytes of a read
    info.fd_limit_per_thread = static_cast<unsigned>(order.count + 100);
    if (order.is_tls()) {
      info.options = LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
      info.client_ssl_ca_filepath = order.ca_file.c_str();
    }
    context_ = lws_create_context(&info);
    if (context_ == nullptr)
      throw std::runtime_error{"no context"};
  }

  void run() {
    connect();
    while (!done_ && lws_service(context_, 0) >= 0)
      ; // nop
    if (!done_)
      throw std::runtime_error{"the event loop failed"};
  }

private:
  // Nothing may be thrown through the library.
  static int callback(lws* wsi, lws_callback_reasons reason, void*, void* data,
                      size_t size) try {
    auto* self = static_cast<runner*>(lws_context_user(lws_get_context(wsi)));
    switch (reason) {
      case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
        throw std::runtime_error{data ? static_cast<const char*>(data)
                                      : "no connection"};
      case LWS_CALLBACK_CLIENT_CLOSED:
        throw std::runtime_error{"the connection was closed"};
      case LWS_CALLBACK_CLIENT_ESTABLISHED:
        self->on_open(wsi);
        break;
      case LWS_CALLBACK_CLIENT_RECEIVE:
        self->on_bytes(wsi, size);
        break;
      case LWS_CALLBACK_CLIENT_WRITEABLE:
        self->send(wsi);
        break;
      default:
        break;
    }
    return 0;
  } catch (const std::exception& ex) {
    std::cerr << ex.what() << '\n';
    std::exit(EXIT_FAILURE);
  }

  void split_url() {
    auto host = order_.url.find("//") + 2;
    auto colon = order_.url.find(':', host);
    auto slash = order_.url.find('/', colon);
    host_ = order_.url.substr(host, colon - host);
    port_ = std::stoi(order_.url.substr(colon + 1, slash - colon - 1));
    path_ = order_.url.substr(slash);
  }

  void connect() {
    lws_client_connect_info info{};
    info.context = context_;
    info.address = host_.c_str();
    info.host = host_.c_str();
    info.port = port_;
    info.path = path_.c_str();
    info.local_protocol_name = protocols[0].name;
    if (order_.is_tls())
      info.ssl_connection = LCCSCF_USE_SSL;
    if (lws_client_connect_via_info(&info) == nullptr)
      throw std::runtime_error{"cannot connect"};
  }

  void on_open(lws* wsi) {
    if (order_.kind == "rtt")
      lws_callback_on_writable(wsi);
    else if (order_.kind == "idle" && !(done_ = idle_.opened()))
      connect();
  }

  // A message may come in pieces.
  void on_bytes(lws* wsi, size_t size) {
    message_size_ += size;
    if (lws_remaining_packet_payload(wsi) > 0 || !lws_is_final_fragment(wsi))
      return;
    if (order_.kind == "flood")
      done_ = done_ || flood_.take(message_size_);
    else if (!(done_ = trips_.received()))
      lws_callback_on_writable(wsi);
    message_size_ = 0;
  }

  void send(lws* wsi) {
    if (order_.kind != "rtt")
      return;
    trips_.sent();
    frame_.assign(frame_.size(), 'x'); // the library masks in place
    auto* data = reinterpret_cast<unsigned char*>(frame_.data()) + LWS_PRE;
    if (lws_write(wsi, data, order_.size, LWS_WRITE_TEXT) < 0)
      throw std::runtime_error{"cannot send"};
  }

  static constexpr lws_protocols protocols[] = {
    {"bench", callback, 0, 64 * 1024, 0, nullptr, 0},
    {nullptr, nullptr, 0, 0, 0, nullptr, 0},
  };

  const peer::job& order_;
  peer::flood_meter flood_;
  peer::trip_meter trips_;
  peer::idle_meter idle_;
  std::string host_;
  int port_ = 0;
  std::string path_;
  std::string frame_;
  size_t message_size_ = 0;
  bool done_ = false;
  lws_context* context_ = nullptr;
};

} // namespace

int main(int argc, char** argv) try {
  auto order = peer::parse(argc, argv);
  runner{order}.run();
  std::fflush(stdout);
  std::_Exit(EXIT_SUCCESS);
} catch (const std::exception& ex) {
  std::cerr << ex.what() << '\n';
  return EXIT_FAILURE;
}
