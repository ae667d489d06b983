#include "zenws/actors/supervision/client_supervisor.hpp"

#include "zenws/actors/caf/stable_address.hpp"

#include <utility>

namespace zenws {

namespace {

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
                                     client_runtime& host,
                                     std::shared_ptr<client_table> clients)
  : super(cfg),
    options_(std::move(options)),
    host_(host),
    policy_(policy_of(options_)),
    table_(clients ? std::move(clients) : std::make_shared<client_table>()) {
  // nop
}

// -- implementation of local_actor --------------------------------------------

const char* client_supervisor::name() const {
  return "zenws.client_supervisor";
}

client_supervisor::behavior_type client_supervisor::make_behavior() {
  caf_compat::log_unhandled(*this);
  caf_compat::on_down(*this, [this](const caf::actor_addr& who,
                                    const caf::error& reason) {
    on_child_down(who, reason);
  });
  caf_compat::on_exit_message(*this, [this](const caf::actor_addr& from,
                                            const caf::error& reason) {
    // Links to clients only serve to take them along; monitors tell more.
    if (!from || !is_exit_of_child(from.id()))
      shut_down(reason);
  });
  for (auto& client : *table_)
    take_in(client);
  return {
    [this](start_client& what) { return start(what.spec); },
    [this](const stop_client& what) { return stop(what.name); },
    [this](const restart_client& what) { return restart(what.name); },
    [this](const list_clients&) { return list(); },
    [this](const count_clients&) { return count(); },
    [this](const get_tree&) { return tree(); },
    [this](const detail::supervision_due&) {
      runner_.fired();
      supervisor_actions out;
      policy_.expired(clock().now(), out);
      follow(std::move(out));
    },
  };
}

void client_supervisor::on_exit() {
  for (auto& [number, who] : children_) {
    // Not in our name: we may be unreachable already.
    if (who.incarnation)
      caf::anon_send_exit(who.incarnation, caf::exit_reason::user_shutdown);
    stable_address::unbind(who.client->address());
    answer_all(who);
  }
  children_.clear();
  // Ends those that nobody else keeps.
  table_ = nullptr;
}

// -- requests -----------------------------------------------------------------

caf::result<client_actor> client_supervisor::start(client_spec& spec) {
  if (policy_.shutting_down())
    return make_error(ec::runtime_stopped);
  if (auto problems = validate(spec); !problems.empty())
    return make_error(as_error(problems));
  supervisor_actions out;
  if (auto old = find(spec.name); old != children_.end()) {
    if (policy_.state_of(old->first) != child_state::gave_up)
      return make_error(error{ec::already_exists, spec.name});
    policy_.remove(old->first, out);
    follow(std::exchange(out, {}));
  }
  if (children_.size() >= options_.max_children)
    return make_error(
      error{ec::child_limit, std::to_string(options_.max_children)});
  auto client = std::make_shared<supervised_client>(host_, std::move(spec));
  if (auto problem = client->open(options_.name))
    return problem;
  table_->push_back(client);
  auto address = client->address();
  take_in(std::move(client));
  return address;
}

void client_supervisor::take_in(std::shared_ptr<supervised_client> client) {
  child_policy how;
  how.restart = restart_type::transient;
  how.shutdown = options_.shutdown_timeout;
  supervisor_actions out;
  auto number = policy_.add(how, clock().now(), out).value();
  numbers_by_name_.emplace(client->name(), number);
  auto known = client->incarnation() != nullptr;
  children_.emplace(number,
                    child{.client = std::move(client), .has_run = known});
  follow(std::move(out));
}

caf::result<void> client_supervisor::stop(const std::string& name) {
  auto i = find(name);
  if (i == children_.end())
    return make_error(error{ec::not_found, name});
  i->second.waiting_for_stop.push_back(make_response_promise());
  supervisor_actions out;
  policy_.terminate(i->first, clock().now(), out);
  follow(std::move(out));
  return caf::delegated<void>{};
}

caf::result<client_actor> client_supervisor::restart(const std::string& name) {
  auto i = find(name);
  if (i == children_.end())
    return make_error(error{ec::not_found, name});
  i->second.waiting_for_restart.push_back(make_response_promise());
  supervisor_actions out;
  policy_.terminate(i->first, clock().now(), out);
  follow(std::move(out));
  return caf::delegated<client_actor>{};
}

client_counts client_supervisor::count() const {
  client_counts result;
  result.clients = children_.size();
  for (auto& [number, who] : children_) {
    auto state = *policy_.state_of(number);
    if (state == child_state::restarting)
      ++result.restarting;
    else if (state == child_state::gave_up)
      ++result.gave_up;
    else if (who.client->stats().state == client_state::ready)
      ++result.ready;
  }
  return result;
}

client_list client_supervisor::list() {
  client_list result;
  auto now = clock().now();
  for (auto& [number, who] : children_) {
    client_info info;
    auto& stats = who.client->stats();
    info.id = who.client->id();
    info.name = who.client->name();
    info.url = who.client->url();
    info.child = *policy_.state_of(number);
    info.state = stats.state;
    info.epoch = stats.epoch;
    info.up = stats.up();
    info.messages = stats.messages;
    info.restarts = policy_.restarts_of(number);
    info.restarts_in_window
      = static_cast<uint32_t>(policy_.restarts_in_window(number, now));
    info.address = who.client->address();
    result.clients.push_back(std::move(info));
  }
  return result;
}

tree_node client_supervisor::tree() {
  tree_node result{.name = options_.name, .kind = child_kind::supervisor};
  result.state = "running";
  result.details = {{"clients", std::to_string(children_.size())},
                    {"limit", to_string(options_.limit)}};
  for (auto& [number, who] : children_) {
    auto node = node_of(*who.client, *policy_.state_of(number));
    append_restarts(node, policy_, number);
    result.children.push_back(std::move(node));
  }
  return result;
}

// -- life and death -----------------------------------------------------------

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
  if (auto i = predecessors_.find(who.id()); i != predecessors_.end()) {
    auto number = i->second;
    predecessors_.erase(i);
    children_.at(number).client->ended(reason);
    return perform(supervisor_action::start{number});
  }
  auto by_incarnation = numbers_by_incarnation_.find(who.id());
  if (by_incarnation == numbers_by_incarnation_.end())
    return;
  auto number = by_incarnation->second;
  numbers_by_incarnation_.erase(by_incarnation);
  if (exits_seen_.erase(who.id()) == 0)
    exits_to_come_.insert(who.id());
  auto& fallen = children_.at(number);
  stable_address::unbind(fallen.client->address());
  fallen.incarnation = nullptr;
  fallen.exit_reason = reason;
  supervisor_actions out;
  policy_.ended(number, fallen.client->ended(reason), clock().now(),
                runner_.jitter(), out);
  follow(std::move(out));
}

void client_supervisor::shut_down(const caf::error& reason) {
  if (!exit_reason_)
    exit_reason_ = reason;
  supervisor_actions out;
  policy_.shut_down(clock().now(), out);
  follow(std::move(out));
}

// -- following the supervision ------------------------------------------------

void client_supervisor::follow(supervisor_actions actions) {
  runner_.follow(*this, policy_, std::move(actions));
}

void client_supervisor::perform(const supervisor_action::start& what) {
  auto& who = children_.at(what.child);
  if (who.client->is_running()) {
    predecessors_.emplace(who.client->incarnation().id(), what.child);
    monitor(who.client->incarnation());
    return;
  }
  // Before anything that the new incarnation tells.
  if (!std::exchange(who.has_run, true))
    publish(supervision_event_kind::started, what.child);
  else
    tell_observer(who.client->tell_restarted(
      policy_.restarts_of(what.child) + 1, context()));
  who.incarnation = who.client->make_incarnation().value();
  numbers_by_incarnation_.emplace(who.incarnation.id(), what.child);
  monitor(who.incarnation);
  link_to(who.incarnation);
  stable_address::bind(who.client->address(), who.incarnation);
  caf_compat::start(who.incarnation);
  supervisor_actions out;
  policy_.started(what.child, clock().now(), out);
  follow(std::move(out));
}

void client_supervisor::perform(const supervisor_action::stop& what) {
  send_exit(children_.at(what.child).incarnation,
            caf::exit_reason::user_shutdown);
}

void client_supervisor::perform(const supervisor_action::kill& what) {
  send_exit(children_.at(what.child).incarnation, caf::exit_reason::kill);
}

void client_supervisor::perform(const supervisor_action::notify& what) {
  using child_event = supervisor_action::child_event;
  auto& client = *children_.at(what.child).client;
  auto restarts = policy_.restarts_of(what.child);
  publish(kind_of(what.event), what.child, what.retry_in);
  if (what.event == child_event::restarting) {
    tell_observer(client.tell_restarting(restarts, what.retry_in, context()));
  } else if (what.event == child_event::gave_up && !policy_.shutting_down()) {
    tell_observer(client.give_up(restarts, context()));
  } else if (what.event == child_event::ended) {
    supervisor_actions out;
    policy_.remove(what.child, out);
    follow(std::move(out));
  }
}

void client_supervisor::perform(const supervisor_action::stopped& what) {
  auto& who = children_.at(what.child);
  if (who.waiting_for_stop.empty() && !who.waiting_for_restart.empty()
      && !policy_.shutting_down())
    return start_again(what.child, who);
  publish(supervision_event_kind::stopped, what.child);
  supervisor_actions out;
  policy_.remove(what.child, out);
  follow(std::move(out));
}

void client_supervisor::perform(const supervisor_action::forget& what) {
  auto i = children_.find(what.child);
  auto& who = i->second;
  who.client->close(who.exit_reason ? who.exit_reason
                                    : caf::exit_reason::user_shutdown);
  answer_all(who);
  if (auto name = numbers_by_name_.find(who.client->name());
      name != numbers_by_name_.end() && name->second == what.child)
    numbers_by_name_.erase(name);
  std::erase(*table_, who.client);
  children_.erase(i);
}

void client_supervisor::perform(const supervisor_action::finish& what) {
  quit(what.reason == supervision_end::restart_limit
         ? make_error(error{ec::restart_limit, options_.name})
         : exit_reason_);
}

void client_supervisor::start_again(uint64_t number, child& who) {
  supervisor_actions out;
  policy_.restart(number, clock().now(), out);
  for (auto& promise : std::exchange(who.waiting_for_restart, {}))
    caf_compat::answer(promise, who.client->address());
  follow(std::move(out));
}

void client_supervisor::answer_all(child& who) {
  for (auto& promise : std::exchange(who.waiting_for_stop, {}))
    caf_compat::answer(promise);
  for (auto& promise : std::exchange(who.waiting_for_restart, {}))
    caf_compat::answer(promise, make_error(ec::client_stopped));
}

// -- telling ------------------------------------------------------------------

void client_supervisor::publish(supervision_event_kind kind, uint64_t number,
                                std::chrono::milliseconds retry_in) {
  auto& client = *children_.at(number).client;
  supervision_event what;
  what.kind = kind;
  what.supervisor = options_.name;
  what.child = client.name();
  what.restarts = policy_.restarts_of(number);
  what.retry_in = retry_in;
  if (client.reason())
    what.reason = to_string(client.reason());
  log(*this, what, child_kind::client,
      policy_.restarts_in_window(number, clock().now()),
      options_.alarming_restarts);
  host_.events()->publish(what, context());
}

void client_supervisor::tell_observer(client_event what) {
  if (options_.observer)
    caf_compat::deliver(
      caf::actor_cast<caf::strong_actor_ptr>(options_.observer), nullptr,
      std::move(what), context());
}

client_supervisor::child_map::iterator
client_supervisor::find(const std::string& name) {
  auto i = numbers_by_name_.find(name);
  return i == numbers_by_name_.end() ? children_.end()
                                     : children_.find(i->second);
}

} // namespace zenws
