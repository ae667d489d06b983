// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/actors/pool/internal/pool.hpp"

#include "zenws/market/update_list.hpp"

#include <algorithm>
#include <utility>

// Spreading market data over members, by instruments.
namespace zenws {

namespace {

using market::data_kind;

// Time for a member that stays to give instruments up. While it is between two
// incarnations it does not answer.
constexpr std::chrono::seconds farewell_patience{1};

// Returns what a subscriber has lost with the member of an instrument.
market_batch loss_of(const std::string& instrument,
                     const std::map<market::data_kind, market_wish>& wishes) {
  auto text = market::instrument_name::make(instrument);
  auto name = text.value_or(market::instrument_name{});
  market::update_list updates;
  if (wishes.contains(data_kind::book))
    updates.add(market::book_lost{.instrument = name,
                                  .cause = market::loss_cause::ended});
  if (wishes.contains(data_kind::trades))
    updates.add(market::trade_gap{.instrument = name});
  return market_batch{market_block_ptr{new market_block(updates)}};
}

} // namespace

struct pool::market_request {
  caf::actor subscriber;
  subscription_options options;
  size_t missing;       // outcomes
  uint64_t promise = 0; // of the report; none if instruments only move

  // What the subscriber did not have before.
  std::vector<std::pair<data_kind, std::string>> news{};

  market_report report{};

  bool is_new(const market_outcome& x) const {
    return std::ranges::find(news, std::pair{x.kind, x.instrument})
           != news.end();
  }
};

// -- requests -----------------------------------------------------------------

caf::result<market_report> pool::subscribe_to(const subscribe_market& request) {
  if (auto problems = validate(request); !problems.empty())
    return make_error(as_error(problems));
  auto wishes = wishes_of(request);
  auto subscriber = caf::actor_cast<caf::actor>(request.subscriber);
  auto pending = std::make_shared<market_request>(
    market_request{subscriber, request.options, wishes.size(),
                   promises_.add(make_response_promise())});
  caf_compat::monitor(*this, subscriber);
  for (auto& wish : wishes) {
    auto& share = market_[wish.instrument][subscriber];
    share.options = request.options;
    if (share.wishes.try_emplace(wish.kind, wish).second)
      pending->news.emplace_back(wish.kind, wish.instrument);
  }
  place_market(pending, wishes);
  return caf::delegated<market_report>{};
}

caf::result<void> pool::unsubscribe_from(const unsubscribe_market& request) {
  auto subscriber = caf::actor_cast<caf::actor>(request.subscriber);
  std::map<uint64_t, std::vector<std::string>> by_member;
  for (auto& instrument : request.instruments)
    if (auto id = market_shards_.member_of(instrument))
      by_member[*id].push_back(instrument);
  for (auto& wish : wishes_of(request))
    drop_market(wish, subscriber);
  for (auto& [id, instruments] : by_member)
    caf_compat::anon_send(members_.at(id).client.address,
                          unsubscribe_market{std::move(instruments),
                                             request.kinds,
                                             request.subscriber});
  return caf::unit;
}

caf::result<void> pool::renew(const renew_market& request) {
  std::map<uint64_t, std::vector<std::string>> by_member;
  for (auto& instrument : request.instruments)
    if (auto id = market_shards_.member_of(instrument))
      by_member[*id].push_back(instrument);
  for (auto& [id, instruments] : by_member)
    caf_compat::anon_send(members_.at(id).client.address,
                          renew_market{std::move(instruments)});
  return caf::unit;
}

// -- placing ------------------------------------------------------------------

void pool::place_market(const market_request_ptr& pending,
                        const std::vector<market_wish>& wishes) {
  std::map<uint64_t, std::vector<market_wish>> by_member;
  for (auto& wish : wishes) {
    auto* share = find_share(wish.instrument, pending->subscriber);
    if (share == nullptr || !share->wishes.contains(wish.kind))
      settle(pending,
             {wish.instrument, wish.kind, outcome_kind::withdrawn, {}});
    else if (auto id = home_of(market_shards_, wish.instrument))
      by_member[*id].push_back(wish);
    else if (can_grow() || starting_ > 0)
      unassigned_market_.emplace_back(pending, wish);
    else
      settle(pending, {wish.instrument,
                       wish.kind,
                       outcome_kind::rejected,
                       {ec::too_many_channels, "no member has room"}});
  }
  auto to = caf::actor_cast<market_subscriber>(pending->subscriber);
  for (auto& [id, mine] : by_member)
    for (auto& request : requests_for(mine, to, pending->options))
      request_market(id, pending, request);
  if (!unassigned_market_.empty() && starting_ == 0
      && clock().now() >= refill_at_)
    start_member();
}

void pool::request_market(uint64_t id, const market_request_ptr& pending,
                          const subscribe_market& content) {
  auto failed = [this, id, pending, content](const caf::error& failure) {
    error reason{caf_compat::code_of(failure), caf_compat::detail_of(failure)};
    std::vector<market_wish> moved;
    for (auto& wish : wishes_of(content)) {
      if (market_shards_.member_of(wish.instrument) == id)
        settle(pending,
               {wish.instrument, wish.kind, outcome_kind::rejected, reason});
      else
        moved.push_back(wish);
    }
    place_market(pending, moved);
  };
  request(members_.at(id).client.address, caf::infinite, content)
    .then(
      [this, pending](market_report& report) {
        for (auto& outcome : report.outcomes)
          settle(pending, std::move(outcome));
      },
      failed);
}

void pool::settle(const market_request_ptr& pending, market_outcome outcome) {
  auto only_moves = pending->promise == 0;
  if (outcome.outcome == outcome_kind::rejected
      && (only_moves || pending->is_new(outcome))) {
    drop_market({outcome.kind, outcome.instrument}, pending->subscriber);
    if (only_moves) {
      client_event news;
      news.kind = event_kind::channel_revoked;
      news.client = options_.name;
      news.detail = std::string{to_string(outcome.kind)} + ' '
                    + outcome.instrument;
      news.reason = outcome.reason;
      caf_compat::anon_send(pending->subscriber, std::move(news));
    }
  }
  pending->report.outcomes.push_back(std::move(outcome));
  if (--pending->missing == 0)
    promises_.answer(pending->promise, std::move(pending->report));
}

// -- subscribers --------------------------------------------------------------

pool::market_share* pool::find_share(const std::string& instrument,
                                     const caf::actor& subscriber) {
  auto i = market_.find(instrument);
  if (i == market_.end())
    return nullptr;
  auto j = i->second.find(subscriber);
  return j != i->second.end() ? &j->second : nullptr;
}

void pool::drop_market(const market_wish& wish, const caf::actor& subscriber) {
  auto* share = find_share(wish.instrument, subscriber);
  if (share == nullptr)
    return;
  share->wishes.erase(wish.kind);
  if (!share->wishes.empty())
    return;
  auto i = market_.find(wish.instrument);
  i->second.erase(subscriber);
  if (i->second.empty()) {
    market_shards_.release(wish.instrument);
    market_.erase(i);
  }
}

void pool::forget_market_of(const caf::actor_addr& source) {
  // Members notice by themselves.
  for (auto i = market_.begin(); i != market_.end();) {
    std::erase_if(i->second,
                  [&](auto& x) { return x.first.address() == source; });
    if (i->second.empty()) {
      market_shards_.release(i->first);
      i = market_.erase(i);
    } else {
      ++i;
    }
  }
  std::erase_if(unassigned_market_, [&](auto& x) {
    return x.first->subscriber.address() == source;
  });
}

// -- moving -------------------------------------------------------------------

void pool::move_market(const std::vector<std::string>& lost) {
  std::map<caf::actor, market_request_ptr> requests;
  std::map<caf::actor, std::vector<market_wish>> wishes;
  for (auto& instrument : lost) {
    auto i = market_.find(instrument);
    if (i == market_.end())
      continue;
    ++moved_;
    for (auto& [subscriber, share] : i->second) {
      if (auto loss = loss_of(instrument, share.wishes); !loss.empty())
        caf_compat::anon_send(subscriber, std::move(loss));
      auto& pending = requests[subscriber];
      if (!pending)
        pending = std::make_shared<market_request>(
          market_request{subscriber, share.options, 0});
      pending->missing += share.wishes.size();
      for (auto& [kind, wish] : share.wishes)
        wishes[subscriber].push_back(wish);
    }
  }
  for (auto& [subscriber, pending] : requests)
    place_market(pending, wishes[subscriber]);
}

void pool::take_market(uint64_t id) {
  auto lost = market_shards_.clear_member(id);
  std::map<caf::actor, unsubscribe_market> farewells;
  for (auto& instrument : lost)
    for (auto& [subscriber, share] : market_.at(instrument)) {
      auto& mine = farewells[subscriber];
      mine.subscriber = caf::actor_cast<market_subscriber>(subscriber);
      mine.instruments.push_back(instrument);
      for (auto& [kind, wish] : share.wishes)
        mine.kinds.insert(kind);
    }
  // Data of two members must not mix: the next one begins when this one has
  // let go.
  auto open = std::make_shared<size_t>(farewells.size());
  auto go_on = [this, open, lost] {
    if (--*open == 0)
      move_market(lost);
  };
  for (auto& [subscriber, farewell] : farewells)
    request(members_.at(id).client.address, farewell_patience,
            std::move(farewell))
      .then(go_on, [go_on](const caf::error&) { go_on(); });
}

void pool::assign_unassigned_market() {
  for (auto& [pending, wish] : std::exchange(unassigned_market_, {}))
    place_market(pending, {wish});
}

} // namespace zenws
