#define CAF_SUITE my_feed

#include "zenws/testing/mock_exchange.hpp"
#include "zenws/actors/all.hpp"

#include "caf/test/unit_test.hpp"

CAF_TEST(a feed has its channel again after it has lost its connection) {
  zenws::testing::mock_exchange venue; // an ephemeral port of the loopback
  auto subscribes
    = zenws::testing::json_with(R"({"method":"public/subscribe"})");
  zenws::system_config cfg;
  caf::actor_system sys{cfg};
  zenws::runtime rt{sys};
  auto feed = rt.connect(
    {.config = {.url = venue.url("/ws/api/v2"), // speaks as Deribit does
                .venue = {.dialect = "deribit"}}});
  CAF_REQUIRE(feed);
  zenws::anon_send(*feed,
                   zenws::subscribe_channels{
                     {{.name = "trades.BTC-PERPETUAL.100ms"}},
                     sys.spawn(
                       [](caf::event_based_actor*, int) {
                         return caf::behavior{[](const zenws::message_batch&) {},
                                              [](const zenws::client_event&) {}};
                       },
                       0)});
  CAF_REQUIRE(venue.assert_sent(subscribes));
  venue.inject_message(R"({"jsonrpc":"2.0","method":"what is that?"})");
  venue.clear();
  venue.drop();
  CAF_CHECK(venue.assert_sent(subscribes));
}
