#include "zenws/actors/supervision/supervised_client.hpp"

#include "zenws/actors/caf/stable_address.hpp"
#include "zenws/actors/client/internal/durable_state.hpp"
#include "zenws/actors/recording/recording_tape.hpp"
#include "zenws/config/url.hpp"

#include <utility>

namespace zenws {

namespace {

// Requests that concern the client as such may wait for its next incarnation;
// messages for the peer may not.
bool may_wait(const caf::mailbox_element& what) {
  return caf_compat::holds_any_of<subscribe, unsubscribe, subscribe_channels,
                                  unsubscribe_channels, await_ready, get_status,
                                  get_heartbeat_health, get_state_metrics,
                                  close_client>(what);
}

constexpr stable_address::role client_role{
  .name = "zenws.client_address",
  .interface = caf_compat::message_types<client_actor>,
  .may_wait = may_wait,
  .down_error = ec::not_connected,
  .gone_error = ec::client_stopped,
};

child_end judge(const error& reason) {
  if (!reason)
    return child_end::orderly;
  if (class_of(reason) == error_class::fatal)
    return child_end::fatal;
  // All that is transient and no crash comes from outside.
  return class_of(reason) == error_class::transient
             && reason.code != ec::client_crashed
           ? child_end::outage
           : child_end::failure;
}

} // namespace

// -- constructors, destructors, and assignment operators ----------------------

supervised_client::supervised_client(client_runtime& host, client_spec spec)
  : host_(host), registry_(host.shared_registry()) {
  auto state = std::make_unique<durable_state>(std::move(spec));
  state->events = host.events();
  id_ = state->front.position.id;
  name_ = state->spec.name;
  auto url = parse_url(state->spec.config.url);
  url_ = url ? url->redacted() : "(invalid)";
  stats_ = state->stats;
  keeper_ = std::make_shared<state_keeper>(std::move(state));
}

supervised_client::~supervised_client() {
  close(make_error(ec::client_stopped));
}

bool supervised_client::is_running() const {
  return keeper_->idle() == nullptr;
}

// -- life and death -----------------------------------------------------------

caf::error supervised_client::open(const std::string& supervisor) {
  if (address_)
    return {};
  auto address = stable_address::make<client_actor>(host_.system(),
                                                    client_role);
  auto& state = *keeper_->idle();
  if (auto problem = host_.adopt(state, address, supervisor)) {
    stable_address::close(address, problem);
    return problem;
  }
  address_ = std::move(address);
  state.front.address = caf::actor_cast<caf::strong_actor_ptr>(address_);
  return {};
}

caf::expected<client_actor> supervised_client::make_incarnation() {
  auto state = keeper_->lend();
  if (!state)
    return make_error(error{ec::already_exists, name() + " has not ended yet"});
  end_told_ = false;
  state->last_error = {};
  stats_->ready_for = std::chrono::milliseconds{0};
  auto result = host_.spawn_incarnation(std::move(state));
  incarnation_ = result.address();
  return result;
}

child_death supervised_client::ended(const caf::error& reason) {
  reason_ = reason_of(last_error(), reason);
  return {judge(reason_), stats_->ready_for.load()};
}

void supervised_client::retire(const caf::error& reason,
                               caf::execution_unit* unit) {
  tell_end(reason_of(last_error(), reason), unit);
  stable_address::retire(address_, reason);
}

void supervised_client::close(const caf::error& reason) {
  if (!address_)
    return;
  // The host may be gone, if nobody waited for our supervisor.
  registry_->remove(name(), address_);
  // Whichever is later, the end of an incarnation or that of the client, lets
  // subscribers know that nothing more comes.
  if (auto state = keeper_->abandon(); state && !end_told_)
    state->tell_end(reason_, {state->front.address, nullptr});
  stable_address::close(address_, reason);
  address_ = nullptr;
}

// -- telling ------------------------------------------------------------------

client_event
supervised_client::tell_restarting(uint64_t restarts,
                                   std::chrono::milliseconds retry_in,
                                   caf::execution_unit* unit) {
  auto what = event(event_kind::restarting, client_state::backing_off,
                    restarts);
  what.retry_in = retry_in;
  what.reason = reason_;
  return tell(std::move(what), unit);
}

client_event supervised_client::tell_restarted(uint64_t restarts,
                                               caf::execution_unit* unit) {
  return tell(
    event(event_kind::restarted, client_state::disconnected, restarts), unit);
}

client_event supervised_client::give_up(uint64_t restarts,
                                        caf::execution_unit* unit) {
  if (class_of(reason_) != error_class::fatal)
    reason_ = {ec::restart_limit, "restarted " + std::to_string(restarts)
                                    + " times; last: " + to_string(reason_)};
  if (auto* state = keeper_->idle())
    state->history.backoff_steps = 0; // a new start is wanted at once
  auto what = event(event_kind::gave_up, client_state::stopped, restarts);
  what.reason = reason_;
  tell(what, unit);
  tell_end(reason_, unit);
  stable_address::retire(address_, make_error(reason_));
  return what;
}

client_event supervised_client::tell(client_event what,
                                     caf::execution_unit* unit) {
  if (auto* state = keeper_->idle()) {
    if (state->tape)
      state->tape->put(what);
    state->front.subscribers.deliver(what, {state->front.address, unit});
  }
  return what;
}

client_event supervised_client::event(event_kind kind, client_state state,
                                      uint64_t restarts) const {
  client_event result;
  result.kind = kind;
  result.state = state;
  result.client_id = id_;
  result.client = name_;
  result.epoch = stats_->epoch;
  result.attempt = restarts;
  result.next_sequence = stats_->messages + 1;
  return result;
}

void supervised_client::tell_end(const error& reason,
                                 caf::execution_unit* unit) {
  // An incarnation that a supervisor before us has started may still run.
  if (auto* state = keeper_->idle(); state && !std::exchange(end_told_, true))
    state->tell_end(reason, {state->front.address, unit});
}

error supervised_client::last_error() const {
  auto* state = keeper_->idle();
  return state != nullptr ? state->last_error : error{};
}

// -- seeing it ----------------------------------------------------------------

tree_node node_of(const supervised_client& what, child_state state) {
  auto& stats = what.stats();
  auto runs = state == child_state::running;
  tree_node result{.name = what.name(), .kind = child_kind::client};
  result.state = runs ? to_string(stats.state) : to_string(state);
  result.details = {{"epoch", std::to_string(stats.epoch)}};
  if (runs && stats.state == client_state::ready) {
    auto seconds = stats.up() / std::chrono::seconds{1};
    result.details.push_back({"up", std::to_string(seconds) + " s"});
  }
  result.details.push_back({"url", what.url()});
  if (!runs && what.reason())
    result.details.push_back({"last error", to_string(what.reason())});
  return result;
}

} // namespace zenws
