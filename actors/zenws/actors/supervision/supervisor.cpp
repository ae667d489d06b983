#include "zenws/actors/supervision/supervisor.hpp"

#include "zenws/actors/caf/stable_address.hpp"

#include <exception>
#include <memory>

namespace zenws {

namespace {

using std::chrono::milliseconds;

caf::expected<caf::actor> start_incarnation(const child_spec& spec,
                                            caf::actor_system& sys) {
  try {
    auto result = spec.start(sys);
    if (result && !*result)
      return make_error(error{ec::invalid_config, "no actor was started"});
    return result;
  } catch (const std::exception& problem) {
    return make_error(error{ec::client_crashed, problem.what()});
  }
}

} // namespace

// -- configuration ------------------------------------------------------------

std::vector<config_problem> validate(const supervisor_config& cfg) {
  auto result = validate(cfg.policy);
  std::map<std::string, size_t> ids;
  for (size_t i = 0; i < cfg.children.size(); ++i) {
    auto path = "children[" + std::to_string(i) + "].";
    for (auto& x : validate(cfg.children[i], path))
      result.push_back(std::move(x));
    if (!ids.emplace(cfg.children[i].id, i).second)
      result.push_back({path + "id", "is another child's, too"});
  }
  return result;
}

// -- constructors, destructors, and assignment operators ----------------------

supervisor::supervisor(caf::actor_config& cfg, supervisor_config options)
  : super(cfg), options_(std::move(options)), policy_(options_.policy) {
  // nop
}

// -- implementation of local_actor --------------------------------------------

const char* supervisor::name() const {
  return "zenws.supervisor";
}

supervisor::behavior_type supervisor::make_behavior() {
  caf_compat::log_unhandled(*this);
  caf_compat::on_down(*this, [this](const caf::actor_addr& who,
                                    const caf::error& reason) {
    on_child_down(who, reason);
  });
  caf_compat::on_exit_message(*this, [this](const caf::actor_addr&,
                                            const caf::error& reason) {
    shut_down(reason);
  });
  start_all();
  return {
    [this](start_child& what) -> caf::result<caf::actor> {
      auto result = start(std::move(what.spec));
      if (!result)
        return result.error();
      return *result;
    },
    [this](const terminate_child& what) { return terminate(what.id); },
    [this](const restart_child& what) { return restart(what.id); },
    [this](const delete_child& what) { return remove(what.id); },
    [this](const which_children&) { return list(); },
    [this](const count_children&) { return count(); },
    [this](const get_tree&) { return tree(); },
    [this](const detail::supervision_due&) {
      runner_.fired();
      supervisor_actions out;
      policy_.expired(clock().now(), out);
      follow(std::move(out));
    },
  };
}

void supervisor::on_exit() {
  // Whatever it was that ended us, nobody is left behind.
  for (auto& [number, who] : children_) {
    if (who.incarnation)
      caf::anon_send_exit(who.incarnation, caf::exit_reason::user_shutdown);
    // The address of a companion may have another supervisor soon.
    if (who.spec.hooks)
      stable_address::unbind(who.address);
    else
      stable_address::close(who.address, make_error(ec::client_stopped));
    for (auto& promise : who.waiting_for_end)
      caf_compat::answer(promise);
  }
  children_.clear();
  options_.children.clear();
  options_.observer = nullptr;
  options_.events = nullptr;
}

// -- requests -----------------------------------------------------------------

void supervisor::start_all() {
  for (auto& spec : std::exchange(options_.children, {})) {
    auto started = start(std::move(spec));
    if (!started)
      return shut_down(started.error());
  }
}

caf::expected<caf::actor> supervisor::make_address(const child_spec& spec) {
  if (spec.hooks) {
    auto address = spec.hooks->address(system());
    if (!address)
      return std::move(address.error());
    return address->as<caf::actor>();
  }
  return stable_address::make<caf::actor>(system());
}

caf::expected<caf::actor> supervisor::start(child_spec spec) {
  if (auto problems = validate(spec); !problems.empty())
    return make_error(as_error(problems));
  if (numbers_.count(spec.id) > 0)
    return make_error(error{ec::already_exists, spec.id});
  auto address = make_address(spec);
  if (!address)
    return address;
  supervisor_actions out;
  auto number = policy_.add(spec.policy, clock().now(), out);
  if (!number) {
    if (!spec.hooks)
      stable_address::close(*address, make_error(number.error()));
    return make_error(number.error());
  }
  numbers_.emplace(spec.id, *number);
  children_.emplace(*number, child{std::move(spec), *address});
  follow(std::move(out));
  if (children_.count(*number) == 0)
    return std::exchange(start_problem_, {});
  return address;
}

caf::result<void> supervisor::terminate(const std::string& id) {
  auto number = number_of(id);
  if (number == 0)
    return make_error(error{ec::not_found, id});
  auto promise = make_response_promise();
  children_.at(number).waiting_for_end.push_back(promise);
  supervisor_actions out;
  policy_.terminate(number, clock().now(), out);
  follow(std::move(out));
  return caf::delegated<void>{};
}

caf::result<caf::actor> supervisor::restart(const std::string& id) {
  auto number = number_of(id);
  if (number == 0)
    return make_error(error{ec::not_found, id});
  supervisor_actions out;
  if (auto problem = policy_.restart(number, clock().now(), out))
    return make_error(error{problem.code, id});
  auto address = children_.at(number).address;
  follow(std::move(out));
  return address;
}

caf::result<void> supervisor::remove(const std::string& id) {
  supervisor_actions out;
  if (auto problem = policy_.remove(number_of(id), out))
    return make_error(error{problem.code, id});
  follow(std::move(out));
  return caf::unit;
}

child_list supervisor::list() {
  child_list result;
  auto now = clock().now();
  for (auto& [number, who] : children_) {
    auto in_window = policy_.restarts_in_window(number, now);
    result.children.push_back(
      {.id = who.spec.id,
       .kind = who.spec.kind,
       .state = *policy_.state_of(number),
       .restarts = policy_.restarts_of(number),
       .restarts_in_window = static_cast<uint32_t>(in_window),
       .address = who.address});
  }
  return result;
}

child_counts supervisor::count() const {
  child_counts result;
  result.specs = children_.size();
  for (auto& [number, who] : children_) {
    if (who.incarnation)
      ++result.active;
    if (who.spec.kind == child_kind::supervisor)
      ++result.supervisors;
    else
      ++result.workers;
  }
  return result;
}

// -- life and death -----------------------------------------------------------

void supervisor::on_child_down(const caf::actor_addr& who,
                               const caf::error& reason) {
  auto i = numbers_by_incarnation_.find(who.id());
  if (i == numbers_by_incarnation_.end())
    return;
  auto number = i->second;
  numbers_by_incarnation_.erase(i);
  auto& fallen = children_.at(number);
  stable_address::unbind(fallen.address);
  fallen.incarnation = nullptr;
  fallen.reason = reason;
  supervisor_actions out;
  auto death = fallen.spec.hooks ? fallen.spec.hooks->ended(reason)
                                 : child_death{judge(fallen, reason)};
  policy_.ended(number, death, clock().now(), runner_.jitter(), out);
  follow(std::move(out));
}

child_end supervisor::judge(const child& who, const caf::error& reason) const {
  if (!who.spec.classify_exit)
    return zenws::classify_exit(reason);
  try {
    return who.spec.classify_exit(reason);
  } catch (const std::exception&) {
    return child_end::failure;
  }
}

void supervisor::shut_down(const caf::error& reason) {
  if (!exit_reason_)
    exit_reason_ = reason;
  supervisor_actions out;
  policy_.shut_down(clock().now(), out);
  follow(std::move(out));
}

void supervisor::retire(child& who) {
  if (who.spec.hooks)
    who.spec.hooks->retire(who.reason, context());
  else
    stable_address::retire(who.address, who.reason);
}

// -- following the supervision ------------------------------------------------

void supervisor::follow(supervisor_actions actions) {
  runner_.follow(*this, policy_, std::move(actions));
}

void supervisor::perform(const supervisor_action::start& what) {
  auto& who = children_.at(what.child);
  auto is_first = policy_.restarts_of(what.child) == 0 && !who.reason;
  auto started = start_incarnation(who.spec, system());
  supervisor_actions out;
  if (!started) {
    start_problem_ = who.reason = started.error();
    policy_.start_failed(what.child, judge(who, who.reason), clock().now(),
                         runner_.jitter(), out);
  } else {
    who.incarnation = std::move(*started);
    numbers_by_incarnation_.emplace(who.incarnation.id(), what.child);
    monitor(who.incarnation);
    stable_address::bind(who.address, who.incarnation);
    if (is_first)
      tell(supervision_event_kind::started, what.child);
    caf_compat::start(who.incarnation);
    policy_.started(what.child, clock().now(), out);
  }
  follow(std::move(out));
}

void supervisor::perform(const supervisor_action::stop& what) {
  caf::anon_send_exit(children_.at(what.child).incarnation,
                      caf::exit_reason::user_shutdown);
}

void supervisor::perform(const supervisor_action::kill& what) {
  caf::anon_send_exit(children_.at(what.child).incarnation,
                      caf::exit_reason::kill);
}

void supervisor::perform(const supervisor_action::notify& what) {
  using child_event = supervisor_action::child_event;
  tell(kind_of(what.event), what.child, what.retry_in);
  if (what.event == child_event::ended
      || (what.event == child_event::gave_up && !policy_.shutting_down()))
    retire(children_.at(what.child));
}

void supervisor::perform(const supervisor_action::stopped& what) {
  tell(supervision_event_kind::stopped, what.child);
  auto& who = children_.at(what.child);
  retire(who);
  for (auto& promise : std::exchange(who.waiting_for_end, {}))
    caf_compat::answer(promise);
}

void supervisor::perform(const supervisor_action::forget& what) {
  auto i = children_.find(what.child);
  if (!i->second.spec.hooks)
    stable_address::close(i->second.address, i->second.reason);
  numbers_.erase(i->second.spec.id);
  children_.erase(i);
}

void supervisor::perform(const supervisor_action::finish& what) {
  if (what.reason == supervision_end::restart_limit) {
    exit_reason_ = make_error(
      error{ec::restart_limit,
            "more than " + std::to_string(options_.policy.limit.max_restarts)
              + " restarts of the children of " + options_.name});
    tell(supervision_event_kind::escalated, 0);
  } else if (what.reason == supervision_end::significant_child) {
    exit_reason_ = caf::exit_reason::user_shutdown;
  }
  quit(exit_reason_);
}

void supervisor::tell(supervision_event_kind kind, uint64_t number,
                      milliseconds retry_in) {
  supervision_event what;
  what.kind = kind;
  what.supervisor = options_.name;
  what.retry_in = retry_in;
  if (auto i = children_.find(number); i != children_.end()) {
    what.child = i->second.spec.id;
    what.restarts = policy_.restarts_of(number);
    what.reason = i->second.reason ? caf_compat::to_text(i->second.reason) : "";
  } else {
    what.reason = caf_compat::to_text(exit_reason_);
  }
  auto about = children_.find(number);
  log(*this, what,
      about != children_.end() ? about->second.spec.kind : child_kind::worker,
      policy_.restarts_in_window(number, clock().now()),
      options_.alarming_restarts);
  // Whoever starts us again after the last straw starts that child again, too.
  auto is_last_straw = kind == supervision_event_kind::gave_up
                       && policy_.shutting_down();
  if (auto i = children_.find(number);
      i != children_.end() && i->second.spec.hooks && !is_last_straw)
    i->second.spec.hooks->observe(what, context());
  if (options_.events)
    options_.events->publish(what, context());
  if (options_.observer)
    caf::anon_send(options_.observer, std::move(what));
}

uint64_t supervisor::number_of(const std::string& id) const {
  auto i = numbers_.find(id);
  return i == numbers_.end() ? 0 : i->second;
}

// -- starting -----------------------------------------------------------------

caf::expected<supervisor_actor> supervise(caf::actor_system& sys,
                                          supervisor_config cfg) {
  if (auto problems = validate(cfg); !problems.empty())
    return make_error(as_error(problems));
  return sys.spawn<supervisor>(std::move(cfg));
}

} // namespace zenws
