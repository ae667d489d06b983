// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE market_short_text

#include "zenws/market/instrument_name.hpp"
#include "zenws/market/short_text.hpp"

#include "support/unit_test.hpp"

#include <string>
#include <type_traits>
#include <unordered_set>

using namespace zenws::market;

namespace {

using text = short_text<8>;

text make(std::string_view x) {
  return text::make(x).value();
}

} // namespace

CAF_TEST(a text of any size up to the largest is kept) {
  CAF_CHECK(text{}.empty());
  CAF_CHECK(text{} == "");
  CAF_CHECK(make("") == "");
  CAF_CHECK(make("ABC") == "ABC");
  CAF_CHECK(make("ABCDEFGH") == "ABCDEFGH");
  CAF_CHECK(!make("A").empty());
}

CAF_TEST(a text that is too long is refused and not cut) {
  CAF_CHECK(!text::make("ABCDEFGHI"));
  CAF_CHECK(!instrument_name::make(std::string(64, 'x')));
  // Its size would be the same in a byte.
  CAF_CHECK(!text::make(std::string(256, 'x')));
  CAF_CHECK(!text::make(std::string(260, 'x')));
}

CAF_TEST(any byte may be in a text) {
  std::string bytes{"a\0b\xff\"", 5};
  CAF_CHECK(make(bytes) == bytes);
  CAF_CHECK(make(bytes) != make("a"));
}

CAF_TEST(texts compare as strings) {
  CAF_CHECK(make("AB") == make("AB"));
  CAF_CHECK(make("AB") == "AB");
  CAF_CHECK(make("AB") != "ABC");
  CAF_CHECK(make("") < make("A"));
  CAF_CHECK(make("A") < make("AB"));
  CAF_CHECK(make("AB") < make("B"));
  CAF_CHECK(make("Z") < make("a"));
  CAF_CHECK(make("a") < make("\xff"));
}

CAF_TEST(a text can be a key) {
  std::unordered_set<text> keys{make("A"), make("B"), make("A")};
  CAF_CHECK_EQUAL(keys.size(), 2u);
  CAF_CHECK(keys.contains(make("B")));
  CAF_CHECK(!keys.contains(make("C")));
}

CAF_TEST(the name of an instrument is one line of the cache) {
  CAF_CHECK_EQUAL(sizeof(instrument_name), 64u);
  CAF_CHECK(std::is_trivially_copyable_v<instrument_name>);
}
