// SPDX-License-Identifier: BSD-3-Clause

#include "order_load.hpp"

#include <stdexcept>
#include <string_view>
#include <utility>

namespace zenws::bench {

namespace {

using namespace std::chrono_literals;
using namespace market;
using namespace trading;

constexpr auto owner = "bench";
constexpr auto instrument = "BTC-PERPETUAL";

// As many as a desk remembers by default would make the warm-up long.
constexpr size_t max_settled = 1'000;

decimal number(std::string_view text) {
  return decimal::parse(text).value();
}

order_request make_order() {
  return {.instrument = instrument_name::make(instrument).value(),
          .amount = number("20"),
          .price = number("50000.5")};
}

ledger_config make_config() {
  return {.owner = owner, .max_settled = max_settled};
}

template <class Name>
Name numbered(const char* prefix, uint64_t number) {
  return Name::make(prefix + std::to_string(number)).value();
}

std::string_view answer_to(std::string_view method) {
  if (method == "private/get_open_orders_by_instrument")
    return "[]";
  if (method == "private/get_position")
    return R"({"instrument_name":"BTC-PERPETUAL","size":0.0,"direction":"zero"})";
  return R"("ok")";
}

void require(bool ok, const char* action) {
  if (!ok)
    throw std::runtime_error{action};
}

} // namespace

// -- ledger_load --------------------------------------------------------------

ledger_load::ledger_load() : ledger_(make_config()), order_(make_order()) {
  for (size_t i = 0; i < resting_orders; ++i)
    accept(ledger_.place(order_, {}, news_));
  for (size_t i = 0; i < max_settled; ++i)
    trade();
}

void ledger_load::trade() {
  auto key = ledger_.place(order_, {}, news_);
  accept(key);
  ++traded_;
  fill_half(key, "a");
  fill_half(key, "b");
  news_.clear();
}

void ledger_load::check() const {
  require(ledger_.open_orders().size() == resting_orders
            && ledger_.counters().fills == 2 * traded_
            && ledger_.counters().repeated == 0,
          "the ledger has lost an order");
}

void ledger_load::accept(order_key key) {
  key.venue_id = numbered<venue_order_id>("USDC-", ledger_.last_number());
  ledger_.apply(order_report{.order = key,
                             .amount = order_.amount,
                             .price = order_.price,
                             .filled = decimal{}},
                news_);
}

void ledger_load::fill_half(const order_key& key, const char* name) {
  ledger_.apply(fill{.order = key,
                     .id = numbered<fill_id>(name, traded_),
                     .price = *order_.price,
                     .amount = half_},
                news_);
}

// -- desk_load ----------------------------------------------------------------

desk_load::desk_load(journal_mode mode, const std::string& path)
  : venue_(make_dialect("deribit")),
    order_(make_order()),
    open_(order_answer::open()),
    filled_(order_answer::filled()) {
  desk_config cfg{.ledger = make_config(),
                  .instruments = {{instrument,
                                   {.order_amount = number("1000"),
                                    .order_value = number("100000000"),
                                    .position = number("1000000000"),
                                    .price_distance = 0.05,
                                    .orders_per_second = 100'000,
                                    .open_orders = 2 * resting_orders}}}};
  order_ledger ledger{cfg.ledger};
  if (mode != journal_mode::off) {
    auto opened = order_journal::open(path, mode, owner);
    require(opened.has_value(), "no journal");
    journal_ = std::make_unique<order_journal>(std::move(*opened));
  }
  logic_ = std::make_unique<desk_logic>(cfg, std::move(ledger),
                                        *venue_->orders());
  make_book();
  connect();
  for (size_t i = 0; i < resting_orders; ++i) {
    place();
    answer(open_);
  }
}

desk_load::~desk_load() = default;

void desk_load::place() {
  at_.now += 100us;
  ++num_placed_;
  auto key = logic_->place(order_, {&book_, at_.now}, at_, actions_);
  require(key.has_value(), "the desk refuses an order");
  placed_ = *key;
  follow_up();
}

void desk_load::fill() {
  answer(filled_);
}

void desk_load::answer(order_answer& by) {
  logic_->answered(token_, by.about(placed_.id.view(), num_placed_), at_,
                   actions_);
  follow_up();
}

void desk_load::check() const {
  auto& ledger = logic_->ledger();
  require(ledger.open_orders().size() == resting_orders
            && ledger.counters().fills == num_placed_ - resting_orders,
          "the desk has lost an order");
}

void desk_load::make_book() {
  std::vector<level_change> levels;
  for (int64_t i = 0; i < 100; ++i) {
    levels.push_back({.side = book_side::bid,
                      .price = decimal::make(500'000 - 5 * i, -1).value(),
                      .amount = number("1000")});
    levels.push_back({.side = book_side::ask,
                      .price = decimal::make(500'005 + 5 * i, -1).value(),
                      .amount = number("1000")});
  }
  book_snapshot snapshot;
  snapshot.instrument = order_.instrument;
  snapshot.levels = levels;
  book_.apply(snapshot);
}

void desk_load::connect() {
  logic_->learn({.instrument = order_.instrument,
                 .state = trading_state::open,
                 .unit = amount_unit::quote,
                 .is_inverse = true,
                 .settlement = asset_name::make("BTC").value(),
                 .tick = number("0.5"),
                 .lot = number("10"),
                 .min_amount = number("10")});
  logic_->connected(at_, actions_);
  while (!actions_.empty())
    for (auto& action : std::exchange(actions_, {}))
      if (auto* x = std::get_if<desk_action::send>(&action))
        logic_->answered(x->token, answer_to(x->content.method), at_, actions_);
  require(logic_->state_of(instrument) == desk_state::trading,
          "the desk does not trade");
}

void desk_load::follow_up() {
  std::vector<ledger_news> news;
  for (auto& action : actions_)
    if (auto* x = std::get_if<desk_action::tell>(&action))
      news.push_back(x->news);
    else if (auto* y = std::get_if<desk_action::send>(&action))
      token_ = y->token;
  if (journal_ != nullptr && !news.empty())
    require(!journal_->write(logic_->ledger(), news), "the journal fails");
  actions_.clear();
}

} // namespace zenws::bench
