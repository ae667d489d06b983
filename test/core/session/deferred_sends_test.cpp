// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE deferred_sends

#include "zenws/session/deferred_sends.hpp"

#include "support/unit_test.hpp"

#include <string>
#include <vector>

using namespace std::chrono_literals;
using namespace zenws;

namespace {

using tokens = std::vector<uint64_t>;

struct fixture {
  static deferred_sends::item
  item(uint64_t token, std::chrono::seconds wait = 1s, size_t bytes = 0) {
    return {.token = token,
            .payload = std::string(bytes, 'x'),
            .deadline = start + wait};
  }

  void push_all(const std::vector<deferred_sends::item>& items) {
    for (auto& x : items)
      CAF_REQUIRE(uut.push(x));
  }

  tokens pop_all() {
    tokens result;
    while (!uut.empty())
      result.push_back(uut.pop().token);
    return result;
  }

  static constexpr deferred_sends::time_point start{1h};

  // Items that are empty themselves count as well.
  static constexpr size_t room_for_two = 2
                                         * (sizeof(deferred_sends::item) + 10);

  deferred_sends uut{1'000'000};
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(deferred_sends_tests, fixture)

CAF_TEST(sends leave in the order in which they came) {
  push_all({item(1), item(2), item(3)});
  CAF_CHECK_EQUAL(uut.size(), 3u);
  CAF_CHECK(pop_all() == tokens({1, 2, 3}));
}

CAF_TEST(a send that was put back is the next one) {
  push_all({item(1), item(2)});
  uut.put_back(uut.pop());
  CAF_CHECK(pop_all() == tokens({1, 2}));
}

CAF_TEST(the next deadline is the earliest wherever it stands) {
  CAF_CHECK(!uut.next_deadline());
  push_all({item(1, 5s), item(2, 2s), item(3, 9s)});
  CAF_CHECK(uut.next_deadline() == start + 2s);
}

CAF_TEST(sends expire at their deadline and the others keep their order) {
  push_all({item(1, 5s), item(2, 2s), item(3, 9s), item(4, 2s)});
  CAF_CHECK(uut.expire(start + 2s - 1ns).empty());
  CAF_CHECK(uut.expire(start + 2s) == tokens({2, 4}));
  CAF_CHECK(uut.next_deadline() == start + 5s);
  CAF_CHECK(pop_all() == tokens({1, 3}));
}

CAF_TEST(a clear returns all that waited) {
  push_all({item(1), item(2)});
  CAF_CHECK(uut.clear() == tokens({1, 2}));
  CAF_CHECK(uut.empty());
  CAF_CHECK(uut.clear().empty());
}

CAF_TEST(there is room for the limit and no byte more) {
  uut = deferred_sends{room_for_two};
  push_all({item(1, 1s, 10)});
  CAF_CHECK(!uut.push(item(2, 1s, 11)));
  CAF_CHECK(uut.push(item(3, 1s, 10)));
  CAF_CHECK(!uut.push(item(4)));
  CAF_CHECK(pop_all() == tokens({1, 3}));
}

CAF_TEST(parameters take room like payloads) {
  uut = deferred_sends{room_for_two};
  auto large = item(1);
  large.params = std::string(room_for_two, 'x');
  CAF_CHECK(!uut.push(large));
}

CAF_TEST(each message that leaves makes its room free) {
  uut = deferred_sends{room_for_two};
  auto full = [this] { return !uut.push(item(9, 9s, 10)); };
  auto fill = [this] { push_all({item(1, 1s, 10), item(2, 2s, 10)}); };
  fill();
  CAF_CHECK(full());
  uut.pop();
  CAF_CHECK(!full());
  uut.clear();
  fill();
  uut.expire(start + 1s);
  CAF_CHECK(!full());
  CAF_CHECK(full());
  // Messages put back take their room again.
  uut.put_back(uut.pop());
  CAF_CHECK(full());
}

CAF_TEST_FIXTURE_SCOPE_END()
