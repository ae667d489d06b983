// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE paper_venue_model

// Random orders on paper beside a market whose queues are known order by order:
// no order may be filled better than if it had stood in them.

#include "zenws/trading/paper_venue.hpp"

#include "support/seed.hpp"
#include "support/unit_test.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

using namespace zenws;
using namespace zenws::market;
using namespace zenws::test_support;
using namespace zenws::trading;

namespace {

const auto x = instrument_name::make("X").value();

decimal number(int64_t value) {
  return decimal::make(value, 0).value();
}

int64_t whole(decimal value) {
  return value.units(0).value();
}

/// An order of somebody else.
struct other_order {
  uint64_t id = 0;
  int64_t amount = 0;
};

/// The real market: at each price a queue.
class true_market {
public:
  using queues = std::map<int64_t, std::vector<other_order>>;

  explicit true_market(std::mt19937_64& rng) : rng_(rng) {
    for (int i = 0; i < 40; ++i)
      add();
  }

  void add() {
    auto is_bid = rng_() % 2 == 0;
    auto best_ask = asks_.empty() ? 101 : asks_.begin()->first;
    auto best_bid = bids_.empty() ? 99 : bids_.rbegin()->first;
    auto away = static_cast<int64_t>(rng_() % 4);
    auto price = is_bid ? best_ask - 1 - away : best_bid + 1 + away;
    (is_bid ? bids_ : asks_)[price].push_back({++last_id_, amount()});
  }

  void cancel() {
    auto& side = rng_() % 2 == 0 ? bids_ : asks_;
    if (side.empty())
      return;
    auto i = std::next(side.begin(),
                       static_cast<std::ptrdiff_t>(rng_() % side.size()));
    auto j = i->second.begin()
             + static_cast<std::ptrdiff_t>(rng_() % i->second.size());
    i->second.erase(j);
    if (i->second.empty())
      side.erase(i);
  }

  /// Somebody trades with the best price.
  std::optional<trade> trade_with(book_side maker) {
    auto& side = maker == book_side::bid ? bids_ : asks_;
    if (side.empty())
      return std::nullopt;
    auto i = maker == book_side::bid ? std::prev(side.end()) : side.begin();
    auto wanted = amount() * 2;
    trade result{.instrument = x,
                 .price = number(i->first),
                 .direction = maker == book_side::bid ? trade_direction::sell
                                                      : trade_direction::buy};
    auto& queue = i->second;
    int64_t traded = 0;
    while (traded < wanted && !queue.empty()) {
      auto step = std::min(wanted - traded, queue.front().amount);
      traded += step;
      queue.front().amount -= step;
      if (queue.front().amount == 0)
        queue.erase(queue.begin());
    }
    if (queue.empty())
      side.erase(i);
    result.amount = number(traded);
    return result;
  }

  std::vector<level_change> levels() const {
    std::vector<level_change> result;
    for (auto side : {book_side::bid, book_side::ask})
      for (auto& [price, queue] : of(side)) {
        int64_t sum = 0;
        for (auto& y : queue)
          sum += y.amount;
        result.push_back(
          {.side = side, .price = number(price), .amount = number(sum)});
      }
    return result;
  }

  std::vector<other_order> queue(book_side side, int64_t price) const {
    auto i = of(side).find(price);
    return i != of(side).end() ? i->second : std::vector<other_order>{};
  }

private:
  const queues& of(book_side side) const {
    return side == book_side::bid ? bids_ : asks_;
  }

  int64_t amount() {
    return 1 + static_cast<int64_t>(rng_() % 9);
  }

  std::mt19937_64& rng_;
  queues bids_;
  queues asks_;
  uint64_t last_id_ = 0;
};

/// An order on paper, as it was sent and as it was told.
struct own_order {
  order_request terms;
  int64_t filled = 0;
  std::optional<order_report> told{};

  /// Those who are ahead of it, if it rests.
  std::set<uint64_t> ahead{};

  bool is_over() const {
    return told && is_final(told->state);
  }

  int64_t limit() const {
    return whole(*terms.price);
  }

  book_side side() const {
    return terms.side == order_side::buy ? book_side::bid : book_side::ask;
  }

  bool accepts(decimal price) const {
    return !terms.price
           || (terms.side == order_side::buy ? price <= *terms.price
                                             : price >= *terms.price);
  }
};

class run {
public:
  explicit run(uint64_t seed) : rng_(seed), market_(rng_) {
    position_ = static_cast<int64_t>(rng_() % 21) - 10;
    uut_.hold(x, number(position_));
    show();
  }

  void step() {
    switch (rng_() % 10) {
      case 0:
      case 1:
        return place();
      case 2:
        return amend();
      case 3:
        return cancel();
      case 4:
      case 5:
        market_.cancel();
        return show();
      case 6:
      case 7:
        return trade_with(rng_() % 2 == 0 ? book_side::bid : book_side::ask);
      default:
        market_.add();
        if (rng_() % 20 == 0)
          return lose();
        return show();
    }
  }

  void finish() {
    account_updates out;
    uut_.cancel_all({}, out);
    take(out);
    for (auto& [id, y] : orders_)
      CAF_CHECK(y.is_over());
    CAF_CHECK(uut_.open_orders("X").empty());
  }

  size_t maker_fills = 0;
  size_t taker_fills = 0;

private:
  void place() {
    auto id = client_order_id::make("o" + std::to_string(orders_.size()));
    own_order y;
    y.terms = {.instrument = x,
               .side = rng_() % 2 == 0 ? order_side::buy : order_side::sell,
               .amount = number(1 + static_cast<int64_t>(rng_() % 30)),
               .validity = static_cast<time_in_force>(
                 rng_() % 8 < 6 ? 0 : 1 + rng_() % 2),
               .post_only = rng_() % 4 == 0,
               .reduce_only = rng_() % 8 == 0};
    auto kind = rng_() % 8;
    y.terms.type = kind == 0   ? order_type::market
                   : kind == 1 ? order_type::stop_market
                   : kind == 2 ? order_type::stop_limit
                               : order_type::limit;
    if (kind >= 2)
      y.terms.price = number(96 + static_cast<int64_t>(rng_() % 9));
    if (kind == 1 || kind == 2)
      y.terms.trigger = number(96 + static_cast<int64_t>(rng_() % 9));
    auto& placed = orders_.emplace(*id, y).first->second;
    join(placed);
    account_updates out;
    uut_.place({.instrument = x, .id = *id}, y.terms, &book_, out);
    check_takers(out);
    take(out);
  }

  void amend() {
    auto* y = any();
    if (y == nullptr)
      return;
    auto& [id, order] = *y;
    amend_request change{.order = {.instrument = x, .id = id}};
    change.amount = number(1 + static_cast<int64_t>(rng_() % 30));
    if (order.terms.price && rng_() % 2 == 0)
      change.price = number(96 + static_cast<int64_t>(rng_() % 9));
    account_updates out;
    auto before = order;
    auto moves = *change.amount > order.terms.amount
                 || (change.price && change.price != order.terms.price);
    order.terms.amount = *change.amount;
    if (change.price)
      order.terms.price = change.price;
    if (moves)
      join(order);
    if (uut_.amend(change, &book_, out)) {
      order = before;
      CAF_CHECK(out.empty());
      return;
    }
    check_takers(out);
    take(out);
  }

  void cancel() {
    auto* y = any();
    if (y == nullptr)
      return;
    account_updates out;
    uut_.cancel({.instrument = x, .id = y->first}, out);
    take(out);
    CAF_CHECK(y->second.is_over());
  }

  void lose() {
    feed(book_lost{.instrument = x});
  }

  void show() {
    auto levels = market_.levels();
    book_snapshot snapshot;
    snapshot.instrument = x;
    snapshot.time = now();
    snapshot.levels = levels;
    auto out = feed(snapshot);
    // Those who come to cross fill no more than they are.
    std::map<client_order_id, int64_t> sums;
    for (auto& y : out)
      if (auto* news = std::get_if<fill>(&y);
          news != nullptr && news->liquidity == fill_liquidity::maker) {
        auto& order = orders_.at(news->order.id);
        sums[news->order.id] += whole(news->amount);
        auto other = order.side() == book_side::bid ? book_side::ask
                                                    : book_side::bid;
        auto offered = book_.amount_up_to(other, *order.terms.price);
        CAF_CHECK(sums[news->order.id] <= whole(offered.value()));
      }
  }

  void trade_with(book_side maker) {
    // What each order could get at most.
    std::map<client_order_id, int64_t> ahead;
    for (auto& [id, y] : orders_)
      ahead[id] = ahead_of(y);
    ++clock_;
    auto news = market_.trade_with(maker);
    if (!news)
      return;
    news->time = now();
    // One of the two channels is the faster one.
    auto is_book_first = rng_() % 2 == 0;
    if (is_book_first) {
      show();
      if (rng_() % 4 == 0)
        place(); // after the trade
    }
    auto left = whole(news->amount);
    for (auto& y : feed(*news))
      if (auto* made = std::get_if<fill>(&y);
          made != nullptr && made->liquidity == fill_liquidity::maker) {
        auto& order = orders_.at(made->order.id);
        left -= whole(made->amount);
        CAF_CHECK(order.side() == maker);
        CAF_CHECK(order.accepts(news->price));
        CAF_CHECK(ahead.contains(made->order.id));
        if (order.terms.price == news->price)
          CAF_CHECK(whole(made->amount)
                    <= whole(news->amount) - ahead[made->order.id]);
      }
    CAF_CHECK(left >= 0);
    if (!is_book_first)
      show();
  }

  account_updates feed(const update& news) {
    account_updates out;
    book_.apply(news);
    uut_.received(news, book_, out);
    check_takers(out);
    take(out);
    return out;
  }

  /// No order takes more of a level than there is.
  void check_takers(const account_updates& out) {
    std::map<std::pair<client_order_id, int64_t>, int64_t> sums;
    for (auto& y : out)
      if (auto* news = std::get_if<fill>(&y);
          news != nullptr && news->liquidity == fill_liquidity::taker) {
        auto& order = orders_.at(news->order.id);
        auto& sum = sums[{news->order.id, whole(news->price)}];
        sum += whole(news->amount);
        auto other = order.side() == book_side::bid ? book_side::ask
                                                    : book_side::bid;
        CAF_CHECK(order.accepts(news->price));
        CAF_CHECK(!order.terms.post_only);
        CAF_CHECK(number(sum) <= book_.amount_at(other, news->price));
      }
  }

  /// Keeps what is told, which must add up.
  void take(const account_updates& out) {
    for (auto& y : out) {
      if (auto* news = std::get_if<fill>(&y))
        take(*news);
      else if (auto* report = std::get_if<order_report>(&y))
        take(*report);
      else if (auto* held = std::get_if<position>(&y))
        CAF_CHECK_EQUAL(whole(held->amount), position_);
    }
    CAF_CHECK_EQUAL(whole(uut_.position("X")), position_);
    auto open = uut_.open_orders("X");
    for (auto& report : open)
      CAF_CHECK(!orders_.at(report.order.id).is_over());
    auto is_open = [](auto& y) { return !y.second.is_over(); };
    CAF_CHECK_EQUAL(static_cast<std::ptrdiff_t>(open.size()),
                    std::count_if(orders_.begin(), orders_.end(), is_open));
  }

  void take(const fill& news) {
    auto& order = orders_.at(news.order.id);
    CAF_CHECK(!order.is_over());
    CAF_CHECK(news.amount > decimal{});
    CAF_CHECK(fills_.insert(news.id).second);
    if (news.liquidity == fill_liquidity::maker) {
      ++maker_fills;
      CAF_CHECK(news.price == order.terms.price);
    } else {
      ++taker_fills;
    }
    auto amount = whole(news.amount);
    auto before = position_;
    order.filled += amount;
    position_ += news.side == order_side::buy ? amount : -amount;
    CAF_CHECK(order.filled <= whole(order.terms.amount));
    if (order.terms.reduce_only)
      CAF_CHECK(std::abs(position_) < std::abs(before)
                && position_ * before >= 0);
  }

  void take(const order_report& report) {
    auto& order = orders_.at(report.order.id);
    CAF_CHECK(!order.is_over());
    CAF_CHECK(!order.told || report.time >= order.told->time);
    CAF_CHECK(report.amount == order.terms.amount);
    CAF_CHECK(report.filled == number(order.filled));
    auto is_complete = report.state == venue_order_state::filled;
    CAF_CHECK_EQUAL(is_complete, report.filled == report.amount);
    if (is_final(report.state) && !is_complete
        && report.state == venue_order_state::rejected)
      CAF_CHECK_EQUAL(order.filled, 0);
    order.told = report;
  }

  void join(own_order& y) {
    y.ahead.clear();
    if (y.terms.price)
      for (auto& other : market_.queue(y.side(), y.limit()))
        y.ahead.insert(other.id);
  }

  int64_t ahead_of(const own_order& y) const {
    int64_t result = 0;
    if (y.terms.price)
      for (auto& other : market_.queue(y.side(), y.limit()))
        if (y.ahead.contains(other.id))
          result += other.amount;
    return result;
  }

  std::pair<const client_order_id, own_order>* any() {
    std::vector<std::pair<const client_order_id, own_order>*> open;
    for (auto& y : orders_)
      if (!y.second.is_over())
        open.push_back(&y);
    return open.empty() ? nullptr : open[rng_() % open.size()];
  }

  venue_time now() {
    return venue_time{std::chrono::milliseconds{++clock_ / 2}};
  }

  std::mt19937_64 rng_;
  true_market market_;
  paper_venue uut_;
  order_book book_;
  std::map<client_order_id, own_order> orders_;
  std::set<fill_id> fills_;
  int64_t position_ = 0;
  int64_t clock_ = 0;
};

} // namespace

CAF_TEST(no order on paper is filled better than in the queue) {
  auto seed = choose_seed();
  size_t maker_fills = 0;
  size_t taker_fills = 0;
  for (uint64_t i = 0; i < 100; ++i) {
    run history{seed + i};
    for (int step = 0; step < 400; ++step)
      history.step();
    history.finish();
    maker_fills += history.maker_fills;
    taker_fills += history.taker_fills;
  }
  CAF_MESSAGE("fills: " << maker_fills << " and " << taker_fills);
  CAF_CHECK(maker_fills > 100);
  CAF_CHECK(taker_fills > 100);
}
