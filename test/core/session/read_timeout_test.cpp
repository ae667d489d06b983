// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE read_timeout

#include "zenws/session/read_timeout.hpp"

#include "support/unit_test.hpp"

using namespace std::chrono_literals;
using namespace zenws;

namespace {

struct fixture {
  read_timeout uut{10s};
  read_timeout::time_point now{1h};
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(read_timeout_tests, fixture)

CAF_TEST(a timeout runs from its start to its stop) {
  CAF_CHECK(!uut.due());
  uut.start(now);
  CAF_CHECK(uut.due() == now + 10s);
  uut.stop();
  CAF_CHECK(!uut.due());
}

CAF_TEST(a delivery postpones a timeout but starts none) {
  uut.delivered(now);
  CAF_CHECK(!uut.due());
  uut.start(now);
  uut.delivered(now + 4s);
  CAF_CHECK(uut.due() == now + 14s);
}

CAF_TEST(a connection that is not read is given its time anew) {
  uut.start(now);
  uut.reading_paused();
  CAF_CHECK(!uut.due());
  uut.reading_resumed(now + 1h);
  CAF_CHECK(uut.due() == now + 1h + 10s);
}

CAF_TEST(a timeout that is started in a pause waits for its end) {
  uut.reading_paused();
  uut.start(now);
  CAF_CHECK(!uut.due());
  uut.reading_resumed(now + 1s);
  CAF_CHECK(uut.due() == now + 11s);
}

CAF_TEST(a pause ends with its connection) {
  uut.start(now);
  uut.reading_paused();
  uut.stop();
  uut.start(now + 1s);
  CAF_CHECK(uut.due() == now + 11s);
}

CAF_TEST(the end of a pause starts no timeout) {
  uut.reading_paused();
  uut.reading_resumed(now);
  CAF_CHECK(!uut.due());
}

CAF_TEST(a timeout of zero never comes) {
  uut = read_timeout{0s};
  uut.start(now);
  CAF_CHECK(!uut.due());
}

CAF_TEST_FIXTURE_SCOPE_END()
