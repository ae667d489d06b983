// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE address_memory

#include "zenws/connection/address_memory.hpp"

#include "support/unit_test.hpp"

#include <algorithm>

using namespace zenws;

namespace {

const host_and_port host{"exchange.invalid", 443};

/// Returns the addresses a, b and c in the order in which they are tried.
std::string order(const address_memory& uut) {
  std::string result = "abc";
  std::stable_sort(result.begin(), result.end(), [&](char x, char y) {
    return uut.rank(host, {&x, 1}) < uut.rank(host, {&y, 1});
  });
  return result;
}

} // namespace

CAF_TEST(addresses of which nothing is known keep their order) {
  address_memory uut;
  CAF_CHECK_EQUAL(order(uut), "abc");
}

CAF_TEST(the address that worked last comes first) {
  address_memory uut;
  uut.opened(host, "c");
  CAF_CHECK_EQUAL(order(uut), "cab");
  uut.opened(host, "b");
  CAF_CHECK_EQUAL(order(uut), "bca");
  uut.opened(host, "b");
  CAF_CHECK_EQUAL(order(uut), "bca");
}

CAF_TEST(an address that failed in any step comes behind the others) {
  for (auto step : {address_step::connect, address_step::tunnel,
                    address_step::tls, address_step::upgrade}) {
    address_memory uut;
    uut.failed(host, "a", step);
    CAF_CHECK_EQUAL(order(uut), "bca");
    uut.failed(host, "b", step);
    CAF_CHECK_EQUAL(order(uut), "cab");
    uut.failed(host, "c", step);
    CAF_CHECK_EQUAL(order(uut), "abc");
  }
}

CAF_TEST(an address that accepts in vain comes behind those that refuse) {
  address_memory uut;
  uut.failed(host, "a", address_step::tls);
  uut.failed(host, "b", address_step::connect);
  CAF_CHECK_EQUAL(order(uut), "cba");
  CAF_CHECK(uut.rank(host, "a").accepts_in_vain);
  CAF_CHECK(!uut.rank(host, "b").accepts_in_vain);
}

CAF_TEST(success ends a failure and failure ends a success) {
  address_memory uut;
  uut.failed(host, "a", address_step::upgrade);
  uut.opened(host, "a");
  CAF_CHECK_EQUAL(order(uut), "abc");
  uut.failed(host, "a", address_step::connect);
  CAF_CHECK_EQUAL(order(uut), "bca");
}

CAF_TEST(hosts and ports are told apart) {
  address_memory uut;
  uut.failed({"exchange.invalid", 80}, "a", address_step::connect);
  uut.failed({"other.invalid", 443}, "a", address_step::connect);
  CAF_CHECK_EQUAL(order(uut), "abc");
}

CAF_TEST(the addresses of long ago are forgotten) {
  address_memory uut;
  uut.opened(host, "b");
  for (size_t i = 1; i < address_memory::max_addresses; ++i)
    uut.failed(host, std::to_string(i), address_step::connect);
  CAF_CHECK_EQUAL(order(uut), "bac");
  uut.failed(host, "one more", address_step::connect);
  CAF_CHECK_EQUAL(order(uut), "abc");
}
