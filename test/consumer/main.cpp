// Uses both libraries the way a project does that only knows what is installed.

#include "zenws/url.hpp"

#include <cstdlib>
#include <iostream>

int main() {
  auto url = zenws::parse_url("wss://example.org:8443/stream?key=secret");
  if (!url) {
    std::cerr << "*** parse_url failed\n";
    return EXIT_FAILURE;
  }
  std::cout << url->redacted() << '\n';
  return EXIT_SUCCESS;
}
