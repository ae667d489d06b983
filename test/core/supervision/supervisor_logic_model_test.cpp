// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE supervisor_logic_model

#include "supervisor_logic_model.hpp"

#include "support/seed.hpp"
#include "support/unit_test.hpp"

#include <algorithm>
#include <random>
#include <utility>

using namespace zenws;
using namespace zenws::test_support;

namespace {

constexpr uint64_t num_sequences = 20'000;

constexpr int num_steps = 60;

using coverage = supervisor_logic_model::coverage;

// Children that live and die as they like.
class random_run {
public:
  random_run(uint64_t seed, coverage& seen)
    : rng_(seed),
      seen_(&seen),
      policy_(make_policy()),
      uut_(policy_),
      model_(policy_, uut_, seen) {
    // nop
  }

  // Returns which rule was broken, empty if none was.
  std::string operator()() {
    for (int i = 0; i < num_steps && model_.broken().empty(); ++i)
      step();
    if (model_.broken().empty())
      come_to_rest();
    if (model_.broken().empty())
      return {};
    return model_.broken() + " after " + trace_;
  }

private:
  using process = supervisor_logic_model::process;

  supervisor_logic_model::process_map& children() noexcept {
    return model_.children();
  }

  void note(const std::string& text) {
    trace_ += (trace_.empty() ? "" : ", ") + text;
  }

  // -- randomness -------------------------------------------------------------

  uint64_t below(uint64_t limit) {
    return rng_() % limit;
  }

  bool chance(uint64_t n) {
    return below(n) == 0;
  }

  double jitter() {
    return static_cast<double>(below(1000)) / 1000;
  }

  supervision_policy make_policy() {
    supervision_policy result;
    result.strategy = static_cast<restart_strategy>(below(3));
    result.limit = {.max_restarts = below(6), .period = 10s};
    if (result.strategy == restart_strategy::one_for_one && chance(2))
      result.scope = restart_scope::per_child;
    result.restart_backoff.min = 1ms * (1 + below(500));
    result.restart_backoff.stable_after = 1ms * (1 + below(3000));
    result.ends_with = static_cast<auto_shutdown>(below(3));
    if (chance(3))
      result.order = shutdown_order::concurrent;
    return result;
  }

  child_policy make_child() {
    child_policy result;
    result.restart = static_cast<restart_type>(below(3));
    result.significant = result.restart != restart_type::permanent && chance(4);
    if (chance(4))
      result.shutdown = 0ms;
    else if (chance(3))
      result.shutdown = std::nullopt;
    return result;
  }

  // -- actions of the logic ---------------------------------------------------

  void apply(const supervisor_actions& out) {
    if (!out.empty())
      note("[" + to_text(out) + "]");
    model_.follow(out, now_);
    while (auto id = model_.next_start())
      report_start(*id);
    model_.check_states();
  }

  void report_start(uint64_t id) {
    auto& x = children()[id];
    supervisor_actions out;
    if (chance(12)) {
      ++seen_->failed_starts;
      x.alive = false;
      if (x.has_run)
        model_.failed(id, now_);
      uut_.start_failed(id, child_end::failure, now_, jitter(), out);
    } else {
      x.has_run = true;
      uut_.started(id, now_, out);
    }
    apply(out);
    model_.check_limit();
  }

  // -- steps ------------------------------------------------------------------

  bool counts(const process& x, child_end end_kind) const {
    return end_kind != child_end::fatal && end_kind != child_end::outage
           && (x.policy.restart == restart_type::permanent
               || (x.policy.restart == restart_type::transient
                   && end_kind == child_end::failure));
  }

  std::optional<uint64_t> any_child() {
    if (children().empty() || model_.finished())
      return std::nullopt;
    auto i = children().begin();
    std::advance(i, static_cast<ptrdiff_t>(below(children().size())));
    return i->first;
  }

  void pass_time() {
    auto due = uut_.wake_at();
    if (due && chance(2))
      now_ = std::max(now_, *due);
    else
      now_ += 1ms * below(2000);
  }

  void step() {
    pass_time();
    switch (below(16)) {
      case 0:
      case 1:
      case 2:
        return add();
      case 3:
      case 4:
      case 5:
      case 6:
        return die();
      case 7:
      case 8:
      case 9:
      case 10:
        return learn_of_death();
      case 11:
        return terminate();
      case 12:
        return chance(2) ? restart() : remove();
      case 13:
        return chance(12) ? shut_down() : apply_backpressure();
      case 14:
        return apply_backpressure();
      default:
        return expire();
    }
  }

  void add() {
    note("add");
    auto policy = make_child();
    supervisor_actions out;
    auto id = uut_.add(policy, now_, out);
    model_.require(id.has_value() == !uut_.shutting_down(),
                   "takes in too many");
    if (id)
      children()[*id].policy = policy;
    apply(out);
  }

  // A child dies, or obeys a request to stop; the news come later.
  void die() {
    auto id = any_child();
    if (!id || !children()[*id].alive)
      return;
    note("death of " + std::to_string(*id));
    auto& x = children()[*id];
    x.alive = false;
    x.death = chance(3)   ? child_end::orderly
              : chance(8) ? child_end::fatal
              : chance(4) ? child_end::outage
                          : child_end::failure;
    seen_->deaths_while_stopping += x.asked;
  }

  void apply_backpressure() {
    for (auto& [id, x] : children())
      if (x.alive && x.asked && (x.killed || chance(2))) {
        x.alive = false;
        x.death = child_end::orderly;
      }
  }

  void learn_of_death() {
    auto id = any_child();
    if (!id || !children()[*id].death)
      return;
    note("news of " + std::to_string(*id));
    auto& x = children()[*id];
    auto end_kind = *std::exchange(x.death, std::nullopt);
    if (counts(x, end_kind))
      model_.failed(*id, now_);
    if (end_kind == child_end::outage)
      model_.hit_by_outage(*id);
    seen_->significant += x.policy.significant;
    supervisor_actions out;
    uut_.ended(*id, {end_kind}, now_, jitter(), out);
    model_.check_outage();
    apply(out);
    model_.check_limit();
    supervisor_actions again;
    if (auto i = children().find(*id);
        i != children().end() && !i->second.alive) {
      ++seen_->late_deaths;
      uut_.ended(*id, {end_kind}, now_, jitter(), again);
      model_.require(again.empty(), "believes a death twice");
    }
  }

  void terminate() {
    auto id = any_child();
    if (!id)
      return;
    note("terminate " + std::to_string(*id));
    model_.terminated(*id);
    supervisor_actions out;
    uut_.terminate(*id, now_, out);
    apply(out);
  }

  void restart() {
    auto id = any_child();
    if (!id)
      return;
    note("restart " + std::to_string(*id));
    auto state = uut_.state_of(*id);
    auto can = !uut_.shutting_down()
               && (state == child_state::stopped
                   || state == child_state::gave_up);
    if (can)
      model_.restarted(*id);
    supervisor_actions out;
    auto err = uut_.restart(*id, now_, out);
    model_.require((err.code == ec::none) == can,
                   "restarts what it should not, or not what it should");
    apply(out);
  }

  void remove() {
    auto id = any_child();
    if (!id)
      return;
    note("remove " + std::to_string(*id));
    supervisor_actions out;
    uut_.remove(*id, out);
    apply(out);
  }

  void shut_down() {
    note("shut down");
    supervisor_actions out;
    uut_.shut_down(now_, out);
    apply(out);
  }

  void expire() {
    supervisor_actions out;
    uut_.expired(now_, out);
    apply(out);
  }

  // No child dies by itself any more.
  void come_to_rest() {
    for (int i = 0; i < 2000 && !at_rest() && model_.broken().empty(); ++i) {
      if (auto due = uut_.wake_at())
        now_ = std::max(now_, *due);
      expire();
      for (auto& [id, x] : children())
        if (x.alive && x.asked) {
          x.alive = false;
          x.death = child_end::orderly;
        }
      learn_of_death();
    }
    model_.check_rest();
  }

  bool at_rest() {
    return !uut_.wake_at()
           && std::none_of(children().begin(), children().end(), [](auto& x) {
                return x.second.death || (x.second.alive && x.second.asked);
              });
  }

  std::mt19937_64 rng_;
  coverage* seen_;
  supervision_policy policy_;
  supervisor_logic uut_;
  supervisor_logic_model model_;
  supervisor_logic::time_point now_{1h};
  std::string trace_;
};

} // namespace

CAF_TEST(random lives and deaths never break a rule) {
  auto seed = choose_seed();
  coverage seen;
  for (uint64_t i = 0; i < num_sequences; ++i) {
    auto broken = random_run{seed + i, seen}();
    if (!broken.empty())
      CAF_FAIL("ZENWS_SEED=" << seed + i << ": supervision " << broken);
  }
  // A test that never gets anywhere proves nothing.
  for (auto count : {seen.starts, seen.failures, seen.kills, seen.groups,
                     seen.limits, seen.given_up, seen.outages, seen.late_deaths,
                     seen.deaths_while_stopping, seen.failed_starts,
                     seen.terminated, seen.significant, seen.finished})
    CAF_CHECK_GREATER(count, num_sequences / 50);
}
