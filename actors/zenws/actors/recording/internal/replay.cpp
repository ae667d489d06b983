// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/actors/recording/internal/replay.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace zenws {

namespace {

/// Others want to run as well.
constexpr size_t max_entries_per_turn = 1000;

/// No batch of a client is larger, unless by one message.
constexpr size_t max_batch_bytes = slab_pool::read_size;

constexpr double max_speed = 1e6;

bool is_data(const recorded_entry& entry) noexcept {
  return entry.direction == recorded_direction::in
         && (entry.type == recorded_type::text
             || entry.type == recorded_type::binary);
}

// Returns whether `next` came together with `last`, and after it.
bool follows(const recorded_entry& next, const recorded_header& last) noexcept {
  return next.at == last.at && next.epoch == last.epoch
         && next.sequence == last.sequence + 1;
}

slab_ptr make_slab(const std::vector<recorded_entry>& messages, size_t bytes) {
  auto result = slab_pool::make_unpooled(bytes, messages.size());
  for (auto& msg : messages)
    result->append(msg.data, msg.type == recorded_type::text
                               ? message_kind::text
                               : message_kind::binary);
  auto& first = messages.front();
  result->epoch = first.epoch;
  result->first_sequence = first.sequence;
  result->received_at = first.at;
  return result;
}

// Returns the time of a recording for those who count time as it goes by.
market_front::time_point
time_of(std::chrono::system_clock::time_point at) noexcept {
  return market_front::time_point{
    std::chrono::duration_cast<market_front::time_point::duration>(
      at.time_since_epoch())};
}

} // namespace

std::vector<config_problem> validate(const replay_options& options) {
  std::vector<config_problem> result;
  if (options.path.empty())
    result.push_back({"path", "must be the path of a recording"});
  if (!(options.speed == 0
        || (options.speed >= 1 / max_speed && options.speed <= max_speed)))
    result.push_back({"speed", "must be 0 or between 1e-6 and 1e6"});
  if (options.max_gap.count() < 0)
    result.push_back({"max_gap", "must not be negative"});
  if (options.range.from && options.range.to
      && *options.range.from > *options.range.to)
    result.push_back({"range.to", "must not be before range.from"});
  if (make_dialect(options.dialect) == nullptr)
    result.push_back({"dialect", "is unknown"});
  return result;
}

// -- constructors, destructors, and assignment operators ----------------------

replay::replay(caf::actor_config& cfg, replay_options options,
               std::vector<subscribe> subscribers)
  : super(cfg),
    options_(std::move(options)),
    venue_(make_dialect(options_.dialect)),
    market_({}, make_dialect(options_.dialect), options_.feed,
            question_scope::none) {
  if (venue_ && !venue_->reads_messages())
    venue_ = nullptr;
  front_.first_events.clear();
  front_.position.state = client_state::ready;
  for (auto& x : subscribers)
    front_.subscribers.add(std::move(x.subscriber), x.options);
}

// -- implementation of local_actor --------------------------------------------

const char* replay::name() const {
  return "zenws.replay";
}

replay::behavior_type replay::make_behavior() {
  caf_compat::log_unhandled(*this);
  caf_compat::on_down(*this,
                      [this](const caf::actor_addr& source, const caf::error&) {
                        drop_subscriber(source);
                      });
  front_.attach<detail::replay_drained>(*this);
  return {
    [this](const subscribe& x) { return front_.add_subscriber(x); },
    [this](const unsubscribe& x) -> caf::result<void> {
      if (!drop_subscriber(x.subscriber.address()))
        return make_error(ec::not_found);
      return caf::unit;
    },
    [this](const subscribe_market& x) { return add(x); },
    [this](const unsubscribe_market& x) { return remove(x); },
    [this](const start_replay&) { return start(); },
    [this](const detail::replay_step& x) {
      if (x.run == run_ && source_ && !waiting_)
        step();
    },
    [this](const detail::replay_drained&) { resume_if_drained(); },
  };
}

void replay::before_end() {
  front_.detach();
  source_.reset();
}

// -- playing ------------------------------------------------------------------

caf::result<replay_summary> replay::start() {
  if (source_)
    return make_error(error{ec::already_exists, "it is being played"});
  auto files = recording_files(options_.path);
  if (files.empty())
    return make_error(error{ec::recording_failed, "no file " + options_.path});
  source_.emplace(std::move(files), options_.range);
  promise_ = make_response_promise();
  summary_ = {};
  ++run_;
  waiting_ = false;
  last_at_.reset();
  played_ = {};
  started_ = clock().now();
  front_.position.id = options_.client_id;
  front_.position.epoch = 0;
  front_.position.next_sequence = 1;
  market_.begin_anew({}); // it may have been played before
  deliver_market({});
  caf_compat::tell_self(*this, detail::replay_step{run_});
  return caf::delegated<replay_summary>{};
}

void replay::step() {
  for (size_t i = 0; i < max_entries_per_turn; ++i) {
    auto* entry = source_->peek();
    if (entry == nullptr)
      return finish();
    auto at = due(entry->at);
    if (auto now = clock().now(); at > now) {
      caf_compat::tell_later(*this, at - now, detail::replay_step{run_});
      return;
    }
    if (!play(*entry))
      return;
  }
  caf_compat::tell_self(*this, detail::replay_step{run_});
}

bool replay::play(const recorded_entry& entry) {
  if (is_data(entry) && is_for_subscribers(entry))
    return play_batch();
  if (entry.type == recorded_type::event)
    play_event(entry);
  else
    ++summary_.skipped;
  source_->pop();
  return true;
}

bool replay::play_batch() {
  std::vector<recorded_entry> messages{*source_->peek()};
  auto bytes = messages.back().data.size();
  source_->pop();
  for (auto* next = source_->peek();
       next != nullptr && is_data(*next) && follows(*next, messages.back())
       && bytes + next->data.size() <= max_batch_bytes
       && is_for_subscribers(*next);
       next = source_->peek()) {
    bytes += next->data.size();
    messages.push_back(*next);
    source_->pop();
  }
  auto batch = make_slab(messages, bytes);
  auto& position = front_.position;
  batch->client_id = position.id;
  summary_.messages += messages.size();
  position.epoch = batch->epoch;
  position.next_sequence = batch->first_sequence + messages.size();
  market_.received_at = batch->received_at;
  auto now = time_of(batch->received_at);
  for (auto message : message_batch{batch})
    market_.read(message, now);
  waiting_ = front_.deliver(batch) == subscriber_set::verdict::stop_reading;
  front_.take_removed();
  deliver_market(now);
  return !waiting_;
}

void replay::deliver_market(market_front::time_point now) {
  if (!market_.has_feed())
    return;
  market_.feed().expired(now, market_.pending());
  std::vector<std::string> gone; // nobody has to be told
  if (market_.deliver(gone) == subscriber_set::verdict::stop_reading)
    waiting_ = true;
  (void) market_.feed().take_renewals();
}

void replay::play_event(const recorded_entry& entry) {
  auto told = event_from_json(entry.data);
  if (!told)
    return source_->reject(told.error());
  if (options_.client_id != 0)
    told->client_id = options_.client_id;
  front_.position.id = told->client_id;
  front_.position.name = told->client;
  front_.position.epoch = told->epoch;
  ++summary_.events;
  auto now = time_of(entry.at);
  market_.handle(*told, now);
  deliver_market(now);
  front_.deliver(*told);
}

bool replay::is_for_subscribers(const recorded_entry& entry) {
  if (!venue_ || entry.type != recorded_type::text)
    return true;
  auto kind = venue_->read(entry.data).kind;
  return kind == inbound_kind::data || kind == inbound_kind::malformed;
}

replay::time_point replay::due(std::chrono::system_clock::time_point at) {
  using namespace std::chrono;
  // Clocks are set back now and then: late entries are due.
  auto pause = std::max(at - last_at_.value_or(at), system_clock::duration{0});
  if (options_.max_gap.count() > 0)
    pause = std::min<system_clock::duration>(pause, options_.max_gap);
  last_at_ = at;
  played_ += pause;
  if (options_.speed == 0)
    return started_;
  // A limit that no clock overflows by.
  constexpr double longest = 1e17;
  auto offset = static_cast<double>(played_.count()) / options_.speed;
  return started_
         + duration_cast<time_point::duration>(system_clock::duration{
           static_cast<int64_t>(std::min(offset, longest))});
}

void replay::finish() {
  auto& account = source_->account();
  summary_.corrupt = account.corrupt;
  summary_.problems = account.problems;
  summary_.torn = account.torn;
  auto failure = source_->failure();
  source_.reset();
  auto last = front_.position.event(event_kind::replay_ended);
  last.state = client_state::stopped;
  last.reason = failure;
  if (summary_.corrupt > 0)
    last.detail = std::to_string(summary_.corrupt) + " corrupt lines";
  front_.deliver(last);
  front_.end(failure, front_.origin());
  // A promise keeps us alive.
  auto promise = std::exchange(promise_, {});
  if (failure)
    caf_compat::answer(promise, make_error(failure));
  else
    caf_compat::answer(promise, summary_);
}

void replay::resume_if_drained() {
  if (!source_ || !waiting_ || front_.subscribers.congested())
    return;
  waiting_ = false;
  step();
}

// -- subscribers --------------------------------------------------------------

caf::result<market_report> replay::add(const subscribe_market& request) {
  auto plans = market_.plans_of(request);
  if (!plans)
    return std::move(plans.error());
  auto number = market_.admit(request);
  market_report result;
  for (auto& [wish, channels, refusal, is_new] : *plans) {
    if (!refusal)
      is_new = market_.follow(number, wish, {});
    result.outcomes.push_back(
      {wish.instrument, wish.kind,
       refusal ? outcome_kind::rejected : outcome_kind::granted, refusal});
  }
  return result;
}

caf::result<void> replay::remove(const unsubscribe_market& request) {
  auto subscriber = caf::actor_cast<caf::actor>(request.subscriber);
  auto number = front_.subscribers.number_of(subscriber.address());
  if (number == 0)
    return make_error(ec::not_found);
  for (auto& wish : wishes_of(request))
    market_.leave(number, wish);
  return caf::unit;
}

bool replay::drop_subscriber(const caf::actor_addr& subscriber) {
  auto number = front_.remove(subscriber);
  if (number == 0)
    return false;
  if (market_.has_feed())
    market_.leave(number);
  resume_if_drained();
  return true;
}

// -- free functions -----------------------------------------------------------

caf::expected<replay_actor> spawn_replay(caf::actor_system& sys,
                                         replay_options options,
                                         std::vector<subscribe> subscribers) {
  auto problems = validate(options);
  for (size_t i = 0; i < subscribers.size(); ++i)
    for (auto& problem :
         validate(subscribers[i], "subscribers[" + std::to_string(i) + "]."))
      problems.push_back(std::move(problem));
  if (!problems.empty())
    return make_error(as_error(problems));
  return replay_actor{
    sys.spawn<replay>(std::move(options), std::move(subscribers))};
}

} // namespace zenws
