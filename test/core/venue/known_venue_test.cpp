// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE known_venue

#include "zenws/venue/known_venue.hpp"

#include "zenws/config/url.hpp"
#include "zenws/venue/dialect.hpp"

#include "support/unit_test.hpp"

#include <algorithm>
#include <set>
#include <string>

using namespace zenws;

CAF_TEST(each dialect of a venue has its venue and no venue is without one) {
  std::set<std::string_view> dialects;
  for (auto name : dialect_names())
    if (name != "raw" && name != "json_rpc")
      dialects.insert(name);
  std::set<std::string_view> venues;
  for (auto& venue : known_venues())
    venues.insert(venue.name);
  CAF_CHECK(venues == dialects);
  CAF_CHECK(std::ranges::is_sorted(known_venues(), {}, &known_venue::name));
}

CAF_TEST(all addresses are encrypted URLs that are told apart by their names) {
  for (auto& venue : known_venues()) {
    std::set<std::pair<venue_money, std::string_view>> names;
    CAF_REQUIRE(!venue.addresses.empty());
    for (auto& address : venue.addresses) {
      auto url = parse_url(address.url);
      CAF_REQUIRE(url);
      CAF_CHECK(url->secure());
      CAF_CHECK(names.emplace(address.money, address.name).second);
      CAF_CHECK(venue.find(address.money, address.name) == &address);
    }
  }
}

CAF_TEST(the dialect knows the trades of each instrument that is an example) {
  for (auto& venue : known_venues()) {
    auto dialect = make_dialect(venue.name);
    CAF_REQUIRE(dialect->market() != nullptr);
    CAF_CHECK(!venue.addresses.front().instrument.empty());
    for (auto& address : venue.addresses) {
      if (address.instrument.empty())
        continue;
      auto channels = dialect->market()->channels(
        {market::data_kind::trades, std::string{address.instrument}});
      CAF_REQUIRE(channels);
      for (auto& channel : *channels)
        CAF_CHECK(!dialect->check(channel));
    }
  }
}

CAF_TEST(an address is found by its name and the first one without) {
  auto deribit = find_venue("deribit");
  CAF_REQUIRE(deribit != nullptr);
  CAF_CHECK_EQUAL(deribit->find(venue_money::real)->url,
                  "wss://www.deribit.com/ws/api/v2");
  CAF_CHECK_EQUAL(deribit->find(venue_money::test)->url,
                  "wss://test.deribit.com/ws/api/v2");
  CAF_CHECK(deribit->find(venue_money::real, "spot") == nullptr);
  CAF_CHECK(find_venue("coinbase")->find(venue_money::test) == nullptr);
  CAF_CHECK(find_venue("raw") == nullptr);
}
