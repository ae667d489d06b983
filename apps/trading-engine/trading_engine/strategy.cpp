// SPDX-License-Identifier: BSD-3-Clause

#include "strategy.hpp"

#include <algorithm>
#include <utility>

namespace zenws::engine {

strategy::strategy(caf::actor_config& cfg, strategy_setup setup)
  : super(cfg), setup_(std::move(setup)) {
  counts_.name = setup_.name;
  for (auto& key : setup_.markets)
    markets_.emplace_back(key);
  auto is_unused = [this](auto& x) {
    return std::ranges::find(setup_.markets, x.first, &market_key::venue)
           == setup_.markets.end();
  };
  std::erase_if(setup_.venues, is_unused);
}

strategy::behavior_type strategy::make_behavior() {
  caf_compat::log_unhandled(*this);
  for (auto& [name, venue] : setup_.venues)
    attach(name, venue);
  caf_compat::tell_later(*this, report_period, detail::report_due{});
  return {
    [this](const market_batch& x) { handle(x); },
    [this](const client_event& x) { handle(x); },
    [this](const trading::order_event& x) { handle(x); },
    [this](const trading::fill&) {
      ++counts_.fills;
      positions_changed();
    },
    [this](const trading::position&) { positions_changed(); },
    [](const trading::balance&) {
      // nop
    },
    [this](const desk_state_changed& x) {
      handle(x, x.instrument);
      if (x.state == trading::desk_state::trading)
        ask_how_things_stand(x.instrument);
      else if (x.reason)
        counts_.hindrance = to_string(x.reason);
    },
    [this](const desk_request_failed& x) {
      counts_.hindrance = to_string(x.reason);
      handle(x, x.order.instrument.view());
    },
    [this](const detail::report_due&) {
      caf_compat::tell_later(*this, report_period, detail::report_due{});
      send_report();
    },
  };
}

void strategy::before_end() {
  // The actors of venues know this one, too.
  setup_ = {};
}

// -- requests -----------------------------------------------------------------

void strategy::place(traded_market& at, trading::order_request order) {
  order.instrument = at.instrument();
  at.placing();
  request(desk_of(at), caf::infinite, place_order{std::move(order)})
    .then(
      [this, &at](const trading::order_key&) {
        ++counts_.placed;
        counts_.hindrance.clear();
        at.placed();
        decide();
      },
      [this, &at](const caf::error& reason) {
        at.placed();
        refused(at, caf_compat::to_text(reason));
      });
}

void strategy::cancel(traded_market& at, const trading::client_order_id& id) {
  at.canceling(id);
  request(desk_of(at), caf::infinite, cancel_order{id})
    .then([] {},
          [this, &at, id](const caf::error& reason) {
            at.not_canceled(id);
            // One that is over has just been filled: its event is on its way.
            if (caf_compat::code_of(reason) != ec::not_found)
              refused(at, caf_compat::to_text(reason));
          });
}

void strategy::quote(traded_market& at, trading::order_side side,
                     const std::optional<market::price_level>& wanted) {
  if (auto* resting = at.order_of(side)) {
    if (!wanted || resting->terms.price != wanted->price)
      cancel(at, resting->key.id);
  } else if (wanted) {
    place(at, {.side = side,
               .amount = wanted->amount,
               .price = wanted->price,
               .post_only = true});
  }
}

void strategy::refused(traded_market& at, const std::string& reason) {
  ++counts_.refused;
  counts_.hindrance = at.key().instrument + ": " + reason;
  at.pause_until(clock().now() + refusal_pause);
}

// -- venues -------------------------------------------------------------------

void strategy::attach(const std::string& name, const venue_actors& venue) {
  auto self = caf_compat::handle_to(*this);
  caf_compat::tell(*this, venue.desk,
                   watch_desk{caf::actor_cast<desk_watcher>(self)});
  // Its events tell the number that batches have.
  caf_compat::tell(*this, venue.market,
                   subscribe{self, {.content = subscription_content::events}});
  std::vector<std::string> names;
  for (auto& x : markets_)
    if (x.key().venue == name)
      names.push_back(x.key().instrument);
  // Apart: venues that do not tell the terms have books all the same.
  for (auto kind : {market::data_kind::instruments, market::data_kind::book})
    request(
      venue.market, caf::infinite,
      subscribe_market{.instruments = names,
                       .kinds = {kind},
                       .subscriber = caf::actor_cast<market_subscriber>(self),
                       .pace = venue.pace})
      .then(
        [this](const zenws::market_report& report) {
          for (auto& x : report.outcomes)
            if (x.outcome != outcome_kind::granted)
              counts_.hindrance = x.instrument + ": " + to_string(x.reason);
        },
        [this](const caf::error& reason) {
          counts_.hindrance = caf_compat::to_text(reason);
        });
}

venue_map::const_iterator strategy::sender_venue() {
  auto from = caf::actor_cast<caf::actor_addr>(current_sender());
  return std::ranges::find_if(setup_.venues, [&](auto& x) {
    return x.second.desk.address() == from || x.second.market.address() == from;
  });
}

const order_desk_actor& strategy::desk_of(const traded_market& at) const {
  return setup_.venues.find(at.key().venue)->second.desk;
}

void strategy::ask_how_things_stand(const std::string& instrument) {
  auto i = sender_venue();
  if (i == setup_.venues.end())
    return;
  request(i->second.desk, caf::infinite, get_orders{instrument})
    .then(
      [this, name = i->first, instrument](const order_list& open) {
        if (auto* at = find(name, instrument))
          at->know_orders(open.orders);
      },
      [](const caf::error&) {
        // The next desk tells when it trades.
      });
  positions_changed();
}

void strategy::positions_changed() {
  auto i = sender_venue();
  if (i == setup_.venues.end())
    return;
  for (auto& x : markets_)
    if (x.key().venue == i->first)
      x.doubt_position();
  request(i->second.desk, caf::infinite, get_positions{})
    .then(
      [this, name = i->first](const position_list& all) {
        for (auto& x : all.positions)
          if (auto* at = find(name, x.instrument.view()))
            at->know_position(x.amount);
        decide();
      },
      [](const caf::error&) {
        // The next desk tells when it trades.
      });
}

// -- news ---------------------------------------------------------------------

traded_market* strategy::find(std::string_view venue,
                              std::string_view instrument) {
  auto i = std::ranges::find_if(markets_, [&](auto& x) {
    return x.key().venue == venue && x.key().instrument == instrument;
  });
  return i != markets_.end() ? &*i : nullptr;
}

void strategy::handle(const market_batch& batch) {
  auto from = clients_.find(batch.client_id());
  if (from == clients_.end())
    return;
  for (auto& update : batch)
    if (auto* at = find(from->second, market::instrument_of(update).view())) {
      at->apply(update);
      ++counts_.updates;
    }
  decide();
}

void strategy::handle(const trading::order_event& news) {
  auto* at = find_at_sender(news.content.key.instrument.view());
  if (at == nullptr)
    return;
  at->apply(news);
  if (news.kind == trading::order_event_kind::rejected)
    refused(*at, news.content.reason);
  decide();
}

// Books tell by themselves that they are lost, and desks that they wait.
void strategy::handle(const client_event& event) {
  if (auto i = sender_venue(); i != setup_.venues.end())
    clients_[event.client_id] = i->first;
}

template <class News>
void strategy::handle(const News& news, std::string_view instrument) {
  auto* at = find_at_sender(instrument);
  if (at == nullptr)
    return;
  at->apply(news);
  decide();
}

traded_market* strategy::find_at_sender(std::string_view instrument) {
  auto i = sender_venue();
  return i != setup_.venues.end() ? find(i->first, instrument) : nullptr;
}

strategy_report strategy::report() const {
  auto result = counts_;
  for (auto& x : markets_)
    result.markets.push_back(report_of(x));
  return result;
}

void strategy::send_report() {
  if (setup_.observer)
    caf_compat::tell(*this, setup_.observer, report());
}

} // namespace zenws::engine
