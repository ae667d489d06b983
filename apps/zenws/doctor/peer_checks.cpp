// SPDX-License-Identifier: BSD-3-Clause

#include "peer_checks.hpp"

#include "certificate_check.hpp"
#include "clock_check.hpp"
#include "timed_io.hpp"

#include "zenws/config/url.hpp"
#include "zenws/connection/proxy_handshake.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace zenws::tool {

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;

using asio::ip::tcp;
using boost::system::error_code;
using steady = std::chrono::steady_clock;

std::string text_of(const tcp::endpoint& endpoint) {
  auto address = endpoint.address().to_string();
  return (endpoint.address().is_v6() ? '[' + address + ']' : address) + ':'
         + std::to_string(endpoint.port());
}

std::chrono::microseconds since(steady::time_point begin) {
  return std::chrono::duration_cast<std::chrono::microseconds>(steady::now()
                                                               - begin);
}

class peer_check {
public:
  peer_check(const client_config& cfg, url peer, const finding_sink& out)
    : cfg_(cfg), peer_(std::move(peer)), out_(out) {
    // nop
  }

  bool run() {
    auto endpoints = resolve(first_hop());
    std::optional<tcp::endpoint> good;
    for (auto& endpoint : endpoints)
      if (reach(endpoint, endpoints.size()) && !good)
        good = endpoint;
    if (!good)
      return false;
    return upgrade_at(*good);
  }

private:
  void report(finding x) const {
    out_(x);
  }

  // Returns what to connect to: the proxy, or the peer itself.
  host_and_port first_hop() const {
    if (cfg_.proxy.url.empty())
      return {peer_.host, peer_.port};
    return parse_proxy_url(cfg_.proxy.url)->host;
  }

  std::vector<tcp::endpoint> resolve(const host_and_port& name) const {
    asio::io_context ctx;
    tcp::resolver resolver{ctx};
    error_code failure;
    auto begin = steady::now();
    auto found = resolver.resolve(name.host, std::to_string(name.port),
                                  failure);
    auto took = since(begin);
    std::vector<tcp::endpoint> result;
    std::string addresses;
    for (auto& x : found) {
      result.push_back(x.endpoint());
      addresses += (addresses.empty() ? "" : ", ")
                   + x.endpoint().address().to_string();
    }
    if (failure)
      report({"dns", verdict::problem, name.host + ": " + failure.message(),
              "check the spelling of the name, and the name servers in "
              "/etc/resolv.conf",
              took});
    else
      report({"dns", verdict::ok, name.host + " is " + addresses, "", took});
    return result;
  }

  // Connects to one address.
  bool dial(timed_io& io, const tcp::endpoint& to) const {
    auto failure
      = io.run([&](auto handler) { io.stream().async_connect(to, handler); });
    if (failure)
      dial_problem_ = failure;
    return !failure;
  }

  // Returns whether one address of `count` can be used.
  bool reach(const tcp::endpoint& to, size_t count) {
    timed_io io{cfg_.handshake_timeout};
    if (dial(io, to)) {
      report({"tcp", verdict::ok, text_of(to) + " accepts", "", io.took()});
      return true;
    }
    auto is_only = count == 1;
    report({"tcp", is_only ? verdict::problem : verdict::warning,
            text_of(to) + ": " + dial_problem_.message(),
            remedy_for(dial_problem_), io.took()});
    return false;
  }

  std::string remedy_for(const error_code& problem) const {
    if (problem == asio::error::connection_refused)
      return "nothing listens there: check the port, and whether the server "
             "runs";
    if (problem == asio::error::network_unreachable
        || problem == asio::error::host_unreachable)
      return "this machine has no route there; other addresses are tried "
             "first next time";
    return "a firewall may drop it: check the network, and whether it takes a "
           "proxy (--proxy)";
  }

  // Opens a tunnel if there is a proxy.
  bool tunnel(timed_io& io) const {
    if (cfg_.proxy.url.empty())
      return true;
    auto target = peer_;
    if (needs_address(cfg_.proxy, target)) {
      auto found = resolve({target.host, target.port});
      if (found.empty())
        return false;
      // As clients do.
      auto pos = std::ranges::find_if(found, [](auto& x) {
        return x.address().is_v4();
      });
      auto& chosen = pos != found.end() ? *pos : found.front();
      target.host = chosen.address().to_string();
    }
    auto begin = steady::now();
    auto problem = shake_hands(io, target);
    auto took = since(begin);
    auto proxy = describe(cfg_.proxy);
    if (problem)
      report({"proxy", verdict::problem, proxy + ": " + to_string(problem),
              explain(problem).remedy, took});
    else
      report({"proxy", verdict::ok,
              proxy + " opens a tunnel to " + target.authority(), "", took});
    return !problem;
  }

  error shake_hands(timed_io& io, const url& target) const {
    auto made = proxy_handshake::make(cfg_.proxy, target,
                                      cfg_.max_header_bytes);
    if (!made)
      return made.error();
    auto& handshake = **made;
    auto begin = steady::now();
    while (!handshake.is_open()) {
      if (since(begin) > cfg_.handshake_timeout)
        return {ec::handshake_timeout, "the proxy does not come to an end"};
      auto output = handshake.take_output();
      auto failure = io.run([&](auto handler) {
        asio::async_write(io.stream(), asio::buffer(output), handler);
      });
      // One by one: later bytes are not the proxy's.
      char byte = 0;
      if (!failure)
        failure = io.run([&](auto handler) {
          asio::async_read(io.stream(), asio::buffer(&byte, 1), handler);
        });
      if (failure)
        return {ec::proxy_failed, failure.message()};
      auto taken = handshake.read({&byte, 1});
      if (!taken)
        return taken.error();
    }
    return {};
  }

  bool upgrade_at(const tcp::endpoint& to) {
    timed_io io{cfg_.handshake_timeout};
    if (!dial(io, to) || !tunnel(io))
      return false;
    if (!peer_.secure())
      return upgrade(io, io.stream());
    auto context = make_lenient_context(cfg_.tls);
    if (!context) {
      report({"tls", verdict::problem, context.error().detail,
              "check the files of --ca, --cert and --key"});
      return false;
    }
    boost::beast::ssl_stream<boost::beast::tcp_stream&> secured{io.stream(),
                                                                *context};
    expect_peer(secured.native_handle(), peer_);
    auto failure = io.run([&](auto handler) {
      secured.async_handshake(asio::ssl::stream_base::client, handler);
    });
    if (failure) {
      report({"tls", verdict::problem, failure.message(),
              "check that the port speaks TLS 1.2 or later, and whether the "
              "server wants a certificate of ours (--cert)",
              io.took()});
      return false;
    }
    auto trusted = true;
    check_certificate(secured.native_handle(), peer_, [&](const finding& x) {
      trusted = trusted && x.outcome != verdict::problem;
      out_(x);
    });
    // Headers may be secrets, which somebody else must not get.
    if (!trusted && cfg_.tls.verify == tls_verify::peer)
      return false;
    return upgrade(io, secured);
  }

  http::request<http::empty_body> upgrade_request() const {
    http::request<http::empty_body> result{http::verb::get, peer_.target, 11};
    result.set(http::field::host, peer_.host_header());
    result.set(http::field::upgrade, "websocket");
    result.set(http::field::connection, "Upgrade");
    result.set(http::field::sec_websocket_version, "13");
    // Any 16 bytes, in base64: the answer is judged by the client, later.
    result.set(http::field::sec_websocket_key, "emVud3MgZG9jdG9yICEhIQ==");
    for (auto& x : cfg_.headers)
      result.set(x.name, x.value);
    for (auto& x : cfg_.subprotocols)
      result.insert(http::field::sec_websocket_protocol, x);
    return result;
  }

  template <class Stream>
  bool upgrade(timed_io& io, Stream& stream) const {
    auto request = upgrade_request();
    auto sent_at = std::chrono::system_clock::now();
    auto failure = io.run(
      [&](auto handler) { http::async_write(stream, request, handler); });
    http::response_parser<http::string_body> parser;
    boost::beast::flat_buffer buffer;
    if (!failure)
      failure = io.run([&](auto handler) {
        http::async_read_header(stream, buffer, parser, handler);
      });
    if (failure) {
      report({"upgrade", verdict::problem, failure.message(),
              "check that this is the port of a WebSocket server: ws:// and "
              "wss:// mostly have different ones",
              io.took()});
      return false;
    }
    auto& answer = parser.get();
    check_peer_clock(answer[http::field::date], sent_at, io.took(), out_);
    return judge(answer, io.took());
  }

  bool judge(const http::response<http::string_body>& answer,
             std::chrono::microseconds took) const {
    if (answer.result_int() == 101) {
      report({"upgrade", verdict::ok, "accepted", "", took});
      return true;
    }
    auto refusal = std::make_shared<upgrade_refusal>();
    refusal->status = answer.result_int();
    refusal->reason = std::string{answer.reason()};
    refusal->sent_credentials = !cfg_.headers.empty();
    error reason{.code = ec::upgrade_refused, .refusal = std::move(refusal)};
    report({"upgrade", verdict::problem, to_string(reason),
            explain(reason).remedy, took});
    return false;
  }

  const client_config& cfg_;
  url peer_;
  const finding_sink& out_;
  mutable error_code dial_problem_;
};

} // namespace

bool check_peer(const client_config& cfg, const finding_sink& out) {
  return peer_check{cfg, *parse_url(cfg.url), out}.run();
}

} // namespace zenws::tool
