// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/actors/supervision/internal/client_child.hpp"

#include "zenws/actors/caf/stable_address.hpp"
#include "zenws/actors/client/internal/durable_state.hpp"
#include "zenws/actors/recording/internal/recording_tape.hpp"
#include "zenws/config/url.hpp"

#include <chrono>
#include <utility>

namespace zenws::detail {

namespace {

// Requests that concern the client as such may wait for its next incarnation;
// messages for the peer may not.
bool may_wait(const caf::mailbox_element& element) {
  return caf_compat::holds_any_of<
    subscribe, unsubscribe, subscribe_channels, unsubscribe_channels,
    subscribe_market, unsubscribe_market, get_books, await_ready, get_status,
    get_heartbeat_health, get_state_metrics, close_client>(element);
}

constexpr stable_address::role client_role{
  .name = "zenws.client_address",
  .interface = caf_compat::message_types<client_actor>,
  .may_wait = may_wait,
  .down_error = ec::not_connected,
  .gone_error = ec::client_stopped,
};

child_end classify(const error& reason) {
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

client_child::client_child(client_runtime& host, client_spec spec,
                           std::string supervisor, caf::actor observer)
  : host_(host),
    registry_(host.shared_registry()),
    supervisor_(std::move(supervisor)),
    observer_(std::move(observer)) {
  auto state = std::make_unique<durable_state>(std::move(spec));
  state->events = host.events();
  id_ = state->front.position.id;
  name_ = state->spec.name;
  auto url = parse_url(state->spec.config.url);
  url_ = url ? url->redacted() : "(invalid)";
  stats_ = state->stats;
  keeper_ = std::make_shared<state_keeper>(std::move(state));
}

client_child::~client_child() {
  if (!address_)
    return;
  // The host may be gone if it did not wait for our supervisor.
  registry_->remove(name_, address_);
  // Whichever is later, the end of an incarnation or that of the client, lets
  // subscribers know that nothing more comes.
  if (auto state = keeper_->abandon(); state && !end_told_)
    state->tell_end(reason_, {state->front.address, nullptr});
  stable_address::close(address_, end_ ? end_ : make_error(ec::client_stopped));
}

// -- starting -----------------------------------------------------------------

caf::expected<caf::actor> client_child::make_incarnation() {
  if (incarnation_) {
    ++stats_->restarts;
    tell(event(event_kind::restarted, client_state::disconnected), nullptr);
  }
  auto state = keeper_->lend();
  if (!state)
    return make_error(error{ec::already_exists, name_ + " has not ended yet"});
  end_told_ = false;
  end_ = {};
  state->last_error = {};
  stats_->ready_for = std::chrono::milliseconds{0};
  auto result = host_.spawn_incarnation(std::move(state));
  incarnation_ = result.address();
  return caf::actor_cast<caf::actor>(result);
}

// -- implementation of child_hooks --------------------------------------------

caf::expected<stable_address_handle>
client_child::address(caf::actor_system& sys) {
  if (!address_) {
    auto address = stable_address::make<client_actor>(sys, client_role);
    auto& state = *keeper_->idle();
    if (auto problem = host_.adopt(state, address, supervisor_)) {
      stable_address::close(address, problem);
      return problem;
    }
    address_ = std::move(address);
    shared_limits_ = state.shared_limits;
    state.front.address = caf::actor_cast<caf::strong_actor_ptr>(address_);
  }
  return stable_address::handle_to(address_);
}

caf::actor_addr client_child::predecessor() const {
  return keeper_->idle() == nullptr ? incarnation_ : caf::actor_addr{};
}

child_death client_child::ended(const caf::error& reason) {
  reason_ = reason_of(last_error(), reason);
  return {classify(reason_), stats_->ready_for.load()};
}

std::string client_child::describe_end(const caf::error&) const {
  return reason_ ? to_string(reason_) : std::string{};
}

// Announces each restart before the incarnation exists, see `make_incarnation`.
void client_child::observe(const supervision_event& cause,
                           caf_compat::execution_unit* unit) {
  if (cause.kind == supervision_event_kind::restarting) {
    auto news = event(event_kind::restarting, client_state::backing_off);
    news.retry_in = cause.retry_in;
    news.reason = reason_;
    tell(news, unit);
  } else if (cause.kind == supervision_event_kind::gave_up) {
    give_up(unit);
  }
}

void client_child::retire(const caf::error& reason,
                          caf_compat::execution_unit* unit) {
  end_ = reason ? reason : caf::exit_reason::user_shutdown;
  // Who hears of the end may send at once.
  stable_address::refuse_requests(address_, end_);
  tell_end(reason_of(last_error(), reason), unit);
  stable_address::retire(address_, end_);
}

tree_node client_child::describe(child_state state) const {
  auto runs = state == child_state::running;
  tree_node result{.name = name_, .kind = child_kind::client};
  result.state = runs ? to_string(stats_->state) : to_string(state);
  result.details.reserve(3); // there may be very many clients
  result.details.push_back({"epoch", std::to_string(stats_->epoch)});
  if (runs && stats_->state == client_state::ready) {
    auto seconds = stats_->up() / std::chrono::seconds{1};
    result.details.push_back({"up", std::to_string(seconds) + " s"});
  }
  result.details.push_back({"url", url_});
  if (!runs && reason_)
    result.details.push_back({"last error", to_string(reason_)});
  return result;
}

// -- events -------------------------------------------------------------------

client_event client_child::event(event_kind kind, client_state state) const {
  client_event result;
  result.kind = kind;
  result.state = state;
  result.client_id = id_;
  result.client = name_;
  result.epoch = stats_->epoch;
  result.attempt = stats_->restarts.get();
  result.next_sequence = stats_->messages + 1;
  return result;
}

void client_child::tell(const client_event& event,
                        caf_compat::execution_unit* unit) {
  if (auto* state = keeper_->idle()) {
    if (state->tape)
      state->tape->put(event);
    state->front.subscribers.deliver(event, {state->front.address, unit});
  }
  if (observer_)
    caf_compat::anon_send(observer_, event);
}

void client_child::give_up(caf_compat::execution_unit* unit) {
  if (class_of(reason_) != error_class::fatal)
    reason_ = {ec::restart_limit, "restarted "
                                    + std::to_string(stats_->restarts.get())
                                    + " times; last: " + to_string(reason_)};
  if (auto* state = keeper_->idle())
    state->history.backoff_steps = 0; // a new start is wanted at once
  auto news = event(event_kind::gave_up, client_state::stopped);
  news.reason = reason_;
  tell(news, unit);
  retire(make_error(reason_), unit);
}

void client_child::tell_end(const error& reason,
                            caf_compat::execution_unit* unit) {
  // An incarnation that a supervisor before us has started may still run.
  if (auto* state = keeper_->idle(); state && !std::exchange(end_told_, true))
    state->tell_end(reason, {state->front.address, unit});
}

error client_child::last_error() const {
  auto* state = keeper_->idle();
  return state != nullptr ? state->last_error : error{};
}

// -- specification ------------------------------------------------------------

child_spec make_client_child(client_runtime& host, client_spec spec,
                             std::string supervisor, caf::actor observer) {
  auto child = std::make_shared<client_child>(
    host, std::move(spec), std::move(supervisor), std::move(observer));
  child_spec result;
  result.id = child->name();
  result.kind = child_kind::client;
  result.policy.restart = restart_type::transient;
  result.hooks = child;
  result.start = [child](caf::actor_system&) {
    return child->make_incarnation();
  };
  return result;
}

} // namespace zenws::detail
