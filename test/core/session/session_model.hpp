// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/session/session.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <utility>

/// A reference for `zenws::session`, written from its documentation and not
/// from its code: a link that is idle, dialing, open or closing, a count of
/// attempts, and the rules that every action must obey.
class session_model {
public:
  using clock = std::chrono::steady_clock;

  using milliseconds = std::chrono::milliseconds;

  enum class link_state { idle, dialing, open, closing, waiting, over };

  /// Numbers of the more interesting events.
  struct coverage {
    uint64_t dials = 0, flaps = 0, immediate = 0, exhausted = 0, fatal = 0,
             normal = 0, final_close = 0, heartbeat_lost = 0, pings = 0,
             closes = 0, demanded = 0, ignored = 0;
  };

  session_model(const zenws::client_config& cfg, uint64_t epoch, coverage& seen)
    : cfg_(cfg), epoch_(epoch), seen_(&seen) {
    // nop
  }

  // -- actions of the test; call before `check` -------------------------------

  void started() {
    if (!begun_ && link_ == link_state::idle) {
      begun_ = true;
      attempts_ = 1;
      expect(link_state::dialing);
    }
  }

  void opened(clock::time_point now) {
    if (link_ != link_state::dialing)
      return;
    ++epoch_;
    opened_ = now;
    has_worked_ = true;
    heard_ = false;
    unanswered_ = 0;
    expect(link_state::open);
  }

  /// Whatever it carries, it proves that the peer is alive.
  void ponged() {
    heard_ |= link_ == link_state::open;
  }

  void lost(const zenws::error& reason, clock::time_point now, double jitter) {
    if (link_ == link_state::closing)
      return expect_end(zenws::ec::none);
    if (link_ != link_state::open && link_ != link_state::dialing)
      return;
    auto was_open = link_ == link_state::open;
    if (was_open)
      lost_while_open(now);
    auto is_final = std::count(cfg_.final_close_codes.begin(),
                               cfg_.final_close_codes.end(), reason.close_code)
                    > 0;
    if (was_open && reason.code == zenws::ec::closed_by_peer && is_final)
      return expect_end(reason.close_code == 1000 ? zenws::ec::none
                                                  : zenws::ec::final_close);
    heed(reason, now);
    if (zenws::class_of(reason) == zenws::error_class::fatal && !has_worked_)
      return expect_end(reason.code);
    auto limit = cfg_.backoff.max_attempts;
    auto is_exhausted = limit != 0 && attempts_ >= limit;
    if (is_exhausted && demanded_until_ <= now)
      return expect_end(zenws::ec::retries_exhausted);
    set_delay(is_exhausted, now, jitter);
    expect(link_state::waiting);
  }

  void close_requested() {
    if (link_ == link_state::open)
      expect(link_state::closing);
    else if (link_ != link_state::closing && link_ != link_state::over)
      expect_end(zenws::ec::none);
  }

  void expired(clock::time_point now) {
    if (link_ == link_state::waiting && now >= retry_at_)
      expect(link_state::dialing);
  }

  // -- answers of the session -------------------------------------------------

  /// Returns which rule the answer breaks, empty if none.
  std::string check(const zenws::session& uut,
                    const zenws::session_actions& out, clock::time_point now) {
    if (link_ == link_state::over)
      return out.empty() ? std::string{} : "acts after its stop";
    before_ = link_;
    broken_.clear();
    for (auto& step : out) {
      if (link_ == link_state::over)
        broken_ = "stop is not the last action";
      std::visit([this](auto& x) { apply(x); }, step);
    }
    check_outcome(uut, out, now);
    return broken_;
  }

  link_state link() const noexcept {
    return link_;
  }

private:
  // -- expectations -----------------------------------------------------------

  void expect(link_state next) {
    expected_ = next;
  }

  void expect_end(zenws::ec code) {
    expected_ = link_state::over;
    end_ = code;
  }

  void lost_while_open(clock::time_point now) {
    if (now - opened_ < cfg_.backoff.stable_after) {
      ++seen_->flaps;
      return;
    }
    attempts_ = 0;
    step_ = 0;
    immediate_ = true;
  }

  void heed(const zenws::error& reason, clock::time_point now) {
    if (reason.refusal == nullptr)
      return;
    ++seen_->demanded;
    demanded_until_ = std::max(demanded_until_,
                               now + *reason.refusal->retry_after());
  }

  void set_delay(bool is_exhausted, clock::time_point now, double jitter) {
    auto delay = is_exhausted ? 0 : next_delay(jitter);
    if (demanded_until_ > now) {
      auto left = std::chrono::ceil<milliseconds>(demanded_until_ - now);
      auto wait = zenws::backoff::spread(left, jitter);
      delay = std::max(delay, static_cast<double>(wait.count()));
    }
    delay_ = milliseconds{std::llround(delay)};
    retry_at_ = now + delay_;
  }

  double next_delay(double jitter) {
    ++attempts_;
    auto& cfg = cfg_.backoff;
    auto full = static_cast<double>(cfg.min.count());
    for (uint64_t i = 0; i < step_; ++i)
      full = std::min(full * cfg.factor, static_cast<double>(cfg.max.count()));
    auto delay = immediate_ ? 0 : full * (1 - cfg.jitter * jitter);
    if (immediate_)
      immediate_ = false, ++seen_->immediate;
    else
      ++step_;
    return delay;
  }

  // -- actions ----------------------------------------------------------------

  static constexpr auto first_phase = zenws::client_state::resolving;

  static bool is_phase(zenws::client_state state) {
    return state == first_phase || state == zenws::client_state::connecting
           || state == zenws::client_state::upgrading;
  }

  void require(bool holds, const char* rule) {
    if (!holds && broken_.empty())
      broken_ = rule;
  }

  void apply(const zenws::action::dial& x) {
    ++seen_->dials;
    require(before_ == link_state::idle || before_ == link_state::waiting,
            "dials while connected or dialing");
    require(x.attempt == attempts_, "dials with a wrong number");
    link_ = link_state::dialing;
  }

  void apply(const zenws::action::drop&) {
    require(before_ == link_state::dialing || before_ == link_state::open,
            "drops what is not there");
    dropped_ = true;
  }

  void apply(const zenws::action::close& x) {
    ++seen_->closes;
    require(before_ == link_state::open, "closes what is not open");
    require(!zenws::check_close(x.code, x.reason), "sends a bad Close");
    link_ = link_state::closing;
  }

  template <class Other>
  void apply(const Other&) {
    require(false, "has something to say to a venue that it does not know");
  }

  void apply(const zenws::action::ping& x) {
    ++seen_->pings;
    require(before_ == link_state::open, "pings what is not open");
    require(x.payload != last_ping_, "pings twice the same");
    if (std::exchange(heard_, false))
      unanswered_ = 0;
    require(unanswered_ <= cfg_.heartbeat.max_missed, "pings a dead peer");
    ++unanswered_;
    last_ping_ = x.payload;
  }

  void apply(const zenws::action::notify& x) {
    if (x.event.kind != zenws::event_kind::state_changed)
      return;
    require(!(state_ == x.event.state), "tells a state that is not new");
    require(x.event.epoch == epoch_, "tells a wrong epoch");
    if (is_phase(x.event.state) && x.event.state != first_phase)
      require(is_phase(state_) && x.event.state > state_, "steps back");
    state_ = x.event.state;
    ++told_;
    told_event_ = x.event;
    if (state_ == zenws::client_state::ready)
      link_ = link_state::open;
    if (state_ == zenws::client_state::backing_off)
      link_ = link_state::waiting;
  }

  void apply(const zenws::action::stop& x) {
    if (before_ == link_state::open && expected_ != link_state::over
        && x.reason.code == zenws::ec::heartbeat_lost) {
      require(dropped_, "leaves a dead connection open");
      require(!heard_ && unanswered_ == cfg_.heartbeat.max_missed + 1,
              "gives up a peer too early");
      ++seen_->heartbeat_lost;
      expect_end(x.reason.code);
    }
    require(expected_ == link_state::over, "stops without a reason");
    require(x.reason.code == end_, "stops for a wrong reason");
    require(state_ == zenws::client_state::stopped, "stops without telling");
    require(told_event_.reason.code == end_, "tells another reason");
    require((before_ == link_state::dialing && end_ == zenws::ec::none)
              <= dropped_,
            "leaves an attempt running");
    link_ = link_state::over;
    count_end(x.reason.code);
  }

  void count_end(zenws::ec code) {
    if (code == zenws::ec::none)
      ++seen_->normal;
    else if (code == zenws::ec::retries_exhausted)
      ++seen_->exhausted;
    else if (code == zenws::ec::final_close)
      ++seen_->final_close;
    else if (code != zenws::ec::heartbeat_lost)
      ++seen_->fatal;
  }

  // -- the outcome of one input -----------------------------------------------

  void check_outcome(const zenws::session& uut,
                     const zenws::session_actions& out, clock::time_point now) {
    if (expected_)
      require(link_ == *expected_, "does not do what the input demands");
    else
      require(link_ == before_, "moves without a reason");
    if (link_ != before_)
      require(told_ == 1, "does not tell exactly one change of state");
    require(uut.state() == state_, "is in a state that it did not tell");
    require(uut.epoch() == epoch_, "counts epochs wrongly");
    auto waiting = link_ == link_state::waiting;
    auto heartbeat_active = link_ == link_state::open
                            && cfg_.heartbeat.kind
                                 != zenws::heartbeat_kind::none;
    require(uut.wake_at().has_value() == (waiting || heartbeat_active),
            "wakes up for nothing or never");
    require(uut.connected_since().has_value() == (link_ == link_state::open),
            "is connected when it is not");
    if (waiting && before_ != link_state::waiting)
      check_delay(uut, now);
    if (out.empty())
      ++seen_->ignored;
    expected_ = std::nullopt;
    told_ = 0;
    dropped_ = false;
  }

  void check_delay(const zenws::session& uut, clock::time_point now) {
    auto delay = told_event_.retry_in;
    require(std::chrono::abs(delay - delay_) <= milliseconds{1},
            "waits for a wrong time");
    require(uut.wake_at() == now + delay, "wakes up at another time than told");
    require(static_cast<bool>(told_event_.reason), "does not tell why");
    require(told_event_.attempt == attempts_, "tells a wrong attempt");
    retry_at_ = now + delay;
  }

  const zenws::client_config cfg_;
  uint64_t epoch_;
  coverage* seen_;
  bool begun_ = false;
  bool immediate_ = false;
  bool dropped_ = false;
  link_state link_ = link_state::idle;
  link_state before_ = link_state::idle;
  std::optional<link_state> expected_;
  zenws::ec end_ = zenws::ec::none;
  zenws::client_state state_ = zenws::client_state::disconnected;
  zenws::client_event told_event_;
  int told_ = 0;
  uint64_t attempts_ = 0;
  uint64_t step_ = 0;
  milliseconds delay_{0};
  clock::time_point opened_;
  clock::time_point retry_at_;
  std::string last_ping_;
  clock::time_point demanded_until_;
  bool has_worked_ = false;
  bool heard_ = false; // since the last ping
  unsigned unanswered_ = 0;
  std::string broken_;
};
