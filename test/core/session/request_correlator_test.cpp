// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE request_correlator

#include "zenws/session/request_correlator.hpp"

#include "support/seed.hpp"
#include "support/unit_test.hpp"

#include <algorithm>
#include <optional>
#include <random>
#include <set>
#include <tuple>
#include <vector>

using namespace std::chrono_literals;
using namespace zenws;
using namespace zenws::test_support;

namespace {

using tokens = std::vector<uint64_t>;

struct fixture {
  request_correlator uut{3};
  request_correlator::time_point now{1h};

  int64_t open(uint64_t token, request_correlator::duration patience = 10s) {
    return uut.open(token, now, now + patience).value();
  }

  ec failure_of(uint64_t token) {
    auto result = uut.open(token, now, now + 10s);
    return result ? ec::none : result.error().code;
  }

  ec set_aside(int64_t id) {
    return uut.set_aside(id).code;
  }

  /// Returns the token of the call that an answer settles, 0 if there is none.
  uint64_t resolve(int64_t id) {
    auto result = uut.resolve(id, now);
    return result ? result->token : 0;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(request_correlator_tests, fixture)

// -- answers ------------------------------------------------------------------

CAF_TEST(an answer settles its call and tells the round trip) {
  auto first = open(71);
  now += 5ms;
  auto second = open(72);
  CAF_CHECK_NOT_EQUAL(first, second);
  now += 30ms;
  auto settled = uut.resolve(first, now);
  CAF_REQUIRE(settled.has_value());
  CAF_CHECK_EQUAL(settled->token, 71u);
  CAF_CHECK(settled->round_trip == 35ms);
  CAF_CHECK_EQUAL(uut.pending(), 1u);
}

CAF_TEST(an answer that is late or repeated or unknown settles nothing) {
  auto late = open(71, 1s);
  auto once = open(72);
  CAF_CHECK_EQUAL(resolve(once), 72u);
  CAF_CHECK_EQUAL(resolve(once), 0u);
  now += 1s;
  uut.expire(now);
  CAF_CHECK_EQUAL(resolve(late), 0u);
  CAF_CHECK_EQUAL(resolve(4'711), 0u);
}

// -- ids ----------------------------------------------------------------------

CAF_TEST(ids are never used twice) {
  int64_t last = 0;
  for (int i = 0; i < 100; ++i) {
    auto id = open(1);
    CAF_CHECK(id > last);
    last = id;
    if (i % 2 == 0)
      uut.fail_all();
    else
      resolve(id);
  }
  request_correlator next{3, uut.next_id()};
  CAF_CHECK_EQUAL(next.open(1, now, now).value(), last + 1);
}

CAF_TEST(no call has an id that a user has put into a message) {
  CAF_CHECK_EQUAL(open(71), 1);
  CAF_CHECK_EQUAL(set_aside(3), ec::none);
  CAF_CHECK_EQUAL(set_aside(2), ec::none);
  CAF_CHECK_EQUAL(uut.next_id(), 4);
  CAF_CHECK_EQUAL(set_aside(6), ec::none);
  CAF_CHECK_EQUAL(open(72), 4);
  CAF_CHECK_EQUAL(open(73), 5);
  CAF_CHECK_EQUAL(uut.next_id(), 7);
  CAF_CHECK_EQUAL(resolve(2), 0u);
  CAF_CHECK_EQUAL(resolve(6), 0u);
}

CAF_TEST(a message must not have the id of a call under way) {
  auto id = open(71);
  CAF_CHECK_EQUAL(set_aside(id), ec::invalid_message);
  CAF_CHECK_EQUAL(resolve(id), 71u);
  CAF_CHECK_EQUAL(set_aside(id), ec::none);
  CAF_CHECK_EQUAL(set_aside(-3), ec::none);
}

CAF_TEST(no choice of ids takes memory without end or all ids) {
  for (size_t i = 0; i < request_correlator::max_foreign; ++i)
    CAF_REQUIRE_EQUAL(set_aside(INT64_MAX - static_cast<int64_t>(i)), ec::none);
  auto large = request_correlator::max_id;
  for (size_t i = 0; i < request_correlator::max_foreign; ++i)
    CAF_REQUIRE_EQUAL(set_aside(large - static_cast<int64_t>(i)), ec::none);
  // In a full table the nearest ids count.
  CAF_CHECK_EQUAL(set_aside(1), ec::none);
  CAF_CHECK_EQUAL(open(71), 2);
  uut = request_correlator{3, request_correlator::max_id};
  CAF_CHECK_EQUAL(open(71), request_correlator::max_id);
  CAF_CHECK_EQUAL(failure_of(72), ec::too_many_pending);
}

// -- limits -------------------------------------------------------------------

// The table grew without limit.
CAF_TEST(a full table takes no more calls) {
  auto id = open(71);
  open(72);
  open(73);
  CAF_CHECK_EQUAL(failure_of(74), ec::too_many_pending);
  CAF_CHECK_EQUAL(uut.pending(), 3u);
  resolve(id);
  CAF_CHECK_EQUAL(failure_of(74), ec::none);
}

CAF_TEST(a refused call leaves no trace) {
  open(71);
  auto before = uut.next_id();
  CAF_CHECK_EQUAL(failure_of(71), ec::already_exists);
  CAF_CHECK_EQUAL(uut.next_id(), before);
  CAF_CHECK_EQUAL(uut.fail_all(), tokens{71});
  CAF_CHECK_EQUAL(uut.expire(now + 24h), tokens{});
}

// -- deadlines ----------------------------------------------------------------

// Calls had no deadline of their own.
CAF_TEST(each call expires at its own deadline) {
  CAF_CHECK(uut.next_deadline() == std::nullopt);
  open(71, 3s);
  open(72, 1s);
  open(73, 2s);
  CAF_CHECK(uut.next_deadline() == now + 1s);
  CAF_CHECK_EQUAL(uut.expire(now + 999ms), tokens{});
  CAF_CHECK_EQUAL(uut.expire(now + 1s), tokens{72});
  CAF_CHECK(uut.next_deadline() == now + 2s);
  CAF_CHECK_EQUAL(uut.expire(now + 1h), (tokens{73, 71}));
  CAF_CHECK(uut.next_deadline() == std::nullopt);
}

// -- ends ---------------------------------------------------------------------

// Guards against pending requests that survived the connection.
CAF_TEST(a disconnect returns every call once) {
  auto id = open(71);
  open(72);
  resolve(id);
  open(73);
  CAF_CHECK_EQUAL(uut.fail_all(), (tokens{72, 73}));
  CAF_CHECK_EQUAL(uut.fail_all(), tokens{});
  CAF_CHECK_EQUAL(uut.expire(now + 1h), tokens{});
  CAF_CHECK(uut.next_deadline() == std::nullopt);
}

CAF_TEST(a cancelled call is settled by nothing) {
  auto id = open(71);
  CAF_CHECK(uut.cancel(71));
  CAF_CHECK(!uut.cancel(71));
  CAF_CHECK_EQUAL(resolve(id), 0u);
  CAF_CHECK_EQUAL(uut.pending(), 0u);
  CAF_CHECK_EQUAL(failure_of(71), ec::none);
}

CAF_TEST_FIXTURE_SCOPE_END()

// -- model --------------------------------------------------------------------

namespace {

/// A correlator as simple as can be: a list.
struct model {
  struct call {
    int64_t id;
    uint64_t token;
    request_correlator::time_point sent;
    request_correlator::time_point deadline;
  };

  size_t max_pending;
  int64_t next_id;
  std::vector<call> calls{};
  std::set<int64_t> foreign{};

  template <class Predicate>
  std::optional<call> take(Predicate pred) {
    auto pos = std::find_if(calls.begin(), calls.end(), pred);
    if (pos == calls.end())
      return std::nullopt;
    auto result = *pos;
    calls.erase(pos);
    return result;
  }

  bool open(const call& added) {
    auto same = [&](const call& x) {
      return x.id == added.id || x.token == added.token;
    };
    if (calls.size() == max_pending
        || std::any_of(calls.begin(), calls.end(), same))
      return false;
    calls.push_back(added);
    ++next_id;
    skip();
    return true;
  }

  bool set_aside(int64_t id) {
    auto same = [id](const call& x) { return x.id == id; };
    if (std::any_of(calls.begin(), calls.end(), same))
      return false;
    foreign.insert(id);
    skip();
    return true;
  }

  void skip() {
    while (foreign.count(next_id) > 0)
      ++next_id;
  }

  tokens expire(request_correlator::time_point now) {
    std::sort(calls.begin(), calls.end(), [](const call& x, const call& y) {
      return std::tie(x.deadline, x.id) < std::tie(y.deadline, y.id);
    });
    tokens result;
    while (!calls.empty() && calls.front().deadline <= now) {
      result.push_back(calls.front().token);
      calls.erase(calls.begin());
    }
    return result;
  }

  tokens fail_all() {
    std::sort(calls.begin(), calls.end(),
              [](const call& x, const call& y) { return x.id < y.id; });
    tokens result;
    for (const auto& x : calls)
      result.push_back(x.token);
    calls.clear();
    return result;
  }
};

/// Does the same to both and compares the results.
struct model_run {
  explicit model_run(uint64_t seed) : rng(seed) {
    // nop
  }

  void step() {
    now += std::chrono::milliseconds{rng() % 20};
    switch (rng() % 16) {
      case 0:
        CAF_REQUIRE_EQUAL(uut.fail_all(), reference.fail_all());
        break;
      case 1:
      case 2:
        CAF_REQUIRE_EQUAL(uut.expire(now), reference.expire(now));
        break;
      case 3:
      case 4:
        cancel(rng() % 64);
        break;
      case 5:
      case 6:
      case 7:
        resolve();
        break;
      case 8:
        set_aside(static_cast<int64_t>(rng() % 100) + uut.next_id() - 50);
        break;
      default:
        open();
    }
    CAF_REQUIRE_EQUAL(uut.pending(), reference.calls.size());
    CAF_REQUIRE_EQUAL(uut.next_id(), reference.next_id);
  }

  void open() {
    auto token = rng() % 64;
    auto deadline = now + std::chrono::milliseconds{rng() % 200};
    auto id = uut.open(token, now, deadline);
    CAF_REQUIRE_EQUAL(id.has_value(), reference.open({reference.next_id, token,
                                                      now, deadline}));
  }

  void set_aside(int64_t id) {
    CAF_REQUIRE_EQUAL(!uut.set_aside(id), reference.set_aside(id));
  }

  void resolve() {
    auto id = uut.next_id() - static_cast<int64_t>(rng() % 30);
    auto actual = uut.resolve(id, now);
    auto expected
      = reference.take([id](const model::call& x) { return x.id == id; });
    CAF_REQUIRE_EQUAL(actual.has_value(), expected.has_value());
    if (actual) {
      CAF_REQUIRE_EQUAL(actual->token, expected->token);
      CAF_REQUIRE(actual->round_trip == now - expected->sent);
    }
  }

  void cancel(uint64_t token) {
    auto expected = reference.take(
      [token](const model::call& x) { return x.token == token; });
    CAF_REQUIRE_EQUAL(uut.cancel(token), expected.has_value());
  }

  std::mt19937_64 rng;
  request_correlator::time_point now{1h};
  request_correlator uut{16, 100};
  model reference{16, 100};
};

} // namespace

CAF_TEST(any sequence of operations behaves like a plain list) {
  auto seed = choose_seed();
  model_run run{seed};
  for (int i = 0; i < 100'000; ++i)
    run.step();
}
