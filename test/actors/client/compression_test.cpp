// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE compression

#include "authority_file.hpp"
#include "core/connection/compressed_frames.hpp"
#include "support/raw_peer.hpp"
#include "support/unit_test.hpp"
#include "support/world.hpp"

#include <boost/beast/websocket/detail/hybi13.hpp>

#include <random>

using namespace zenws;
using namespace zenws::test_support;

namespace {

/// Text of `size` bytes that compresses, though not to nothing.
std::string ticker(size_t size, unsigned seed) {
  std::mt19937 random{seed};
  std::string result;
  while (result.size() < size)
    result += "{\"price\":" + std::to_string(random() % 1000) + "},";
  result.resize(size);
  return result;
}

std::string zeros(size_t size) {
  std::string result;
  result.resize(size);
  return result;
}

/// A text frame with the compressed bytes of a message.
std::string compressed_frame(const std::string& message) {
  return peer::frame(0xc1, peer::compressor{}(message));
}

/// Accepts an upgrade, and agrees to these extensions.
std::string accept_with_extensions(const std::string& request,
                                   const std::string& extensions) {
  namespace detail = boost::beast::websocket::detail;
  constexpr std::string_view field = "Sec-WebSocket-Key: ";
  auto pos = request.find(field) + field.size();
  detail::sec_ws_accept_type accept;
  detail::make_sec_ws_accept(
    accept, request.substr(pos, request.find("\r\n", pos) - pos));
  return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
         "Connection: Upgrade\r\nSec-WebSocket-Accept: "
         + std::string{accept.data(), accept.size()}
         + "\r\nSec-WebSocket-Extensions: " + extensions + "\r\n\r\n";
}

client_config offering(const std::string& url) {
  auto result = quick(url);
  result.compression.offer = true;
  return result;
}

struct fixture : world {
  /// Sends messages of many sizes and both kinds and checks that they come
  /// back, in order. Calls `after_each` after sending one.
  void check_echo(
    client_config config,
    const std::function<void()>& after_each = [] { /* nop */ }) {
    config.max_outbound_bytes = 1 << 24;
    auto [uut, in] = connect_collecting(*this, std::move(config));
    CAF_REQUIRE(ask<uint64_t>(uut, await_ready{}));
    std::vector<std::string> sent;
    for (unsigned i = 0; i < 200; ++i)
      sent.push_back(ticker(i * i * 2, i));
    for (size_t size : {1536u, 65535u, 65536u, 1'000'000u})
      sent.push_back(ticker(size, 1));
    for (auto& x : sent) {
      caf_compat::tell(*self, uut, send_text{x});
      caf_compat::tell(*self, uut, send_binary{x});
      after_each();
    }
    CAF_REQUIRE(in->wait_for_messages(2 * sent.size()));
    auto got = in->messages();
    size_t wrong = 0;
    for (size_t i = 0; i < got.size(); ++i) {
      auto kind = i % 2 == 0 ? message_kind::text : message_kind::binary;
      wrong += got[i].kind != kind || got[i].payload != sent[i / 2];
    }
    CAF_CHECK_EQUAL(wrong, 0u);
    CAF_CHECK_EQUAL(tell(uut, close_client{}), caf::none);
  }

  /// Connects with compression, lets the server send raw bytes, and returns the
  /// reason of the connection's end and our close code.
  std::pair<error, uint16_t> end_after(const std::string& bytes,
                                       size_t max_message) {
    auto server = start_server({.deflate = true});
    auto config = offering(server->url("/broadcast"));
    config.max_message_bytes = max_message;
    auto [uut, in] = connect_collecting(*this, config);
    CAF_REQUIRE(in->wait_for_state(client_state::ready));
    server->send_bytes(bytes);
    auto lost = in->wait_for_event([](const client_event& x) {
      return x.epoch == 1 && x.state != client_state::ready && x.reason;
    });
    uint16_t code = 0;
    server->wait_for(
      [&](const sim::received_message& x) {
        if (x.kind == sim::message_kind::close)
          code = x.close_code;
        return code != 0;
      },
      patience);
    CAF_CHECK(in->wait_for_state(client_state::ready, 2));
    caf::anon_send_exit(uut, caf::exit_reason::user_shutdown);
    return {lost ? lost->reason : error{}, code};
  }

  /// Returns the reason for not accepting a server with these extensions.
  error reason_with(const std::string& extensions, bool offer = true) {
    raw_peer peer{[=](auto& request) {
      return accept_with_extensions(request, extensions);
    }};
    auto config = quick(peer.url());
    config.compression.offer = offer;
    auto [uut, in] = connect_collecting(*this, config);
    auto failed = in->wait_for_event([](const client_event& x) {
      return x.state == client_state::backing_off && x.reason;
    });
    caf::anon_send_exit(uut, caf::exit_reason::user_shutdown);
    return failed ? failed->reason : error{};
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(compression_tests, fixture)

CAF_TEST(messages of all sizes are compressed both ways) {
  auto server = start_server({.deflate = true});
  check_echo(offering(server->url("/echo")));
  CAF_CHECK_GREATER(server->stats().compressed_total, 300u);
}

CAF_TEST(messages are compressed below TLS) {
  auto server
    = start_server({.transport = sim::transport::tls, .deflate = true});
  authority_file ca{*server};
  auto config = offering(server->url("/echo"));
  config.tls.ca_file = ca.path();
  check_echo(config);
  CAF_CHECK_GREATER(server->stats().compressed_total, 300u);
}

CAF_TEST(messages are compressed on every term there is) {
  auto server = start_server({.deflate = true});
  for (auto terms :
       {compression_config{.client_window_bits = 9, .server_window_bits = 9},
        compression_config{.client_no_context_takeover = true,
        .server_no_context_takeover = true},
        compression_config{.min_message_bytes = 0}}) {
    auto config = quick(server->url("/echo"));
    config.compression = terms;
    config.compression.offer = true;
    check_echo(config);
  }
}

CAF_TEST(pings amid compressed messages are written whole) {
  auto server = start_server({.deflate = true});
  check_echo(offering(server->url("/echo")), [&] { server->ping("beat"); });
  CAF_CHECK_GREATER(server->stats().pongs_received_total, 200u);
}

CAF_TEST(small messages go uncompressed) {
  auto server = start_server({.deflate = true});
  auto [uut, in] = connect_collecting(*this, offering(server->url("/echo")));
  CAF_REQUIRE(ask<uint64_t>(uut, await_ready{}));
  CAF_CHECK_EQUAL(tell(uut, send_text{ticker(1023, 1)}), caf::none);
  CAF_CHECK(in->wait_for_messages(1));
  CAF_CHECK_EQUAL(server->stats().compressed_total, 0u);
  CAF_CHECK_EQUAL(tell(uut, send_text{ticker(1024, 1)}), caf::none);
  CAF_CHECK(in->wait_for_messages(2));
  CAF_CHECK_EQUAL(server->stats().compressed_total, 1u);
  auto got = in->messages();
  CAF_CHECK_EQUAL(got[1].payload, ticker(1024, 1));
}

CAF_TEST(compressed and uncompressed messages keep their order) {
  auto server = start_server({.deflate = true});
  auto [uut, in] = connect_collecting(*this, offering(server->url("/echo")));
  CAF_REQUIRE(ask<uint64_t>(uut, await_ready{}));
  for (int i = 0; i < 100; ++i) {
    auto text = std::to_string(i);
    CAF_CHECK_EQUAL(tell(uut, send_text{text}), caf::none); // comes compressed
    CAF_CHECK(in->wait_for_messages(static_cast<size_t>(2 * i + 1)));
    server->broadcast(text, "/echo"); // comes uncompressed
    CAF_REQUIRE(in->wait_for_messages(static_cast<size_t>(2 * i + 2)));
  }
  size_t wrong = 0;
  auto got = in->messages();
  for (size_t i = 0; i < got.size(); ++i)
    wrong += got[i].payload != std::to_string(i / 2);
  CAF_CHECK_EQUAL(wrong, 0u);
}

CAF_TEST(a server without compression serves us as well) {
  auto server = start_server();
  check_echo(offering(server->url("/echo")));
}

// CVE-2026-1526, CVE-2026-43970
CAF_TEST(a bomb is too big a message) {
  auto bomb = compressed_frame(zeros(100'000'000));
  CAF_REQUIRE_LESS(bomb.size(), 100'000u);
  auto [reason, code] = end_after(bomb, 1 << 20);
  CAF_CHECK_EQUAL(reason.code, ec::message_too_big);
  CAF_CHECK_EQUAL(code, 1009u);
  // The same in one segment, which Beast never sees.
  auto small = compressed_frame(zeros(10'000'000));
  CAF_REQUIRE_LESS(small.size(), 20'000u);
  std::tie(reason, code) = end_after(small, 1 << 20);
  CAF_CHECK_EQUAL(reason.code, ec::message_too_big);
  CAF_CHECK_EQUAL(code, 1009u);
}

CAF_TEST(data that cannot be decompressed fails the connection) {
  auto [reason, code] = end_after(std::string("\xc1\x01\x07", 3), 1 << 20);
  CAF_CHECK_EQUAL(reason.code, ec::protocol_error);
  CAF_CHECK_EQUAL(code, 1007u);
}

CAF_TEST(compressed text of invalid UTF8 fails the connection) {
  auto [reason, code] = end_after(compressed_frame("a\xff"), 1 << 20);
  CAF_CHECK_EQUAL(reason.code, ec::invalid_utf8);
  CAF_CHECK_EQUAL(code, 1007u);
}

CAF_TEST(a server must not answer extensions that were not offered) {
  for (auto answer :
       {"permessage-deflate; server_max_window_bits=7", "x-other",
        "permessage-deflate; unknown", "permessage-deflate;;",
        "permessage-deflate\r\nSec-WebSocket-Extensions: permessage-deflate"})
    CAF_CHECK_EQUAL(reason_with(answer).code, ec::upgrade_invalid);
  CAF_CHECK_EQUAL(reason_with("permessage-deflate", false).code,
                  ec::upgrade_invalid);
}

CAF_TEST_FIXTURE_SCOPE_END()
