// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE venue_members

#include "zenws/venue/internal/venue_members.hpp"

#include "support/unit_test.hpp"

#include <array>
#include <string>

using namespace std::string_view_literals;
using namespace zenws;
using namespace zenws::internal;

namespace {

std::string merged(std::string request, std::string_view members,
                   const member_rules& rules = {}) {
  auto result = with_venue_members(std::move(request), members, rules);
  return result ? *result : to_string(result.error());
}

} // namespace

CAF_TEST(members are added as they are written) {
  CAF_CHECK_EQUAL(merged(R"({"a":1})",
                         R"( { "b" : [ 1e-3 , {"a":2} ] ,"m\"p":"\u0061" } )"),
                  R"({"a":1,"b":[ 1e-3 , {"a":2} ],"m\"p":"\u0061"})");
  CAF_CHECK_EQUAL(merged("{}", R"({"b":null})"), R"({"b":null})");
}

CAF_TEST(no members change nothing) {
  for (auto nothing : {"", "{}", " { } "})
    CAF_CHECK_EQUAL(merged(R"({"a":1,"b":"x"})", nothing),
                    R"({"a":1,"b":"x"})");
  CAF_CHECK_EQUAL(merged("{}", "{}"), "{}");
}

CAF_TEST(members of the request win however the others are spelled) {
  CAF_CHECK_EQUAL(merged(R"({"a":1})", R"({"\u0061":2,"b":3})"),
                  R"({"a":1,"b":3})");
}

CAF_TEST(defaults are replaced) {
  constexpr std::array defaults{"a"sv, "b"sv};
  member_rules rules{.defaults = defaults};
  CAF_CHECK_EQUAL(merged(R"({"a":1,"b":2,"c":3})", R"({"c":4,"\u0061":5})",
                         rules),
                  R"({"b":2,"c":3,"\u0061":5})");
  CAF_CHECK_EQUAL(merged(R"({"c":3})", R"({"b":2})", rules),
                  R"({"c":3,"b":2})");
}

CAF_TEST(reserved names are left out although the request lacks them) {
  constexpr std::array reserved{"b"sv};
  CAF_CHECK_EQUAL(merged(R"({"a":1})", R"({"b":2,"c":3})",
                         {.reserved = reserved}),
                  R"({"a":1,"c":3})");
}

CAF_TEST(what is no object of JSON with unique names is refused) {
  for (auto bad : {" "sv,
                   "x"sv,
                   "null"sv,
                   "7"sv,
                   R"("a")"sv,
                   "[]"sv,
                   "{"sv,
                   R"({"a"})"sv,
                   R"({"a":})"sv,
                   R"({"a":1,})"sv,
                   R"({"a":1}})"sv,
                   R"({"a":1}x)"sv,
                   R"({"a":1}{"b":2})"sv,
                   "{a:1}"sv,
                   R"({"a":[01]})"sv,
                   R"({"a":[1,]})"sv,
                   R"({"a":{"b":1]})"sv,
                   R"({"a":{"b":tru}})"sv,
                   R"({"a":1.})"sv,
                   "{\"a\":1}\0"sv,
                   "{\"a\":\0 1}"sv,
                   "{\"\xff\":1}"sv,
                   "{\"a\":[\"\xff\"]}"sv,
                   R"({"\ud800":1})"sv,
                   R"({"a":["\udc00"]})"sv,
                   R"({"a":1,"\u0061":1})"sv,
                   R"({"a":[{"b":1,"b":1}]})"sv})
    CAF_CHECK_EQUAL(merged("{}", bad),
                    "invalid_config: venue_members is not an object of JSON "
                    "with unique names");
  CAF_CHECK_EQUAL(merged("{}", R"({"a":{"a":1},"b":{"a":1}})"),
                  R"({"a":{"a":1},"b":{"a":1}})");
}

CAF_TEST(values may be nested as deep as the text allows) {
  constexpr size_t depth = 100'000;
  auto deep = R"({"a":)" + std::string(depth, '[') + std::string(depth, ']')
              + '}';
  CAF_CHECK(merged("{}", deep) == deep);
}

CAF_TEST(a problem of the request remains) {
  auto result = with_venue_members(error{ec::invalid_message, "x"}, "[]");
  CAF_CHECK_EQUAL(to_string(result.error()), "invalid_message: x");
}
