#include "zenws/testing/mock_exchange.hpp"

// Tells whether an engine is back after it has lost its connection.
bool recovers(const std::function<void(std::string url)>& start_engine) {
  zenws::testing::mock_exchange venue; // an ephemeral port of the loopback
  auto subscribes = zenws::testing::json_with(R"({"method":"public/subscribe"})");
  start_engine(venue.url("/ws/api/v2")); // speaks as Deribit does
  if (!venue.assert_sent(subscribes))
    return false;
  venue.inject_message(R"({"jsonrpc":"2.0","method":"what is that?"})");
  venue.clear();
  venue.drop();
  return venue.assert_sent(subscribes);
}
