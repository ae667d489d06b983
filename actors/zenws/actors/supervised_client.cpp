#include "zenws/actors/supervised_client.hpp"

#include "zenws/actors/recording_tape.hpp"
#include "zenws/actors/stable_address.hpp"
#include "zenws/url.hpp"

#include <utility>

namespace zenws {

namespace {

// Why an incarnation ended: in full if it could say so itself.
error reason_of(const client_record& record, const caf::error& reason) {
  if (record.last_error && seam::code_of(reason) == record.last_error.code)
    return record.last_error;
  if (auto code = seam::code_of(reason); code != ec::none)
    return error{code, seam::detail_of(reason)};
  return error{ec::client_crashed, seam::to_text(reason)};
}

// Requests that concern the client as such may wait for its next incarnation;
// messages for the peer may not.
bool may_wait(const caf::mailbox_element& what) {
  return seam::holds_any_of<subscribe, unsubscribe, subscribe_channels,
                            unsubscribe_channels, await_ready, get_status,
                            get_heartbeat_health, get_state_metrics,
                            close_client>(what);
}

constexpr stable_address::role client_role{
  .name = "zenws.client_address",
  .interface = seam::message_types<client_actor>,
  .may_wait = may_wait,
  .while_down = ec::not_connected,
};

} // namespace

// -- constructors, destructors, and assignment operators ----------------------

supervised_client::supervised_client(client_host& host, client_spec spec)
  : host_(host),
    registry_(host.shared_registry()),
    record_(std::make_shared<client_record>(std::move(spec))),
    runs_(std::make_shared<std::atomic<bool>>(false)) {
  record_->events = host.events();
}

supervised_client::~supervised_client() {
  close(make_error(ec::client_stopped));
  // An incarnation that still runs keeps the record until it ends.
  if (*runs_)
    return;
  record_->address = nullptr;
  end_recording();
}

// -- life and death -----------------------------------------------------------

caf::error supervised_client::open(const std::string& supervisor) {
  close(make_error(ec::client_stopped));
  auto address = stable_address::make<client_actor>(host_.system(),
                                                    client_role);
  if (auto problem = host_.adopt(record_, address, supervisor)) {
    stable_address::close(address, problem);
    return problem;
  }
  address_ = std::move(address);
  record_->address = caf::actor_cast<caf::strong_actor_ptr>(address_);
  return {};
}

caf::expected<client_actor> supervised_client::start_incarnation() {
  if (*runs_)
    return make_error(error{ec::already_exists, name() + " has not ended yet"});
  // Of this incarnation alone: the one before may still be on its way out.
  runs_ = std::make_shared<std::atomic<bool>>(true);
  record_->last_error = {};
  auto result = host_.spawn_incarnation(record_);
  result->attach_functor([runs = runs_] { *runs = false; });
  return result;
}

child_end supervised_client::ended(const caf::error& reason) {
  *runs_ = false;
  reason_ = {};
  if (seam::is_orderly_exit(reason))
    return child_end::orderly;
  reason_ = reason_of(*record_, reason);
  return class_of(reason_) == error_class::fatal ? child_end::fatal
                                                 : child_end::failure;
}

void supervised_client::close(const caf::error& reason) {
  if (!address_)
    return;
  // The host may be gone, if nobody waited for our supervisor.
  registry_->remove(name(), address_);
  stable_address::close(address_, reason);
  address_ = nullptr;
}

// -- telling ------------------------------------------------------------------

client_event
supervised_client::tell_restarting(uint64_t restarts,
                                   std::chrono::milliseconds retry_in,
                                   caf::execution_unit* unit) {
  auto what = event(event_kind::restarting, restarts);
  what.retry_in = retry_in;
  return tell(std::move(what), unit);
}

client_event supervised_client::tell_restarted(uint64_t restarts,
                                               caf::execution_unit* unit) {
  auto what = event(event_kind::restarted, restarts);
  what.reason = {};
  return tell(std::move(what), unit);
}

client_event supervised_client::give_up(uint64_t restarts,
                                        caf::execution_unit* unit) {
  if (class_of(reason_) != error_class::fatal)
    reason_ = {ec::restart_limit, "restarted " + std::to_string(restarts)
                                    + " times; last: " + to_string(reason_)};
  auto what = tell(event(event_kind::gave_up, restarts), unit);
  end_recording();
  stable_address::close(address_, make_error(reason_));
  return what;
}

client_event supervised_client::tell(client_event what,
                                     caf::execution_unit* unit) {
  if (record_->tape)
    record_->tape->put(what);
  // The incarnation of a supervisor before us may not have ended yet; until
  // then the record is its own.
  if (!*runs_)
    record_->subscribers.deliver(what, {record_->address, unit});
  return what;
}

client_event supervised_client::event(event_kind kind,
                                      uint64_t restarts) const {
  client_event what;
  what.kind = kind;
  what.state = client_state::stopped;
  what.client_id = record_->id;
  what.client = name();
  what.epoch = record_->epoch;
  what.attempt = restarts;
  what.reason = reason_;
  what.next_sequence = record_->next_sequence;
  return what;
}

void supervised_client::end_recording() {
  if (record_->tape)
    record_->tape->end();
}

// -- seeing it ----------------------------------------------------------------

tree_node node_of(const supervised_client& what, child_state state) {
  auto& vitals = what.record().vitals;
  auto runs = state == child_state::running;
  tree_node result{.name = what.name(), .kind = child_kind::client};
  result.state = runs ? to_string(vitals.state) : to_string(state);
  result.details = {{"epoch", std::to_string(vitals.epoch)}};
  if (runs && vitals.state == client_state::ready) {
    auto seconds = vitals.up() / std::chrono::seconds{1};
    result.details.push_back({"up", std::to_string(seconds) + " s"});
  }
  auto url = parse_url(what.record().spec.config.url);
  result.details.push_back({"url", url ? url->redacted() : "(invalid)"});
  return result;
}

} // namespace zenws
