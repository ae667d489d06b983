// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/supervision/supervisor_logic.hpp"

#include "zenws/internal/enum_names.hpp"
#include "zenws/timing/internal/deadlines.hpp"

#include <algorithm>
#include <utility>

namespace zenws {

namespace {

using std::chrono::milliseconds;

bool is_active(child_state x) noexcept {
  return x == child_state::running || x == child_state::stopping;
}

// Returns a policy whose delays never run out: the limit of restarts decides.
supervision_policy without_max_attempts(supervision_policy policy) {
  policy.restart_backoff.max_attempts = backoff_config::unlimited;
  return policy;
}

} // namespace

using namespace supervisor_action;

BOOST_DESCRIBE_ENUM(child_state, running, stopping, restarting, stopped,
                    gave_up)

std::string_view to_string(child_state state) noexcept {
  return internal::enum_name(state);
}

// -- constructors, destructors, and assignment operators ----------------------

supervisor_logic::supervisor_logic(const supervision_policy& policy)
  : policy_(without_max_attempts(policy)), shared_failures_(policy_) {
  // nop
}

// -- properties ---------------------------------------------------------------

std::optional<supervisor_logic::time_point>
supervisor_logic::wake_at() const noexcept {
  std::optional<time_point> result;
  if (!dues_.empty())
    result = dues_.begin()->first;
  auto waits
    = group_ && !group_->ended
      && std::none_of(children_.lower_bound(group_->first), children_.end(),
                      [](auto& x) { return is_active(x.second.state); });
  if (waits)
    internal::keep_earlier(result, std::optional{group_->restart_at});
  return result;
}

std::optional<child_state> supervisor_logic::state_of(uint64_t id) const {
  auto i = children_.find(id);
  if (i == children_.end())
    return std::nullopt;
  return i->second.state;
}

uint64_t supervisor_logic::restarts_of(uint64_t id) const {
  auto i = children_.find(id);
  return i != children_.end() ? i->second.restarts : 0;
}

size_t supervisor_logic::restarts_in_window(uint64_t id, time_point now) {
  auto x = find(id);
  if (x == nullptr)
    return 0;
  if (policy_.scope == restart_scope::shared)
    return shared_failures_.intensity.count(now);
  return x->failures ? x->failures->intensity.count(now) : 0;
}

supervisor_logic::child* supervisor_logic::find(uint64_t id) {
  auto i = children_.find(id);
  return i != children_.end() ? &i->second : nullptr;
}

// -- requests -----------------------------------------------------------------

result<uint64_t> supervisor_logic::add(const child_policy& policy,
                                       time_point now, actions& out) {
  if (end_)
    return error{ec::runtime_stopped};
  if (children_.size() >= policy_.max_children)
    return error{ec::child_limit, std::to_string(policy_.max_children)};
  auto id = ++last_id_;
  auto& x = children_.emplace(id, child{policy}).first->second;
  if (group_)
    proceed(now, out);
  else
    start(id, x, out);
  return id;
}

error supervisor_logic::terminate(uint64_t id, time_point now, actions& out) {
  auto x = find(id);
  if (x == nullptr)
    return error{ec::not_found};
  x->unwanted = true;
  if (x->state == child_state::running)
    stop(id, *x, now, out);
  else if (x->state != child_state::stopping)
    stopped(id, *x, out);
  proceed(now, out);
  return {};
}

error supervisor_logic::restart(uint64_t id, time_point now, actions& out) {
  auto x = find(id);
  if (x == nullptr)
    return error{ec::not_found};
  if (x->state != child_state::stopped && x->state != child_state::gave_up)
    return error{ec::already_exists};
  if (end_)
    return error{ec::runtime_stopped};
  x->unwanted = false;
  x->failures = nullptr;
  x->state = child_state::restarting;
  if (in_group(id))
    proceed(now, out);
  else
    start(id, *x, out);
  return {};
}

error supervisor_logic::remove(uint64_t id, actions& out) {
  auto x = find(id);
  if (x == nullptr)
    return error{ec::not_found};
  if (x->state != child_state::stopped && x->state != child_state::gave_up)
    return error{ec::already_exists};
  erase(id, out);
  return {};
}

void supervisor_logic::shut_down(time_point now, actions& out) {
  begin_end(supervision_end::requested, now, out);
}

// -- events -------------------------------------------------------------------

void supervisor_logic::started(uint64_t id, time_point now, actions& out) {
  auto x = find(id);
  if (x == nullptr || !std::exchange(x->starting, false))
    return;
  x->started_at = now;
  if (std::exchange(x->has_run, true)) {
    ++x->restarts;
    out.emplace_back(notify{id, child_event::restarted});
  }
  if (x->state == child_state::stopping) // meanwhile
    stop(id, *x, now, out);
  proceed(now, out);
}

void supervisor_logic::start_failed(uint64_t id, child_end kind, time_point now,
                                    double jitter, actions& out) {
  auto x = find(id);
  if (x == nullptr || !x->starting)
    return;
  if (!x->has_run) {
    if (x->unwanted)
      out.emplace_back(supervisor_action::stopped{id});
    erase(id, out);
    proceed(now, out);
    return;
  }
  x->started_at = now;
  ended(id, {kind == child_end::orderly ? child_end::failure : kind}, now,
        jitter, out);
}

void supervisor_logic::ended(uint64_t id, const child_death& death,
                             time_point now, double jitter, actions& out) {
  auto x = find(id);
  if (x == nullptr || !is_active(x->state))
    return;
  x->starting = false;
  auto was_asked = x->state == child_state::stopping;
  set_due(id, *x, std::nullopt);
  if (was_asked || end_)
    stopped(id, *x, out);
  else if (x->policy.restart == restart_type::temporary
           || (x->policy.restart == restart_type::transient
               && death.kind == child_end::orderly))
    ended_for_good(id, *x, death.kind, now, out);
  else if (death.kind == child_end::fatal)
    give_up(id, *x, out);
  else
    failed(id, *x, death, now, jitter, out);
  proceed(now, out);
}

void supervisor_logic::expired(time_point now, actions& out) {
  while (!dues_.empty() && dues_.begin()->first <= now) {
    auto id = dues_.begin()->second;
    auto& x = *find(id);
    set_due(id, x, std::nullopt);
    if (x.state == child_state::stopping)
      out.emplace_back(kill{id});
    else
      start(id, x, out);
  }
  proceed(now, out);
}

// -- one child ----------------------------------------------------------------

void supervisor_logic::start(uint64_t id, child& x, actions& out) {
  x.state = child_state::running;
  x.starting = true;
  set_due(id, x, std::nullopt);
  out.emplace_back(supervisor_action::start{id});
}

void supervisor_logic::stop(uint64_t id, child& x, time_point now,
                            actions& out) {
  x.state = child_state::stopping;
  if (x.starting)
    return; // once it has started
  if (x.policy.shutdown == milliseconds{0}) {
    out.emplace_back(kill{id});
    return;
  }
  if (x.policy.shutdown)
    set_due(id, x, now + *x.policy.shutdown);
  out.emplace_back(supervisor_action::stop{id});
}

// A child has ended, or is not started again, because we want it so.
void supervisor_logic::stopped(uint64_t id, child& x, actions& out) {
  set_due(id, x, std::nullopt);
  if (!x.unwanted && !end_ && in_group(id)
      && x.policy.restart != restart_type::temporary) {
    x.state = child_state::restarting;
    return;
  }
  if (x.state != child_state::gave_up)
    x.state = child_state::stopped;
  if (x.unwanted)
    out.emplace_back(supervisor_action::stopped{id});
  if (x.policy.restart == restart_type::temporary)
    erase(id, out);
}

void supervisor_logic::failed(uint64_t id, child& x, const child_death& death,
                              time_point now, double jitter, actions& out) {
  if (!x.failures)
    x.failures = std::make_unique<failure_history>(policy_);
  auto shared = policy_.scope == restart_scope::shared;
  auto& counted = shared ? shared_failures_ : *x.failures;
  if (death.kind != child_end::outage && !counted.intensity.admit(now)) {
    give_up(id, x, out);
    if (shared)
      begin_end(supervision_end::restart_limit, now, out);
    return;
  }
  auto alone = policy_.strategy == restart_strategy::one_for_one;
  auto& delays = (alone ? *x.failures : shared_failures_).delays;
  delays.connected_for(death.productive.value_or(
    std::chrono::duration_cast<milliseconds>(now - x.started_at)));
  auto delay = *delays.next(jitter);
  x.state = child_state::restarting;
  out.emplace_back(notify{id, child_event::restarting, delay});
  if (!alone)
    restart_group(policy_.strategy == restart_strategy::one_for_all ? 1 : id,
                  now + delay);
  else if (delay.count() == 0)
    start(id, x, out);
  else
    set_due(id, x, now + delay);
}

void supervisor_logic::ended_for_good(uint64_t id, child& x, child_end kind,
                                      time_point now, actions& out) {
  out.emplace_back(notify{id, child_event::ended});
  auto counts = x.policy.significant
                && (x.policy.restart == restart_type::temporary
                    || kind == child_end::orderly);
  x.state = child_state::stopped;
  if (x.policy.restart == restart_type::temporary)
    erase(id, out);
  if (counts)
    end_by_significant(now, out);
}

void supervisor_logic::give_up(uint64_t id, child& x, actions& out) {
  x.state = child_state::gave_up;
  out.emplace_back(notify{id, child_event::gave_up});
}

void supervisor_logic::erase(uint64_t id, actions& out) {
  set_due(id, *find(id), std::nullopt);
  children_.erase(id);
  out.emplace_back(forget{id});
}

void supervisor_logic::set_due(uint64_t id, child& x,
                               std::optional<time_point> due) {
  if (x.due)
    dues_.erase({*x.due, id});
  x.due = due;
  if (due)
    dues_.emplace(*due, id);
}

// -- several children ---------------------------------------------------------

void supervisor_logic::end_by_significant(time_point now, actions& out) {
  if (policy_.ends_with == auto_shutdown::any_significant
      || (policy_.ends_with == auto_shutdown::all_significant
          && !any_significant_left()))
    begin_end(supervision_end::significant_child, now, out);
}

bool supervisor_logic::any_significant_left() const {
  return std::any_of(children_.begin(), children_.end(), [](auto& x) {
    return x.second.policy.significant
           && (is_active(x.second.state)
               || x.second.state == child_state::restarting);
  });
}

void supervisor_logic::restart_group(uint64_t first, time_point restart_at) {
  // Those before one that fails while the group starts are back already.
  if (group_ && !group_->ended) {
    first = std::min(first, group_->first);
    restart_at = std::max(restart_at, group_->restart_at);
  }
  group_ = group{first, restart_at};
  // Those that were done may be needed again.
  for (auto i = children_.lower_bound(first); i != children_.end(); ++i)
    if (i->second.state == child_state::stopped && !i->second.unwanted)
      i->second.state = child_state::restarting;
}

void supervisor_logic::begin_end(supervision_end reason, time_point now,
                                 actions& out) {
  if (end_)
    return;
  end_ = reason;
  group_ = std::nullopt;
  std::vector<uint64_t> ids;
  for (auto& [id, x] : children_)
    ids.push_back(id);
  for (auto id : ids) {
    auto& x = *find(id);
    if (x.state == child_state::restarting)
      stopped(id, x, out);
    else if (x.state == child_state::running
             && policy_.order == shutdown_order::concurrent)
      stop(id, x, now, out);
  }
  proceed(now, out);
}

void supervisor_logic::proceed(time_point now, actions& out) {
  if (end_)
    proceed_with_end(now, out);
  else if (group_)
    proceed_with_group(now, out);
}

void supervisor_logic::proceed_with_end(time_point now, actions& out) {
  for (auto i = children_.lower_bound(ended_from_); i != children_.begin();) {
    auto& [id, x] = *--i;
    if (x.state == child_state::running)
      stop(id, x, now, out);
    if (x.state == child_state::stopping)
      return;
    ended_from_ = id;
  }
  if (!std::exchange(finished_, true))
    out.emplace_back(finish{*end_});
}

// First all are ended, the last one first, then all are started, the first one
// first.
void supervisor_logic::proceed_with_group(time_point now, actions& out) {
  auto first = children_.lower_bound(group_->first);
  auto starting = std::find_if(first, children_.end(), [](auto& x) {
    return x.second.starting && x.second.state == child_state::running;
  });
  if (starting != children_.end())
    return;
  if (!group_->ended) {
    for (auto i = children_.end(); i != first;) {
      auto& [id, x] = *--i;
      if (x.state == child_state::running)
        stop(id, x, now, out);
      if (x.state == child_state::stopping)
        return;
    }
    if (now < group_->restart_at)
      return;
    group_->ended = true;
  }
  auto next = std::find_if(first, children_.end(), [](auto& x) {
    return x.second.state == child_state::restarting;
  });
  if (next != children_.end())
    start(next->first, next->second, out);
  else
    group_ = std::nullopt;
}

} // namespace zenws
