// SPDX-License-Identifier: BSD-3-Clause

#include "engine.hpp"

#include <utility>

namespace zenws::engine {

engine::engine(caf::actor_config& cfg, engine_options options,
               caf::actor observer)
  : super(cfg),
    options_(std::move(options)),
    view_(options_.market),
    observer_(std::move(observer)) {
  if (options_.ledger)
    desk_.emplace(*this, view_, options_.ledger,
                  clock().now() + options_.settle_first);
}

const char* engine::name() const {
  return "zenws.engine";
}

caf::behavior engine::make_behavior() {
  delayed_send(this, tick_period, detail::engine_tick{});
  delayed_send(this, report_period, detail::report_due{});
  return {
    [this](const message_batch& batch) { handle(batch); },
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
      view_.tick(clock().now());
      if (desk_ && view_.flows())
        desk_->tick(client_);
      act();
    },
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

std::vector<channel_spec> engine::channels() const {
  std::vector<channel_spec> result;
  constexpr std::string_view book = "book.";
  for (auto& name : options_.market.channels) {
    result.push_back({.name = name});
    if (!desk_ || !name.starts_with(book))
      continue;
    auto instrument = name.substr(book.size(), name.rfind('.') - book.size());
    result.push_back({.name = "user.orders." + instrument + ".raw",
                      .access = channel_access::authenticated_only});
  }
  return result;
}

void engine::attach(client_actor client) {
  client_ = std::move(client);
  request(client_, caf::infinite,
          subscribe_channels{channels(), caf::actor{this}})
    .then([this](const channel_report& report) { handle(report); },
          // The client has crashed: the next incarnation is asked again.
          [this](const caf::error& reason) {
            view_.complain(caf_compat::to_text(reason));
            delayed_send(this, report_period, attach_client{client_});
          });
}

void engine::handle(const channel_report& report) {
  for (auto& x : report.outcomes)
    if (x.kind == outcome_kind::granted)
      view_.granted(x.channel);
    else
      refused(x.channel, x.reason);
  tell_if_restored();
}

void engine::refused(const std::string& channel, const error& problem) {
  auto reason = to_string(problem);
  view_.refused(channel, reason);
  if (observer_)
    send(observer_, channel_refused{channel, std::move(reason)});
}

void engine::handle(const message_batch& batch) {
  auto now = clock().now();
  // Messages of an older connection are of no use any more.
  if (batch.epoch() < view_.epoch())
    return;
  if (batch.epoch() > view_.epoch())
    view_.connected(batch.epoch(), now);
  for (auto message : batch)
    if (!view_.received(message.payload, now) && desk_)
      desk_->notified(message.payload);
  act();
  tell_if_restored();
}

void engine::handle(const client_event& event) {
  if (event.kind == event_kind::channel_revoked
      || event.kind == event_kind::channel_lost)
    return refused(event.detail, event.reason);
  if (event.kind == event_kind::channel_restored)
    return view_.granted(event.detail);
  if (event.kind != event_kind::state_changed
      && event.kind != event_kind::connection_replaced)
    return;
  if (event.state == client_state::ready) {
    ready_epoch_ = event.epoch;
    view_.connected(event.epoch, clock().now());
    tell_if_restored();
  } else if (event.state != client_state::restoring
             && event.state != client_state::authenticating) {
    view_.disconnected();
  }
}

// -- decisions ----------------------------------------------------------------

void engine::act() {
  if (auto channels = view_.take_renewals(); !channels.empty())
    send(client_, renew_channels{std::move(channels)});
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
  auto total = result.market.messages;
  result.messages_per_second = total - std::exchange(reported_messages_, total);
  send(observer_, std::move(result));
}

} // namespace zenws::engine
