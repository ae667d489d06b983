// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/net/endpoint.hpp"

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

void endpoint::silence(std::string_view) {
  // nop
}

void endpoint::revoke(std::string_view, revocation) {
  // nop
}

void endpoint::send_malformed(std::string_view, breakage) {
  // nop
}

void endpoint::expire_listen_keys() {
  // nop
}

void endpoint::ping_interval_changed() {
  // nop
}

} // namespace zenws::sim
