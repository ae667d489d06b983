// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/actors/supervision/internal/supervisor_driver.hpp"

#include "zenws/actors/caf/stable_address.hpp"
#include "zenws/internal/random_seed.hpp"

#include <algorithm>
#include <exception>
#include <iterator>
#include <utility>
#include <variant>

namespace zenws::detail {

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

void complete(const std::vector<supervisor_driver::completion>& all,
              const caf::error& outcome = {}) {
  for (auto& done : all)
    done(outcome);
}

} // namespace

// -- constructors, destructors, and assignment operators ----------------------

supervisor_driver::supervisor_driver(
  caf::scheduled_actor& self, supervisor_config options,
  std::function<void(const child_spec&)> forget)
  : self_(self),
    options_(std::move(options)),
    forget_(std::move(forget)),
    stats_(options_.registry->add(options_.name)),
    logic_(options_.policy),
    random_(static_cast<uint32_t>(internal::random_seed())) {
  caf_compat::log_unhandled(self_);
  caf_compat::on_down(self_, [this](const caf::actor_addr& source,
                                    const caf::error& reason) {
    on_down(source, reason);
  });
  caf_compat::on_exit_message(self_, [this](const caf::actor_addr& source,
                                            const caf::error& reason) {
    on_exit_message(source, reason);
  });
}

supervisor_driver::~supervisor_driver() {
  for (auto& [number, x] : children_) {
    if (x.incarnation)
      caf::anon_send_exit(x.incarnation, caf::exit_reason::user_shutdown);
    // The address of a child with hooks may have another supervisor soon.
    if (x.spec.hooks)
      stable_address::unbind(x.address);
    else
      stable_address::close(x.address, make_error(ec::client_stopped));
    complete_waiting(number);
  }
}

// -- properties ---------------------------------------------------------------

supervisor_driver::child_map::const_iterator
supervisor_driver::find(const std::string& id) const {
  return children_.find(number_of(id));
}

size_t supervisor_driver::restarts_in_window(uint64_t number) {
  return logic_.restarts_in_window(number, now());
}

tree_node supervisor_driver::tree(std::vector<tree_detail> details) const {
  tree_node result{.name = options_.name,
                   .kind = child_kind::supervisor,
                   .state = "running",
                   .details = std::move(details)};
  result.children.reserve(children_.size());
  for (auto& [number, x] : children_) {
    auto state = *logic_.state_of(number);
    tree_node node;
    if (x.spec.hooks)
      node = x.spec.hooks->describe(state);
    else if (state == child_state::gave_up)
      node.details.push_back({"last error", caf_compat::to_text(x.reason)});
    node.name = x.spec.id;
    node.kind = x.spec.kind;
    if (node.state.empty())
      node.state = to_string(state);
    if (auto n = logic_.restarts_of(number); n > 0)
      node.details.push_back({"restarts", std::to_string(n)});
    result.children.push_back(std::move(node));
  }
  return result;
}

// -- requests -----------------------------------------------------------------

void supervisor_driver::start_all(std::vector<child_spec> specs) {
  for (auto& spec : specs)
    if (auto started = start(std::move(spec)); !started)
      return shut_down(started.error());
}

caf::expected<caf::actor> supervisor_driver::start(child_spec spec) {
  if (auto problems = validate(spec); !problems.empty())
    return make_error(as_error(problems));
  if (logic_.shutting_down())
    return make_error(ec::runtime_stopped);
  if (numbers_.count(spec.id) > 0)
    return make_error(error{ec::already_exists, spec.id});
  auto max_children = options_.policy.max_children;
  if (children_.size() >= max_children)
    return make_error(error{ec::child_limit, std::to_string(max_children)});
  caf::actor address;
  if (spec.hooks) {
    auto handle = spec.hooks->address(self_.system());
    if (!handle)
      return std::move(handle.error());
    address = handle->as<caf::actor>();
  } else {
    address = stable_address::make<caf::actor>(self_.system());
  }
  supervisor_actions out;
  auto number = logic_.add(spec.policy, now(), out);
  if (!number)
    return make_error(number.error());
  auto& x
    = children_.emplace(*number, child{std::move(spec), address}).first->second;
  numbers_.emplace(x.spec.id, *number);
  follow(std::move(out));
  if (children_.count(*number) == 0)
    return std::exchange(start_problem_, {});
  return address;
}

supervisor_driver::completion supervisor_driver::answer_to_request() {
  return [promise = self_.make_response_promise()](
           const caf::error& problem) mutable {
    if (problem)
      caf_compat::answer(promise, problem);
    else
      caf_compat::answer(promise);
  };
}

void supervisor_driver::terminate(const std::string& id, completion done) {
  auto number = number_of(id);
  if (number == 0)
    return done(make_error(error{ec::not_found, id}));
  waiting_[number].of_stop.push_back(std::move(done));
  supervisor_actions out;
  logic_.terminate(number, now(), out);
  follow(std::move(out));
}

void supervisor_driver::end_and_restart(const std::string& id,
                                        completion done) {
  auto number = number_of(id);
  if (number == 0)
    return done(make_error(error{ec::not_found, id}));
  waiting_[number].of_restart.push_back(std::move(done));
  supervisor_actions out;
  logic_.terminate(number, now(), out);
  follow(std::move(out));
}

caf::expected<caf::actor> supervisor_driver::restart(const std::string& id) {
  auto number = number_of(id);
  supervisor_actions out;
  if (auto problem = logic_.restart(number, now(), out))
    return make_error(error{problem.code, id});
  auto address = children_.at(number).address;
  follow(std::move(out));
  return address;
}

caf::error supervisor_driver::remove(const std::string& id) {
  supervisor_actions out;
  if (auto problem = logic_.remove(number_of(id), out))
    return make_error(error{problem.code, id});
  follow(std::move(out));
  return {};
}

void supervisor_driver::expired() {
  due_ = std::nullopt;
  supervisor_actions out;
  logic_.expired(now(), out);
  follow(std::move(out));
}

// -- ends ---------------------------------------------------------------------

void supervisor_driver::on_exit_message(const caf::actor_addr& source,
                                        const caf::error& reason) {
  auto i = source ? watches_.find(source.id()) : watches_.end();
  if (i == watches_.end())
    shut_down(reason);
  else if (i->second.down_came)
    watches_.erase(i);
  else
    i->second.exit_came = true;
}

void supervisor_driver::on_down(const caf::actor_addr& source,
                                const caf::error& reason) {
  auto i = watches_.find(source.id());
  if (i == watches_.end() || std::exchange(i->second.down_came, true))
    return;
  auto seen = i->second;
  if (seen.exit_came || seen.is_predecessor)
    watches_.erase(i);
  auto& x = children_.at(seen.child);
  if (seen.is_predecessor) {
    x.spec.hooks->ended(reason);
    perform(supervisor_action::start{seen.child});
    return;
  }
  stable_address::unbind(x.address);
  x.incarnation = nullptr;
  x.reason = reason;
  auto death = x.spec.hooks ? x.spec.hooks->ended(reason)
                            : child_death{classify(x)};
  supervisor_actions out;
  logic_.ended(seen.child, death, now(), jitter(), out);
  follow(std::move(out));
}

void supervisor_driver::shut_down(const caf::error& reason) {
  if (!exit_reason_)
    exit_reason_ = reason;
  supervisor_actions out;
  logic_.shut_down(now(), out);
  follow(std::move(out));
}

child_end supervisor_driver::classify(const child& x) const {
  if (!x.spec.classify_exit)
    return classify_exit(x.reason);
  try {
    return x.spec.classify_exit(x.reason);
  } catch (const std::exception&) {
    return child_end::failure;
  }
}

void supervisor_driver::complete_waiting(uint64_t number) {
  auto i = waiting_.find(number);
  if (i == waiting_.end())
    return;
  auto requests = std::move(waiting_.extract(i).mapped());
  complete(requests.of_stop);
  complete(requests.of_restart, make_error(ec::client_stopped));
}

void supervisor_driver::complete_restarts(uint64_t number,
                                          const caf::error& reason) {
  auto i = waiting_.find(number);
  if (i == waiting_.end())
    return;
  auto requests = std::exchange(i->second.of_restart, {});
  if (i->second.of_stop.empty())
    waiting_.erase(i);
  complete(requests, reason);
}

void supervisor_driver::retire(child& x) {
  if (x.spec.hooks)
    x.spec.hooks->retire(x.reason, self_.context());
  else
    stable_address::retire(x.address, x.reason);
}

// -- following the logic ------------------------------------------------------

void supervisor_driver::follow(supervisor_actions actions) {
  std::move(actions.begin(), actions.end(), std::back_inserter(actions_));
  if (std::exchange(following_, true))
    return;
  // Actions that follow from an action come after those due already.
  for (size_t i = 0; i < actions_.size(); ++i) {
    auto action = actions_[i];
    std::visit([this](const auto& x) { perform(x); }, action);
    std::visit(
      [this](const auto& x) {
        if constexpr (requires { x.child; })
          count(x.child);
      },
      action);
  }
  actions_.clear();
  following_ = false;
  arm();
}

void supervisor_driver::count(uint64_t number) {
  if (auto i = children_.find(number); i != children_.end())
    count_as(i->second, logic_.state_of(number));
}

void supervisor_driver::count_as(child& x, std::optional<child_state> state) {
  auto counter_of = [this](child_state counted) -> shared_counter& {
    return stats_->children[static_cast<size_t>(counted)];
  };
  if (x.counted_as)
    --counter_of(*x.counted_as);
  if (state)
    ++counter_of(*state);
  x.counted_as = state;
}

void supervisor_driver::arm() {
  auto due = logic_.wake_at();
  if (!due || (due_ && *due_ <= *due))
    return;
  due_ = due;
  auto delay = std::max(std::chrono::ceil<milliseconds>(*due - now()),
                        milliseconds{0});
  caf_compat::tell_later(self_, delay, supervision_due{});
}

void supervisor_driver::perform(const supervisor_action::start& action) {
  auto& x = children_.at(action.child);
  auto predecessor = caf::actor_cast<caf::strong_actor_ptr>(
    x.spec.hooks ? x.spec.hooks->predecessor() : caf::actor_addr{});
  if (predecessor) {
    watches_[predecessor->id()] = {.child = action.child,
                                   .is_predecessor = true};
    caf_compat::monitor(self_, predecessor);
    return;
  }
  auto started = start_incarnation(x.spec, self_.system());
  supervisor_actions out;
  if (!started) {
    start_problem_ = x.reason = started.error();
    complete_restarts(action.child, x.reason);
    logic_.start_failed(action.child, classify(x), now(), jitter(), out);
    return follow(std::move(out));
  }
  x.incarnation = std::move(*started);
  watches_[x.incarnation.id()] = {.child = action.child};
  caf_compat::monitor(self_, x.incarnation);
  self_.link_to(x.incarnation);
  stable_address::bind(x.address, x.incarnation);
  if (!std::exchange(x.has_run, true))
    publish(supervision_event_kind::started, action.child);
  caf_compat::start(x.incarnation);
  complete_restarts(action.child, {});
  logic_.started(action.child, now(), out);
  follow(std::move(out));
}

// Anonymous: an exit message in our name would end the link.
void supervisor_driver::perform(const supervisor_action::stop& action) {
  caf::anon_send_exit(children_.at(action.child).incarnation,
                      caf::exit_reason::user_shutdown);
}

void supervisor_driver::perform(const supervisor_action::kill& action) {
  caf::anon_send_exit(children_.at(action.child).incarnation,
                      caf::exit_reason::kill);
}

void supervisor_driver::perform(const supervisor_action::notify& action) {
  using child_event = supervisor_action::child_event;
  publish(kind_of(action.event), action.child, action.retry_in);
  auto& x = children_.at(action.child);
  if (action.event == child_event::ended
      || (action.event == child_event::gave_up && !logic_.shutting_down()))
    retire(x);
  if (action.event == child_event::ended && forget_)
    static_cast<void>(remove(x.spec.id));
}

void supervisor_driver::perform(const supervisor_action::stopped& action) {
  auto& x = children_.at(action.child);
  auto i = waiting_.find(action.child);
  if (i != waiting_.end() && i->second.of_stop.empty()
      && !logic_.shutting_down()) {
    supervisor_actions out;
    logic_.restart(action.child, now(), out);
    return follow(std::move(out)); // answered by `start`
  }
  publish(supervision_event_kind::stopped, action.child);
  retire(x);
  if (forget_)
    static_cast<void>(remove(x.spec.id));
  else
    complete_waiting(action.child);
}

void supervisor_driver::perform(const supervisor_action::forget& action) {
  auto i = children_.find(action.child);
  numbers_.erase(i->second.spec.id);
  auto forgotten = std::move(children_.extract(i).mapped());
  count_as(forgotten, std::nullopt);
  if (forget_)
    forget_(forgotten.spec);
  if (!forgotten.spec.hooks)
    stable_address::close(forgotten.address, forgotten.reason);
  forgotten.spec = {}; // closes resources of its hooks
  complete_waiting(action.child);
}

void supervisor_driver::perform(const supervisor_action::finish& action) {
  if (action.reason == supervision_end::restart_limit) {
    exit_reason_ = make_error(
      error{ec::restart_limit,
            "more than " + std::to_string(options_.policy.limit.max_restarts)
              + " restarts of the children of " + options_.name});
    publish(supervision_event_kind::escalated, 0);
  } else if (action.reason == supervision_end::significant_child) {
    exit_reason_ = caf::exit_reason::user_shutdown;
  }
  self_.quit(exit_reason_);
}

void supervisor_driver::publish(supervision_event_kind kind, uint64_t number,
                                milliseconds retry_in) {
  supervision_event event;
  event.kind = kind;
  event.supervisor = options_.name;
  event.retry_in = retry_in;
  auto i = children_.find(number);
  auto* hooks = i != children_.end() ? i->second.spec.hooks.get() : nullptr;
  if (i == children_.end()) {
    event.reason = caf_compat::to_text(exit_reason_);
  } else {
    auto& reason = i->second.reason;
    event.child = i->second.spec.id;
    event.restarts = logic_.restarts_of(number);
    event.reason = hooks    ? hooks->describe_end(reason)
                   : reason ? caf_compat::to_text(reason)
                            : "";
  }
  auto kind_of_child = i != children_.end() ? i->second.spec.kind
                                            : child_kind::worker;
  log(self_, event, kind_of_child, restarts_in_window(number),
      options_.alarming_restarts);
  if (kind == supervision_event_kind::restarted)
    ++stats_->restarts;
  else if (kind == supervision_event_kind::gave_up)
    ++stats_->given_up;
  // A restart of ours after the last failure restarts that child, too.
  auto is_last_straw = kind == supervision_event_kind::gave_up
                       && logic_.shutting_down();
  if (hooks != nullptr && !is_last_straw)
    hooks->observe(event, self_.context());
  if (options_.events)
    options_.events->publish(event, self_.context());
  if (options_.observer)
    caf_compat::anon_send(options_.observer, std::move(event));
}

uint64_t supervisor_driver::number_of(const std::string& id) const {
  auto i = numbers_.find(id);
  return i == numbers_.end() ? 0 : i->second;
}

std::chrono::steady_clock::time_point supervisor_driver::now() const {
  return self_.clock().now();
}

double supervisor_driver::jitter() {
  return std::uniform_real_distribution<double>{0.0, 1.0}(random_);
}

} // namespace zenws::detail
