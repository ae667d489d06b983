// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE market_reader

#include "zenws/market/internal/market_reader.hpp"

#include "support/unit_test.hpp"

#include <chrono>
#include <string>
#include <string_view>

using namespace zenws;
using namespace zenws::internal;

namespace {

struct inner {
  market::decimal price{};
};

struct sample {
  uint64_t id = 0;
  std::optional<market::decimal> amount{};
  bool is_open = false;
  inner own{};
  inner* other = nullptr;
};

constexpr member<sample> sample_members[] = {
  {"id", into<&sample::id>, presence::required},
  {"unneeded"},
  {"amount", into<&sample::amount>},
  {"price", into<&sample::own, &inner::price>, presence::required},
  {"other", into<&sample::other, &inner::price>},
  {"is_open", into<&sample::is_open>},
};

struct outcome {
  sample content{};
  inner other{};
  error problem{};
};

outcome read(std::string_view text) {
  outcome result;
  result.content.other = &result.other;
  market_reader in{text};
  in.read_object<sample_members>(result.content);
  result.problem = in.problem();
  return result;
}

market::decimal number(std::string_view text) {
  return market::decimal::parse(text).value();
}

// Long enough for names to be compared as a whole up to the end.
constexpr std::string_view tail
  = R"(,"later":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"})";

} // namespace

CAF_TEST(members are read in any order) {
  for (
    std::string_view text : {
      R"({"id":1,"unneeded":[2],"amount":"3.5","price":4,"other":5,"is_open":true)",
      R"({"is_open":true,"other":5,"price":4,"amount":"3.5","unneeded":{},"id":1)",
      R"({"price":4,"id":1,"is_open":true,"amount":"3.5","other":5)",
    })
    for (auto end : {std::string_view{"}"}, tail})
      for (int again = 0; again < 2; ++again) {
        auto x = read(std::string{text} + std::string{end});
        CAF_REQUIRE_EQUAL(to_string(x.problem), to_string(error{}));
        CAF_CHECK_EQUAL(x.content.id, 1u);
        CAF_CHECK(x.content.amount == number("3.5"));
        CAF_CHECK(x.content.own.price == number("4"));
        CAF_CHECK(x.other.price == number("5"));
        CAF_CHECK(x.content.is_open);
      }
}

CAF_TEST(other spellings of JSON mean the same) {
  for (std::string_view text : {
         "{ \"id\" : 7 , \"price\" : 1 ",
         "{\n\t\"price\":\r\n1,\"id\":\n7\n",
         R"({"\u0069d":7,"pri\u0063e":1)",
       })
    for (auto end : {std::string_view{"}"}, tail}) {
      auto x = read(std::string{text} + std::string{end});
      CAF_REQUIRE_EQUAL(to_string(x.problem), to_string(error{}));
      CAF_CHECK_EQUAL(x.content.id, 7u);
      CAF_CHECK(x.content.own.price == number("1"));
    }
}

CAF_TEST(similar names are not taken for known ones) {
  auto x = read(R"({"id":1,"ids":2,"price":3,"prices":4,"Price":5})");
  CAF_REQUIRE_EQUAL(to_string(x.problem), to_string(error{}));
  CAF_CHECK_EQUAL(x.content.id, 1u);
  CAF_CHECK(x.content.own.price == number("3"));
}

CAF_TEST(a member that is missing is named) {
  auto x = read(R"({"id":1,"amount":2})");
  CAF_CHECK(x.problem.code == ec::invalid_data);
  CAF_CHECK_EQUAL(x.problem.detail, "\"price\" is missing");
}

CAF_TEST(a member of another type is named) {
  auto x = read(R"({"id":1,"price":[],"amount":2})");
  CAF_CHECK(x.problem.code == ec::invalid_data);
  CAF_CHECK_EQUAL(x.problem.detail, "\"price\" is not a number");
}

CAF_TEST(malformed text is told as such) {
  for (std::string_view text : {
         R"({"id":1,"price":2)",
         R"({"id":1,"price":2,)",
         R"({"id":1 "price":2})",
         R"({"id":1,"price":2,"unneeded"})",
         R"({"id":1,"price":2,"unneeded":})",
         R"({"id":1,"price":2,"unneeded":x})",
         R"({"id":1,"price":2,unneeded:3})",
         R"({"id":1,"price":2}})",
       })
    CAF_CHECK(read(text).problem.code == ec::invalid_json);
}

CAF_TEST(integers of any size are read as they are) {
  for (uint64_t value :
       {0ull, 7ull, 12345678ull, 123456789ull, 1700000000000ull,
        9999999999999999ull, 12345678901234567ull, 18446744073709551615ull})
    for (auto end : {std::string_view{"}"}, tail}) {
      auto text = "{\"price\":1,\"id\":" + std::to_string(value);
      auto x = read(text + std::string{end});
      CAF_REQUIRE_EQUAL(to_string(x.problem), to_string(error{}));
      CAF_CHECK_EQUAL(x.content.id, value);
    }
  for (std::string_view wrong :
       {"18446744073709551616", "-1", "1.5", "1e3", "01", "\"\"", "null"}) {
    auto text = "{\"price\":1,\"id\":" + std::string{wrong};
    CAF_CHECK(read(text + std::string{tail}).problem);
  }
}

CAF_TEST(texts and times may be null) {
  market_reader in{R"([null,"x",null,"","1700000000123",1700000000123,"?"])"};
  in.enter_array();
  auto text = [&] {
    in.expect_element();
    return std::string{in.optional_text()};
  };
  auto milliseconds = [&] {
    in.expect_element();
    return in.optional_time().time_since_epoch() / std::chrono::milliseconds{1};
  };
  CAF_CHECK_EQUAL(text(), "");
  CAF_CHECK_EQUAL(text(), "x");
  for (auto expected : {0L, 0L, 1'700'000'000'123, 1'700'000'000'123})
    CAF_CHECK_EQUAL(milliseconds(), expected);
  milliseconds();
  CAF_CHECK(in.problem().code == ec::invalid_data);
}
