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

void endpoint::pinged() {
  // nop
}

void endpoint::ponged(std::string_view) {
  // nop
}

void endpoint::ending() {
  // nop
}

void endpoint::drained() {
  // nop
}

void endpoint::closed() {
  // nop
}

} // namespace zenws::sim
