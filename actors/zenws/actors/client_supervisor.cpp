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

void end_recording(client_record& record) {
  if (record.tape)
    record.tape->end();
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
    shared_intensity_(options_.limit),
    random_(std::random_device{}()) {
  options_.restart_backoff.max_attempts = backoff_config::unlimited;
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
    [this](const detail::restart_due& what) {
      auto i = children_.find(what.child);
      if (i != children_.end() && i->second.state == child_state::restarting)
        restart(i->second);
    },
    [this](const detail::shutdown_overdue& what) {
      for (auto& [id, who] : children_)
        if ((what.child == 0 || what.child == id) && who.incarnation)
          send_exit(who.incarnation, caf::exit_reason::kill);
    },
  };
}

void client_supervisor::on_exit() {
  auto reason = make_error(ec::client_stopped);
  while (!children_.empty())
    forget(children_.begin(), reason);
}

// -- requests -----------------------------------------------------------------

caf::result<client_actor> client_supervisor::start(client_spec& spec) {
  if (shutting_down_)
    return make_error(ec::runtime_stopped);
  if (auto problems = validate(spec); !problems.empty())
    return make_error(as_error(problems));
  if (auto old = find(spec.name); old != children_.end()) {
    if (old->second.state != child_state::gave_up)
      return make_error(error{ec::already_exists, spec.name});
    forget(old, make_error(ec::client_stopped));
  }
  if (children_.size() >= options_.max_children)
    return make_error(
      error{ec::child_limit, std::to_string(options_.max_children)});
  auto record = std::make_shared<client_record>(std::move(spec));
  if (auto problem = prepare_(*record))
    return problem;
  auto address = stable_address::make(system());
  record->address = caf::actor_cast<caf::strong_actor_ptr>(address);
  ids_by_name_.emplace(record->spec.name, record->id);
  auto [i, added] = children_.emplace(
    record->id, child{.record = record,
                      .address = address,
                      .incarnation = {},
                      .intensity = restart_intensity{options_.limit},
                      .delays = backoff{options_.restart_backoff},
                      .started_at = {},
                      .waiting_for_stop = {}});
  start_incarnation(i->second);
  return address;
}

caf::result<void> client_supervisor::stop(const std::string& name) {
  auto i = find(name);
  if (i == children_.end())
    return make_error(error{ec::not_found, name});
  auto& who = i->second;
  if (!who.incarnation) {
    forget(i, caf::exit_reason::user_shutdown);
    return caf::unit;
  }
  who.state = child_state::stopping;
  who.waiting_for_stop.push_back(make_response_promise());
  send_exit(who.incarnation, caf::exit_reason::user_shutdown);
  delayed_send(this, options_.shutdown_timeout,
               detail::shutdown_overdue{i->first});
  return caf::delegated<void>{};
}

client_list client_supervisor::list() {
  client_list result;
  auto now = clock().now();
  for (auto& [id, who] : children_) {
    client_info info;
    info.id = id;
    info.name = who.record->spec.name;
    info.url = redacted_url(who.record->spec);
    info.child = who.state;
    info.state = who.record->vitals.state;
    info.epoch = who.record->vitals.epoch;
    info.messages = who.record->vitals.messages;
    info.restarts = who.restarts;
    info.restarts_in_window = static_cast<uint32_t>(who.intensity.count(now));
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

void client_supervisor::start_incarnation(child& who) {
  who.record->last_error = {};
  who.incarnation = factory_(who.record);
  who.state = child_state::running;
  who.started_at = clock().now();
  ids_by_incarnation_.emplace(who.incarnation.id(), who.record->id);
  monitor(who.incarnation);
  link_to(who.incarnation);
  stable_address::bind(who.address, who.incarnation);
}

// Each incarnation sends one exit and one down message, in any order.
bool client_supervisor::is_exit_of_child(caf::actor_id who) {
  if (exits_to_come_.erase(who) > 0)
    return true;
  auto i = ids_by_incarnation_.find(who);
  if (i == ids_by_incarnation_.end())
    return false;
  exits_seen_.insert(who);
  return true;
}

void client_supervisor::on_child_down(const caf::actor_addr& who,
                                      const caf::error& reason) {
  auto by_incarnation = ids_by_incarnation_.find(who.id());
  if (by_incarnation == ids_by_incarnation_.end())
    return;
  auto i = children_.find(by_incarnation->second);
  ids_by_incarnation_.erase(by_incarnation);
  if (exits_seen_.erase(who.id()) == 0)
    exits_to_come_.insert(who.id());
  if (i == children_.end())
    return;
  auto& fallen = i->second;
  stable_address::unbind(fallen.address);
  fallen.incarnation = nullptr;
  if (shutting_down_ || fallen.state == child_state::stopping
      || seam::is_orderly_exit(reason)) {
    forget(i, reason);
    quit_if_empty();
    return;
  }
  on_child_failed(fallen, reason);
}

void client_supervisor::on_child_failed(child& who, const caf::error& reason) {
  using std::chrono::duration_cast;
  using std::chrono::milliseconds;
  auto now = clock().now();
  auto why = reason_of(*who.record, reason);
  if (class_of(why) == error_class::fatal)
    return give_up(who, std::move(why));
  auto allowed = who.intensity.allow(now);
  if (options_.scope == restart_scope::shared)
    allowed = shared_intensity_.allow(now);
  if (!allowed) {
    auto limit = error{ec::restart_limit,
                       "more than "
                         + std::to_string(options_.limit.max_restarts)
                         + " restarts; last: " + to_string(why)};
    give_up(who, limit);
    if (options_.scope == restart_scope::shared)
      shut_down(make_error(limit));
    return;
  }
  who.delays.connected_for(duration_cast<milliseconds>(now - who.started_at));
  auto jitter = std::uniform_real_distribution<double>{0.0, 1.0}(random_);
  auto delay = *who.delays.next(jitter);
  who.state = child_state::restarting;
  tell(who, event_kind::restarting, std::move(why), delay);
  if (delay.count() == 0)
    restart(who);
  else
    delayed_send(this, delay, detail::restart_due{who.record->id});
}

void client_supervisor::restart(child& who) {
  ++who.restarts;
  tell(who, event_kind::restarted, {});
  start_incarnation(who);
}

void client_supervisor::give_up(child& who, error reason) {
  who.state = child_state::gave_up;
  tell(who, event_kind::gave_up, reason);
  end_recording(*who.record);
  seam::log_error("gave up client " + who.record->spec.name + ": "
                  + to_string(reason));
  stable_address::close(who.address, make_error(reason));
}

void client_supervisor::forget(child_map::iterator who,
                               const caf::error& reason) {
  auto& gone = who->second;
  stable_address::close(gone.address, reason);
  for (auto& promise : gone.waiting_for_stop)
    seam::answer(promise);
  // An incarnation that still runs keeps the record until it ends.
  if (!gone.incarnation) {
    gone.record->address = nullptr;
    end_recording(*gone.record);
  }
  if (auto i = ids_by_name_.find(gone.record->spec.name);
      i != ids_by_name_.end() && i->second == who->first)
    ids_by_name_.erase(i);
  children_.erase(who);
}

void client_supervisor::shut_down(const caf::error& reason) {
  if (std::exchange(shutting_down_, true))
    return;
  exit_reason_ = reason;
  for (auto i = children_.begin(); i != children_.end();) {
    auto current = i++;
    if (auto& who = current->second; who.incarnation)
      send_exit(who.incarnation, caf::exit_reason::user_shutdown);
    else
      forget(current, reason);
  }
  delayed_send(this, options_.shutdown_timeout, detail::shutdown_overdue{});
  quit_if_empty();
}

void client_supervisor::quit_if_empty() {
  if (shutting_down_ && children_.empty())
    quit(exit_reason_);
}

// -- telling ------------------------------------------------------------------

void client_supervisor::tell(child& who, event_kind kind, error reason,
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
  what.attempt = who.restarts;
  if (record.tape)
    record.tape->put(what);
  record.subscribers.deliver(what, {record.address, context()});
  if (options_.observer)
    seam::deliver(caf::actor_cast<caf::strong_actor_ptr>(options_.observer),
                  record.address, std::move(what), context());
}

client_supervisor::child_map::iterator
client_supervisor::find(const std::string& name) {
  auto i = ids_by_name_.find(name);
  return i == ids_by_name_.end() ? children_.end() : children_.find(i->second);
}

} // namespace zenws
