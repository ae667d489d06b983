// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE independent_server

#include "support/unit_test.hpp"
#include "support/world.hpp"

#include <cstdio>

using namespace zenws;
using namespace zenws::test_support;

namespace {

/// The echo server of python3-websockets, in a process of its own.
class python_server {
public:
  explicit python_server(const std::string& argument = {}) {
    auto command = "exec /usr/bin/python3 '" ZENWS_INDEPENDENT_SERVER "' "
                   + argument;
    pipe_ = popen(command.c_str(), "r");
    if (pipe_ == nullptr || std::fscanf(pipe_, "%u", &port_) != 1)
      throw std::runtime_error{"cannot start python3-websockets; install the "
                               "package of that name"};
  }

  python_server(const python_server&) = delete;

  python_server& operator=(const python_server&) = delete;

  /// Waits for the process: a test must have sent "quit".
  ~python_server() {
    pclose(pipe_);
  }

  std::string url() const {
    return "ws://127.0.0.1:" + std::to_string(port_) + "/";
  }

private:
  FILE* pipe_ = nullptr;
  unsigned port_ = 0;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(independent_server_tests, world)

CAF_TEST(an independent server understands us and we understand it) {
  python_server server;
  auto config = quick(server.url());
  config.subprotocols = {"zenws.test"};
  config.max_outbound_bytes = 1 << 24;
  auto [uut, in] = connect_collecting(*this, config);
  CAF_REQUIRE(ask<uint64_t>(uut, await_ready{}));
  // All length encodings, and both kinds.
  for (size_t size : {0u, 1u, 125u, 126u, 65535u, 65536u, 1'000'000u}) {
    auto text = std::string(size, 't');
    CAF_CHECK_EQUAL(tell(uut, send_text{text}), caf::none);
    CAF_CHECK(in->wait_for_text(text));
    auto bytes = std::string(size, '\xfe');
    CAF_CHECK_EQUAL(tell(uut, send_binary{bytes}), caf::none);
    CAF_CHECK(in->wait_for_text(bytes));
  }
  CAF_CHECK_EQUAL(tell(uut, send_text{"ping me"}), caf::none);
  CAF_CHECK(in->wait_for_text("ponged"));
  CAF_CHECK_EQUAL(tell(uut, send_text{"fragments"}), caf::none);
  CAF_CHECK(in->wait_for_text("one two three"));
  CAF_CHECK_EQUAL(tell(uut, send_text{"close 1012"}), caf::none);
  auto closed = in->wait_for_event(
    [](const client_event& x) { return x.reason.code == ec::closed_by_peer; });
  CAF_REQUIRE(closed);
  CAF_CHECK_EQUAL(closed->reason.close_code, 1012u);
  CAF_CHECK_EQUAL(closed->reason.detail, "service restart");
  CAF_REQUIRE(in->wait_for_state(client_state::ready, 2));
  CAF_CHECK_EQUAL(tell(uut, send_text{"quit"}), caf::none);
  CAF_CHECK_EQUAL(tell(uut, close_client{}), caf::none);
}

CAF_TEST(an independent server compresses and decompresses as we do) {
  python_server server{"deflate"};
  auto config = quick(server.url());
  config.compression = {.offer = true, .min_message_bytes = 1};
  config.max_outbound_bytes = 1 << 24;
  auto [uut, in] = connect_collecting(*this, config);
  CAF_REQUIRE(ask<uint64_t>(uut, await_ready{}));
  size_t n = 0;
  for (size_t size : {0u, 1u, 125u, 1000u, 65535u, 65536u, 1'000'000u}) {
    std::string text;
    while (text.size() < size)
      text += "{\"size\":" + std::to_string(text.size() * size % 977) + '}';
    CAF_CHECK_EQUAL(tell(uut, send_text{text}), caf::none);
    CAF_CHECK_EQUAL(tell(uut, send_binary{text}), caf::none);
    n += 2;
    CAF_REQUIRE(in->wait_for_messages(n));
    CAF_CHECK(in->messages()[n - 2].payload == text);
    CAF_CHECK(in->messages()[n - 1].payload == text);
  }
  CAF_CHECK_EQUAL(tell(uut, send_text{"fragments"}), caf::none);
  CAF_CHECK(in->wait_for_text("one two three"));
  CAF_CHECK_EQUAL(tell(uut, send_text{"ping me"}), caf::none);
  CAF_CHECK(in->wait_for_text("ponged"));
  CAF_CHECK_EQUAL(tell(uut, send_text{"quit"}), caf::none);
  CAF_CHECK_EQUAL(tell(uut, close_client{}), caf::none);
}

CAF_TEST_FIXTURE_SCOPE_END()
