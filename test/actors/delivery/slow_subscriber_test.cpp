// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE slow_subscriber

#include "support/let_go.hpp"
#include "support/scripted_peer.hpp"
#include "support/unit_test.hpp"
#include "support/venue_world.hpp"

#include <memory>
#include <string>
#include <vector>

using namespace zenws;
using namespace zenws::test_support;

namespace {

constexpr size_t flood = 400;

constexpr size_t budget = 64 * 1024;

// Sends much more than the budget of a subscriber, then answers calls.
scripted_peer::task flood_then_answer(scripted_peer::stream& client) {
  namespace beast = boost::beast;
  auto text = R"({"method":"news","params":{"x":")" + std::string(1'000, 'x')
              + R"("}})";
  for (size_t i = 0; i < flood; ++i)
    if (auto [code, n] = co_await client.async_write(boost::asio::buffer(text),
                                                     scripted_peer::tuple);
        code)
      co_return;
  for (;;) {
    beast::flat_buffer in;
    if (auto [code, n] = co_await client.async_read(in, scripted_peer::tuple);
        code)
      co_return;
    auto id = std::string{
      find_member(beast::buffers_to_string(in.data()), "id").text};
    auto answer = R"({"jsonrpc":"2.0","id":)" + id + R"(,"result":1})";
    if (auto [code, n] = co_await client.async_write(
          boost::asio::buffer(answer), scripted_peer::tuple);
        code)
      co_return;
  }
}

using batches = std::vector<message_batch>;

// A subscriber that lets go of nothing it gets before it is told.
caf::behavior holding(caf::event_based_actor*, inbox_ptr to) {
  auto held = std::make_shared<batches>();
  return {
    [=](const message_batch& batch) { held->push_back(batch); },
    [=](const client_event& event) { to->put(event); },
    [=](let_go) { held->clear(); },
  };
}

struct fixture : venue_world {
  scripted_peer peer{scripted_peer::serve_fun{flood_then_answer}};

  inbox_ptr slow_events = std::make_shared<inbox>();

  caf::actor slow = sys.spawn(holding, slow_events);

  inbox_ptr fast = std::make_shared<inbox>();

  client_actor connect(std::chrono::milliseconds max_pause) {
    client_spec spec{.config = quick(peer.url())};
    spec.config.venue.dialect = "json_rpc";
    spec.config.heartbeat.kind = heartbeat_kind::none;
    spec.config.max_reading_pause = max_pause;
    spec.subscribers = {{slow, {.budget_bytes = budget}},
                        {sys.spawn(collecting, fast)}};
    auto uut = rt.connect(std::move(spec));
    CAF_REQUIRE(uut);
    return *uut;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(slow_subscriber_tests, fixture)

// Pongs, answers and the reason of a close went unread for as long as one
// subscriber was slow, without a notification.
CAF_TEST(all are told of a slow subscriber and it loses its messages alone) {
  auto uut = connect(20ms);
  auto paused = fast->wait_for_kind(event_kind::reading_paused);
  CAF_REQUIRE(paused);
  CAF_CHECK(paused->detail.find("actor " + std::to_string(slow.id()))
            != std::string::npos);
  CAF_CHECK(fast->wait_for_kind(event_kind::reading_resumed));
  CAF_CHECK(fast->wait_for_messages(flood));
  caf_compat::tell(*self, slow, let_go{});
  CAF_CHECK(eventually([&] { return !status_of(uut).reading_paused; }));
  CAF_CHECK(ask<rpc_result>(uut, call{"anything"}));
  CAF_CHECK_EQUAL(status_of(uut).epoch, 1u);
}

CAF_TEST(an answer that is waited for ends the pause) {
  auto uut = connect(1h);
  CAF_REQUIRE(fast->wait_for_kind(event_kind::reading_paused));
  CAF_CHECK(status_of(uut).reading_paused);
  CAF_CHECK(ask<rpc_result>(uut, call{"anything"}));
  CAF_CHECK(!status_of(uut).reading_paused);
  CAF_CHECK(fast->wait_for_messages(flood));
}

CAF_TEST(a slow subscriber that catches up ends the pause without a loss) {
  auto uut = connect(1h);
  CAF_REQUIRE(fast->wait_for_kind(event_kind::reading_paused));
  while (fast->count() < flood) {
    caf_compat::tell(*self, slow, let_go{});
    status_of(uut);
  }
  CAF_CHECK_EQUAL(status_of(uut).messages_dropped, 0u);
}

CAF_TEST_FIXTURE_SCOPE_END()
