#include "bitget_dialect.hpp"

#include "zenws/actors/all.hpp"

#include <iostream>

// Prints the trades of a venue that zenws does not know.
caf::behavior printer(caf::event_based_actor*, int) {
  return {
    [](const zenws::message_batch& batch) {
      for (auto msg : batch)
        std::cout << msg.payload << std::endl;
    },
    [](const zenws::client_event& event) {
      std::cout << describe(event) << std::endl;
    },
  };
}

int main(int argc, char** argv) {
  using namespace std::chrono_literals;
  zenws::system_config cfg;
  caf::actor_system sys{cfg};
  zenws::runtime rt{sys};
  zenws::client_spec spec{
    .name = "bitget",
    .config = {.url = argc > 1 ? argv[1] : "wss://ws.bitget.com/v2/ws/public"},
    .dialect = [] { return std::make_unique<bitget_dialect>(); },
  };
  auto client = rt.connect(spec);
  if (!client) {
    std::cerr << zenws::to_text(client.error()) << std::endl;
    return EXIT_FAILURE;
  }
  caf::scoped_actor self{sys};
  auto subscriber = sys.spawn(printer, 0);
  self
    ->request(*client, 30s,
              zenws::subscribe_channels{{{.name = "trade:BTCUSDT"}},
                                        subscriber})
    .receive(
      [](const zenws::channel_report& report) {
        for (auto& x : report.outcomes)
          std::cout << x.channel << ": " << to_string(x.kind) << std::endl;
      },
      [&](const caf::error& err) {
        std::cerr << zenws::to_text(err) << std::endl;
      });
  std::cin.get();
}
