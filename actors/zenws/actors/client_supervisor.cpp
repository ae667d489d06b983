#include "zenws/actors/client_supervisor.hpp"

#include "zenws/actors/recording_tape.hpp"
#include "zenws/actors/stable_address.hpp"
#include "zenws/url.hpp"

#include <utility>

namespace zenws {

namespace {

std::string redacted_url(const client_spec& spec) {
  auto parsed = parse_url(spec.config.url);
  return parsed ? parsed->redacted() : std::string{"(invalid)"};
}

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

supervision_policy policy_of(const client_supervisor_config& cfg) {
  supervision_policy result;
  result.limit = cfg.limit;
  result.scope = cfg.scope;
  result.restart_backoff = cfg.restart_backoff;
  result.order = shutdown_order::concurrent;
  result.max_children = cfg.max_children;
  return result;
}

} // namespace

// -- constructors, destructors, and assignment operators ----------------------

client_supervisor::client_supervisor(caf::actor_config& cfg,
                                     client_supervisor_config options,
                                     client_factory factory,
                                     client_preparation prepare)
  : super(cfg),
    options_(std::move(options)),
    factory_(std::move(factory)),
    prepare_(std::move(prepare)),
    policy_(policy_of(options_)),
    random_(std::random_device{}()) {
  // nop
}

// -- implementation of local_actor --------------------------------------------

const char* client_supervisor::name() const {
  return "zenws.client_supervisor";
}

client_supervisor::behavior_type client_supervisor::make_behavior() {
  seam::on_down(*this,
                [this](const caf::actor_addr& who, const caf::error& reason) {
                  on_child_down(who, reason);
                });
  seam::on_exit_message(*this, [this](const caf::actor_addr& from,
                                      const caf::error& reason) {
    // Links to clients only serve to take them along; monitors tell more.
    if (!from || !is_exit_of_child(from.id()))
      shut_down(reason);
  });
  return {
    [this](start_client& what) { return start(what.spec); },
    [this](const stop_client& what) { return stop(what.name); },
    [this](const list_clients&) { return list(); },
    [this](const get_tree&) { return tree(); },
    [this](const detail::supervision_due&) {
      timer_.fired();
      supervision_actions out;
      policy_.expired(clock().now(), out);
      follow(std::move(out));
    },
  };
}

void client_supervisor::on_exit() {
  auto reason = make_error(ec::client_stopped);
  for (auto& [number, who] : children_)
    forget(who, reason);
  children_.clear();
}

// -- requests -----------------------------------------------------------------

caf::result<client_actor> client_supervisor::start(client_spec& spec) {
  if (policy_.shutting_down())
    return make_error(ec::runtime_stopped);
  if (auto problems = validate(spec); !problems.empty())
    return make_error(as_error(problems));
  supervision_actions out;
  if (auto old = find(spec.name); old != children_.end()) {
    if (policy_.state_of(old->first) != child_state::gave_up)
      return make_error(error{ec::already_exists, spec.name});
    policy_.remove(old->first, out);
    follow(std::exchange(out, {}));
  }
  auto record = std::make_shared<client_record>(std::move(spec));
  child_policy how;
  how.restart = restart_type::transient;
  how.shutdown = options_.shutdown_timeout;
  if (children_.size() >= options_.max_children)
    return make_error(
      error{ec::child_limit, std::to_string(options_.max_children)});
  if (auto problem = prepare_(*record))
    return problem;
  auto address = stable_address::make<client_actor>(system(), client_role);
  record->address = caf::actor_cast<caf::strong_actor_ptr>(address);
  auto number = policy_.add(how, clock().now(), out).value();
  numbers_by_name_.emplace(record->spec.name, number);
  children_.emplace(number, child{.record = record, .address = address});
  follow(std::move(out));
  return address;
}

caf::result<void> client_supervisor::stop(const std::string& name) {
  auto i = find(name);
  if (i == children_.end())
    return make_error(error{ec::not_found, name});
  i->second.waiting_for_stop.push_back(make_response_promise());
  supervision_actions out;
  policy_.terminate(i->first, clock().now(), out);
  follow(std::move(out));
  return caf::delegated<void>{};
}

client_list client_supervisor::list() {
  client_list result;
  auto now = clock().now();
  for (auto& [number, who] : children_) {
    client_info info;
    info.id = who.record->id;
    info.name = who.record->spec.name;
    info.url = redacted_url(who.record->spec);
    info.child = *policy_.state_of(number);
    info.state = who.record->vitals.state;
    info.epoch = who.record->vitals.epoch;
    info.messages = who.record->vitals.messages;
    info.restarts = policy_.restarts_of(number);
    info.restarts_in_window
      = static_cast<uint32_t>(policy_.restarts_in_window(number, now));
    info.address = who.address;
    result.clients.push_back(std::move(info));
  }
  return result;
}

std::string client_supervisor::tree() {
  auto clients = list().clients;
  auto result = options_.name + " (" + std::to_string(clients.size())
                + (clients.size() == 1 ? " client" : " clients")
                + ", transient, " + std::to_string(options_.limit.max_restarts)
                + " in " + std::to_string(options_.limit.period.count() / 1000)
                + " s)\n";
  for (size_t i = 0; i < clients.size(); ++i) {
    auto& x = clients[i];
    result += i + 1 < clients.size() ? "├─ " : "└─ ";
    result += x.name + "  ";
    result += x.child == child_state::running ? to_string(x.state)
                                              : to_string(x.child);
    result += "  epoch " + std::to_string(x.epoch) + ", restarts "
              + std::to_string(x.restarts) + ", " + x.url + '\n';
  }
  return result;
}

// -- life and death -----------------------------------------------------------

void client_supervisor::start_incarnation(uint64_t number, child& who) {
  who.record->last_error = {};
  who.incarnation = factory_(who.record);
  numbers_by_incarnation_.emplace(who.incarnation.id(), number);
  monitor(who.incarnation);
  link_to(who.incarnation);
  stable_address::bind(who.address, who.incarnation);
}

// Each incarnation sends one exit and one down message, in any order.
bool client_supervisor::is_exit_of_child(caf::actor_id who) {
  if (exits_to_come_.erase(who) > 0)
    return true;
  if (numbers_by_incarnation_.count(who) == 0)
    return false;
  exits_seen_.insert(who);
  return true;
}

void client_supervisor::on_child_down(const caf::actor_addr& who,
                                      const caf::error& reason) {
  auto by_incarnation = numbers_by_incarnation_.find(who.id());
  if (by_incarnation == numbers_by_incarnation_.end())
    return;
  auto number = by_incarnation->second;
  numbers_by_incarnation_.erase(by_incarnation);
  if (exits_seen_.erase(who.id()) == 0)
    exits_to_come_.insert(who.id());
  auto& fallen = children_.at(number);
  stable_address::unbind(fallen.address);
  fallen.incarnation = nullptr;
  auto how = child_end::orderly;
  fallen.reason = {};
  fallen.exit_reason = reason;
  if (!seam::is_orderly_exit(reason)) {
    fallen.reason = reason_of(*fallen.record, reason);
    how = class_of(fallen.reason) == error_class::fatal ? child_end::fatal
                                                        : child_end::failure;
  }
  supervision_actions out;
  policy_.ended(number, how, clock().now(), jitter(), out);
  follow(std::move(out));
}

void client_supervisor::shut_down(const caf::error& reason) {
  if (!exit_reason_)
    exit_reason_ = reason;
  supervision_actions out;
  policy_.shut_down(clock().now(), out);
  follow(std::move(out));
}

// -- following the supervision ------------------------------------------------

void client_supervisor::follow(supervision_actions actions) {
  std::move(actions.begin(), actions.end(), std::back_inserter(actions_));
  if (std::exchange(following_, true))
    return;
  for (size_t i = 0; i < actions_.size(); ++i) {
    auto what = actions_[i];
    std::visit([this](const auto& x) { perform(x); }, what);
  }
  actions_.clear();
  following_ = false;
  timer_.arm(*this, policy_);
}

void client_supervisor::perform(const supervision_action::start& what) {
  auto& who = children_.at(what.child);
  // Before anything that the new incarnation tells.
  if (who.reason)
    tell(who, event_kind::restarted, policy_.restarts_of(what.child) + 1, {});
  start_incarnation(what.child, who);
  supervision_actions out;
  policy_.started(what.child, clock().now(), out);
  follow(std::move(out));
}

void client_supervisor::perform(const supervision_action::stop& what) {
  send_exit(children_.at(what.child).incarnation,
            caf::exit_reason::user_shutdown);
}

void client_supervisor::perform(const supervision_action::kill& what) {
  send_exit(children_.at(what.child).incarnation, caf::exit_reason::kill);
}

void client_supervisor::perform(const supervision_action::tell& what) {
  using news = supervision_action::news;
  auto& who = children_.at(what.child);
  if (what.what == news::restarting) {
    tell(who, event_kind::restarting, policy_.restarts_of(what.child),
         who.reason, what.retry_in);
  } else if (what.what == news::gave_up) {
    give_up(who);
  } else if (what.what == news::ended) {
    supervision_actions out;
    policy_.remove(what.child, out);
    follow(std::move(out));
  }
}

void client_supervisor::perform(const supervision_action::settle& what) {
  supervision_actions out;
  policy_.remove(what.child, out);
  follow(std::move(out));
}

void client_supervisor::perform(const supervision_action::forget& what) {
  auto i = children_.find(what.child);
  auto reason = i->second.exit_reason;
  forget(i->second, reason ? reason : caf::exit_reason::user_shutdown);
  if (auto name = numbers_by_name_.find(i->second.record->spec.name);
      name != numbers_by_name_.end() && name->second == what.child)
    numbers_by_name_.erase(name);
  children_.erase(i);
}

void client_supervisor::perform(const supervision_action::finish& what) {
  quit(what.why == supervision_end::restart_limit
         ? make_error(error{ec::restart_limit, options_.name})
         : exit_reason_);
}

void client_supervisor::give_up(child& who) {
  auto reason = class_of(who.reason) == error_class::fatal
                  ? who.reason
                  : limit_passed(who.reason);
  auto number = numbers_by_name_.at(who.record->spec.name);
  tell(who, event_kind::gave_up, policy_.restarts_of(number), reason);
  if (who.record->tape)
    who.record->tape->end();
  seam::log_error("gave up client " + who.record->spec.name + ": "
                  + to_string(reason));
  stable_address::close(who.address, make_error(reason));
}

void client_supervisor::forget(child& who, const caf::error& reason) {
  if (who.incarnation)
    send_exit(who.incarnation, caf::exit_reason::user_shutdown);
  stable_address::close(who.address, reason);
  for (auto& promise : std::exchange(who.waiting_for_stop, {}))
    seam::answer(promise);
  // An incarnation that still runs keeps the record until it ends.
  if (who.incarnation)
    return;
  who.record->address = nullptr;
  if (who.record->tape)
    who.record->tape->end();
}

error client_supervisor::limit_passed(const error& last) const {
  return {ec::restart_limit, "more than "
                               + std::to_string(options_.limit.max_restarts)
                               + " restarts; last: " + to_string(last)};
}

// -- telling ------------------------------------------------------------------

void client_supervisor::tell(const child& who, event_kind kind,
                             uint64_t restarts, error reason,
                             std::chrono::milliseconds retry_in) {
  auto& record = *who.record;
  client_event what;
  what.kind = kind;
  what.state = client_state::stopped;
  what.client_id = record.id;
  what.client = record.spec.name;
  what.epoch = record.epoch;
  what.retry_in = retry_in;
  what.reason = std::move(reason);
  what.next_sequence = record.next_sequence;
  what.attempt = restarts;
  if (record.tape)
    record.tape->put(what);
  record.subscribers.deliver(what, {record.address, context()});
  if (options_.observer)
    seam::deliver(caf::actor_cast<caf::strong_actor_ptr>(options_.observer),
                  record.address, std::move(what), context());
}

client_supervisor::child_map::iterator
client_supervisor::find(const std::string& name) {
  auto i = numbers_by_name_.find(name);
  return i == numbers_by_name_.end() ? children_.end()
                                     : children_.find(i->second);
}

double client_supervisor::jitter() {
  return std::uniform_real_distribution<double>{0.0, 1.0}(random_);
}

} // namespace zenws
