// SPDX-License-Identifier: BSD-3-Clause

#include "engine.hpp"

#include <utility>

namespace zenws::engine {

namespace {

// Without a subscriber.
subscribe_market request_of(const market_options& options) {
  subscribe_market result;
  result.instruments = options.instruments;
  result.kinds = options.kinds;
  result.pace = options.pace;
  return result;
}

// Returns the wishes that channels are for: events name channels, or the data
// itself if the client runs at a gateway.
std::map<std::string, market_wish, std::less<>>
wishes_by_channel(const subscribe_market& request) {
  std::map<std::string, market_wish, std::less<>> result;
  auto venue = make_dialect("deribit");
  for (auto& wish : wishes_of(request)) {
    if (auto channels = venue->market()->channels(wish))
      for (auto& channel : *channels)
        result.emplace(channel.name, wish);
    result.emplace(std::string{to_string(wish.kind)} + ' ' + wish.instrument,
                   wish);
  }
  return result;
}

} // namespace

engine::engine(caf::actor_config& cfg, engine_options options,
               caf::actor observer)
  : super(cfg),
    options_(std::move(options)),
    view_(options_.market),
    observer_(std::move(observer)),
    channels_(wishes_by_channel(request_of(options_.market))) {
  if (options_.ledger)
    desk_.emplace(*this, view_, options_.ledger,
                  clock().now() + options_.settle_first);
}

const char* engine::name() const {
  return "zenws.engine";
}

caf::behavior engine::make_behavior() {
  if (desk_)
    delayed_send(this, tick_period, detail::engine_tick{});
  delayed_send(this, report_period, detail::report_due{});
  return {
    [this](const market_batch& batch) { handle(batch); },
    [this](const message_batch& orders) { handle(orders); },
    [this](const client_event& event) { handle(event); },
    [this](const attach_client& request) { attach(request.client); },
    [this](const get_report&) { return report(); },
    [this](const trade_now& request) {
      view_.decide(request.choice);
      act();
    },
    [this](halt) { halted_ = true; },
    [this](detail::engine_tick) {
      delayed_send(this, tick_period, detail::engine_tick{});
      if (view_.flows())
        desk_->tick(client_);
    },
    [this](detail::market_due) { subscribe_to_market(); },
    [this](detail::orders_due) { subscribe_to_orders(); },
    [this](detail::report_due) {
      delayed_send(this, report_period, detail::report_due{});
      send_report();
    },
  };
}

void engine::on_exit() {
  // Observers may know the engine, too.
  observer_ = nullptr;
  client_ = nullptr;
}

// -- the client ---------------------------------------------------------------

void engine::attach(client_actor client) {
  client_ = std::move(client);
  subscribe_to_market();
  subscribe_to_orders();
}

void engine::subscribe_to_market() {
  auto wanted = request_of(options_.market);
  wanted.subscriber = caf::actor_cast<market_subscriber>(caf::actor{this});
  request(client_, caf::infinite, std::move(wanted))
    .then([this](const market_report& report) { handle(report); },
          [this](const caf::error& reason) {
            failed<detail::market_due>(reason);
          });
}

void engine::subscribe_to_orders() {
  if (!desk_)
    return;
  subscribe_channels orders;
  for (auto& name : view_.instruments())
    orders.channels.push_back({.name = "user.orders." + name + ".raw",
                               .access = channel_access::authenticated_only});
  orders.subscriber = caf::actor{this};
  // Events come with the market data, in order with it.
  orders.options.content = subscription_content::messages;
  request(client_, caf::infinite, std::move(orders))
    .then([this](const channel_report& report) { handle(report); },
          [this](const caf::error& reason) {
            failed<detail::orders_due>(reason);
          });
}

template <class Retry>
void engine::failed(const caf::error& reason) {
  view_.complain(caf_compat::to_text(reason));
  delayed_send(this, report_period, Retry{});
}

void engine::handle(const market_report& report) {
  for (auto& x : report.outcomes)
    if (x.outcome == outcome_kind::granted)
      view_.granted(x.kind, x.instrument);
    else
      refused({x.kind, x.instrument}, x.reason);
  tell_if_restored();
}

void engine::handle(const channel_report& report) {
  for (auto& x : report.outcomes)
    if (x.kind != outcome_kind::granted)
      tell_refusal(x.channel, to_string(x.reason));
}

void engine::handle(const market_batch& batch) {
  // Data of an older connection is of no use any more.
  if (batch.epoch() < view_.epoch())
    return;
  if (batch.epoch() > view_.epoch())
    view_.connected(batch.epoch());
  for (auto& x : batch)
    view_.received(x);
  act();
  tell_if_restored();
}

void engine::handle(const message_batch& orders) {
  if (desk_)
    for (auto message : orders)
      desk_->notified(message.payload);
}

void engine::handle(const client_event& event) {
  switch (event.kind) {
    case event_kind::channel_revoked:
    case event_kind::channel_lost:
      return refused(event.detail, event.reason);
    case event_kind::channel_restored:
      return granted(event.detail);
    case event_kind::ended:
      return view_.disconnected();
    case event_kind::state_changed:
    case event_kind::connection_replaced:
      break;
    default:
      return;
  }
  if (event.state == client_state::ready) {
    ready_epoch_ = event.epoch;
    view_.connected(event.epoch);
    tell_if_restored();
  } else if (event.state != client_state::restoring
             && event.state != client_state::authenticating) {
    view_.disconnected();
  }
}

void engine::granted(std::string_view channel) {
  if (auto i = channels_.find(channel); i != channels_.end())
    view_.granted(i->second.kind, i->second.instrument);
}

void engine::refused(const std::string& channel, const error& reason) {
  if (auto i = channels_.find(channel); i != channels_.end())
    refused(i->second, reason);
  else
    tell_refusal(channel, to_string(reason));
}

void engine::refused(const market_wish& wish, const error& reason) {
  auto text = to_string(reason);
  view_.refused(wish.kind, wish.instrument, text);
  tell_refusal(subscription_name(wish.kind, wish.instrument), std::move(text));
}

void engine::tell_refusal(std::string name, std::string reason) {
  if (observer_)
    send(observer_, subscription_refused{std::move(name), std::move(reason)});
}

// -- decisions ----------------------------------------------------------------

void engine::act() {
  if (auto instruments = view_.take_renewals(); !instruments.empty())
    send(client_, renew_market{std::move(instruments)});
  for (auto& choice : view_.take_decisions())
    if (halted_)
      view_.dropped(choice);
    else if (desk_)
      desk_->carry_out(client_, choice);
    else
      view_.settled(choice.instrument);
}

void engine::tell_if_restored() {
  if (restored_epoch_ == view_.epoch() || ready_epoch_ != view_.epoch()
      || !view_.flows())
    return;
  restored_epoch_ = view_.epoch();
  if (observer_)
    send(observer_, feed_restored{restored_epoch_});
}

engine_report engine::report() const {
  engine_report result;
  view_.report(result);
  if (!desk_)
    return result;
  result.orders = desk_->counters();
  result.hindrance = desk_->hindrance();
  return result;
}

void engine::send_report() {
  if (!observer_)
    return;
  auto result = report();
  auto total = result.market.updates;
  result.updates_per_second = total - std::exchange(reported_updates_, total);
  send(observer_, std::move(result));
}

} // namespace zenws::engine
