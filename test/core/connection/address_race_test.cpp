// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE address_race

#include "zenws/connection/internal/address_race.hpp"

#include "support/unit_test.hpp"

#include <boost/asio/ip/address.hpp>

using namespace zenws;
using namespace zenws::internal;
using namespace std::chrono_literals;

namespace {

using texts = std::vector<std::string>;

const host_and_port host{"exchange.invalid", 443};

endpoint_type at(const std::string& address) {
  return {boost::asio::ip::make_address(address), 443};
}

address_plan plan_of(const texts& resolved, const address_memory& memory = {}) {
  std::vector<endpoint_type> addresses;
  for (auto& x : resolved)
    addresses.push_back(at(x));
  return {std::move(addresses), host, memory};
}

texts order_of(const address_plan& plan) {
  texts result;
  for (auto& x : plan.addresses)
    result.push_back(x.address().to_string());
  return result;
}

struct fixture {
  using clock = address_race::clock;

  /// A race with ten seconds of time.
  address_race race(size_t addresses, size_t suspects = 0) {
    return {addresses, suspects, start, start + 10s};
  }

  /// Returns the address that is tried after so much time, or -1.
  static int tried(address_race& uut, clock::duration after) {
    auto result = uut.next(clock::time_point{} + after);
    return result ? static_cast<int>(*result) : -1;
  }

  clock::time_point start{};
};

} // namespace

// -- the order ----------------------------------------------------------------

CAF_TEST(addresses are written with their ports) {
  CAF_CHECK_EQUAL(to_text(at("127.0.0.1")), "127.0.0.1:443");
  CAF_CHECK_EQUAL(to_text(at("::1")), "[::1]:443");
}

CAF_TEST(families alternate and the first one is preferred) {
  CAF_CHECK_EQUAL(
    order_of(plan_of({"::1", "::2", "::3", "1.0.0.1", "1.0.0.2"})),
    (texts{"::1", "1.0.0.1", "::2", "1.0.0.2", "::3"}));
  CAF_CHECK_EQUAL(order_of(plan_of({"1.0.0.1", "::1", "::2"})),
                  (texts{"1.0.0.1", "::1", "::2"}));
  CAF_CHECK_EQUAL(order_of(plan_of({"1.0.0.1"})), texts{"1.0.0.1"});
  CAF_CHECK_EQUAL(order_of(plan_of({})), texts{});
}

CAF_TEST(an address that comes twice is tried once) {
  CAF_CHECK_EQUAL(order_of(plan_of({"1.0.0.1", "1.0.0.2", "1.0.0.1"})),
                  (texts{"1.0.0.1", "1.0.0.2"}));
}

CAF_TEST(remembered results decide before the family) {
  address_memory memory;
  memory.opened(host, "[::2]:443");
  memory.failed(host, "1.0.0.1:443", address_step::connect);
  memory.failed(host, "[::1]:443", address_step::tls);
  auto uut = plan_of({"::1", "::2", "1.0.0.1", "1.0.0.2"}, memory);
  CAF_CHECK_EQUAL(order_of(uut), (texts{"::2", "1.0.0.2", "1.0.0.1", "::1"}));
  CAF_CHECK_EQUAL(uut.suspects, 1u);
}

CAF_TEST(an attempt tries a bounded number of addresses) {
  texts many;
  for (int i = 0; i < 100; ++i)
    many.push_back("1.0.0." + std::to_string(i));
  CAF_CHECK_EQUAL(plan_of(many).addresses.size(), address_plan::max_addresses);
}

// -- the time -----------------------------------------------------------------

CAF_TEST_FIXTURE_SCOPE(address_race_tests, fixture)

CAF_TEST(the next address is tried after the delay of RFC 8305) {
  auto uut = race(3);
  CAF_CHECK_EQUAL(tried(uut, 0ms), 0);
  CAF_CHECK_EQUAL(tried(uut, 0ms), -1);
  CAF_CHECK(uut.next_at() == start + 250ms);
  CAF_CHECK_EQUAL(tried(uut, 249ms), -1);
  CAF_CHECK_EQUAL(tried(uut, 260ms), 1);
  CAF_CHECK(uut.next_at() == start + 510ms);
  CAF_CHECK_EQUAL(tried(uut, 510ms), 2);
  CAF_CHECK(!uut.next_at());
  CAF_CHECK(!uut.lost());
}

CAF_TEST(the next address is tried at once when one fails) {
  auto uut = race(3);
  CAF_CHECK_EQUAL(tried(uut, 0ms), 0);
  uut.failed(start + 10ms);
  CAF_CHECK_EQUAL(tried(uut, 10ms), 1);
  CAF_CHECK_EQUAL(tried(uut, 260ms), 2);
  uut.failed(start + 300ms);
  CAF_CHECK(!uut.lost());
  uut.failed(start + 300ms);
  CAF_CHECK(uut.lost());
}

CAF_TEST(a suspect is tried when all others have failed) {
  auto uut = race(3, 1);
  CAF_CHECK_EQUAL(tried(uut, 0ms), 0);
  CAF_CHECK_EQUAL(tried(uut, 250ms), 1);
  uut.failed(start + 300ms);
  CAF_CHECK_EQUAL(tried(uut, 300ms), -1);
  uut.failed(start + 400ms);
  CAF_CHECK_EQUAL(tried(uut, 400ms), 2);
}

CAF_TEST(a suspect is tried when half of the time is used up) {
  auto uut = race(2, 1);
  CAF_CHECK_EQUAL(tried(uut, 0ms), 0);
  CAF_CHECK(uut.next_at() == start + 5s);
  CAF_CHECK_EQUAL(tried(uut, 5s), 1);
}

CAF_TEST(suspects are tried at once if there is nothing else) {
  auto uut = race(2, 2);
  CAF_CHECK_EQUAL(tried(uut, 0ms), 0);
  uut.failed(start + 10ms);
  CAF_CHECK_EQUAL(tried(uut, 10ms), 1);
}

CAF_TEST(a race without addresses is lost) {
  CAF_CHECK(race(0).lost());
}

CAF_TEST_FIXTURE_SCOPE_END()
