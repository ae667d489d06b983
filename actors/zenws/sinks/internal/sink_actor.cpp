// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sinks/internal/sink_actor.hpp"

#include "zenws/actors/client/client_registry.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace zenws {

namespace {

constexpr subscription_options sink_subscription{
  .policy = overflow_policy::drop_newest};

} // namespace

// -- constructors, destructors, and assignment operators ----------------------

sink_actor::sink_actor(caf::actor_config& cfg, client_runtime& host,
                       std::string id, sink_options options,
                       sink_memory_ptr memory)
  : ending_actor(cfg),
    host_(host),
    id_(std::move(id)),
    options_(std::move(options)),
    memory_(std::move(memory)) {
  for (auto& client : options_.clients)
    members_.push_back({client});
}

// -- implementation of local_actor --------------------------------------------

const char* sink_actor::name() const {
  return "zenws.sink";
}

caf::behavior sink_actor::make_behavior() {
  caf_compat::log_unhandled(*this);
  caf_compat::on_exit_message(*this, [this](const caf::actor_addr&,
                                            const caf::error& reason) {
    close(reason);
  });
  caf_compat::on_down(*this, [this](const caf::actor_addr& ended,
                                    const caf::error& reason) {
    for (auto& x : members_)
      if (x.address == ended)
        left(x, reason);
  });
  for (auto& [client_id, source] : memory_->sources)
    memory_->queue.add_loss(source, {.cause = sink_loss_cause::sink_restarted},
                            clock::now());
  start_worker();
  join_missing();
  caf_compat::tell_later(*this, options_.flush_interval, detail::sink_due{});
  return {
    [this](const message_batch& batch) { take(batch); },
    [this](const market_batch& batch) { take(batch); },
    [this](const client_event& event) { take(event); },
    [this](const detail::sink_due& again) {
      join_missing();
      flush();
      caf_compat::tell_later(*this, options_.flush_interval, again);
    },
    [this](const detail::sink_retry_due&) { retry(); },
    [this](const detail::sink_close_due&) { give_up(); },
  };
}

void sink_actor::before_end() {
  worker_stop_.request_stop();
  if (worker_)
    send_exit(worker_, caf::exit_reason::user_shutdown);
  worker_ = nullptr;
  // Clients would keep what is left of this sink.
  for (auto& x : members_)
    if (x.address)
      caf_compat::demonitor(*this, x.address);
  memory_ = nullptr; // the next incarnation may have it
  options_ = {};
}

// -- clients ------------------------------------------------------------------

void sink_actor::join_missing() {
  for (auto& x : members_)
    if (!x.has_joined && !is_closing_)
      join(x);
}

void sink_actor::join(membership& to) {
  auto client = host_.shared_registry()->find(to.client);
  if (!client)
    return left(to, make_error(error{ec::not_found}));
  to.has_joined = true;
  to.address = client->address.address();
  open_source(client->id, to.client);
  caf_compat::monitor(*this, client->address);
  subscribe_messages(to, client->address);
  subscribe_typed(to, client->address);
}

void sink_actor::subscribe_messages(membership& to,
                                    const client_actor& client) {
  auto has_failed = [this, &to](const caf::error& reason) { left(to, reason); };
  auto self = caf_compat::handle_to(*this);
  if (options_.everything) {
    request(client, caf::infinite, subscribe{self, sink_subscription})
      .then([] {}, has_failed);
    return;
  }
  if (options_.channels.empty())
    return;
  request(client, caf::infinite,
          subscribe_channels{options_.channels, self, sink_subscription})
    .then(
      [this, &to](const channel_report& report) {
        for (auto& x : report.outcomes)
          if (x.kind != outcome_kind::granted)
            log(log_level::warning,
                "no " + x.channel + ": " + to_string(x.reason), to.client);
      },
      has_failed);
}

void sink_actor::subscribe_typed(membership& to, const client_actor& client) {
  if (options_.kinds.empty())
    return;
  auto self = caf::actor_cast<market_subscriber>(caf_compat::handle_to(*this));
  request(client, caf::infinite,
          subscribe_market{.instruments = options_.instruments,
                           .kinds = options_.kinds,
                           .subscriber = self,
                           .pace = options_.pace,
                           .options = sink_subscription})
    .then(
      [this, &to](const market_report& report) {
        for (auto& x : report.outcomes)
          if (x.outcome != outcome_kind::granted)
            log(log_level::warning,
                "no " + std::string{to_string(x.kind)} + " of " + x.instrument
                  + ": " + to_string(x.reason),
                to.client);
      },
      [this, &to](const caf::error& reason) { left(to, reason); });
}

// Each reason is logged once, however often the sink asks.
void sink_actor::left(membership& from, const caf::error& reason) {
  from.has_joined = false;
  caf_compat::demonitor(*this, from.address);
  auto code = caf_compat::code_of(reason);
  if (is_closing_ || std::exchange(from.last_problem, code) == code)
    return;
  log(log_level::warning, "waits for a client: " + caf_compat::to_text(reason),
      from.client);
}

void sink_actor::open_source(uint64_t client_id, const std::string& client) {
  auto& sources = memory_->sources;
  std::erase_if(sources, [&](auto& x) {
    return x.first != client_id && x.second->client() == client;
  });
  auto& source = sources[client_id];
  if (source == nullptr)
    source = std::make_shared<sink_source>(client, draw_run());
}

// -- records ------------------------------------------------------------------

void sink_actor::take(const message_batch& batch) {
  auto i = memory_->sources.find(batch.client_id());
  if (is_closing_ || i == memory_->sources.end())
    return;
  for (auto message : batch)
    add(i->second, i->second->make(batch.epoch(), message));
  if (memory_->queue.has_full_batch())
    write();
  publish_figures();
}

void sink_actor::take(const market_batch& batch) {
  auto i = memory_->sources.find(batch.client_id());
  if (is_closing_ || i == memory_->sources.end())
    return;
  auto received_at
    = std::chrono::floor<std::chrono::microseconds>(batch.received_at());
  for (auto& update : batch)
    if (auto record = i->second->make(batch.epoch(), received_at, update))
      add(i->second, std::move(*record));
  if (memory_->queue.has_full_batch())
    write();
  publish_figures();
}

void sink_actor::take(const client_event& event) {
  auto i = memory_->sources.find(event.client_id);
  if (event.kind != event_kind::messages_dropped || is_closing_
      || i == memory_->sources.end())
    return;
  auto lost = event.dropped_messages;
  options_.stats->lost.add(lost);
  sink_loss loss{.cause = lost > 0 ? sink_loss_cause::sink_slow
                                   : sink_loss_cause::venue_gap,
                 .lost = lost};
  memory_->queue.add_loss(i->second, loss, clock::now());
}

void sink_actor::add(const sink_source_ptr& source, sink_record record) {
  if (memory_->queue.add(source, std::move(record), clock::now())
      == sink_queue::admission::left_out)
    ++options_.stats->lost;
}

void sink_actor::tell(std::span<const sink_queue::told_loss> losses) {
  for (auto& [client, loss] : losses) {
    log(log_level::error,
        "lost " + std::to_string(loss.lost) + " records ("
          + std::string{to_string(loss.cause)} + "), from epoch "
          + std::to_string(loss.first_epoch) + ", number "
          + std::to_string(loss.first_sequence) + " to epoch "
          + std::to_string(loss.last_epoch) + ", number "
          + std::to_string(loss.last_sequence),
        client);
    client_event event{.kind = event_kind::messages_dropped,
                       .state = client_state::ready,
                       .client = client,
                       .epoch = loss.last_epoch,
                       .reason = error{ec::sink_failed, id_},
                       .dropped_messages = loss.lost,
                       .next_sequence = loss.last_sequence + 1,
                       .detail = "sink " + id_};
    host_.events()->publish(event, context());
  }
}

// -- writing ------------------------------------------------------------------

void sink_actor::start_worker() {
  auto ended = std::make_shared<std::promise<void>>();
  worker_stop_ = {};
  sink_worker_links links{options_.make_writer, options_.write_within,
                          worker_stop_.get_token(), memory_->worker_ended,
                          ended};
  if (!links.make_writer)
    links.make_writer = [store = options_.store] {
      return make_sink_writer(store);
    };
  memory_->worker_ended = ended->get_future();
  worker_ = spawn<sink_worker, caf::detached>(std::move(links));
}

void sink_actor::write() {
  if (state_ != writing_state::idle)
    return;
  auto batch = memory_->queue.front();
  if (batch == nullptr)
    return;
  state_ = writing_state::under_way;
  auto attempt = std::exchange(memory_->next_attempt, sink_attempt::repeated);
  request(worker_, caf::infinite, detail::write_sink_batch{batch, attempt})
    .then([this](const detail::sink_batch_done& outcome) { done(outcome); },
          [this](const caf::error& reason) { // it has crashed
            failed({ec::sink_failed, caf_compat::to_text(reason)});
            start_worker();
          });
}

void sink_actor::done(const detail::sink_batch_done& outcome) {
  if (outcome.problem.code == ec::request_refused)
    return narrow(outcome.problem);
  if (outcome.problem)
    return failed(outcome.problem);
  written(outcome.refused);
}

void sink_actor::narrow(const error& reason) {
  state_ = writing_state::idle;
  if (memory_->queue.split())
    return write();
  log(log_level::warning, "a record is refused: " + to_string(reason));
  written(std::array<size_t, 1>{0});
}

void sink_actor::written(std::span<const size_t> refused) {
  auto& stats = *options_.stats;
  auto& queue = memory_->queue;
  auto records = queue.front()->records.size();
  if (refused.empty())
    queue.confirm();
  else
    tell(queue.confirm(refused, clock::now()));
  ++stats.batches;
  stats.written.add(records - refused.size());
  stats.lost.add(refused.size());
  stats.is_failing.set(0);
  state_ = writing_state::idle;
  memory_->next_attempt = sink_attempt::first;
  if (std::exchange(retries_, 0) > 0)
    log(log_level::info, "writes again");
  tell(queue.settle(clock::now()));
  if (queue.has_full_batch() || is_closing_)
    write();
  publish_figures();
  if (is_closing_ && queue.empty())
    quit(end_);
}

void sink_actor::failed(const error& reason) {
  ++options_.stats->failures;
  options_.stats->is_failing.set(1);
  state_ = writing_state::waiting;
  auto jitter = std::uniform_real_distribution<double>{0, 1}(noise_);
  auto delay = backoff::delay(options_.retry, retries_, jitter);
  if (retries_++ == 0)
    log(log_level::warning, "cannot write, tries again: " + to_string(reason));
  caf_compat::tell_later(*this, delay, detail::sink_retry_due{});
}

void sink_actor::retry() {
  if (state_ != writing_state::waiting)
    return;
  state_ = writing_state::idle;
  write();
}

void sink_actor::flush() {
  tell(memory_->queue.settle(clock::now()));
  write();
  publish_figures();
}

// -- ending -------------------------------------------------------------------

void sink_actor::close(const caf::error& reason) {
  if (std::exchange(is_closing_, true))
    return;
  end_ = reason;
  if (memory_->queue.empty())
    return quit(end_);
  caf_compat::tell_later(*this, options_.close_within,
                         detail::sink_close_due{});
  retry();
  flush();
}

void sink_actor::give_up() {
  tell(memory_->queue.untold());
  auto left = memory_->queue.records();
  options_.stats->lost.add(left);
  log(log_level::error,
      "ends without having written " + std::to_string(left) + " records");
  quit(end_);
}

void sink_actor::publish_figures() {
  auto& stats = *options_.stats;
  auto& queue = memory_->queue;
  stats.pending.set(queue.records());
  stats.pending_bytes.set(queue.bytes());
  auto since = queue.records() > 0 ? queue.since() : clock::time_point{};
  stats.oldest.set(static_cast<uint64_t>(
    std::chrono::floor<std::chrono::microseconds>(since.time_since_epoch())
      .count()));
}

void sink_actor::log(log_level level, std::string text, std::string client) {
  write_log(system(), {.level = level,
                       .component = name(),
                       .client = std::move(client),
                       .text = std::move(text),
                       .fields = {{"sink", id_}}});
}

} // namespace zenws
