// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/actors/client/internal/merged_client.hpp"

#include "zenws/actors/client/internal/durable_state.hpp"
#include "zenws/market/venue_numbers.hpp"

#include <algorithm>
#include <utility>

// Messages and events of the sources of a merged client.

namespace zenws {

std::vector<config_problem> validate(const merge_config& cfg) {
  std::vector<config_problem> result;
  if (cfg.sources.empty())
    result.push_back({"sources", "must not be empty"});
  if (std::any_of(cfg.sources.begin(), cfg.sources.end(),
                  [](auto& x) { return !x; }))
    result.push_back({"sources", "has a client that is none"});
  auto venue = make_dialect(cfg.dialect);
  if (venue == nullptr || venue->market() == nullptr)
    result.push_back({"dialect", "must be a venue with market data"});
  for (auto& problem : validate(subscribe{caf::actor{}, cfg.options}))
    if (problem.field != "subscriber")
      result.push_back({"options." + problem.field, problem.message});
  return result;
}

// -- constructors, destructors, and assignment operators ----------------------

merged_client::merged_client(caf::actor_config& cfg, merge_config options)
  : super(cfg),
    options_(std::move(options)),
    front_(options_.name),
    merger_(options_.sources.size()),
    venue_(make_dialect(options_.dialect)) {
  for (auto& x : options_.sources)
    sources_.push_back({.client = x});
}

// -- implementation of local_actor --------------------------------------------

const char* merged_client::name() const {
  return "zenws.merged_client";
}

merged_client::behavior_type merged_client::make_behavior() {
  caf_compat::log_unhandled(*this);
  caf_compat::on_down(*this,
                      [this](const caf::actor_addr& ended, const caf::error&) {
                        source_ended(ended);
                        drop_subscriber(ended);
                      });
  front_.attach(*this);
  for (auto& x : sources_) {
    caf_compat::monitor(*this, x.client);
    // Without channels, for the events.
    request(
      x.client, caf::infinite,
      subscribe_channels{{}, caf_compat::handle_to(*this), options_.options})
      .then([](const channel_report&) {}, [](const caf::error&) {});
  }
  return {
    [this](send_text& x) { return forward<void>(x); },
    [this](send_binary& x) { return forward<void>(x); },
    [this](get_status& x) { return forward<client_status>(x); },
    [this](await_ready) { return front_.wait_until_ready(); },
    [this](const close_client&) -> caf::result<void> {
      quit();
      return caf::unit;
    },
    [this](const subscribe& x) { return front_.add_subscriber(x); },
    [this](const unsubscribe& x) { return remove_subscriber(x); },
    [this](call& x) { return forward<rpc_result>(x); },
    [this](const subscribe_channels& x) { return add_channels(x); },
    [this](const unsubscribe_channels& x) { return remove_channels(x); },
    [this](const renew_channels& x) { renew(x.channels); },
    [this](subscribe_market& x) {
      return caf_compat::delegate(*this, market(), std::move(x));
    },
    [this](unsubscribe_market& x) -> caf::result<void> {
      return caf_compat::delegate(*this, market(), std::move(x));
    },
    [this](renew_market& x) -> caf::result<void> {
      return caf_compat::delegate(*this, market(), std::move(x));
    },
    [this](get_books& x) -> caf::result<book_report> {
      // Without a source, nobody follows a book.
      if (!market_)
        return book_report{};
      return caf_compat::delegate(*this, market(), std::move(x));
    },
    [this](get_heartbeat_health& x) { return forward<heartbeat_health>(x); },
    [this](get_state_metrics& x) { return forward<state_metrics>(x); },
    [this](const message_batch& x) { handle(x); },
    [this](const client_event& x) { handle(x); },
    [this](detail::merge_due) {
      armed_ = false;
      merger_.expired(clock::now(), collector());
      conclude();
    },
  };
}

void merged_client::before_end() {
  for (auto& x : sources_)
    caf_compat::anon_send(caf::actor_cast<caf::actor>(x.client),
                          unsubscribe{caf_compat::handle_to(*this)});
  front_.fail_waiting(make_error(ec::client_stopped));
  // Sources may know us for longer than we live.
  sources_.clear();
  options_.sources.clear();
  options_.market_api = nullptr;
  front_.end(reason_of({}, fail_state()), front_.origin());
  // Also if it never became a subscriber.
  if (auto last = std::exchange(market_, {}))
    caf_compat::tell(
      *this, last,
      caf::exit_msg{address(), make_error(caf::exit_reason::user_shutdown)});
  front_.subscribers = {};
}

// -- messages of sources ------------------------------------------------------

merged_client::source* merged_client::sender() {
  auto& from = current_sender();
  for (auto& x : sources_)
    if (x.client == from)
      return &x;
  return nullptr;
}

size_t merged_client::index_of(const source& which) const noexcept {
  return static_cast<size_t>(&which - sources_.data());
}

void merged_client::handle(const message_batch& batch) {
  auto* from = sender();
  if (from == nullptr)
    return;
  // Data may come before the source says that it is ready.
  if (!from->is_up)
    source_up(*from);
  // Over another connection it may repeat messages.
  if (std::exchange(from->epoch, batch.epoch()) != batch.epoch())
    merger_.feed_up(index_of(*from));
  received_at_ = batch.received_at();
  auto now = clock::now();
  auto out = collector();
  auto& protocol = *venue_->market();
  auto of_trades = protocol.numbering_of_trades() == trade_numbering::none
                     ? market::trade_numbers::unordered
                     : market::trade_numbers::ordered;
  for (auto msg : batch) {
    std::vector<market::venue_numbers> numbers;
    auto content = venue_->read(msg.payload);
    updates_.clear();
    if (content.kind == inbound_kind::data
        && !protocol.decode(content.content, updates_))
      numbers = market::numbers_of(updates_, of_trades);
    merger_.received(index_of(*from), content.channel, numbers, msg.payload,
                     now, out);
  }
  conclude();
}

void merged_client::handle(const client_event& event) {
  auto* from = sender();
  if (from == nullptr)
    return;
  switch (event.kind) {
    case event_kind::state_changed:
      if (event.state == client_state::ready)
        return source_up(*from);
      if (event.state == client_state::authenticating
          || event.state == client_state::restoring)
        return;
      return source_down(*from, event);
    case event_kind::messages_dropped: {
      // Treated like a short disconnect.
      source_down(*from, event);
      return source_up(*from);
    }
    default:
      return;
  }
}

void merged_client::source_up(source& which) {
  if (std::exchange(which.is_up, true))
    return;
  if (std::exchange(which.has_ended, false))
    caf_compat::monitor(*this, which.client); // an operator has started it anew
  auto before = merger_.preferred();
  auto first = !before;
  merger_.feed_up(index_of(which));
  // Messages that it has already do not matter; lost ones do.
  request(which.client, caf::infinite,
          subscribe_channels{channels_.specs(), caf_compat::handle_to(*this),
                             options_.options})
    .then(
      [this, first, index = index_of(which)](const channel_report&) {
        // Its private channels may have been silent until now.
        if (!first && merger_.preferred() == index)
          tell_private_switch();
      },
      [](const caf::error&) {});
  if (!first)
    return tell_switch(before);
  // Others may have the channels still: then none would come by itself.
  renew(merger_.awaiting_snapshot());
  ++front_.position.epoch;
  front_.position.state = client_state::ready;
  front_.deliver(front_.position.event(event_kind::state_changed));
  front_.tell_ready();
}

void merged_client::source_down(source& which, const client_event& cause) {
  if (!std::exchange(which.is_up, false))
    return;
  auto before = merger_.preferred();
  merger_.feed_down(index_of(which), collector());
  conclude();
  if (merger_.any_up())
    return tell_switch(before);
  merger_.restart_all();
  front_.position.state = client_state::backing_off;
  auto event = front_.position.event(event_kind::state_changed);
  event.reason = cause.reason;
  front_.deliver(event);
}

// Without numbers nobody could tell what is missing, or comes twice, where one
// source goes on for another.
void merged_client::tell_switch(std::optional<size_t> before) {
  using market::sequence_rule;
  if (merger_.preferred() == before)
    return;
  auto rules = venue_->market()->rules_of_books({market::data_kind::book, "X"});
  if (rules.numbering != sequence_rule::unnumbered)
    return tell_private_switch();
  auto event = front_.position.event(event_kind::messages_dropped);
  event.detail = "another source goes on, and the venue numbers nothing";
  front_.deliver(event);
}

void merged_client::tell_private_switch() {
  auto event = front_.position.event(event_kind::messages_dropped);
  event.detail = "another source goes on with channels that have no numbers";
  for (auto number : channels_.private_subscribers())
    if (auto subscriber = front_.subscribers.find(number))
      front_.deliver(subscriber, event);
}

void merged_client::source_ended(const caf::actor_addr& client) {
  for (auto& x : sources_)
    if (x.client.address() == client) {
      x.has_ended = true;
      client_event cause;
      cause.reason = error{ec::client_stopped};
      source_down(x, cause);
    }
  if (std::all_of(sources_.begin(), sources_.end(),
                  [](auto& x) { return x.has_ended; }))
    quit(make_error(error{ec::client_stopped, "no source is left"}));
}

market::feed_merger::emit merged_client::collector() {
  return [this](std::string_view channel, std::string_view payload) {
    collected_.push_back({std::string{payload}, std::string{channel}});
  };
}

void merged_client::conclude() {
  flush();
  renew(merger_.take_renewals());
  arm();
}

void merged_client::flush() {
  if (collected_.empty())
    return;
  size_t bytes = 0;
  for (auto& x : collected_)
    bytes += x.payload.size();
  auto content = slab_pool::make_unpooled(bytes, collected_.size());
  content->received_at = received_at_;
  uint32_t index = 0;
  for (auto& x : collected_) {
    content->append(x.payload, message_kind::text);
    front_.subscribers.select(index++, channels_.subscribers_of(x.channel));
  }
  collected_.clear();
  front_.position.assign_sequence(*content);
  front_.deliver_selected(content);
  for (auto number : front_.take_removed())
    give_back(channels_.remove_all(number));
}

void merged_client::renew(const std::vector<std::string>& channels) {
  if (channels.empty())
    return;
  for (auto& x : channels)
    merger_.restart(x);
  if (auto which = merger_.preferred())
    caf_compat::tell(*this, sources_[*which].client, renew_channels{channels});
}

void merged_client::arm() {
  auto due = merger_.wake_at();
  if (!due || std::exchange(armed_, true))
    return;
  auto delay
    = std::chrono::ceil<std::chrono::milliseconds>(*due - clock::now());
  caf_compat::tell_later(*this, std::max(delay, std::chrono::milliseconds{1}),
                         detail::merge_due{});
}

} // namespace zenws
