// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE json_value

#include "zenws/json/json_value.hpp"

#include "zenws/json/internal/json_cursor.hpp"

#include "support/seed.hpp"
#include "support/unit_test.hpp"

#include <memory>
#include <random>
#include <string>
#include <vector>

using namespace zenws;
using namespace zenws::internal;
using namespace zenws::test_support;

namespace {

/// Returns the only value of a text, absent if it is malformed.
json_value whole(std::string_view text) {
  json_cursor in{text};
  auto result = in.value();
  return in.finish() ? result : json_value{};
}

std::string unescaped(std::string_view text) {
  return whole(text).string().value_or("none");
}

std::string quoted(std::string_view text) {
  return quoted_json(text).value_or("none");
}

/// A copy that ends where its memory ends, for the sanitizers to see.
struct exact_text {
  explicit exact_text(std::string_view text)
    : size(text.size()), bytes(new char[size]) {
    text.copy(bytes.get(), size);
  }

  std::string_view view() const {
    return {bytes.get(), size};
  }

  size_t size;
  std::unique_ptr<char[]> bytes;
};

/// Returns the end of a container as a simple loop finds it.
size_t expected_end(std::string_view text) {
  size_t depth = 0;
  bool in_string = false;
  for (size_t i = 0; i < text.size(); ++i) {
    auto c = text[i];
    if (in_string && c == '\\')
      ++i;
    else if (c == '"')
      in_string = !in_string;
    else if (!in_string && (c == '[' || c == '{'))
      ++depth;
    else if (!in_string && (c == ']' || c == '}') && --depth == 0)
      return i + 1;
  }
  return 0;
}

size_t actual_end(std::string_view text) {
  auto end = find_container_end(text.data(), text.data() + text.size());
  return end != nullptr ? static_cast<size_t>(end - text.data()) : 0;
}

size_t portable_end(std::string_view text) {
  auto end = portable_container_end(text.data(), text.data() + text.size());
  return end != nullptr ? static_cast<size_t>(end - text.data()) : 0;
}

/// Returns a container that may not end, of characters that matter.
std::string random_container(std::mt19937_64& rng) {
  auto text = std::string(1 + rng() % 20, rng() % 2 == 0 ? '[' : '{');
  std::string_view characters = R"([]{}"ab, 12xxxxxxxxxxxxx\)";
  auto count = characters.size() - rng() % 3; // mostly without escapes
  for (auto size = rng() % 400; size > 0; --size)
    text += characters[rng() % count];
  if (rng() % 2 == 0)
    text.append(20, ']');
  return text;
}

} // namespace

// -- values -------------------------------------------------------------------

CAF_TEST(each value is known by its kind) {
  struct row {
    std::string_view text;
    json_kind kind;
  };
  std::vector<row> table{
    {"null", json_kind::null},       {"true", json_kind::boolean},
    {"false", json_kind::boolean},   {"0", json_kind::number},
    {"-1.5e+10", json_kind::number}, {R"("x")", json_kind::string},
    {" [ ] ", json_kind::array},     {"\t{\n}\r", json_kind::object},
  };
  for (const auto& [text, kind] : table)
    CAF_CHECK_EQUAL(to_string(whole(text).kind), to_string(kind));
}

CAF_TEST(text without a value is refused) {
  std::vector<std::string_view> table{
    "",       " ",    "nul",
    "nulll",  "True", "01",
    "+1",     ".5",   "5.",
    "1e",     "1e+",  "-",
    "--1",    "NaN",  "'x'",
    "\"",     "\"x",  "\"\\",
    "\"\\",   "[",    "{",
    "]",      "[]]",  "{}, 1",
    "\"\n\"", "[\"]", "\xef\xbb\xbf{}",
  };
  for (auto text : table)
    CAF_CHECK(!whole(exact_text{text}.view()));
}

CAF_TEST(an integer is one only if it is written as one and fits) {
  CAF_CHECK(whole("9223372036854775807").integer() == INT64_MAX);
  CAF_CHECK(whole("-9223372036854775808").integer() == INT64_MIN);
  CAF_CHECK(whole("-0").integer() == 0);
  for (auto text : {"9223372036854775808", "1.0", "1e3", R"("1")", "null"})
    CAF_CHECK(whole(text).integer() == std::nullopt);
  CAF_CHECK(whole(std::string(5'000, '9')).integer() == std::nullopt);
}

CAF_TEST(escapes are resolved) {
  CAF_CHECK_EQUAL(unescaped(R"("plain")"), "plain");
  CAF_CHECK_EQUAL(unescaped(R"("\u0069d")"), "id");
  CAF_CHECK_EQUAL(unescaped(R"("\"\\\/\b\f\n\r\t")"), "\"\\/\b\f\n\r\t");
  CAF_CHECK_EQUAL(unescaped(R"("\u00e9\u20AC")"), "\xc3\xa9\xe2\x82\xac");
  CAF_CHECK_EQUAL(unescaped(R"("\ud83d\ude00")"), "\xf0\x9f\x98\x80");
  CAF_CHECK(whole(R"("a\u0000b")").string() == std::string("a\0b", 3));
}

CAF_TEST(escapes that make no sense resolve to nothing) {
  for (auto text : {R"("\x")", R"("\u12")", R"("\u12g4")", R"("\ud83d")",
                    R"("\ud83dx")", R"("\ud83d\u0041")", R"("\ude00")"}) {
    auto value = whole(text);
    CAF_CHECK(value.kind == json_kind::string);
    CAF_CHECK(value.string() == std::nullopt);
    CAF_CHECK(!value.is(""));
  }
}

CAF_TEST(quoting is the opposite of resolving) {
  std::string all;
  for (int c = 0; c < 128; ++c)
    all += static_cast<char>(c);
  auto text = quoted(all + "\xc3\xa9");
  CAF_CHECK_EQUAL(unescaped(text), all + "\xc3\xa9");
  CAF_CHECK_EQUAL(quoted("a/b\"\n\x01"), R"("a/b\"\n\u0001")");
  CAF_CHECK_EQUAL(quoted("\xff"), "none");
}

// -- members and elements -----------------------------------------------------

CAF_TEST(a member is found by its name at the top only) {
  constexpr std::string_view text
    = R"({"a":{"b":1},"\u0062":"two","b":3,"c":[{"d":4}]})";
  CAF_CHECK_EQUAL(find_member(text, "b").text, "two");
  CAF_CHECK_EQUAL(find_member(text, "a").text, R"({"b":1})");
  CAF_CHECK(!find_member(text, "d"));
  for (auto other : {"", "[]", "5", R"({"b")", R"({"b":)", R"({"b":x})"})
    CAF_CHECK(!find_member(other, "b"));
}

CAF_TEST(an array is taken apart) {
  auto uut = elements_of(R"([1, "]", [2,3] ,{"x":"\"}"}])");
  CAF_REQUIRE(uut.has_value());
  CAF_REQUIRE_EQUAL(uut->size(), 4u);
  CAF_CHECK_EQUAL((*uut)[1].text, "]");
  CAF_CHECK_EQUAL((*uut)[2].text, "[2,3]");
  CAF_CHECK_EQUAL((*uut)[3].text, R"({"x":"\"}"})");
  CAF_CHECK(elements_of(" [ ] ")->empty());
  for (auto text : {"", "{}", "[1,]", "[,1]", "[1 2]", "[1", "[1]]", "[1}"})
    CAF_CHECK(elements_of(text).error().code == ec::invalid_json);
}

// -- nesting ------------------------------------------------------------------

CAF_TEST(blocks look the same however they are looked at) {
  std::mt19937_64 rng{choose_seed()};
  for (int i = 0; i < 10'000; ++i) {
    char block[64];
    for (auto& c : block)
      c = rng() % 2 == 0 ? static_cast<char>(rng()) : "[]{}\"\\;:"[rng() % 8];
    CAF_CHECK(load_json_block(block) == portable_json_block(block));
  }
}

CAF_TEST(containers end where a simple loop sees them end) {
  std::mt19937_64 rng{choose_seed()};
  for (int i = 0; i < 20'000; ++i) {
    auto text = random_container(rng);
    exact_text exact{text};
    CAF_REQUIRE_EQUAL(actual_end(exact.view()), expected_end(text));
    CAF_REQUIRE_EQUAL(portable_end(exact.view()), expected_end(text));
  }
}

CAF_TEST(numbers end where something else begins) {
  for (std::string_view number : {"0", "-1.5E+10", "12345678901234567890"})
    for (std::string_view after : {",", "]", "}", " ", "\n", "\"", ""}) {
      exact_text exact{std::string{number} + std::string{after}};
      auto text = exact.view();
      auto end = find_number_end(text.data(), text.data() + text.size());
      CAF_CHECK_EQUAL(static_cast<size_t>(end - text.data()), number.size());
    }
}

CAF_TEST(bytes are equal however they are compared) {
  std::mt19937_64 rng{choose_seed()};
  for (int i = 0; i < 10'000; ++i) {
    char x[32];
    char y[32];
    for (size_t j = 0; j < 32; ++j) {
      x[j] = static_cast<char>(rng());
      y[j] = rng() % 4 != 0 ? x[j] : static_cast<char>(rng());
    }
    CAF_CHECK_EQUAL(equal_bytes(x, y), portable_equal_bytes(x, y));
  }
}

CAF_TEST(nesting costs no stack) {
  constexpr size_t depth = 1'000'000;
  auto open = std::string(depth, '[');
  auto closed = open + std::string(depth, ']');
  CAF_CHECK(!whole(open));
  CAF_CHECK_EQUAL(whole(closed).text.size(), closed.size());
}
