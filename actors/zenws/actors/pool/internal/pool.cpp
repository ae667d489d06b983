// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/actors/pool/internal/pool.hpp"

#include "zenws/internal/random_seed.hpp"
#include "zenws/session/send_outcome.hpp"

#include <algorithm>
#include <utility>

namespace zenws {

namespace {

using std::chrono::milliseconds;

// Time for a supervisor to start a client.
constexpr std::chrono::seconds start_patience{10};

// Whatever is wrong with such a request is so for each member.
bool concerns_request(ec code) noexcept {
  return code == ec::invalid_message || code == ec::not_supported
         || code == ec::outbound_too_big || code == ec::request_too_costly
         || code == ec::request_too_big;
}

// Others may have a child of the same name.
bool is_about(const supervision_event& event, const registered_client& client) {
  return event.node.empty()
         && (client.supervisor.empty()
             || client.supervisor == event.supervisor);
}

} // namespace

// -- constructors, destructors, and assignment operators ----------------------

pool::pool(caf::actor_config& cfg, pool_config options,
           const client_registry& clients, event_stream_ptr events)
  : super(cfg),
    options_(std::move(options)),
    clients_(clients),
    events_(std::move(events)),
    shards_(options_.max_channels_per_member),
    market_shards_(options_.max_channels_per_member),
    refill_delays_(options_.refill_backoff),
    random_(static_cast<uint32_t>(internal::random_seed())) {
  // nop
}

// -- implementation of local_actor --------------------------------------------

const char* pool::name() const {
  return "zenws.pool";
}

pool::behavior_type pool::make_behavior() {
  caf_compat::log_unhandled(*this);
  caf_compat::on_down(*this, [this](const caf::actor_addr& source,
                                    const caf::error&) {
    auto lost = std::find_if(members_.begin(), members_.end(), [&](auto& x) {
      return x.second.client.address.address() == source;
    });
    if (lost != members_.end())
      remove_member(lost->first);
    else
      forget_subscriber(source);
  });
  // First: nothing that happens meanwhile must be missed.
  events_->watch(caf::actor_cast<caf::actor>(this));
  for (auto& client : clients_.list())
    if (belongs(client))
      add_member(client);
  refill();
  return {
    [this](const send_balanced& request) -> caf::result<void> {
      attempt(request, begin_request(request.on_unknown));
      return caf::delegated<void>{};
    },
    [this](const call_balanced& request) -> caf::result<rpc_result> {
      attempt(request, begin_request(request.on_unknown));
      return caf::delegated<rpc_result>{};
    },
    [this](subscribe_channels& request) { return subscribe_to(request); },
    [this](const unsubscribe_channels& request) {
      return unsubscribe_from(request);
    },
    [this](const subscribe_market& request) { return subscribe_to(request); },
    [this](const unsubscribe_market& request) {
      return unsubscribe_from(request);
    },
    [this](const renew_market& request) { return renew(request); },
    [this](const get_pool_health&) { return health(); },
    [this](const supervision_event& event) { observe(event); },
    [this](const client_event& event) { observe(event); },
    [this](const detail::pool_tick&) {
      tick_due_ = false;
      look_after_members();
    },
  };
}

void pool::before_end() {
  promises_.fail_all(make_error(error{ec::disconnected, "the pool has ended"}));
  events_->unwatch(address());
  members_.clear();
  channels_.clear();
  unassigned_.clear();
  market_.clear();
  unassigned_market_.clear();
  options_.starter = nullptr;
}

// -- members ------------------------------------------------------------------

bool pool::belongs(const registered_client& client) const {
  return (options_.tag.empty() || client.tag == options_.tag)
         && (options_.supervisor.empty()
             || client.supervisor == options_.supervisor);
}

void pool::add_member(const registered_client& client) {
  if (auto old = ids_.find(client.name); old != ids_.end()) {
    if (old->second == client.id)
      return;
    remove_member(old->second);
  }
  ids_[client.name] = client.id;
  // For any kind of loss: its supervisors may not live to report it.
  caf_compat::monitor(*this, client.address);
  auto& x = members_
              .emplace(client.id,
                       member{.client = client,
                              .health = member_health{options_.health}})
              .first->second;
  x.changed_at = clock().now();
  shards_.add_member(client.id);
  market_shards_.add_member(client.id);
  rate(client.id, x);
  assign_unassigned();
}

void pool::remove_member(uint64_t id) {
  auto i = members_.find(id);
  if (i == members_.end())
    return;
  auto& gone = i->second;
  if (gone.was_ready)
    refill_delays_.connected_for(clock().now() - gone.changed_at);
  auto jitter = std::uniform_real_distribution<double>{0.0, 1.0}(random_);
  refill_at_ = clock().now() + refill_delays_.next(jitter).value();
  ids_.erase(gone.client.name);
  caf_compat::demonitor(*this, gone.client.address.address());
  members_.erase(i);
  ranking_.remove(id);
  move_channels(shards_.remove_member(id));
  move_market(market_shards_.remove_member(id));
  arm_tick();
}

void pool::observe(const supervision_event& event) {
  using kind = supervision_event_kind;
  if (event.kind == kind::started) {
    if (auto client = clients_.find(event.child); client && belongs(*client))
      add_member(*client);
  } else if (event.kind == kind::ended || event.kind == kind::gave_up
             || event.kind == kind::stopped) {
    if (auto i = ids_.find(event.child);
        i != ids_.end() && is_about(event, members_.at(i->second).client))
      remove_member(i->second);
  }
}

void pool::observe(const client_event& event) {
  if (event.kind == event_kind::ended)
    return remove_member(event.client_id);
  if (auto i = members_.find(event.client_id); i != members_.end()) {
    rate(i->first, i->second);
    if (i->second.was_ready)
      assign_unassigned();
  } else if (auto client = clients_.find(event.client);
             client && client->id == event.client_id && belongs(*client)) {
    add_member(*client);
  }
}

void pool::rate(uint64_t id, member& entry) {
  auto now = clock().now();
  auto is_ready = entry.client.stats->state == client_state::ready;
  if (std::exchange(entry.was_ready, is_ready) != is_ready)
    entry.changed_at = now;
  auto score = is_ready ? entry.health.score(now) : member_health::none;
  ranking_.put(id, score);
  if (score < member_health::best)
    arm_tick();
}

void pool::look_after_members() {
  auto now = clock().now();
  std::vector<uint64_t> absent;
  for (auto& [id, entry] : members_) {
    rate(id, entry);
    if (!entry.was_ready && now - entry.changed_at >= options_.reshard_after
        && shards_.num_channels(id) + market_shards_.num_channels(id) > 0)
      absent.push_back(id);
  }
  auto is_ready = [](auto& x) { return x.second.was_ready; };
  if (std::any_of(members_.begin(), members_.end(), is_ready))
    for (auto id : absent) {
      take_channels(id);
      take_market(id);
    }
  refill();
  assign_unassigned();
}

void pool::arm_tick() {
  if (std::exchange(tick_due_, true))
    return;
  auto pause = std::clamp<milliseconds>(options_.health.hung_after / 4,
                                        milliseconds{10}, milliseconds{500});
  caf_compat::tell_later(*this, pause, detail::pool_tick{});
}

bool pool::can_grow() const noexcept {
  return options_.starter && members_.size() + starting_ < options_.max_size;
}

void pool::refill() {
  if (clock().now() < refill_at_)
    return arm_tick();
  while (members_.size() + starting_ < options_.min_size && can_grow())
    start_member();
}

void pool::start_member() {
  auto spec = options_.member;
  spec.name = options_.name + '-' + std::to_string(++started_);
  if (spec.tag.empty())
    spec.tag = options_.tag;
  ++starting_;
  auto spec_name = spec.name;
  request(options_.starter, start_patience, start_client{std::move(spec)})
    .then(
      [this](const client_actor&) {
        --starting_;
        // Its start was told before it was answered.
        assign_unassigned();
      },
      [this, spec_name](const caf::error& reason) {
        --starting_;
        write_log(system(), {.level = log_level::error,
                             .component = name(),
                             .client = spec_name,
                             .text = "cannot start a member: "
                                     + caf_compat::to_text(reason),
                             .fields = {{"pool", options_.name}}});
        refill_at_ = clock().now() + refill_delays_.next(0.5).value();
        arm_tick();
      });
}

// -- requests -----------------------------------------------------------------

pool::routed_request pool::begin_request(if_unknown on_unknown) {
  ++requests_;
  return {.promise = promises_.add(make_response_promise()),
          .on_unknown = on_unknown};
}

template <class Request>
void pool::attempt(const Request& request, routed_request trip) {
  auto id = ranking_.take(trip.tried);
  // A member may have gone down since it was ranked.
  for (; id; id = ranking_.take(trip.tried)) {
    auto& best = members_.at(*id);
    rate(*id, best);
    if (best.was_ready)
      break;
  }
  if (!id) {
    if (!trip.last_error)
      trip.last_error = make_error(
        error{ec::not_connected, "no member of the pool is ready"});
    return promises_.answer(trip.promise, trip.last_error);
  }
  if (!trip.tried.empty())
    ++failovers_;
  trip.tried.push_back(*id);
  auto& best = members_.at(*id);
  auto now = clock().now();
  best.health.sent(now);
  rate(*id, best);
  forward(best.client.address, request,
          [this, request, trip, id = *id, now](const caf::error& reason,
                                               auto... result) mutable {
            learn(id, now, reason);
            if (!reason)
              return promises_.answer(trip.promise, std::move(result)...);
            if (!may_go_on(reason, trip))
              return promises_.answer(trip.promise, reason);
            trip.last_error = reason;
            attempt(request, std::move(trip));
          });
}

template <class F>
void pool::forward(const client_actor& address, const send_balanced& balanced,
                   F answered) {
  auto send = [&](auto message) {
    request(address, caf::infinite, std::move(message))
      .then([answered]() mutable { answered(caf::error{}); },
            [answered](const caf::error& reason) mutable { answered(reason); });
  };
  if (balanced.kind == message_kind::text)
    send(send_text{balanced.payload, balanced.policy});
  else
    send(send_binary{balanced.payload, balanced.policy});
}

template <class F>
void pool::forward(const client_actor& address, const call_balanced& message,
                   F answered) {
  request(address, caf::infinite, message.request)
    .then(
      [answered](rpc_result& result) mutable {
        answered(caf::error{}, std::move(result));
      },
      [answered](const caf::error& reason) mutable {
        answered(reason, rpc_result{});
      });
}

bool pool::may_go_on(const caf::error& reason,
                     const routed_request& trip) const {
  auto code = caf_compat::code_of(reason);
  if (trip.tried.size() >= options_.max_attempts || concerns_request(code))
    return false;
  switch (outcome_of(code)) {
    case send_outcome::not_sent:
    case send_outcome::try_later:
      return true;
    case send_outcome::unknown:
      return trip.on_unknown == if_unknown::repeat;
    default:
      return false;
  }
}

void pool::learn(uint64_t id, time_point sent_at, const caf::error& reason) {
  auto i = members_.find(id);
  if (i == members_.end())
    return;
  using std::chrono::microseconds;
  auto& health = i->second.health;
  auto now = clock().now();
  auto code = caf_compat::code_of(reason);
  if (!reason || outcome_of(code) == send_outcome::refused)
    health.answered(std::chrono::duration_cast<microseconds>(now - sent_at),
                    now);
  else if (concerns_request(code))
    health.withdrawn(now);
  else
    health.failed(now);
  rate(id, i->second);
}

pool_health pool::health() {
  pool_health result;
  auto now = clock().now();
  for (auto& [id, entry] : members_) {
    rate(id, entry);
    member_info info;
    info.name = entry.client.name;
    info.state = entry.client.stats->state;
    info.health = entry.was_ready ? entry.health.score(now)
                                  : member_health::none;
    info.pending = static_cast<uint32_t>(entry.health.pending());
    info.errors = static_cast<uint32_t>(entry.health.errors(now));
    info.latency = entry.health.latency();
    info.channels = static_cast<uint32_t>(shards_.num_channels(id)
                                          + market_shards_.num_channels(id));
    result.members.push_back(std::move(info));
  }
  std::sort(result.members.begin(), result.members.end(),
            [](auto& x, auto& y) { return x.name < y.name; });
  result.requests = requests_;
  result.failovers = failovers_;
  result.moved = moved_;
  result.unassigned
    = static_cast<uint32_t>(unassigned_.size() + unassigned_market_.size());
  return result;
}

} // namespace zenws
