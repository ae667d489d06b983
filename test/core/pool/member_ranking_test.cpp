// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE member_ranking

#include "zenws/pool/member_ranking.hpp"

#include "support/seed.hpp"
#include "support/unit_test.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <random>
#include <vector>

using namespace zenws;
using namespace zenws::test_support;

namespace {

using ids = std::vector<uint64_t>;

// A slow model of the ranking.
class model {
public:
  void put(uint64_t member, uint8_t score) {
    auto i = scores_.find(member);
    if (i != scores_.end() && i->second == score)
      return;
    remove(member);
    scores_[member] = score;
    turns_[score].push_back(member);
  }

  void remove(uint64_t member) {
    auto i = scores_.find(member);
    if (i == scores_.end())
      return;
    std::erase(turns_[i->second], member);
    scores_.erase(i);
  }

  std::optional<uint64_t> take(const ids& tried) {
    for (int score = 100; score > 0; --score) {
      auto& turn = turns_[score];
      auto is_new = [&](uint64_t x) {
        return std::find(tried.begin(), tried.end(), x) == tried.end();
      };
      auto i = std::find_if(turn.begin(), turn.end(), is_new);
      if (i == turn.end())
        continue;
      auto result = *i;
      std::rotate(turn.begin(), i + 1, turn.end());
      return result;
    }
    return std::nullopt;
  }

private:
  std::map<uint64_t, uint8_t> scores_;
  std::map<int, std::deque<uint64_t>> turns_;
};

} // namespace

CAF_TEST(the best member comes first) {
  member_ranking uut;
  CAF_CHECK(!uut.take());
  uut.put(1, 50);
  uut.put(2, 90);
  uut.put(3, 0);
  CAF_CHECK(uut.take() == 2u);
  CAF_CHECK(uut.take() == 2u);
  uut.put(2, 10);
  CAF_CHECK(uut.take() == 1u);
}

CAF_TEST(equals take turns) {
  member_ranking uut;
  for (uint64_t i = 1; i <= 3; ++i)
    uut.put(i, 70);
  ids taken;
  for (int i = 0; i < 7; ++i)
    taken.push_back(*uut.take());
  CAF_CHECK_EQUAL(taken, (ids{1, 2, 3, 1, 2, 3, 1}));
}

CAF_TEST(a member of no worth is never taken) {
  member_ranking uut;
  uut.put(1, 0);
  CAF_CHECK(!uut.take());
}

CAF_TEST(members that were tried are passed over) {
  member_ranking uut;
  uut.put(1, 90);
  uut.put(2, 90);
  uut.put(3, 20);
  CAF_CHECK(uut.take(ids{1}) == 2u);
  CAF_CHECK(uut.take(ids{1, 2}) == 3u);
  CAF_CHECK(!uut.take(ids{1, 2, 3}));
}

CAF_TEST(random changes lead to the same result as the model) {
  std::mt19937_64 rng{choose_seed()};
  auto random = [&](int n) { return static_cast<int>(rng() % n); };
  for (int round = 0; round < 300; ++round) {
    member_ranking uut;
    model expected;
    for (int step = 0; step < 100; ++step) {
      auto member = 1 + static_cast<uint64_t>(random(6));
      if (auto choice = random(10); choice < 4) {
        auto score = static_cast<uint8_t>(random(4) * 33);
        uut.put(member, score);
        expected.put(member, score);
      } else if (choice < 5) {
        uut.remove(member);
        expected.remove(member);
      } else {
        ids tried;
        for (int i = random(3); i > 0; --i)
          tried.push_back(static_cast<uint64_t>(1 + random(6)));
        auto mine = uut.take(tried);
        auto theirs = expected.take(tried);
        if (mine != theirs)
          CAF_FAIL("taken " << mine.value_or(0) << ", expected "
                            << theirs.value_or(0));
      }
    }
  }
}
