#include "zenws/nodes/remote_client.hpp"

#include "zenws/nodes/forward_request.hpp"

#include <algorithm>
#include <utility>

/// The stream of a remote client, and what it brings.
namespace zenws {

namespace {

constexpr std::chrono::seconds open_within{10};

} // namespace

// -- constructors, destructors, and assignment operators ----------------------

remote_client::remote_client(caf::actor_config& cfg, client_spec spec,
                             bool starts, stream_options options)
  : super(cfg),
    record_(std::move(spec)),
    starts_(starts),
    options_(options),
    held_(record_.spec.config.max_outbound_bytes) {
  // nop
}

// -- implementation of local_actor --------------------------------------------

const char* remote_client::name() const {
  return "zenws.remote_client";
}

remote_client::behavior_type remote_client::make_behavior() {
  caf_compat::ignore_stray_errors(*this);
  caf_compat::on_down(*this, [this](const caf::actor_addr& who,
                                    const caf::error& reason) {
    if (who != remote_.address())
      drop_subscriber(who);
    else if (reason == caf::exit_reason::remote_link_unreachable)
      lost(error{ec::gateway_lost, "the connection broke"});
    else
      quit(reason);
  });
  record_.subscribers.on_drained([weak = caf::weak_actor_ptr{ctrl()}] {
    if (auto self = weak.lock())
      caf_compat::deliver(self, nullptr, detail::node_drained{}, nullptr);
  });
  for (auto& subscriber : record_.subscribers.list()) {
    monitor(subscriber);
    interest_ = stream_interest::everything;
  }
  return {
    [this](send_text& what) { return forward<void>(what); },
    [this](send_binary& what) { return forward<void>(what); },
    [this](get_status& what) { return forward<client_status>(what); },
    [this](await_ready&) { return wait_until_ready(); },
    [this](close_client& what) { return forward<void>(what); },
    [this](subscribe& what) { return add_subscriber(what); },
    [this](const unsubscribe& what) { return remove_subscriber(what); },
    [this](call& what) { return forward<rpc_result>(what); },
    [this](subscribe_channels& what) { return add_channels(what); },
    [this](const unsubscribe_channels& what) { return remove_channels(what); },
    [this](renew_channels& what) { return forward<void>(what); },
    [this](get_heartbeat_health& what) {
      return forward<heartbeat_health>(what);
    },
    [this](get_state_metrics& what) { return forward<state_metrics>(what); },
    [this](const stream_transfer& what) { handle(what); },
    [this](const client_event& what) { handle(what); },
    [this](const stream_ended& what) {
      if (current_sender() != relay_)
        return;
      lost(what.reason);
    },
    [this](const detail::gateway_up& what) {
      lost(error{ec::gateway_lost, "another session"});
      relay_ = what.relay;
      open();
    },
    [this](const detail::gateway_down& what) { lost(what.reason); },
    [this](const detail::node_drained&) { acknowledge(); },
    [this](const detail::stream_retry& what) {
      if (what.attempt == attempt_ && relay_)
        is_open() ? restore() : open();
    },
    [this](const detail::outbox_due&) { expire_held(); },
    [this](const detail::await_stream&) -> caf::result<void> {
      if (is_open())
        return caf::unit;
      waiting_for_stream_.push_back(make_response_promise());
      return caf::delegated<void>{};
    },
  };
}

void remote_client::on_exit() {
  if (is_open())
    caf::anon_send(relay_, close_stream{stream_});
  record_.subscribers.on_drained(nullptr);
  remote_ = nullptr;
  relay_ = nullptr;
  auto reason = reason_of(record_.last_error, fail_state());
  auto why = make_error(reason ? reason : error{ec::client_stopped});
  for (auto token : held_.clear()) // not sent, unlike all others
    promises_.answer(token, make_error(error{ec::not_connected, "ended"}));
  promises_.fail_all(make_error(ec::disconnected));
  asking_.fail_all(why);
  for (auto& promise : std::exchange(waiting_for_stream_, {}))
    caf_compat::answer(promise, why);
  for (auto& promise : std::exchange(waiting_for_ready_, {}))
    caf_compat::answer(promise, why);
  record_.tell_end(reason, origin());
  record_.subscribers = {};
  record_.spec = {};
}

// -- the stream ---------------------------------------------------------------

void remote_client::open() {
  auto attempt = ++attempt_;
  request(relay_, open_within,
          open_stream{record_.spec.name, caf_compat::handle_to(*this),
                      interest_, options_})
    .then(
      [=, this](opened_stream& what) {
        if (attempt == attempt_)
          opened(what);
      },
      [=, this](const caf::error& why) {
        if (attempt != attempt_)
          return;
        if (starts_ && caf_compat::code_of(why) == ec::not_found)
          start();
        else
          refused(why);
      });
}

void remote_client::start() {
  auto attempt = ++attempt_;
  request(relay_, open_within,
          start_stream{record_.spec, caf_compat::handle_to(*this), interest_,
                       options_})
    .then(
      [=, this](opened_stream& what) {
        if (attempt == attempt_)
          opened(what);
      },
      [=, this](const caf::error& why) {
        if (attempt == attempt_)
          refused(why);
      });
}

void remote_client::opened(opened_stream& what) {
  stream_ = what.stream;
  remote_ = std::move(what.client);
  monitor(remote_);
  dialect_ = make_dialect(what.dialect);
  missing_since_ = std::nullopt;
  owed_ = 0;
  if (interest_ == stream_interest::everything)
    caf_compat::tell(*this, relay_, widen_stream{stream_});
  for (auto& promise : std::exchange(waiting_for_stream_, {}))
    caf_compat::answer(promise);
  restore();
  for (auto& x : asks_)
    ask(x.first);
  send_held();
}

void remote_client::refused(const caf::error& why) {
  // Whoever asked for it knows what to do about it.
  if (!waiting_for_stream_.empty())
    return quit(why);
  if (!missing_since_)
    missing_since_ = clock::now();
  if (clock::now() - *missing_since_ > patience)
    return give_up(why);
  delayed_send(this, retry_period, detail::stream_retry{attempt_});
}

void remote_client::lost(error reason) {
  ++attempt_;
  relay_ = nullptr;
  if (!is_open())
    return;
  stream_ = 0;
  demonitor(remote_.address());
  remote_ = nullptr;
  recount_ = true;
  state_ = client_state::backing_off;
  promises_.fail_all(make_error(ec::disconnected));
  auto what = event(event_kind::state_changed);
  what.reason = std::move(reason);
  tell(std::move(what));
}

void remote_client::restore() {
  if (channels_.empty())
    return;
  request(relay_, forget_requests_after,
          add_stream_channels{stream_, channels_.specs()})
    .then(
      [this, attempt = attempt_](channel_report& report) {
        if (attempt != attempt_)
          return;
        for (auto& x : report.outcomes)
          if (x.kind != outcome_kind::granted) {
            auto what = event(event_kind::channel_revoked);
            what.detail = x.channel;
            what.reason = std::move(x.reason);
            revoke(what);
          }
      },
      [this, attempt = attempt_](const caf::error&) {
        if (attempt == attempt_ && is_open())
          delayed_send(this, retry_period, detail::stream_retry{attempt_});
      });
}

void remote_client::give_up(caf::error why) {
  auto what = event(event_kind::gave_up);
  what.reason = error{ec::gateway_lost, caf_compat::to_text(why)};
  tell(std::move(what));
  quit(make_error(error{ec::gateway_lost, caf_compat::to_text(why)}));
}

// -- what it brings -----------------------------------------------------------

void remote_client::continue_counting(uint64_t epoch, uint64_t next_sequence) {
  if (!std::exchange(recount_, false))
    return;
  // Unsigned arithmetic: a shift may go either way.
  epoch_shift_ = record_.epoch == 0 ? 0 : record_.epoch + 1 - epoch;
  sequence_shift_ = record_.next_sequence - next_sequence;
}

void remote_client::handle(const stream_transfer& what) {
  if (current_sender() != relay_)
    return;
  for (auto& batch : what.batches)
    if (!batch.empty())
      deliver(batch);
  for (auto& [subscriber, number] : record_.subscribers.take_removed()) {
    demonitor(subscriber);
    give_back(channels_.remove_all(number));
  }
  acknowledge();
}

void remote_client::deliver(const message_batch& what) {
  auto content = what.content();
  continue_counting(what.epoch(), content->first_sequence);
  content->client_id = record_.id;
  content->epoch += epoch_shift_;
  content->first_sequence += sequence_shift_;
  record_.epoch = content->epoch;
  record_.next_sequence = content->first_sequence + content->count();
  owed_ += transfer_cost(what);
  fan_out(what);
}

void remote_client::handle(const client_event& what) {
  if (current_sender() != relay_)
    return;
  if (what.kind == event_kind::ended) {
    // Subscribers here learn of it as the last that we do.
    record_.last_error = what.reason;
    return quit(make_error(what.reason));
  }
  continue_counting(what.epoch, what.next_sequence);
  auto ours = what;
  ours.client_id = record_.id;
  ours.client = record_.spec.name;
  ours.epoch += epoch_shift_;
  ours.next_sequence += sequence_shift_;
  record_.epoch = ours.epoch;
  record_.next_sequence = std::max(record_.next_sequence, ours.next_sequence);
  state_ = what.state;
  if (what.kind == event_kind::channel_revoked)
    return revoke(ours);
  tell(std::move(ours));
  if (state_ == client_state::ready)
    for (auto& promise : std::exchange(waiting_for_ready_, {}))
      caf_compat::answer(promise, record_.epoch);
}

subscriber_set::verdict remote_client::fan_out(const message_batch& what) {
  auto& all = record_.subscribers;
  auto content = what.content();
  if (channels_.empty() && what.selection().empty())
    return all.deliver(content, event({}), origin());
  select(what);
  return all.deliver_selected(content, event({}), origin());
}

void remote_client::select(const message_batch& what) {
  auto& all = record_.subscribers;
  auto content = what.content();
  // The gateway has sent what is wanted here: who wants it is only a question
  // if there are several.
  auto sort_out = dialect_ != nullptr && dialect_->reads_messages()
                  && (interest_ == stream_interest::everything
                      || !channels_.uniform());
  auto select_one = [&](uint32_t index) {
    auto& entry = content->begin()[index];
    if (!sort_out)
      all.select(index, channels_.subscribers());
    else if (entry.kind == message_kind::text)
      all.select(index, channels_.subscribers_of(
                          dialect_->read(entry.payload()).channel));
  };
  if (what.selection().empty())
    for (uint32_t i = 0; i < content->count(); ++i)
      select_one(i);
  else
    for (auto i : what.selection())
      select_one(i);
}

void remote_client::acknowledge() {
  // Few messages: what is owed is small against the window.
  if (!is_open() || owed_ < options_.window_bytes / 8
      || record_.subscribers.congested())
    return;
  caf_compat::tell(*this, relay_,
                   grant_credit{stream_, std::exchange(owed_, 0)});
}

void remote_client::tell(client_event what) {
  record_.subscribers.deliver(what, origin());
}

client_event remote_client::event(event_kind kind) const {
  client_event result;
  result.kind = kind;
  result.state = state_;
  result.client_id = record_.id;
  result.client = record_.spec.name;
  result.epoch = record_.epoch;
  result.next_sequence = record_.next_sequence;
  return result;
}

subscriber_set::origin remote_client::origin() {
  return {caf::strong_actor_ptr{ctrl()}, context()};
}

} // namespace zenws
