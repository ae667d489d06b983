// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE order_numbers

#include "zenws/trading/order_numbers.hpp"

#include "support/unit_test.hpp"

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

using namespace zenws;
using namespace zenws::trading;

namespace {

// The last one of nine digits: "zzzzzzzzz".
constexpr uint64_t largest = 101'559'956'668'415;

/// Returns an id as text.
std::string written(std::string_view owner, uint64_t number) {
  return std::string{order_numbers{std::string{owner}}.id_of(number).view()};
}

/// Returns the number that an owner reads in an id, "none" if it is not his.
std::string read(std::string_view owner, std::string_view id) {
  auto result = order_numbers{std::string{owner}}.number_of(
    client_order_id::make(id).value());
  return result ? std::to_string(*result) : "none";
}

bool is_owner(std::string_view name) {
  return !order_numbers::check(name);
}

} // namespace

// -- ids ----------------------------------------------------------------------

CAF_TEST(an id is the owner and a number of nine digits) {
  CAF_CHECK_EQUAL(written("desk", 0), "desk000000000");
  CAF_CHECK_EQUAL(written("desk", 1), "desk000000001");
  CAF_CHECK_EQUAL(written("desk", 35), "desk00000000z");
  CAF_CHECK_EQUAL(written("desk", 36), "desk000000010");
  CAF_CHECK_EQUAL(written("desk", largest), "deskzzzzzzzzz");
  order_numbers uut{"desk"};
  CAF_CHECK_EQUAL(uut.owner(), "desk");
}

CAF_TEST(an id has 18 characters at most) {
  CAF_CHECK_EQUAL(written("ninechars", largest).size(), 18u);
}

CAF_TEST(a number comes back from its id) {
  for (std::string_view owner : {"a", "7", "desk", "ninechars"})
    for (uint64_t x :
         {uint64_t{0}, uint64_t{1}, uint64_t{35}, uint64_t{36},
          uint64_t{1'000'000}, uint64_t{4'294'967'296}, largest - 1, largest})
      CAF_CHECK_EQUAL(read(owner, written(owner, x)), std::to_string(x));
}

CAF_TEST(ids rise with their numbers) {
  order_numbers uut{"desk"};
  for (uint64_t x :
       {uint64_t{0}, uint64_t{9}, uint64_t{35}, uint64_t{1295}, largest - 1})
    CAF_CHECK(uut.id_of(x) < uut.id_of(x + 1));
}

CAF_TEST(a number of more than nine digits has no id of another owner) {
  // The first one is "a1000000000", which is also a1's number 0.
  for (auto x : {largest + 1, std::numeric_limits<uint64_t>::max()}) {
    CAF_CHECK_EQUAL(read("a1", written("a", x)), "none");
    CAF_CHECK_EQUAL(read("a", written("a", x)), "none");
  }
}

// -- owners -------------------------------------------------------------------

CAF_TEST(ids of other owners have no number) {
  CAF_CHECK_EQUAL(read("desk", written("risk", 1)), "none");
  CAF_CHECK_EQUAL(read("desk", "mine"), "none");
  CAF_CHECK_EQUAL(read("desk", "000000001"), "none");
  CAF_CHECK_EQUAL(read("desk", ""), "none");
}

CAF_TEST(an owner may begin with the name of another one) {
  CAF_CHECK_EQUAL(read("a", written("ab", 1)), "none");
  CAF_CHECK_EQUAL(read("ab", written("a", 1)), "none");
  // The number of a begins with the rest of ab's name.
  CAF_CHECK_EQUAL(read("ab", "ab0000000"), "none");
  CAF_CHECK_EQUAL(read("ab", "ab00000000"), "none");
  CAF_CHECK_EQUAL(read("a", "ab00000000"), std::to_string(31032208982016));
  CAF_CHECK_EQUAL(read("a", written("aa", largest)), "none");
  CAF_CHECK_EQUAL(read("desk", written("desk1", 1)), "none");
}

CAF_TEST(an id has one spelling) {
  CAF_CHECK_EQUAL(read("desk", "desk00000000a"), "10");
  CAF_CHECK_EQUAL(read("desk", "desk00000000A"), "none");
  CAF_CHECK_EQUAL(read("desk", "DESK00000000a"), "none");
  CAF_CHECK_EQUAL(read("desk", "desk0000000 1"), "none");
  CAF_CHECK_EQUAL(read("desk", "desk-00000001"), "none");
  CAF_CHECK_EQUAL(read("desk", "desk+00000001"), "none");
  CAF_CHECK_EQUAL(read("desk", "desk0000000.1"), "none");
  CAF_CHECK_EQUAL(read("desk", "desk00000000\xc3"), "none");
}

CAF_TEST(an id has exactly nine digits) {
  CAF_CHECK_EQUAL(read("desk", "desk"), "none");
  CAF_CHECK_EQUAL(read("desk", "desk1"), "none");
  CAF_CHECK_EQUAL(read("desk", "desk00000001"), "none");
  CAF_CHECK_EQUAL(read("desk", "desk0000000001"), "none");
  CAF_CHECK_EQUAL(read("desk", "desk00000000100000000000000000000000"), "none");
}

CAF_TEST(an owner has 1 to 9 small letters and digits) {
  CAF_CHECK(is_owner("a"));
  CAF_CHECK(is_owner("7"));
  CAF_CHECK(is_owner("desk1"));
  CAF_CHECK(is_owner("ninechars"));
  for (auto name : {"", "tencharact", "Desk", "desk_1", "de sk", "desk-",
                    "d\xc3\xa9sk", "desk/", "desk{"})
    CAF_CHECK(!is_owner(name));
  CAF_CHECK(!is_owner(std::string_view{"de\0sk", 5}));
  CAF_CHECK_EQUAL(order_numbers::check("Desk").code, ec::invalid_config);
  CAF_CHECK(!order_numbers::check("Desk").detail.empty());
}
