// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE session_model

#include "session_fixture.hpp"
#include "session_model.hpp"

#include "support/seed.hpp"
#include "support/unit_test.hpp"

using namespace std::chrono_literals;
using namespace zenws;
using namespace zenws::test_support;

namespace {

constexpr uint64_t num_sequences = 20'000;

constexpr int num_steps = 60;

error make_refusal(unsigned status, uint64_t seconds) {
  auto refusal = std::make_shared<upgrade_refusal>();
  refusal->status = status;
  refusal->headers = {{"Retry-After", std::to_string(seconds)}};
  return {.code = ec::upgrade_refused, .refusal = std::move(refusal)};
}

// One random run of one session.
class random_run {
public:
  random_run(uint64_t seed, session_model::coverage& seen)
    : rng_(seed),
      cfg_(make_config()),
      uut_(cfg_, {.id = 1, .name = "model", .epoch = seed % 5}),
      model_(cfg_, seed % 5, seen) {
    // nop
  }

  // Returns the problem, empty if there is none.
  std::string operator()() {
    for (int i = 0; i < num_steps; ++i) {
      auto [name, out] = step();
      // As a connection does; attempts that never begin are not modelled.
      uut_.entered(client_state::resolving, {});
      trace_ += (trace_.empty() ? "" : ", ") + name;
      if (auto broken = model_.check(uut_, out, now_); !broken.empty())
        return broken + " after " + trace_;
      for (auto& x : out)
        if (auto ping = std::get_if<action::ping>(&x))
          ping_ = ping->payload;
    }
    return {};
  }

private:
  using step_result = std::pair<std::string, session_actions>;

  uint64_t below(uint64_t limit) {
    return rng_() % limit;
  }

  double uniform() {
    return static_cast<double>(below(1'000'000)) / 1e6;
  }

  client_config make_config() {
    client_config cfg{.url = "ws://h"};
    cfg.backoff.min = std::chrono::milliseconds{1 + below(2'000)};
    cfg.backoff.max = cfg.backoff.min * (1 + below(50));
    cfg.backoff.factor = 1 + uniform() * 3;
    cfg.backoff.jitter = uniform();
    cfg.backoff.stable_after = std::chrono::milliseconds{1 + below(20'000)};
    cfg.backoff.max_attempts = below(2) == 0 ? 0 : 1 + below(6);
    cfg.heartbeat.kind = below(3) == 0 ? heartbeat_kind::none
                                       : heartbeat_kind::ping_pong;
    cfg.heartbeat.interval = std::chrono::milliseconds{1 + below(30'000)};
    cfg.heartbeat.max_missed = static_cast<unsigned>(below(4));
    if (below(2) == 0)
      cfg.final_close_codes = {1000, 4001};
    if (below(4) == 0)
      cfg.tls.verify = tls_verify::insecure_skip_verify;
    return cfg;
  }

  error make_reason() {
    switch (below(24)) {
      case 0:
        return {.code = ec::certificate_rejected};
      case 1:
        return make_refusal(418, 1);
      case 2:
      case 3:
        return make_refusal(429, below(1'000));
      case 4:
      case 5:
        return make_refusal(500, 1'000);
      case 6:
        return {.code = ec::closed_by_peer, .close_code = 1000};
      case 7:
        return {.code = ec::closed_by_peer, .close_code = 4001};
      case 8:
        return {};
      default:
        return {.code = ec::connection_lost};
    }
  }

  // Time stands still, passes a little, or jumps to where something is due.
  void pass_time() {
    auto due = uut_.wake_at();
    if (due && below(2) == 0)
      now_ = std::max(now_, *due);
    else if (below(2) == 0)
      now_ += std::chrono::milliseconds{below(10'000)};
  }

  step_result step() {
    pass_time();
    switch (below(20)) {
      case 0:
      case 1:
        model_.started();
        return {"start", uut_.start(now_)};
      case 2:
      case 3: {
        auto phase = static_cast<client_state>(below(8));
        return {"entered", uut_.entered(phase, {})};
      }
      case 4:
      case 5:
      case 6:
      case 7:
        model_.opened(now_);
        return {"opened", uut_.opened(now_)};
      case 8:
      case 9:
      case 10: {
        auto reason = make_reason();
        auto jitter = uniform();
        model_.lost(reason, now_, jitter);
        return {"lost " + to_string(reason), uut_.lost(reason, now_, jitter)};
      }
      case 11:
      case 12: {
        auto payload = below(4) == 0 ? "junk" : ping_;
        model_.ponged();
        return {"pong", uut_.pong(payload, now_)};
      }
      case 13: {
        if (below(6) != 0)
          return {"nothing", {}};
        model_.close_requested();
        auto code = static_cast<uint16_t>(below(5'000));
        return {"close", uut_.request_close(code, "\xff", now_)};
      }
      default:
        model_.expired(now_);
        return {"expired", uut_.expired(now_)};
    }
  }

  std::mt19937_64 rng_;
  client_config cfg_;
  returning_session uut_;
  session_model model_;
  session_model::clock::time_point now_{1h};
  std::string ping_;
  std::string trace_;
};

} // namespace

CAF_TEST(random inputs never break a rule) {
  auto seed = choose_seed();
  session_model::coverage seen;
  for (uint64_t i = 0; i < num_sequences; ++i) {
    auto broken = random_run{seed + i, seen}();
    if (!broken.empty()) {
      CAF_ERROR("ZENWS_SEED=" << seed + i << ": session " << broken);
      return;
    }
  }
  // A test that never gets anywhere proves nothing.
  CAF_CHECK_GREATER(seen.dials, num_sequences);
  for (auto count : {seen.flaps, seen.immediate, seen.exhausted, seen.fatal,
                     seen.normal, seen.final_close, seen.heartbeat_lost,
                     seen.pings, seen.closes, seen.demanded, seen.ignored})
    CAF_CHECK_GREATER(count, num_sequences / 100);
}
