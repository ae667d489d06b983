// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE order_ledger_model

// Random histories of orders at a venue that tells in any order, late, twice or
// not at all, against what was really done.

#include "zenws/trading/order_ledger.hpp"

#include "support/seed.hpp"
#include "support/unit_test.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using namespace zenws;
using namespace zenws::market;
using namespace zenws::test_support;
using namespace zenws::trading;

namespace {

using time_point = order_ledger::time_point;

// Until a request that is under way arrives, or never does.
constexpr auto longest_way = 100ms;

decimal number(int64_t x) {
  return decimal::make(x, 0).value();
}

venue_time at(int64_t step) {
  return venue_time{std::chrono::milliseconds{step}};
}

/// An order as the venue really has it.
struct true_order {
  order_key key;
  order_side side = order_side::buy;
  int64_t amount = 0;
  int64_t filled = 0;
  venue_order_state state = venue_order_state::open;
  int64_t fills = 0;
};

/// A request on its way.
struct request {
  client_order_id id;
  time_point arrives;
  order_side side = order_side::buy;
  int64_t amount = 0;
};

/// A venue, and the messages of it that are under way.
class venue {
public:
  explicit venue(std::mt19937_64& rng) : rng_(rng) {
    // nop
  }

  void take(const request& x, const instrument_name& instrument) {
    true_order result{
      .key = {instrument, x.id, make_id()}, .side = x.side, .amount = x.amount};
    auto& y = orders_.emplace(x.id, result).first->second;
    if (rng_() % 8 == 0)
      finish(y, venue_order_state::canceled); // by a rule of its own
    else
      tell(report_of(y));
  }

  /// Something happens to an order.
  void advance() {
    if (orders_.empty())
      return;
    auto i = std::next(orders_.begin(),
                       static_cast<std::ptrdiff_t>(rng_() % orders_.size()));
    auto& x = i->second;
    if (is_final(x.state))
      return;
    ++now_;
    switch (rng_() % 4) {
      case 0:
        return finish(x, rng_() % 2 == 0 ? venue_order_state::canceled
                                         : venue_order_state::expired);
      case 1:
        // An amendment of somebody.
        x.amount = x.filled + 1 + static_cast<int64_t>(rng_() % 5);
        return tell(report_of(x));
      default:
        trade(x);
    }
  }

  void cancel(const client_order_id& id) {
    if (auto i = orders_.find(id);
        i != orders_.end() && !is_final(i->second.state)) {
      ++now_;
      finish(i->second, venue_order_state::canceled);
    }
  }

  /// Returns some message that is under way, and forgets it, mostly.
  std::optional<account_update> next_message() {
    if (messages_.empty())
      return std::nullopt;
    // Mostly in order.
    auto index = rng_() % 4 != 0 ? 0 : rng_() % messages_.size();
    auto result = messages_[index];
    if (rng_() % 8 != 0)
      messages_.erase(messages_.begin() + static_cast<std::ptrdiff_t>(index));
    return result;
  }

  order_report report_of(const true_order& x) const {
    return {.order = x.key,
            .side = x.side,
            .state = x.state,
            .amount = number(x.amount),
            .filled = number(x.filled),
            .time = at(now_)};
  }

  std::map<client_order_id, true_order>& orders() {
    return orders_;
  }

private:
  venue_order_id make_id() {
    return venue_order_id::make("v" + std::to_string(++last_id_)).value();
  }

  void trade(true_order& x) {
    auto amount = 1
                  + static_cast<int64_t>(rng_())
                      % std::max<int64_t>(x.amount - x.filled, 1);
    amount = std::clamp<int64_t>(amount, 1, x.amount - x.filled);
    x.filled += amount;
    ++x.fills;
    fill news{.order = x.key,
              .id = fill_id::make(x.key.venue_id.view()).value_or(fill_id{}),
              .side = x.side,
              .price = number(100),
              .amount = number(amount),
              .time = at(now_)};
    news.id = fill_id::make(std::string{x.key.venue_id.view()} + "-"
                            + std::to_string(x.fills))
                .value();
    if (rng_() % 4 == 0)
      news.order.id = {}; // named by the venue's id only
    tell(news);
    if (x.filled == x.amount)
      x.state = venue_order_state::filled;
    tell(report_of(x));
  }

  void finish(true_order& x, venue_order_state as) {
    x.state = as;
    tell(report_of(x));
  }

  void tell(account_update update) {
    if (rng_() % 16 == 0)
      return; // lost
    messages_.push_back(std::move(update));
  }

  std::mt19937_64& rng_;
  std::map<client_order_id, true_order> orders_;
  std::vector<account_update> messages_;
  uint64_t last_id_ = 0;
  int64_t now_ = 1;
};

/// A history, and what must hold in it.
class history {
public:
  explicit history(uint64_t seed) : seed_(seed), rng_(seed), venue_(rng_) {
    // nop
  }

  void run() {
    for (auto steps = 10 + rng_() % 40; steps > 0; --steps) {
      step();
      listen();
    }
    come_to_rest();
  }

private:
  void step() {
    switch (rng_() % 8) {
      case 0:
        return place();
      case 1:
        return cancel();
      case 2:
        now_ += std::chrono::milliseconds{rng_() % 60};
        return arrive();
      case 3:
        return ask();
      case 4:
        if (rng_() % 16 == 0)
          restart();
        return;
      case 5:
        return hear();
      default:
        venue_.advance();
        return hear();
    }
  }

  void place() {
    order_request terms{.instrument = instrument_,
                        .side = rng_() % 2 == 0 ? order_side::buy
                                                : order_side::sell,
                        .amount = number(1 + static_cast<int64_t>(rng_() % 9)),
                        .price = number(100)};
    auto key = uut_.place(terms, now_ + longest_way, news_);
    ++placed_;
    request sent{key.id, now_, terms.side, terms.amount.units(0).value()};
    switch (rng_() % 6) {
      case 0: // it cannot leave
        return uut_.kept_back(key.id, "no connection", news_);
      case 1: // refused
        return uut_.refused(key.id, "no margin", news_);
      case 2: // the answer is lost, or there was none as it never arrived
        if (rng_() % 2 == 0) {
          sent.arrives = now_ + std::chrono::milliseconds{rng_() % 100};
          under_way_.push_back(sent);
        }
        return uut_.lost(key.id, now_ + longest_way, news_);
      case 3: // an error that says nothing, and the order is there
        venue_.take(sent, instrument_);
        return uut_.lost(key.id, now_ + longest_way, news_);
      case 4: // the answer says no more than yes
        venue_.take(sent, instrument_);
        return uut_.acknowledged(key.id, news_);
      default:
        venue_.take(sent, instrument_);
        return uut_.apply(venue_.report_of(venue_.orders().at(key.id)), news_);
    }
  }

  void cancel() {
    auto open = uut_.open_orders();
    if (open.empty())
      return;
    auto id = open[rng_() % open.size()]->key.id;
    venue_.cancel(id);
    if (rng_() % 2 == 0)
      uut_.lost(id, now_, news_); // whether or not it arrived
    else
      uut_.doubt(id);
  }

  void arrive() {
    std::erase_if(under_way_, [this](const request& x) {
      if (x.arrives > now_)
        return false;
      venue_.take(x, instrument_);
      return true;
    });
  }

  void hear() {
    if (auto message = venue_.next_message())
      uut_.apply(*message, news_);
  }

  // Asks what is due; not every question is answered.
  void ask() {
    for (auto& key : uut_.due_questions(now_))
      if (rng_() % 4 != 0)
        answer(key);
  }

  void answer(const order_key& key) {
    auto& orders = venue_.orders();
    if (auto i = orders.find(key.id); i != orders.end()) {
      uut_.apply(venue_.report_of(i->second), news_);
      uut_.clear_doubt(key.id);
    } else {
      uut_.absent(key.id, now_, news_);
    }
  }

  void restart() {
    uut_.begin_anew(now_ + longest_way, news_);
  }

  // Checks what was told since the last time.
  void listen() {
    for (auto& x : news_) {
      if (auto* news = std::get_if<fill>(&x))
        check(fills_.insert(news->id).second, "a fill came twice");
      else
        listen(*std::get_if<order_event>(&x));
    }
    news_.clear();
    check_amounts();
  }

  void listen(const order_event& news) {
    auto& filled = filled_[news.content.key.id];
    check(news.content.filled >= filled, "less is filled than before");
    filled = news.content.filled;
  }

  void check_amounts() {
    int64_t position = 0;
    for (auto& [id, x] : venue_.orders()) {
      auto* known = uut_.find(id);
      check(known != nullptr, "an order is not known");
      if (known == nullptr)
        return;
      auto filled = known->filled.units(0).value();
      check(filled <= x.filled, "more is filled than was");
      position += x.side == order_side::buy ? filled : -filled;
    }
    check(uut_.position(instrument_.view()) == number(position),
          "the position is not the sum of the fills");
    check_open_amounts();
  }

  // They are kept from one event to the next: as if added up now.
  void check_open_amounts() {
    open_amounts expected;
    for (auto* x : uut_.open_orders(instrument_.view()))
      expected.add(*x);
    auto found = uut_.open_amounts_of(instrument_.view());
    check(found.orders() == expected.orders() && found.buys() == expected.buys()
            && found.sells() == expected.sells(),
          "the open amounts are not those of the open orders");
  }

  // All arrives, all that is in doubt is asked for and answered.
  void come_to_rest() {
    now_ += longest_way;
    arrive();
    while (auto message = venue_.next_message())
      uut_.apply(*message, news_);
    std::vector<order_report> open;
    for (auto& [id, x] : venue_.orders())
      if (!is_final(x.state))
        open.push_back(venue_.report_of(x));
    uut_.all_open(instrument_.view(), open, uut_.last_number(), news_);
    while (auto due = uut_.next_question()) {
      now_ = std::max(now_, *due);
      for (auto& key : uut_.due_questions(now_))
        answer(key);
    }
    listen();
    check(!uut_.is_unclear(instrument_.view()), "an order is still unknown");
    check(uut_.counters().placed == placed_, "the orders are not those placed");
    for (auto& [id, x] : venue_.orders())
      check_end(x, *uut_.find(id));
    check(
      uut_.open_orders().size()
        == static_cast<size_t>(std::ranges::count_if(
          venue_.orders(), [](auto& x) { return !is_final(x.second.state); })),
      "other orders are open than at the venue");
  }

  void check_end(const true_order& x, const order& known) {
    check(known.filled == number(x.filled), "an order is not filled so far");
    check(is_final(known.state) == is_final(x.state), "another state");
    check((known.state == order_state::filled)
            == (x.state == venue_order_state::filled),
          "filled or not");
  }

  void check(bool holds, const char* complaint) {
    if (!holds)
      CAF_FAIL(std::string{complaint} + ", seed " + std::to_string(seed_));
  }

  uint64_t seed_;
  std::mt19937_64 rng_;
  venue venue_;
  order_ledger uut_{{.owner = "desk"}};
  order_ledger::news news_;
  time_point now_{1h};
  instrument_name instrument_ = instrument_name::make("X").value();
  uint64_t placed_ = 0;
  std::vector<request> under_way_;
  std::set<fill_id> fills_;
  std::map<client_order_id, decimal> filled_;
};

// Sanitizers take ten times as long.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr unsigned long long usual_histories = 100'000;
#else
constexpr unsigned long long usual_histories = 1'000'000;
#endif

} // namespace

CAF_TEST(the ledger agrees with the venue after any history) {
  auto seed = choose_seed();
  // A million takes some ten seconds.
  auto* wanted = std::getenv("ZENWS_HISTORIES");
  auto histories = wanted != nullptr ? std::strtoull(wanted, nullptr, 10)
                                     : usual_histories;
  for (uint64_t i = 0; i < histories; ++i)
    history{seed + i}.run();
  CAF_CHECK_GREATER(histories, 0u);
}
