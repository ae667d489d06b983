// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/actors/market/internal/market_source.hpp"

#include <algorithm>
#include <utility>

namespace zenws {

namespace {

question_scope scope_of(const market_source_options& options) {
  return options.api ? question_scope::api : question_scope::streams;
}

std::vector<channel_spec>
channels_of(const std::vector<market_front::plan>& plans) {
  std::vector<channel_spec> result;
  for (auto& plan : plans)
    for (auto& channel : plan.channels)
      if (std::ranges::find(result, channel.name, &channel_spec::name)
          == result.end())
        result.push_back(channel);
  return result;
}

// Returns what became of a wish: the venue has to grant all of its channels,
// but those that an instrument may lack.
market_outcome outcome_of(const market_front::plan& plan,
                          const channel_report& report,
                          const market_protocol& venue) {
  market_outcome result{plan.wish.instrument, plan.wish.kind};
  if (plan.refusal) {
    result.outcome = outcome_kind::rejected;
    result.reason = plan.refusal;
  }
  for (auto& x : report.outcomes)
    if (x.kind != outcome_kind::granted && !venue.may_be_refused(x.channel)
        && std::ranges::find(plan.channels, x.channel, &channel_spec::name)
             != plan.channels.end()) {
      result.outcome = x.kind;
      result.reason = x.reason;
    }
  return result;
}

} // namespace

// -- constructors, destructors, and assignment operators ----------------------

market_source::market_source(caf::actor_config& cfg,
                             market_source_options options)
  : super(cfg),
    options_(std::move(options)),
    front_(options_.name, options_.dialect(), options_.feed,
           scope_of(options_)) {
  if (options_.position.id != 0)
    front_.front.position = options_.position;
  front_.stats = options_.stats;
}

// -- implementation of local_actor --------------------------------------------

const char* market_source::name() const {
  return "zenws.market_source";
}

market_source::behavior_type market_source::make_behavior() {
  caf_compat::log_unhandled(*this, &options_.name);
  caf_compat::on_down(*this,
                      [this](const caf::actor_addr& ended, const caf::error&) {
                        drop_subscriber(ended);
                      });
  front_.front.attach<detail::market_drained>(*this);
  return {
    [this](const subscribe_market& x) { return add(x); },
    [this](const unsubscribe_market& x) { return remove(x); },
    [this](const renew_market& x) -> caf::result<void> {
      renew(x);
      return caf::unit;
    },
    [this](const get_books&) {
      return front_.has_feed() ? book_report{front_.feed().books(clock::now())}
                               : book_report{};
    },
    [this](const message_batch& x) {
      if (congested_)
        waiting_.emplace_back(x);
      else
        handle(x);
    },
    [this](const client_event& x) {
      if (congested_ && x.kind != event_kind::ended)
        waiting_.emplace_back(x);
      else
        handle(x);
    },
    [this](const detail::market_due&) {
      armed_ = false;
      if (!front_.has_feed())
        return;
      // What waits to be read is no silence.
      if (!congested_)
        front_.feed().expired(clock::now(), front_.pending());
      follow_up();
    },
    [this](const detail::market_drained&) {
      front_.front.tell_dropped();
      resume_if_drained();
    },
    [this](const detail::market_pause_over&) {
      pause_armed_ = false;
      end_pause();
    },
  };
}

void market_source::before_end() {
  waiting_.clear();
  front_.front.end(end_.value_or(error{ec::client_stopped}),
                   front_.front.origin());
  front_.front.detach();
  front_.front.subscribers = {};
  options_ = {};
}

// -- requests -----------------------------------------------------------------

caf::result<market_report> market_source::add(const subscribe_market& request) {
  auto plans = front_.plans_of(request);
  if (!plans)
    return std::move(plans.error());
  auto number = front_.admit(request);
  // Before the answer: data may come ahead of it.
  for (auto& next : *plans)
    if (!next.refusal)
      next.is_new = front_.follow(number, next.wish, clock::now());
  auto channels = channels_of(*plans);
  follow_up();
  if (channels.empty())
    return conclude(number, *plans, {});
  auto promise = make_response_promise();
  request_channels(std::move(channels), number, std::move(*plans), promise);
  return caf::delegated<market_report>{};
}

void market_source::request_channels(std::vector<channel_spec> channels,
                                     uint64_t subscriber,
                                     std::vector<plan> plans,
                                     caf::response_promise promise) {
  request(options_.client, caf::infinite,
          subscribe_channels{channels, caf_compat::handle_to(*this)})
    .then(
      [=, this](const channel_report& report) mutable {
        caf_compat::answer(promise, conclude(subscriber, plans, report));
      },
      [=, this](caf::error& reason) mutable {
        // The next incarnation goes on asking: its answer counts.
        if (caf_compat::code_of(reason) == ec::disconnected)
          return request_channels(std::move(channels), subscriber,
                                  std::move(plans), std::move(promise));
        for (auto& next : plans)
          if (next.is_new)
            give_back(front_.leave(subscriber, next.wish));
        caf_compat::answer(promise, std::move(reason));
      });
}

market_report market_source::conclude(uint64_t subscriber,
                                      const std::vector<plan>& plans,
                                      const channel_report& report) {
  market_report result;
  for (auto& next : plans) {
    auto outcome = outcome_of(next, report, front_.protocol());
    if (outcome.outcome != outcome_kind::granted && next.is_new)
      give_back(front_.leave(subscriber, next.wish));
    result.outcomes.push_back(std::move(outcome));
  }
  return result;
}

caf::result<void> market_source::remove(const unsubscribe_market& request) {
  auto subscriber = caf::actor_cast<caf::actor>(request.subscriber);
  auto number = front_.front.subscribers.number_of(subscriber.address());
  if (number == 0)
    return make_error(ec::not_found);
  for (auto& wish : wishes_of(request))
    give_back(front_.leave(number, wish));
  if (!front_.serves(number))
    drop_subscriber(subscriber.address());
  return caf::unit;
}

void market_source::renew(const renew_market& request) {
  if (!front_.has_feed())
    return;
  for (auto& instrument : request.instruments)
    front_.feed().renew(instrument, market::loss_cause::inconsistent,
                        clock::now(), front_.pending());
  follow_up();
}

void market_source::drop_subscriber(const caf::actor_addr& subscriber) {
  if (auto number = front_.front.remove(subscriber)) {
    give_back(front_.leave(number));
    resume_if_drained();
  }
}

// -- messages and events ------------------------------------------------------

void market_source::handle(const message_batch& batch) {
  auto now = clock::now();
  front_.front.position.id = batch.client_id();
  front_.front.position.epoch = batch.epoch();
  front_.received_at = batch.received_at();
  for (auto message : batch) {
    front_.front.position.next_sequence = message.sequence + 1;
    front_.read(message, now);
  }
  follow_up();
}

void market_source::handle(const client_event& event) {
  if (event.kind == event_kind::ended) {
    // Subscribers learn of it as the last that we do, after all that they have
    // not caught up with.
    while (!waiting_.empty())
      handle_waiting();
    front_.handle(event, clock::now());
    follow_up();
    end_ = event.reason;
    return quit(make_error(event.reason));
  }
  front_.handle(event, clock::now());
  follow_up();
  if (event.kind != event_kind::channel_revoked)
    return front_.front.deliver(event);
  for (auto number : front_.give_up(event.detail))
    if (auto subscriber = front_.front.subscribers.find(number))
      front_.front.deliver(subscriber, event);
}

void market_source::handle_waiting() {
  auto next = std::move(waiting_.front());
  waiting_.pop_front();
  std::visit([this](auto& x) { handle(x); }, next);
}

void market_source::pause() {
  if (std::exchange(congested_, true))
    return;
  paused_until_ = clock::now() + options_.max_pause;
  arm_pause();
}

void market_source::arm_pause() {
  if (std::exchange(pause_armed_, true))
    return;
  auto delay = std::chrono::ceil<std::chrono::milliseconds>(paused_until_
                                                            - clock::now());
  caf_compat::tell_later(*this, std::max(delay, std::chrono::milliseconds{1}),
                         detail::market_pause_over{});
}

void market_source::end_pause() {
  if (!congested_)
    return;
  if (clock::now() < paused_until_)
    return arm_pause();
  front_.front.subscribers.shed_congested();
  resume_if_drained();
}

void market_source::resume_if_drained() {
  if (!congested_ || front_.front.subscribers.congested())
    return;
  congested_ = false;
  while (!congested_ && !waiting_.empty())
    handle_waiting();
}

void market_source::follow_up() {
  if (!front_.has_feed())
    return;
  std::vector<std::string> gone;
  if (front_.deliver(gone) == subscriber_set::verdict::stop_reading)
    pause();
  give_back(gone);
  auto& feed = front_.feed();
  if (auto renewals = feed.take_renewals(); !renewals.empty())
    caf_compat::tell(*this, options_.client,
                     renew_channels{std::move(renewals)});
  for (auto& question : feed.take_questions())
    ask(std::move(question));
  arm();
}

void market_source::ask(market_question question) {
  auto patience = options_.feed.trade_patience;
  call content{std::move(question.query.method),
               std::move(question.query.params), patience,
               queue_until(patience)};
  auto& whom = question.query.at_api ? options_.api : options_.client;
  request(whom, caf::infinite, std::move(content))
    .then(
      [this, token = question.token](const rpc_result& answer) {
        front_.feed().answered(token, answer.json, clock::now(),
                               front_.pending());
        follow_up();
      },
      [this, token = question.token](const caf::error&) {
        front_.feed().unanswered(token, clock::now(), front_.pending());
        follow_up();
      });
}

void market_source::give_back(const std::vector<std::string>& channels) {
  if (channels.empty())
    return;
  request(options_.client, caf::infinite,
          unsubscribe_channels{channels, caf_compat::handle_to(*this)})
    .then([] {}, [](const caf::error&) {});
}

void market_source::arm() {
  auto due = front_.feed().wake_at();
  if (!due || std::exchange(armed_, true))
    return;
  auto least = std::chrono::milliseconds{congested_ ? 100 : 1};
  auto delay
    = std::chrono::ceil<std::chrono::milliseconds>(*due - clock::now());
  caf_compat::tell_later(*this, std::max(delay, least), detail::market_due{});
}

} // namespace zenws
