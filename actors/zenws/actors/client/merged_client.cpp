#include "zenws/actors/client/merged_client.hpp"

#include "zenws/market/binance.hpp"
#include "zenws/market/deribit.hpp"

#include <algorithm>
#include <utility>

/// What comes from the sources of a merged client, and how it goes on.
namespace zenws {

namespace {

const envelope_layout& layout_of(std::string_view dialect) {
  return dialect == "binance" ? layouts::binance : layouts::deribit;
}

} // namespace

std::vector<config_problem> validate(const merge_config& cfg) {
  std::vector<config_problem> result;
  if (cfg.sources.empty())
    result.push_back({"sources", "must not be empty"});
  if (std::any_of(cfg.sources.begin(), cfg.sources.end(),
                  [](auto& x) { return !x; }))
    result.push_back({"sources", "has a client that is none"});
  if (cfg.dialect != "deribit" && cfg.dialect != "binance")
    result.push_back({"dialect",
                      "must be \"deribit\" or \"binance\": others do "
                      "not number their messages"});
  for (auto& problem : validate(subscribe{caf::actor{}, cfg.options}))
    if (problem.field != "subscriber")
      result.push_back({"options." + problem.field, problem.message});
  return result;
}

// -- constructors, destructors, and assignment operators ----------------------

merged_client::merged_client(caf::actor_config& cfg, merge_config options)
  : super(cfg),
    options_(std::move(options)),
    record_(client_spec{.name = options_.name}),
    merger_(options_.sources.size()),
    decode_(options_.dialect == "binance" ? market::binance::decode
                                          : market::deribit::decode) {
  for (auto& x : options_.sources)
    sources_.push_back({.client = x});
}

// -- implementation of local_actor --------------------------------------------

const char* merged_client::name() const {
  return "zenws.merged_client";
}

merged_client::behavior_type merged_client::make_behavior() {
  caf_compat::ignore_stray_errors(*this);
  caf_compat::on_down(*this,
                      [this](const caf::actor_addr& who, const caf::error&) {
                        source_ended(who);
                        drop_subscriber(who);
                      });
  for (auto& x : sources_) {
    monitor(x.client);
    // Without channels, for the events.
    request(
      x.client, caf::infinite,
      subscribe_channels{{}, caf_compat::handle_to(*this), options_.options})
      .then([](const channel_report&) {}, [](const caf::error&) {});
  }
  return {
    [this](send_text& what) { return forward<void>(what); },
    [this](send_binary& what) { return forward<void>(what); },
    [this](get_status& what) { return forward<client_status>(what); },
    [this](await_ready) -> caf::result<uint64_t> {
      if (merger_.any_up())
        return record_.epoch;
      waiting_for_ready_.push_back(make_response_promise());
      return caf::delegated<uint64_t>{};
    },
    [this](const close_client&) -> caf::result<void> {
      quit();
      return caf::unit;
    },
    [this](subscribe& what) -> caf::result<void> {
      if (auto problems = validate(what); !problems.empty())
        return make_error(as_error(problems));
      monitor(what.subscriber);
      record_.subscribers.add(what.subscriber, what.options);
      return caf::unit;
    },
    [this](const unsubscribe& what) -> caf::result<void> {
      if (record_.subscribers.number_of(what.subscriber.address()) == 0)
        return make_error(ec::not_found);
      demonitor(what.subscriber.address());
      drop_subscriber(what.subscriber.address());
      return caf::unit;
    },
    [this](call& what) { return forward<rpc_result>(what); },
    [this](subscribe_channels& what) { return add_channels(what); },
    [this](const unsubscribe_channels& what) { return remove_channels(what); },
    [this](const renew_channels& what) { renew(what.channels); },
    [this](get_heartbeat_health& what) {
      return forward<heartbeat_health>(what);
    },
    [this](get_state_metrics& what) { return forward<state_metrics>(what); },
    [this](const message_batch& what) { handle(what); },
    [this](const client_event& what) { handle(what); },
    [this](detail::merge_due) {
      armed_ = false;
      merger_.expired(clock::now(), collector());
      conclude();
    },
  };
}

void merged_client::on_exit() {
  for (auto& x : sources_)
    caf::anon_send(caf::actor_cast<caf::actor>(x.client),
                   unsubscribe{caf_compat::handle_to(*this)});
  for (auto& promise : std::exchange(waiting_for_ready_, {}))
    caf_compat::answer(promise, make_error(ec::client_stopped));
  // Sources may know us for longer than we live.
  sources_.clear();
  options_.sources.clear();
  record_.tell_end(reason_of(record_.last_error, fail_state()), origin());
  record_.subscribers = {};
}

// -- what sources deliver -----------------------------------------------------

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

void merged_client::handle(const message_batch& what) {
  auto* from = sender();
  if (from == nullptr)
    return;
  // Data may come before the source says that it is ready.
  if (!from->is_up)
    source_up(*from);
  // Over another connection it may repeat what it has brought.
  if (std::exchange(from->epoch, what.epoch()) != what.epoch())
    merger_.feed_up(index_of(*from));
  received_at_ = what.received_at();
  auto now = clock::now();
  auto out = collector();
  std::string memory;
  for (auto msg : what) {
    std::string_view channel;
    std::vector<market::venue_numbers> numbers;
    if (auto content = scan(msg.payload, layout_of(options_.dialect))) {
      channel = content->channel.resolved(memory);
      if (!decode_(*content, update_))
        numbers = market::numbers_of(update_);
    }
    merger_.received(index_of(*from), channel, numbers, msg.payload, now, out);
  }
  conclude();
}

void merged_client::handle(const client_event& what) {
  auto* from = sender();
  if (from == nullptr)
    return;
  switch (what.kind) {
    case event_kind::state_changed:
      if (what.state == client_state::ready)
        return source_up(*from);
      if (what.state == client_state::authenticating
          || what.state == client_state::restoring)
        return;
      return source_down(*from, what);
    case event_kind::messages_dropped: {
      // As good as a short absence.
      source_down(*from, what);
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
    monitor(which.client); // an operator has started it anew
  auto first = !merger_.any_up();
  merger_.feed_up(index_of(which));
  // What it has already does not matter; what it lost does.
  request(which.client, caf::infinite,
          subscribe_channels{channels_.specs(), caf_compat::handle_to(*this),
                             options_.options})
    .then([](const channel_report&) {}, [](const caf::error&) {});
  if (!first)
    return;
  // Others may have the channels still: then none would come by itself.
  renew(merger_.awaiting_snapshot());
  ++record_.epoch;
  state_ = client_state::ready;
  tell(event(event_kind::state_changed));
  for (auto& promise : std::exchange(waiting_for_ready_, {}))
    caf_compat::answer(promise, record_.epoch);
}

void merged_client::source_down(source& which, const client_event& why) {
  if (!std::exchange(which.is_up, false))
    return;
  merger_.feed_down(index_of(which), collector());
  conclude();
  if (merger_.any_up())
    return;
  merger_.restart_all();
  state_ = client_state::backing_off;
  auto what = event(event_kind::state_changed);
  what.reason = why.reason;
  tell(std::move(what));
}

void merged_client::source_ended(const caf::actor_addr& who) {
  for (auto& x : sources_)
    if (x.client.address() == who) {
      x.has_ended = true;
      client_event why;
      why.reason = error{ec::client_stopped};
      source_down(x, why);
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
  content->client_id = record_.id;
  content->epoch = record_.epoch;
  content->first_sequence = record_.next_sequence;
  content->received_at = received_at_;
  record_.next_sequence += collected_.size();
  auto* pos = content->data();
  uint32_t index = 0;
  for (auto& x : collected_) {
    std::copy(x.payload.begin(), x.payload.end(), pos);
    content->add(pos, x.payload.size(), message_kind::text);
    pos += x.payload.size();
    record_.subscribers.select(index++, channels_.subscribers_of(x.channel));
  }
  collected_.clear();
  record_.subscribers.deliver_selected(content, event({}), origin());
  for (auto& [subscriber, number] : record_.subscribers.take_removed()) {
    demonitor(subscriber.address());
    give_back(channels_.remove_all(number));
  }
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
  auto when = merger_.wake_at();
  if (!when || std::exchange(armed_, true))
    return;
  auto delay
    = std::chrono::ceil<std::chrono::milliseconds>(*when - clock::now());
  delayed_send(this, std::max(delay, std::chrono::milliseconds{1}),
               detail::merge_due{});
}

// -- telling ------------------------------------------------------------------

void merged_client::tell(client_event what) {
  record_.subscribers.deliver(what, origin());
}

client_event merged_client::event(event_kind kind) const {
  client_event result;
  result.kind = kind;
  result.state = state_;
  result.client_id = record_.id;
  result.client = options_.name;
  result.epoch = record_.epoch;
  result.next_sequence = record_.next_sequence;
  return result;
}

subscriber_set::origin merged_client::origin() {
  return {caf::strong_actor_ptr{ctrl()}, &home()};
}

} // namespace zenws
