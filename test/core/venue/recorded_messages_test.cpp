// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE recorded_messages

// Venues add members to objects and elements to arrays, and may space and
// escape their messages in another way: what is decoded must not change. Each
// test of a venue does so with a few messages; these are those of sessions.

#include "market_check.hpp"
#include "support/unit_test.hpp"

#include <algorithm>
#include <string>
#include <string_view>

using namespace zenws;
using namespace zenws::test_support;

namespace {

/// Checks messages from all over a session: each of them is decoded as often as
/// it has bytes.
void check_session(std::string_view dialect, const std::string& name) {
  constexpr size_t most = 60;
  constexpr size_t longest = 4'000;
  auto all = received_in(name);
  auto step = std::max<size_t>(all.size() / most, 1);
  for (size_t i = 0; i < all.size(); i += step)
    if (all[i].size() <= longest)
      check_spellings(dialect, all[i]);
}

} // namespace

CAF_TEST(messages of Deribit mean the same however they are spelled) {
  check_session("deribit", "deribit.ws");
}

CAF_TEST(messages of Binance mean the same however they are spelled) {
  for (auto name : {"binance.ws", "binance_futures.ws", "binance_delivery.ws"})
    check_session("binance", name);
}
