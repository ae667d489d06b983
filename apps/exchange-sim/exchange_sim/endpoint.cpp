#include "exchange_sim/endpoint.hpp"

namespace zenws::sim {

endpoint::~endpoint() {
  // nop
}

void endpoint::opened() {
  // nop
}

void endpoint::received(const message&) {
  // nop
}

void endpoint::drained() {
  // nop
}

void endpoint::closed() {
  // nop
}

} // namespace zenws::sim
