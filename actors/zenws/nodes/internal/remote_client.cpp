// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/nodes/internal/remote_client.hpp"

#include "zenws/actors/client/internal/durable_state.hpp"
#include "zenws/nodes/internal/forward_request.hpp"

#include <algorithm>
#include <utility>

// The stream of a remote client, and delivery from it.

namespace zenws {

namespace {

constexpr std::chrono::seconds open_within{10};

// Returns requests to a relay.
std::vector<add_stream_market>
stream_requests(const std::vector<market_wish>& wishes, uint64_t stream) {
  std::vector<add_stream_market> result;
  for (auto& x : requests_for(wishes))
    result.push_back(
      {stream, std::move(x.instruments), x.kinds, x.depth, x.pace});
  return result;
}

// Returns the number of the first message that brought any of this.
uint64_t first_message_of(const market_batch& batch) {
  for (auto& x : batch)
    if (auto number = std::visit([](auto& y) { return y.message; }, x))
      return number;
  return 1;
}

} // namespace

// -- constructors, destructors, and assignment operators ----------------------

remote_client::remote_client(caf::actor_config& cfg, client_spec spec,
                             bool starts, stream_options options)
  : super(cfg),
    spec_(std::move(spec)),
    front_(spec_.name, std::exchange(spec_.subscribers, {})),
    starts_(starts),
    options_(options),
    held_(spec_.config.max_outbound_bytes) {
  spec_.name = front_.position.name;
}

// -- implementation of local_actor --------------------------------------------

const char* remote_client::name() const {
  return "zenws.remote_client";
}

remote_client::behavior_type remote_client::make_behavior() {
  caf_compat::log_unhandled(*this, &spec_.name);
  caf_compat::on_down(*this, [this](const caf::actor_addr& source,
                                    const caf::error& reason) {
    if (source != remote_.address())
      drop_subscriber(source);
    else if (reason == caf::exit_reason::remote_link_unreachable)
      lost(error{ec::gateway_lost, "the connection broke"});
    else
      quit(reason);
  });
  front_.attach<detail::node_drained>(*this);
  if (front_.subscribers.size() > 0)
    interest_ = stream_interest::everything;
  return {
    [this](send_text& x) { return forward<void>(x); },
    [this](send_binary& x) { return forward<void>(x); },
    [this](get_status& x) { return forward<client_status>(x); },
    [this](await_ready&) { return front_.wait_until_ready(); },
    [this](close_client& x) { return forward<void>(x); },
    [this](subscribe& x) { return add_subscriber(x); },
    [this](const unsubscribe& x) { return remove_subscriber(x); },
    [this](call& x) { return forward<rpc_result>(x); },
    [this](subscribe_channels& x) { return add_channels(x); },
    [this](const unsubscribe_channels& x) { return remove_channels(x); },
    [this](renew_channels& x) { return forward<void>(x); },
    [this](subscribe_market& x) { return add_market(x); },
    [this](const unsubscribe_market& x) { return remove_market(x); },
    [this](renew_market& x) { return forward<void>(x); },
    [this](get_books& x) { return forward<book_report>(x); },
    [this](get_heartbeat_health& x) { return forward<heartbeat_health>(x); },
    [this](get_state_metrics& x) { return forward<state_metrics>(x); },
    [this](stream_transfer& x) { handle(x); },
    [this](const stream_market_dropped& x) { handle(x); },
    [this](const client_event& x) { handle(x); },
    [this](const stream_ended& x) {
      if (current_sender() != relay_)
        return;
      lost(x.reason);
    },
    [this](const detail::gateway_up& x) {
      lost(error{ec::gateway_lost, "another session"});
      relay_ = x.relay;
      open();
    },
    [this](const detail::gateway_down& x) { lost(x.reason); },
    [this](const detail::node_drained&) {
      front_.tell_dropped();
      acknowledge();
    },
    [this](const detail::stream_retry& x) {
      if (x.attempt != attempt_ || !relay_)
        return;
      restore_due_ = 0;
      is_open() ? restore() : open();
    },
    [this](const detail::outbox_due&) { expire_held(); },
    [this](const detail::market_repeat&) {
      repeat_due_ = false;
      repeat_market();
    },
    [this](const detail::await_stream&) -> caf::result<void> {
      if (is_open())
        return caf::unit;
      waiting_for_stream_.push_back(make_response_promise());
      return caf::delegated<void>{};
    },
  };
}

void remote_client::before_end() {
  if (is_open())
    caf_compat::anon_send(relay_, close_stream{stream_});
  remote_ = nullptr;
  relay_ = nullptr;
  auto reason = reason_of(end_, fail_state());
  auto failure = make_error(reason ? reason : error{ec::client_stopped});
  for (auto token : held_.clear()) // not sent, unlike all others
    promises_.answer(token, make_error(error{ec::not_connected, "ended"}));
  promises_.fail_all(make_error(ec::disconnected));
  for (auto& [id, open] : std::exchange(channel_requests_, {}))
    caf_compat::answer(open.promise, failure);
  for (auto& [id, open] : std::exchange(market_requests_, {}))
    caf_compat::answer(open.promise, failure);
  for (auto& promise : std::exchange(waiting_for_stream_, {}))
    caf_compat::answer(promise, failure);
  market_.disconnected();
  front_.fail_waiting(failure);
  front_.end(reason, front_.origin());
  front_.detach();
  front_.subscribers = {};
  spec_ = {};
}

// -- the stream ---------------------------------------------------------------

void remote_client::open() {
  auto attempt = ++attempt_;
  request(relay_, open_within,
          open_stream{spec_.name, caf_compat::handle_to(*this), interest_,
                      options_})
    .then(
      [=, this](opened_stream& stream) {
        if (attempt == attempt_)
          opened(stream);
      },
      [=, this](const caf::error& reason) {
        if (attempt != attempt_)
          return;
        if (starts_ && caf_compat::code_of(reason) == ec::not_found)
          start();
        else
          refused(reason);
      });
}

void remote_client::start() {
  auto attempt = ++attempt_;
  request(relay_, open_within,
          start_stream{spec_, caf_compat::handle_to(*this), interest_,
                       options_})
    .then(
      [=, this](opened_stream& stream) {
        if (attempt == attempt_)
          opened(stream);
      },
      [=, this](const caf::error& reason) {
        if (attempt == attempt_)
          refused(reason);
      });
}

void remote_client::opened(opened_stream& stream) {
  stream_ = stream.stream;
  remote_ = std::move(stream.client);
  caf_compat::monitor(*this, remote_);
  dialect_ = make_dialect(stream.dialect);
  if (dialect_ != nullptr && dialect_->market() != nullptr)
    market_.number_trades_by(dialect_->market()->numbering_of_trades());
  missing_since_ = std::nullopt;
  owed_ = 0;
  if (interest_ == stream_interest::everything)
    caf_compat::tell(*this, relay_, widen_stream{stream_});
  for (auto& promise : std::exchange(waiting_for_stream_, {}))
    caf_compat::answer(promise);
  restore();
  for (auto& [id, open] : channel_requests_)
    request_channels(id);
  for (auto& [id, open] : market_requests_)
    request_market(id);
  send_held();
}

void remote_client::refused(const caf::error& reason) {
  // The sender of the request handles it.
  if (!waiting_for_stream_.empty())
    return quit(reason);
  if (!missing_since_)
    missing_since_ = clock::now();
  if (clock::now() - *missing_since_ > patience)
    return give_up(reason);
  caf_compat::tell_later(*this, retry_period, detail::stream_retry{attempt_});
}

void remote_client::lost(error reason) {
  ++attempt_;
  relay_ = nullptr;
  if (!is_open())
    return;
  stream_ = 0;
  caf_compat::demonitor(*this, remote_.address());
  remote_ = nullptr;
  recount_ = true;
  front_.position.state = client_state::backing_off;
  promises_.abandon_all(*this, make_error(ec::disconnected));
  market_.disconnected();
  auto event = front_.position.event(event_kind::state_changed);
  event.reason = std::move(reason);
  front_.deliver(event);
}

void remote_client::restore() {
  restore_channels();
  restore_market();
}

void remote_client::restore_later() {
  // Several requests may have failed; the next try is for all of them.
  if (std::exchange(restore_due_, attempt_) != attempt_)
    caf_compat::tell_later(*this, retry_period, detail::stream_retry{attempt_});
}

void remote_client::restore_channels() {
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
            auto event = front_.position.event(event_kind::channel_revoked);
            event.detail = x.channel;
            event.reason = std::move(x.reason);
            revoke(event);
          }
      },
      [this, attempt = attempt_](const caf::error&) {
        if (attempt == attempt_ && is_open())
          restore_later();
      });
}

void remote_client::restore_market() {
  for (auto& content : stream_requests(market_.wishes(), stream_))
    request(relay_, forget_requests_after, content)
      .then(
        [this, attempt = attempt_](const market_report& report) {
          if (attempt != attempt_)
            return;
          for (auto& x : report.outcomes)
            if (x.outcome != outcome_kind::granted)
              market_.revoke({x.kind, x.instrument}, x.reason);
        },
        [this, attempt = attempt_, content](const caf::error& reason) {
          if (attempt != attempt_ || !is_open())
            return;
          if (caf_compat::code_of(reason) != ec::not_supported)
            return restore_later();
          error refusal{ec::not_supported, caf_compat::detail_of(reason)};
          for (auto& x : wishes_of(
                 unsubscribe_market{content.instruments, content.kinds, {}}))
            market_.revoke({x.kind, x.instrument}, refusal);
        });
}

void remote_client::give_up(const caf::error& reason) {
  auto event = front_.position.event(event_kind::gave_up);
  event.reason = error{ec::gateway_lost, caf_compat::to_text(reason)};
  front_.deliver(event);
  quit(make_error(error{ec::gateway_lost, caf_compat::to_text(reason)}));
}

// -- messages -----------------------------------------------------------------

void remote_client::continue_counting(uint64_t epoch, uint64_t next_sequence) {
  if (!std::exchange(recount_, false))
    return;
  // Unsigned arithmetic: a shift may go either way.
  auto& position = front_.position;
  epoch_shift_ = position.epoch == 0 ? 0 : position.epoch + 1 - epoch;
  sequence_shift_ = position.next_sequence - next_sequence;
  first_sequence_ = next_sequence;
}

void remote_client::handle(stream_transfer& transfer) {
  if (current_sender() != relay_)
    return;
  for (auto& batch : transfer.batches)
    if (!batch.empty())
      deliver(batch);
  for (auto& batch : transfer.market)
    if (!batch.empty())
      deliver(batch);
  for (auto number : front_.take_removed())
    give_back_all(number);
  repeat_market();
  acknowledge();
}

void remote_client::deliver(message_batch& batch) {
  auto first = batch.content()->first_sequence;
  continue_counting(batch.epoch(), first);
  auto& position = front_.position;
  position.epoch = batch.epoch() + epoch_shift_;
  batch.renumber(position.id, position.epoch, first + sequence_shift_);
  position.next_sequence = first + sequence_shift_ + batch.content()->count();
  owed_ += transfer_cost(batch);
  fan_out(batch);
}

void remote_client::deliver(market_batch& batch) {
  // Events of the client come first, as a rule.
  continue_counting(batch.epoch(), first_message_of(batch));
  owed_ += transfer_cost(batch);
  batch.renumber(front_.position.id, batch.epoch() + epoch_shift_,
                 first_sequence_, first_sequence_ + sequence_shift_);
  market_.received(batch.content());
}

void remote_client::handle(const stream_market_dropped& loss) {
  if (current_sender() != relay_)
    return;
  market_.dropped(loss.updates);
  repeat_market();
}

void remote_client::repeat_market() {
  if (!is_open() || !market_.has_repeats())
    return;
  for (auto& content :
       stream_requests(market_.take_repeats(clock::now()), stream_))
    request(relay_, forget_requests_after, std::move(content))
      .then([](const market_report&) {}, [](const caf::error&) {});
  if (market_.has_repeats() && !std::exchange(repeat_due_, true))
    caf_compat::tell_later(*this, remote_market::portion_patience,
                           detail::market_repeat{});
}

void remote_client::handle(const client_event& event) {
  if (current_sender() != relay_)
    return;
  if (event.kind == event_kind::ended) {
    // Subscribers here learn of it as the last that we do.
    end_ = event.reason;
    return quit(make_error(event.reason));
  }
  continue_counting(event.epoch, event.next_sequence);
  auto& position = front_.position;
  auto ours = event;
  ours.client_id = position.id;
  ours.client = position.name;
  ours.epoch += epoch_shift_;
  ours.next_sequence += sequence_shift_;
  position.epoch = ours.epoch;
  position.next_sequence = std::max(position.next_sequence, ours.next_sequence);
  position.state = event.state;
  if (event.kind == event_kind::channel_revoked)
    return revoke(ours);
  front_.deliver(ours);
  if (position.state == client_state::ready)
    front_.tell_ready();
}

subscriber_set::verdict remote_client::fan_out(const message_batch& batch) {
  if (channels_.empty() && batch.selection().empty())
    return front_.deliver(batch.content());
  select(batch);
  return front_.deliver_selected(batch.content());
}

void remote_client::select(const message_batch& batch) {
  auto& all = front_.subscribers;
  auto content = batch.content();
  // The gateway sends only messages that are wanted here: a choice is necessary
  // only among several subscribers.
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
  if (batch.selection().empty())
    for (uint32_t i = 0; i < content->count(); ++i)
      select_one(i);
  else
    for (auto i : batch.selection())
      select_one(i);
}

void remote_client::acknowledge() {
  // Few messages: the owed credit is small against the window.
  if (!is_open() || owed_ < options_.window_bytes / 8
      || front_.subscribers.congested())
    return;
  caf_compat::tell(*this, relay_,
                   grant_credit{stream_, std::exchange(owed_, 0)});
}

} // namespace zenws
