// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE connection_end

#include "connection_fixture.hpp"

#include "support/unit_test.hpp"

using namespace zenws;
using namespace zenws::internal;
using namespace zenws::peer;

namespace {

struct fixture : connection_fixture {
  /// Connects to a peer that sends these frames and keeps TCP open.
  tcp_peer& connect(const std::string& frames = {}) {
    peers.push_back(std::make_unique<tcp_peer>(ctx, accepting(frames)));
    dial({peers.back()->address()});
    return *peers.back();
  }

  /// Runs until the client has closed its side and returns its frames.
  std::string frames_of_client(tcp_peer& peer) {
    run_until([&] { return peer.count() > 0 && peer.last().ended; });
    return peer.last().frames();
  }

  std::vector<std::unique_ptr<tcp_peer>> peers;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(connection_end_tests, fixture)

// -- a Close frame of the peer ------------------------------------------------

CAF_TEST(a Close frame is told at once although TCP stays open) {
  auto& peer = connect(text("last") + close_frame(1008, "Pong timeout"));
  CAF_CHECK_EQUAL(to_string(end()),
                  "closed_by_peer: Pong timeout (close code 1008)");
  auto n = log.lines.size();
  CAF_REQUIRE_GREATER(n, 2u);
  CAF_CHECK_EQUAL(log.lines[n - 2], "message last");
  CAF_CHECK_EQUAL(uut->send(message_kind::text, "too late"), ec::not_connected);
  // The connection finishes the closing handshake by itself.
  CAF_CHECK_EQUAL(frames_of_client(peer), close_frame(1008));
}

CAF_TEST(
  a connection whose end is told lives no longer than the close timeout) {
  cfg.close_timeout = 20ms;
  connect(close_frame(1000));
  CAF_CHECK_EQUAL(end().close_code, 1000);
  CAF_CHECK(run_until_gone());
}

CAF_TEST(a connection whose end is told goes when the peer closes TCP) {
  auto& peer = connect(close_frame(1000));
  end();
  CAF_REQUIRE(run_until([&] { return peer.last().ended; }));
  peer.last().socket.close();
  CAF_CHECK(run_until_gone());
}

CAF_TEST(a Close frame is told while the peer reads nothing) {
  cfg.close_timeout = 20ms;
  asio::ip::tcp::acceptor acceptor{ctx, {asio::ip::address_v4::loopback(), 0}};
  dial({acceptor.local_endpoint()});
  asio::ip::tcp::socket peer{ctx};
  acceptor.async_accept(peer, [](error_code) { /* nop */ });
  std::string request;
  CAF_REQUIRE(run_until([&] {
    char some[1024];
    error_code code;
    if (peer.is_open() && peer.available(code) > 0)
      request.append(some, peer.read_some(asio::buffer(some), code));
    return request.ends_with("\r\n\r\n");
  }));
  asio::write(peer, asio::buffer(response_to(request, {})));
  CAF_REQUIRE(run_until_open());
  // More than the buffers of both sockets hold.
  while (uut->send(message_kind::binary, std::string(100'000, 'x')) == ec::none)
    ctx.poll();
  CAF_REQUIRE_GREATER(uut->outbound_bytes(), 0u);
  asio::write(peer, asio::buffer(close_frame(1001)));
  CAF_CHECK_EQUAL(end().close_code, 1001);
  CAF_CHECK(run_until_gone());
}

CAF_TEST(a reset behind a Close frame does not hide it) {
  auto& peer = connect();
  CAF_REQUIRE(run_until_open());
  uut->pause_reading();
  peer.last().send(text("last") + close_frame(1008, "Pong timeout"));
  peer.last().reset();
  // Finds out that the connection is gone, which tells less.
  CAF_REQUIRE(run_until([&] {
    uut->ping("p");
    return log.end.has_value();
  }));
  CAF_CHECK_EQUAL(to_string(end()),
                  "closed_by_peer: Pong timeout (close code 1008)");
  CAF_CHECK(log.has("message last"));
}

CAF_TEST(each Close frame is told and answered as RFC 6455 wants it) {
  struct row {
    std::string frame;
    std::string told;
    int answer;
  };
  auto forbidden = [](int code) {
    return row{close_frame(code),
               "protocol_error: a Close frame with code " + std::to_string(code)
                 + ", which must not be sent (RFC 6455, section 7.4)",
               1002};
  };
  for (auto& [bytes, told, answer] : {
         row{close_frame(4000, "x"), "closed_by_peer: x (close code 4000)",
             4000},
         row{frame(0x88, ""), "closed_by_peer (without a close code)", 1000},
         row{
           frame(0x88, "\x03"),
           "protocol_error: a Close frame with half a code (RFC 6455, section "
           "5.5.1)",
           1002},
         row{
           close_frame(1000, "\xc3\x28"),
           "protocol_error: a Close frame with code 1000 and a reason that is "
           "not UTF-8 (RFC 6455, section 5.5.1)",
           1002},
         forbidden(0),
         forbidden(1005),
         forbidden(1006),
         forbidden(22373),
         forbidden(65535),
       }) {
    auto& peer = connect(text("before") + bytes);
    CAF_CHECK_EQUAL(to_string(end()), told);
    CAF_CHECK(log.has("message before"));
    CAF_CHECK_EQUAL(frames_of_client(peer), close_frame(answer));
  }
}

CAF_TEST(a Close frame that comes in pieces is told when it is whole) {
  auto bytes = close_frame(1001, "bye");
  for (size_t n = 1; n < bytes.size(); ++n) {
    auto& peer = connect(frame(0x89, "") + bytes.substr(0, n));
    CAF_REQUIRE(run_until([this] { return log.has("ping"); }));
    CAF_CHECK(!log.end);
    peer.last().send(bytes.substr(n));
    CAF_CHECK_EQUAL(to_string(end()), "closed_by_peer: bye (close code 1001)");
  }
}

// -- a peer that breaks the rules ---------------------------------------------

CAF_TEST(a violation of the protocol is told at once although TCP stays open) {
  struct row {
    std::string frames;
    ec code;
    int answer;
  };
  for (auto& [bytes, code, answer] : {
         row{frame(0x81, "masked", -1, true), ec::protocol_error, 1002},
         row{frame(0x83, "reserved"), ec::protocol_error, 1002},
         row{text("\xc3\x28"), ec::invalid_utf8, 1007},
         // Found by us and not by Beast.
         row{frame(0x01, "\xe2\x82") + frame(0x80, ""), ec::invalid_utf8, 1007},
       }) {
    auto& peer = connect(text("before") + bytes);
    CAF_CHECK_EQUAL(end().code, code);
    CAF_CHECK(log.has("message before"));
    CAF_CHECK_EQUAL(uut->send(message_kind::text, "x"), ec::not_connected);
    if (code == ec::protocol_error)
      CAF_CHECK_EQUAL(frames_of_client(peer), close_frame(answer));
    else
      CAF_CHECK(run_until([&, want = close_frame(answer)] {
        return peer.last().frames() == want;
      }));
  }
}

// -- a close of our own -------------------------------------------------------

CAF_TEST(the answer to our Close frame is the end although TCP stays open) {
  auto& peer = connect();
  CAF_REQUIRE(run_until_open());
  uut->send(message_kind::text, "last");
  uut->close(1000, "done");
  CAF_REQUIRE(run_until([&] {
    return peer.last().frames() == text("last") + close_frame(1000, "done");
  }));
  CAF_CHECK(!log.end);
  peer.last().send(text("crossed") + close_frame(1000));
  CAF_CHECK_EQUAL(to_string(end()), "none");
}

CAF_TEST(a Close frame that is not answered runs into the close timeout) {
  cfg.close_timeout = 20ms;
  connect();
  CAF_REQUIRE(run_until_open());
  uut->close(1000, {});
  CAF_CHECK_EQUAL(end().code, ec::close_timeout);
  CAF_CHECK(run_until_gone());
}

CAF_TEST(a loss of the connection is told as such) {
  auto& peer = connect();
  CAF_REQUIRE(run_until_open());
  peer.last().reset();
  CAF_CHECK_EQUAL(end().code, ec::connection_lost);
}

// -- received messages --------------------------------------------------------

CAF_TEST(bytes of all kinds of frames are counted) {
  auto first = text("first") + frame(0x89, "p");
  auto second = frame(0x8a, "pong") + text("second");
  auto& peer = connect(first);
  CAF_REQUIRE(run_until([this] { return log.has("ping"); }));
  CAF_CHECK_EQUAL(uut->bytes_received(), first.size());
  peer.last().send(second);
  CAF_REQUIRE(run_until([this] { return log.has("message second"); }));
  CAF_CHECK_EQUAL(uut->bytes_received(), first.size() + second.size());
}

CAF_TEST_FIXTURE_SCOPE_END()
