// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE subscription_set_model

#include "subscription_model.hpp"

#include "support/seed.hpp"
#include "support/unit_test.hpp"

using namespace zenws;
using namespace zenws::test_support;

namespace {

constexpr uint64_t num_sequences = 10'000;

constexpr int num_steps = 70;

// More than it ever takes to come to rest.
constexpr int max_rounds = 200;

using names = subscription_model::names;

using outcomes = subscription_model::outcomes;

const names all_channels{"book",  "trades", "ticker",
                         "index", "orders", "positions"};

channel_spec spec_of(const std::string& name) {
  auto is_private = name == "orders" || name == "positions";
  return {.name = name,
          .arguments = "arguments of " + name,
          .access = is_private ? channel_access::authenticated_only
                               : channel_access::open_to_all};
}

outcomes as_model(const subscription_outcomes& xs) {
  outcomes result;
  for (auto& x : xs)
    result.emplace(x.kind, x.channel_request, x.subscriber, x.channel);
  return result;
}

std::vector<std::string_view> views_of(const names& xs) {
  return {xs.begin(), xs.end()};
}

// One random run: some subscribers, one set after the other, one server.
class random_run {
public:
  random_run(uint64_t seed, subscription_model::coverage& seen)
    : rng_(seed),
      seen_(&seen),
      model_(seen),
      server_(static_cast<subscription_server::style>(below(3)),
              random_names(below(3))) {
    limits_.max_channels_per_request = 1 + below(4);
    limits_.max_in_flight = 1 + below(3);
    limits_.max_requests = 1 + below(3);
  }

  // Returns the problem, empty if there is none.
  std::string operator()() {
    for (int i = 0; i < num_steps && broken_.empty(); ++i) {
      step();
      check();
    }
    come_to_rest();
    if (broken_.empty())
      return broken_;
    broken_ += " after";
    for (auto step : trace_)
      broken_ += std::string{' '} + step;
    return broken_;
  }

private:
  // -- randomness -------------------------------------------------------------

  uint64_t below(uint64_t limit) {
    return rng_() % limit;
  }

  std::set<std::string> random_names(uint64_t count) {
    std::set<std::string> result;
    for (uint64_t i = 0; i < count; ++i)
      result.insert(all_channels[below(all_channels.size())]);
    return result;
  }

  names some_channels() {
    names result;
    for (auto n = 1 + below(4); n > 0; --n)
      result.push_back(all_channels[below(all_channels.size())]);
    return result;
  }

  // -- checks -----------------------------------------------------------------

  void require(bool holds, const char* rule) {
    if (!holds && broken_.empty())
      broken_ = rule;
  }

  void note(const char* step) {
    trace_.push_back(step);
  }

  void check() {
    auto all_confirmed = true;
    size_t num_wanted = 0;
    for (auto& name : all_channels) {
      auto ids = uut_.subscribers_of(name);
      auto& expected = model_.subscribers_of(name);
      require(std::equal(ids.begin(), ids.end(), expected.begin(),
                         expected.end()),
              "routes wrongly");
      auto is_confirmed = model_.is_confirmed(name);
      require((uut_.state_of(name) == channel_state::confirmed) == is_confirmed,
              "is wrong about the state of a channel");
      num_wanted += !expected.empty();
      all_confirmed &= is_confirmed || expected.empty()
                       || model_.is_delayed(name);
    }
    require(uut_.num_channels() == num_wanted, "counts wrongly");
    require(uut_.restored() == (connected_ && all_confirmed),
            "is wrong about being restored");
  }

  void compare(const subscription_outcomes& actual, const outcomes& expected) {
    require(as_model(actual) == expected, "tells wrong outcomes");
  }

  // -- steps ------------------------------------------------------------------

  void step() {
    switch (below(25)) {
      case 0:
      case 1:
      case 2:
      case 3:
        return add();
      case 4:
      case 5:
        return remove();
      case 6:
        return kill_subscriber();
      case 7:
      case 8:
        return open();
      case 9:
        return authenticate();
      case 10:
      case 11:
      case 12:
        return send();
      case 13:
      case 14:
      case 15:
        return serve(below(8) == 0);
      case 16:
      case 17:
      case 18:
        return deliver();
      case 19:
        return deliver_old();
      case 20:
        return time_out();
      case 21:
        return wait();
      case 22:
        return below(3) == 0 ? drop() : lie();
      case 23:
        return renew();
      default:
        return below(4) == 0 ? crash() : lie();
    }
  }

  void add() {
    auto subscriber = 1 + below(3);
    auto channels = some_channels();
    std::vector<channel_spec> specs;
    for (auto& name : channels)
      specs.push_back(spec_of(name));
    note("add");
    auto request = uut_.add(subscriber, specs).value();
    compare(request.outcomes, model_.add(request.number, subscriber, channels));
  }

  void remove() {
    auto subscriber = 1 + below(3);
    auto channels = some_channels();
    note("remove");
    compare(uut_.remove(subscriber, views_of(channels)),
            model_.remove(subscriber, channels));
  }

  void kill_subscriber() {
    auto subscriber = 1 + below(3);
    note("death");
    compare(uut_.remove_subscriber(subscriber),
            model_.remove(subscriber, all_channels));
  }

  void renew() {
    auto channels = some_channels();
    note("renew");
    uut_.renew(views_of(channels), now_);
    model_.renew(channels);
  }

  // All snapshots come in time.
  void wait() {
    note("wait");
    for (auto& name : all_channels)
      if (model_.begun_anew(name))
        uut_.begun_anew(name);
    if (auto due = uut_.wake_at())
      now_ = std::max(now_, *due);
    require(uut_.expired(now_).empty(), "is silent");
  }

  void open() {
    if (connected_)
      return;
    note("open");
    connected_ = true;
    uut_.opened();
  }

  void authenticate() {
    if (!connected_)
      return;
    note("authenticate");
    authenticated_ = true;
    uut_.authenticated();
  }

  void send() {
    note("send");
    auto requests = uut_.next_requests(limits_);
    require(connected_ || requests.empty(), "requests without a connection");
    require(requests.size() <= limits_.max_requests, "requests too often");
    for (auto& x : requests) {
      require(x.channels.size() <= limits_.max_channels_per_request,
              "requests too many channels at once");
      if (auto rule = model_.requested(x, authenticated_))
        require(false, rule);
    }
    require(model_.requests_under_way().size() <= limits_.max_in_flight,
            "has too many requests under way");
    for (auto& x : requests)
      if (below(10) == 0)
        postpone(x.number);
      else
        server_.receive(std::move(x));
  }

  void postpone(uint64_t request) {
    note("postpone");
    compare(uut_.postponed(request), model_.postponed(request));
  }

  void serve(bool busy) {
    note(busy ? "busy" : "serve");
    for (auto& x : server_.handle_one(busy, rng_))
      answers_.push_back(std::move(x));
  }

  void deliver() {
    if (answers_.empty())
      return;
    note("deliver");
    auto answer = std::move(answers_.front());
    answers_.pop_front();
    hand_over(answer);
    if (below(2) == 0)
      old_answers_.push_back(std::move(answer)); // comes again
  }

  void deliver_old() {
    if (old_answers_.empty())
      return;
    note("old");
    auto answer = old_answers_[below(old_answers_.size())];
    expect_no_change([&] { hand_over(answer); });
  }

  void hand_over(const subscription_answer& x) {
    using enum subscription_answer::content;
    auto expected = model_.answered(x);
    subscription_outcomes actual;
    if (x.by_channel && x.kind == granted)
      actual = uut_.channel_acknowledged(x.request, x.channels.front(), now_);
    else if (x.by_channel)
      actual = uut_.channel_rejected(x.request, x.channels.front(), x.rejection,
                                     error{}, now_);
    else if (x.kind == granted)
      actual = uut_.acknowledged(x.request, views_of(x.channels), now_);
    else if (x.kind == all_granted)
      actual = uut_.acknowledged(x.request, now_);
    else
      actual = uut_.rejected(x.request, x.rejection, error{}, now_);
    compare(actual, expected);
  }

  // Answers to requests that were never sent, for any channel.
  void lie() {
    note("lie");
    auto live = model_.requests_under_way();
    auto number = below(200);
    if (std::find(live.begin(), live.end(), number) != live.end())
      return;
    auto channels = some_channels();
    expect_no_change([&] {
      hand_over({.request = number, .channels = channels});
      hand_over({.request = number, .channels = channels, .by_channel = true});
      hand_over({.request = number,
                 .kind = subscription_answer::content::rejected,
                 .channels = channels});
      uut_.timed_out(number, error{}, now_);
      uut_.postponed(number);
    });
  }

  template <class F>
  void expect_no_change(F action) {
    auto state = [this] {
      std::vector<std::pair<std::optional<channel_state>, uint64_t>> result;
      result.reserve(all_channels.size() + 2);
      for (auto& name : all_channels)
        result.emplace_back(uut_.state_of(name),
                            uut_.request_of(name).value_or(0));
      result.emplace_back(std::nullopt, uut_.num_held());
      result.emplace_back(std::nullopt, uut_.has_requests());
      return result;
    };
    auto before = std::pair{uut_.snapshot(), state()};
    action();
    require(before == std::pair{uut_.snapshot(), state()},
            "believes what it did not ask for");
  }

  void time_out() {
    auto live = model_.requests_under_way();
    if (live.empty())
      return;
    note("timeout");
    auto number = live[below(live.size())];
    compare(uut_.timed_out(number, error{}, now_), model_.timed_out(number));
  }

  void disconnect() {
    connected_ = false;
    authenticated_ = false;
    server_.disconnect(below(4) != 0);
    for (auto& x : answers_)
      old_answers_.push_back(std::move(x));
    answers_.clear();
    model_.lost();
  }

  void drop() {
    note("drop");
    ++seen_->drops;
    uut_.lost();
    disconnect();
  }

  void crash() {
    note("crash");
    ++seen_->crashes;
    uut_ = subscription_set{{}, uut_.snapshot()};
    disconnect();
  }

  // -- the end ----------------------------------------------------------------

  bool at_rest() const {
    return !uut_.has_requests() && uut_.num_held() == 0
           && model_.requests_under_way().empty() && answers_.empty();
  }

  void come_to_rest() {
    open();
    authenticate();
    for (int i = 0; i < max_rounds && broken_.empty() && !at_rest(); ++i) {
      wait();
      send();
      for (int j = 0; j < 4; ++j)
        serve(false);
      while (!answers_.empty())
        deliver();
      check();
    }
    require(at_rest(), "does not come to rest");
    auto expected = model_.wanted();
    for (auto& name : server_.subscribed())
      if (model_.old_connection_closed().contains(name))
        expected.insert(name);
    require(server_.subscribed() == expected,
            "leaves the server with other channels than are wanted");
    require(model_.num_open_answers() == 0, "leaves an ask unanswered");
    require(uut_.restored(), "is not restored in the end");
  }

  std::mt19937_64 rng_;
  subscription_model::coverage* seen_;
  subscription_model model_;
  subscription_server server_;
  subscription_set uut_;
  subscription_limits limits_;
  subscription_set::time_point now_{std::chrono::hours{1}};
  bool connected_ = false;
  bool authenticated_ = false;
  std::deque<subscription_answer> answers_;
  std::vector<subscription_answer> old_answers_;
  std::vector<const char*> trace_;
  std::string broken_;
};

} // namespace

CAF_TEST(random sequences end with the server having the wanted channels) {
  auto seed = choose_seed();
  subscription_model::coverage seen;
  for (uint64_t i = 0; i < num_sequences; ++i) {
    auto broken = random_run{seed + i, seen}();
    if (!broken.empty())
      CAF_FAIL("ZENWS_SEED=" << seed + i << ": the set " << broken);
  }
  // A test that never gets anywhere proves nothing.
  for (auto count :
       {seen.granted, seen.rejected, seen.revoked, seen.withdrawn,
        seen.requests, seen.unsubscribes, seen.timeouts, seen.drops,
        seen.crashes, seen.late, seen.split, seen.transient, seen.regained,
        seen.given_up, seen.postponed, seen.renewed})
    CAF_CHECK_GREATER(count, num_sequences / 20);
}
