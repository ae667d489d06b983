// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE engine_config

#include "engine_settings.hpp"

#include "support/unit_test.hpp"

#include <sstream>

using namespace zenws;
using namespace zenws::engine;

namespace {

using names = std::vector<std::string>;

const std::string venue = R"(
[venues.a]
url = "wss://127.0.0.1:1/ws/api/v2"
dialect = "deribit"
[venues.a.desk]
owner = "mm1"
journal = "off"
[venues.a.desk.instruments.X]
position = 10
)";

const std::string maker = R"(
kind = "market_maker"
venue = "a"
instrument = "X"
amount = 1
max_position = 5
)";

// Returns the mistakes in a file, by their keys.
names mistakes_of(const std::string& text) {
  engine_settings uut;
  names result;
  for (auto& x : read_config(text, [&](config_section& root) {
         read_engine_file(root, uut);
       }))
    result.push_back(x.key);
  return result;
}

} // namespace

CAF_TEST(a file with a venue and a strategy is right) {
  CAF_CHECK_EQUAL(mistakes_of(venue + "[strategies.m]" + maker), names{});
}

CAF_TEST(a strategy needs its venue and an instrument of its own) {
  CAF_CHECK_EQUAL(mistakes_of(venue), names{"strategies"});
  CAF_CHECK_EQUAL(mistakes_of("[strategies.m]" + maker),
                  (names{"venues", "strategies.m"}));
  CAF_CHECK_EQUAL(
    mistakes_of(venue + "[strategies.m]" + maker + "[strategies.n]" + maker),
    names{"strategies.n"});
  auto other = maker;
  other.replace(other.find("\"X\""), 3, "\"Y\"");
  CAF_CHECK_EQUAL(mistakes_of(venue + "[strategies.m]" + other),
                  names{"strategies.m"});
}

CAF_TEST(mistakes in strategies are told by their names) {
  for (auto [line, key] : {std::pair{"kind = \"genius\"", "strategies.m.kind"},
                           {"kind = \"market_maker\"\nhalf_spread = 1",
                            "strategies.m.half_spread"},
                           {"kind = \"venue_spread\"", "strategies.m.first"}}) {
    auto found = mistakes_of(venue + "[strategies.m]\n" + line);
    CAF_CHECK(std::ranges::find(found, key) != found.end());
  }
}

CAF_TEST(orders need a login) {
  auto cfg = example_settings().engine;
  CAF_CHECK(validate(cfg).empty());
  cfg.mode = desk_mode::live;
  auto problems = validate(cfg);
  CAF_REQUIRE_EQUAL(problems.size(), 1u);
  CAF_CHECK_EQUAL(problems[0].field, "venues.deribit");
}

CAF_TEST(only what is proven to be a test net is none of production) {
  for (auto url :
       {"ws://127.0.0.1:80/", "ws://localhost/", "ws://[::1]:1/",
        "wss://test.deribit.com/ws/api/v2", "wss://wspap.okx.com:8443/ws/v5",
        "wss://stream-testnet.bybit.com/v5/private"})
    CAF_CHECK(is_test_address(url));
  for (auto url : {"wss://www.deribit.com/ws/api/v2", "wss://ws.okx.com:8443/",
                   "wss://test.deribit.com.evil.org/", "wss://127.evil.org/",
                   "wss://localhost.evil.org/", "nonsense", ""})
    CAF_CHECK(!is_test_address(url));
  auto cfg = example_settings().engine;
  CAF_CHECK(production_venues(cfg).empty());
  cfg.venues[0].account.emplace();
  cfg.venues[0].account->config.url = "wss://www.deribit.com/ws/api/v2";
  CAF_CHECK_EQUAL(production_venues(cfg), names{"deribit"});
  cfg.venues[0].account.reset();
  cfg.venues[0].gateways.emplace_back();
  CAF_CHECK_EQUAL(production_venues(cfg), names{"deribit"});
}
