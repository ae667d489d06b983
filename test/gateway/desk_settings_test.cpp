// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE desk_settings

#include "config_file/desk_settings.hpp"

#include "support/unit_test.hpp"

#include <algorithm>
#include <string>
#include <vector>

using namespace zenws;
using namespace std::chrono_literals;

namespace {

using names = std::vector<std::string>;

struct desk_reading {
  order_desk_options desk;
  std::vector<file_mistake> mistakes;
};

desk_reading read_text(const std::string& text) {
  desk_reading result;
  result.mistakes = read_config(text, [&](config_section& root) {
    read_desk(root, result.desk);
  });
  return result;
}

// Returns the keys of the mistakes in a desk that is right but for `lines`.
names mistakes_of(const std::string& lines) {
  names result;
  for (auto& x :
       read_text("owner = \"mm1\"\njournal = \"off\"\n" + lines).mistakes)
    result.push_back(x.key);
  std::ranges::sort(result);
  return result;
}

trading::risk_limits limits_of(const std::string& lines) {
  trading::risk_limits result;
  auto mistakes = read_config(lines, [&](config_section& root) {
    read_risk_limits(root, result);
  });
  CAF_CHECK(mistakes.empty());
  return result;
}

std::optional<market::decimal> number(std::string_view text) {
  return market::decimal::parse(text);
}

} // namespace

CAF_TEST(a desk is read to the last field) {
  auto [uut, mistakes] = read_text(R"(
owner = "mm1"
max_settled = 11
journal_path = "orders.db"
journal = "sync"
when_unwatched = "cancel"
lifetime = "12s"
margin = "13s"
guard = "14s"
first_pause = "15ms"
longest_pause = "16s"

[instruments.BTC-PERPETUAL]
order_amount = 1000
order_value = "0.123456789012345678"
position = 0.3
price_distance = 0.02
orders_per_second = 17
open_orders = 18
book_age = "19s"

[instruments."BTC_USDC-PERPETUAL"]
)");
  for (auto& x : mistakes)
    CAF_MESSAGE(to_string(x, "desk.toml"));
  CAF_CHECK(mistakes.empty());
  CAF_CHECK_EQUAL(uut.desk.ledger.owner, "mm1");
  CAF_CHECK_EQUAL(uut.desk.ledger.max_settled, 11u);
  CAF_CHECK_EQUAL(uut.journal_path, "orders.db");
  CAF_CHECK(uut.journal == trading::journal_mode::sync);
  CAF_CHECK(uut.when_unwatched == unwatched_orders::cancel);
  CAF_CHECK_EQUAL(uut.desk.lifetime, 12s);
  CAF_CHECK_EQUAL(uut.desk.margin, 13s);
  CAF_CHECK_EQUAL(uut.desk.guard, 14s);
  CAF_CHECK_EQUAL(uut.desk.first_pause, 15ms);
  CAF_CHECK_EQUAL(uut.desk.longest_pause, 16s);
  CAF_REQUIRE_EQUAL(uut.desk.instruments.size(), 2u);
  CAF_CHECK(
    uut.desk.instruments.at("BTC-PERPETUAL")
    == (trading::risk_limits{.order_amount = number("1000"),
                             .order_value = number("0.123456789012345678"),
                             .position = number("0.3"),
                             .price_distance = 0.02,
                             .orders_per_second = 17,
                             .open_orders = 18,
                             .book_age = 19s}));
  CAF_CHECK(uut.desk.instruments.at("BTC_USDC-PERPETUAL")
            == trading::risk_limits{});
}

CAF_TEST(a number in a file is the decimal that is written there) {
  for (auto text : {"0.1", "0.3", "1.005", "123456789.012345", "1e-7", "1e+22",
                    "5", "1000000000000"})
    CAF_CHECK(limits_of(std::string{"order_amount = "} + text).order_amount
              == number(text));
  CAF_CHECK(limits_of("price_distance = 1").price_distance == 1.0);
}

CAF_TEST(limits left out are not limits) {
  CAF_CHECK(limits_of("") == trading::risk_limits{});
}

CAF_TEST(mistakes in limits are told by their names) {
  for (std::string line :
       {"order_amount = 0", "order_amount = -1", "order_amount = \"much\"",
        "order_amount = \"\"", "order_amount = nan", "order_amount = inf",
        "order_amount = true", "order_value = \"1,5\"", "position = -1",
        "position = [1]", "price_distance = 0", "price_distance = \"1%\"",
        "price_distance = inf", "orders_per_second = 0",
        "orders_per_second = 1.5", "open_orders = -1", "book_age = \"0s\"",
        "order_amonut = 1"}) {
    auto found = mistakes_of("[instruments.\"A_B-C\"]\n" + line);
    auto key = line.substr(0, line.find(' '));
    if (found != names{"instruments.A_B-C." + key})
      CAF_MESSAGE(line);
    CAF_CHECK_EQUAL(found, names{"instruments.A_B-C." + key});
  }
}

CAF_TEST(mistakes in desks are told by their names) {
  CAF_CHECK_EQUAL(mistakes_of(""), names{});
  for (std::string line :
       {"lifetime = \"0s\"", "margin = \"0s\"", "guard = \"1500ms\"",
        "guard = 60", "first_pause = \"0s\"", "longest_pause = \"0s\"",
        "max_settled = -1", "instruments = \"A\"", "jurnal = \"sync\""}) {
    auto found = mistakes_of(line);
    auto key = line.substr(0, line.find(' '));
    if (found != names{key})
      CAF_MESSAGE(line);
    CAF_CHECK_EQUAL(found, names{key});
  }
  auto mistakes = read_text("journal = \"on\"").mistakes;
  CAF_CHECK_EQUAL(mistakes.size(), 3u); // owner and path as well
}
