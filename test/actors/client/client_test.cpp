// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE client

#include "support/unit_test.hpp"
#include "support/world.hpp"

using namespace zenws;
using namespace zenws::test_support;

namespace {

struct fixture : world {
  std::unique_ptr<sim::server> server = start_server();

  client_actor connect(const std::string& path = "/echo") {
    auto result = rt.connect({.config = quick(server->url(path))});
    CAF_REQUIRE(result);
    return *result;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(client_tests, fixture)

CAF_TEST(text and binary messages come back from an echo server) {
  auto uut = connect();
  auto [subscriber, in] = collect(uut);
  CAF_REQUIRE_EQUAL(ask<uint64_t>(uut, await_ready{}), 1u);
  CAF_CHECK_EQUAL(tell(uut, send_text{"hello"}), caf::none);
  CAF_CHECK_EQUAL(tell(uut, send_binary{std::string("\x00\xff", 2)}),
                  caf::none);
  CAF_REQUIRE(in->wait_for_messages(2));
  auto got = in->messages();
  CAF_CHECK_EQUAL(got[0].payload, "hello");
  CAF_CHECK(got[0].kind == message_kind::text);
  CAF_CHECK(got[1].kind == message_kind::binary);
  CAF_CHECK_EQUAL(got[1].payload.size(), 2u);
  CAF_CHECK_EQUAL(got[0].sequence, 1u);
  CAF_CHECK_EQUAL(got[1].sequence, 2u);
  CAF_CHECK_EQUAL(got[1].epoch, 1u);
}

CAF_TEST(a flood arrives whole and in order) {
  auto [uut, in] = connect_collecting(
    *this, quick(server->url("/flood?count=100000&size=128&close=no")));
  CAF_REQUIRE(in->wait_for_messages(100000));
  auto got = in->messages();
  CAF_CHECK_EQUAL(got.size(), 100000u);
  size_t wrong = 0;
  for (size_t i = 0; i < got.size(); ++i)
    wrong += got[i].sequence != i + 1 || got[i].payload.size() != 128;
  CAF_CHECK_EQUAL(wrong, 0u);
}

CAF_TEST(a client that loses its connection comes back by itself) {
  auto uut = connect();
  auto [subscriber, in] = collect(uut);
  CAF_REQUIRE(in->wait_for_state(client_state::ready, 1));
  server->apply(sim::fault_drop{});
  CAF_REQUIRE(in->wait_for_state(client_state::ready, 2));
  CAF_CHECK_EQUAL(tell(uut, send_text{"again"}), caf::none);
  CAF_CHECK(in->wait_for_text("again"));
}

CAF_TEST(closing ends a client normally) {
  auto uut = connect();
  CAF_REQUIRE(ask<uint64_t>(uut, await_ready{}));
  CAF_CHECK_EQUAL(tell(uut, close_client{1000, "done"}), caf::none);
  CAF_CHECK(caf_compat::is_orderly_exit(end_of(uut)));
}

CAF_TEST(a handle may live longer than the runtime) {
  client_actor uut;
  {
    runtime shorter{sys};
    auto client = shorter.connect({.config = quick("ws://127.0.0.1:1/")});
    CAF_REQUIRE(client);
    uut = *client;
  }
  CAF_CHECK_EQUAL(tell(uut, send_text{"x"}), ec::client_stopped);
}

CAF_TEST(sending without a connection is refused) {
  auto uut = rt.connect({.config = quick("ws://127.0.0.1:1/")});
  CAF_REQUIRE(uut);
  CAF_CHECK_EQUAL(tell(*uut, send_text{"x"}), ec::not_connected);
}

CAF_TEST_FIXTURE_SCOPE_END()
