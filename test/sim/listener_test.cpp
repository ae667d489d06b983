// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE listener

#include "sim_client.hpp"

#include "support/unit_test.hpp"

using namespace zenws;
using namespace zenws::test_support;

CAF_TEST(the port stays reserved while the exchange is gone) {
  auto uut = start_server();
  auto port_is_taken = [&] {
    return sim::server{{.port = uut->port()}}.start().has_value();
  };
  CAF_CHECK(port_is_taken());
  uut->stop_listening();
  CAF_CHECK(port_is_taken());
  CAF_CHECK(!uut->listen_again());
  sim_client{*uut, "/echo"}; // throws if it is refused
}
