// SPDX-License-Identifier: BSD-3-Clause

// Uses both libraries as a project does that knows the installed files only.

#include "zenws/actors/all.hpp"
#include "zenws/all.hpp"
#include "zenws/testing/mock_exchange.hpp"

#include <cstdlib>
#include <iostream>

int main() {
  auto url = zenws::parse_url("wss://example.org:8443/stream?key=secret");
  if (!url) {
    std::cerr << "*** parse_url refused a valid URL\n";
    return EXIT_FAILURE;
  }
  std::cout << "core: " << url->redacted() << '\n';
  zenws::system_config cfg;
  caf::actor_system sys{cfg};
  zenws::runtime rt{sys};
  auto client = rt.connect({.config = {.url = "https://example.org"}});
  if (client) {
    std::cerr << "*** connect accepted a URL that is not ws:// or wss://\n";
    return EXIT_FAILURE;
  }
  std::cout << "actors: " << zenws::to_text(client.error()) << '\n';
  zenws::testing::mock_exchange venue;
  std::cout << "testing: " << venue.url() << '\n';
  return EXIT_SUCCESS;
}
