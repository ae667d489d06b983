// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "supervisor_logic_fixture.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace zenws::test_support {

/// The rules of OTP's supervisors that every action of a `supervision` must
/// obey, written from their documentation and not from its code.
class supervisor_logic_model {
public:
  /// Numbers of the more interesting events.
  struct coverage {
    uint64_t starts = 0, failures = 0, kills = 0, groups = 0, limits = 0,
             given_up = 0, outages = 0, late_deaths = 0,
             deaths_while_stopping = 0, failed_starts = 0, terminated = 0,
             significant = 0, finished = 0;
  };

  /// State of a child, as the rules need it.
  struct process {
    child_policy policy;
    bool alive = false;
    bool asked = false; // to end
    bool killed = false;
    bool has_run = false;
    bool terminated = false; // by request
    bool given_up = false;
    bool may_start = true;
    bool requested = false; // to start, by itself
    supervisor_logic::time_point asked_at{};
    std::optional<child_end> death; // that is not known yet

    /// As far as anybody can know.
    bool runs() const {
      return alive || death.has_value();
    }
  };

  using process_map = std::map<uint64_t, process>;

  supervisor_logic_model(const supervision_policy& policy,
                         const supervisor_logic& uut, coverage& seen)
    : policy_(policy), uut_(&uut), seen_(&seen) {
    // nop
  }

  /// The children by their id. The test lets them live and die.
  process_map& children() noexcept {
    return children_;
  }

  bool finished() const noexcept {
    return finished_;
  }

  /// Which rule was broken first, empty if none was.
  const std::string& broken() const noexcept {
    return broken_;
  }

  void require(bool holds, const std::string& rule) {
    if (!holds && broken_.empty())
      broken_ = rule;
  }

  // -- actions of the test; call before `follow` ------------------------------

  /// A child ends in a way that counts against the limit.
  void failed(uint64_t id, supervisor_logic::time_point now) {
    if (children_[id].asked || uut_->shutting_down())
      return;
    ++seen_->failures;
    auto& stamps = failures_[policy_.scope == restart_scope::shared ? 0 : id];
    stamps.push_back(now);
    std::erase_if(stamps, [&](auto x) { return now - x >= 10s; });
    if (stamps.size() <= policy_.limit.max_restarts)
      return;
    ++seen_->limits;
    past_limit_ = id;
  }

  /// A resource of a child is unavailable.
  void hit_by_outage(uint64_t id) {
    auto& x = children_[id];
    if (x.asked || x.policy.restart == restart_type::temporary
        || uut_->shutting_down())
      return;
    ++seen_->outages;
    outage_ = id;
  }

  void terminated(uint64_t id) {
    ++seen_->terminated;
    children_[id].terminated = true;
    children_[id].may_start = false;
    stops_to_report_.insert(id);
  }

  void restarted(uint64_t id) {
    auto& x = children_[id];
    x.terminated = false;
    x.given_up = false;
    x.may_start = true;
    x.requested = true;
    failures_.erase(id);
  }

  // -- results ----------------------------------------------------------------

  void follow(const supervisor_actions& out, supervisor_logic::time_point now) {
    require(!finished_ || out.empty(), "acts after its end");
    now_ = now;
    ending_ = uut_->shutting_down();
    for (auto& action : out)
      std::visit(visitor{*this}, action);
  }

  /// Takes the next child to start.
  std::optional<uint64_t> next_start() {
    if (starts_.empty() || !broken_.empty())
      return std::nullopt;
    auto result = starts_.front();
    starts_.pop_front();
    return result;
  }

  void check_states() {
    for (auto& [id, x] : children_) {
      auto state = uut_->state_of(id);
      require(state.has_value(), "does not know its child");
      auto active = state == child_state::running
                    || state == child_state::stopping;
      require(active == x.runs(), "is wrong about who runs");
      require((state == child_state::gave_up) == x.given_up || x.terminated,
              "is wrong about whom it gave up");
    }
  }

  void check_limit() {
    if (!past_limit_)
      return;
    auto id = *std::exchange(past_limit_, std::nullopt);
    if (policy_.scope == restart_scope::shared)
      require(uut_->shutting_down(), "goes on past the limit");
    else
      require(uut_->state_of(id) == child_state::gave_up,
              "restarts a child past its limit");
  }

  /// An outage ends nobody for good, however many there were.
  void check_outage() {
    if (!outage_)
      return;
    auto id = *std::exchange(outage_, std::nullopt);
    require(!uut_->shutting_down(), "ends because of an outage");
    require(uut_->state_of(id) != child_state::gave_up,
            "gives a child up because of an outage");
  }

  /// No child acts any more.
  void check_rest() {
    if (!broken_.empty())
      return;
    require(stops_to_report_.empty(), "leaves somebody waiting for a stop");
    require(finished_ == uut_->shutting_down(), "never finishes");
    for (auto& [id, x] : children_) {
      auto must_run = !finished_ && !x.terminated && !x.given_up
                      && x.policy.restart == restart_type::permanent;
      require(!must_run || x.alive, "leaves a permanent child behind");
    }
  }

private:
  using child_event = supervisor_action::child_event;

  // -- rules ------------------------------------------------------------------

  bool is_alive_behind(uint64_t id) const {
    return std::any_of(children_.upper_bound(id), children_.end(),
                       [](auto& x) { return x.second.runs(); });
  }

  bool groups() const {
    return policy_.strategy != restart_strategy::one_for_one;
  }

  void on_start(uint64_t id) {
    auto& x = children_[id];
    ++seen_->starts;
    require(!finished_ && !ending_, "starts a child although it ends");
    require(!x.runs(), "starts a child that runs");
    require(!x.terminated, "starts a child that was terminated");
    require(x.may_start, "starts a child that must stay as it is");
    if (groups() && x.has_run && !std::exchange(x.requested, false))
      require(!is_alive_behind(id), "starts a child before those behind ended");
    x.alive = true;
    x.asked = x.killed = x.given_up = false;
    x.may_start = false;
    starts_.push_back(id);
  }

  void on_stop(uint64_t id) {
    auto& x = children_[id];
    require(x.runs() && !x.asked, "ends a child that does not run");
    require(x.policy.shutdown != 0ms, "asks a child that is to be killed");
    check_order(id);
    x.asked = true;
    x.asked_at = now_;
  }

  void on_kill(uint64_t id) {
    auto& x = children_[id];
    ++seen_->kills;
    require(x.runs() && !x.killed, "kills a child that does not run");
    require(x.policy.shutdown.has_value(), "kills a child that has all time");
    if (x.policy.shutdown == 0ms)
      check_order(id);
    else
      require(x.asked && now_ >= x.asked_at + *x.policy.shutdown,
              "kills a child that has time left");
    x.asked = x.killed = true;
  }

  // Others are ended one after another, the last one first.
  void check_order(uint64_t id) {
    if (children_[id].terminated
        || (ending_ && policy_.order == shutdown_order::concurrent))
      return;
    require(groups() || ending_, "ends a child without a reason");
    for (auto i = children_.upper_bound(id); i != children_.end(); ++i)
      require(!i->second.runs(), "ends a child before those behind it");
  }

  void on_notify(const supervisor_action::notify& action) {
    auto& x = children_[action.child];
    if (action.event == child_event::restarting) {
      ++seen_->groups;
      require(!ending_, "restarts although it ends");
      allow_starts(action.child);
    } else if (action.event == child_event::gave_up) {
      ++seen_->given_up;
      x.given_up = true;
      require(x.policy.restart != restart_type::temporary,
              "gives up what it would not restart");
    } else if (action.event == child_event::restarted) {
      require(x.has_run, "restarts what never ran");
    }
  }

  // A failure allows the restart of one child, or of others with it.
  void allow_starts(uint64_t id) {
    for (auto& [other, x] : children_) {
      auto with_it
        = other == id || policy_.strategy == restart_strategy::one_for_all
          || (policy_.strategy == restart_strategy::rest_for_one && other > id);
      if (with_it && x.policy.restart != restart_type::temporary)
        x.may_start = true;
    }
  }

  void on_stopped(uint64_t id) {
    auto& x = children_[id];
    require(x.terminated && !x.runs(), "settles what is not done");
    require(stops_to_report_.erase(id) == 1, "settles twice");
  }

  void on_finish() {
    ++seen_->finished;
    require(!std::exchange(finished_, true), "finishes twice");
    for (auto& [id, x] : children_)
      require(!x.runs(), "finishes before its children");
  }

  struct visitor {
    supervisor_logic_model& model;

    void operator()(const supervisor_action::start& x) {
      model.on_start(x.child);
    }
    void operator()(const supervisor_action::stop& x) {
      model.on_stop(x.child);
    }
    void operator()(const supervisor_action::kill& x) {
      model.on_kill(x.child);
    }
    void operator()(const supervisor_action::notify& x) {
      model.on_notify(x);
    }
    void operator()(const supervisor_action::stopped& x) {
      model.on_stopped(x.child);
    }
    void operator()(const supervisor_action::forget& x) {
      model.require(!model.children_[x.child].runs(), "forgets what runs");
      model.children_.erase(x.child);
    }
    void operator()(const supervisor_action::finish&) {
      model.on_finish();
    }
  };

  supervision_policy policy_;
  const supervisor_logic* uut_;
  coverage* seen_;
  supervisor_logic::time_point now_;
  process_map children_;
  std::map<uint64_t, std::vector<supervisor_logic::time_point>> failures_;
  std::set<uint64_t> stops_to_report_; // once for all requests
  std::deque<uint64_t> starts_;
  std::optional<uint64_t> past_limit_;
  std::optional<uint64_t> outage_;
  bool ending_ = false;
  bool finished_ = false;
  std::string broken_;
};

} // namespace zenws::test_support
