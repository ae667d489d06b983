// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/testing/dialect_conformance.hpp"

#include "zenws/session/send_outcome.hpp"
#include "zenws/session/session.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace zenws::testing {

namespace {

using namespace std::chrono_literals;

enum class login { none, required };

// A dialect whose owner is elsewhere: the session of each part has a fresh one.
client_config config_of(login rule) {
  client_config result{.url = "ws://venue"};
  result.backoff.max_attempts = backoff_config::unlimited;
  result.venue.request_timeout = 5s;
  result.venue.login = rule == login::required ? login_mode::required
                                               : login_mode::none;
  return result;
}

// A session, and the venue at its other end.
class rehearsal {
public:
  rehearsal(const venue_script& script, login rule)
    : session_(config_of(rule), {.id = 1, .name = "conformance"},
               {.dialect = script.make()}) {
    session_.start(now_, actions_);
    open();
  }

  void open() {
    session_.opened(now_, actions_);
    session_.authorized(credentials{"key", "secret", "passphrase", ""},
                        std::chrono::system_clock::time_point{}, now_,
                        actions_);
    take_actions();
  }

  inbound_kind hear(const std::string& text) {
    message_ = session_.received(text, now_, actions_);
    take_actions();
    return message_.kind;
  }

  void subscribe(const std::vector<channel_spec>& channels) {
    if (!session_.subscribe(1, channels, now_, actions_))
      outcomes_.push_back(outcome_kind::rejected);
    take_actions();
  }

  void call(const std::string& method) {
    answered_ = {};
    session_.call(7, method, {}, 5s, fail_if_down, now_, actions_);
    take_actions();
  }

  // Advances the time until something is due.
  bool wait() {
    auto due = session_.wake_at();
    if (!due)
      return false;
    now_ = std::max(now_, *due);
    session_.expired(now_, actions_);
    take_actions();
    return true;
  }

  // The last request that has an id or a name for people to find.
  const std::string& last_request() const {
    return requests_.back();
  }

  size_t num_requests() const {
    return requests_.size();
  }

  // Returns whether the last message has subscribers.
  bool has_receivers() const {
    return !message_.subscribers.empty();
  }

  const session& client() const {
    return session_;
  }

  bool saw(outcome_kind kind) const {
    return std::ranges::find(outcomes_, kind) != outcomes_.end();
  }

  bool leaves() const {
    return leaves_;
  }

  // Returns the outcome of the last call if it has ended.
  std::optional<ec> answered() const {
    return answered_;
  }

private:
  void take_actions() {
    for (auto& action : std::exchange(actions_, {}))
      std::visit([this](auto& x) { note(x); }, action);
  }

  void note(const action::write& x) {
    requests_.push_back(x.payload);
  }

  void note(const action::report& x) {
    for (auto& outcome : x.outcomes)
      outcomes_.push_back(outcome.kind);
  }

  void note(const action::answer& x) {
    answered_ = x.reason.code;
  }

  void note(const action::fail& x) {
    answered_ = x.reason.code;
  }

  void note(const action::dial_successor&) {
    leaves_ = true;
  }

  template <class Other>
  void note(const Other&) {
    // nop
  }

  session session_;
  session::time_point now_{1h};
  session_actions actions_;
  routed_message message_;
  std::vector<std::string> requests_;
  std::vector<outcome_kind> outcomes_;
  std::optional<ec> answered_;
  bool leaves_ = false;
};

// Checks one dialect part by part.
class examiner {
public:
  explicit examiner(const venue_script& script) : script_(script) {
    // nop
  }

  std::vector<std::string> run() {
    check_logins();
    check_calls();
    check_grants();
    check_silence();
    check_revocation();
    check_connection();
    return std::move(problems_);
  }

private:
  void require(bool holds, const char* problem) {
    if (!holds)
      problems_.emplace_back(problem);
  }

  void check_logins() {
    if (!script_.grant_login)
      return;
    auto state_after = [&](const venue_script::answer& answer) {
      rehearsal venue{script_, login::required};
      venue.hear(answer(venue.last_request()));
      return venue.client().state();
    };
    require(state_after(script_.grant_login) == client_state::ready,
            "a login that is granted does not lead to ready");
    if (script_.refuse_login)
      require(state_after(script_.refuse_login) == client_state::backing_off,
              "a login that is refused for now is not made again");
    if (script_.refuse_credentials)
      require(state_after(script_.refuse_credentials) == client_state::stopped,
              "credentials that can never work do not end the client");
  }

  void check_calls() {
    if (script_.method.empty())
      return;
    auto outcome_of_answer = [&](const venue_script::answer& answer) {
      rehearsal venue{script_, login::none};
      venue.call(script_.method);
      venue.hear(answer(venue.last_request()));
      return venue.answered();
    };
    auto leads_to = [&](const venue_script::answer& answer,
                        send_outcome wanted) {
      auto code = outcome_of_answer(answer);
      return code && *code != ec::none && outcome_of(*code) == wanted;
    };
    require(outcome_of_answer(script_.result) == ec::none,
            "a result does not answer its call");
    if (script_.refusal)
      require(leads_to(script_.refusal, send_outcome::refused),
              "a refusal is not told as one");
    if (script_.busy)
      require(leads_to(script_.busy, send_outcome::try_later),
              "a venue that is busy is not told as such");
    if (script_.failure)
      require(leads_to(script_.failure, send_outcome::unknown),
              "an error that leaves the outcome open is taken for a proof");
    if (script_.nonsense)
      require(outcome_of_answer(script_.nonsense) != ec::none,
              "an answer that makes no sense is taken for a success");
  }

  bool grant(rehearsal& venue) {
    for (auto& text : script_.grant(venue.last_request()))
      venue.hear(text);
    return venue.saw(outcome_kind::granted);
  }

  void check_grants() {
    if (!script_.grant)
      return;
    rehearsal venue{script_, login::none};
    venue.subscribe({script_.channel, script_.other_channel});
    require(grant(venue), "channels that are granted are not confirmed");
    require(venue.hear(script_.data) == inbound_kind::data
              && venue.has_receivers(),
            "data does not find the channel that it belongs to");
    if (script_.grant_one) {
      rehearsal partial{script_, login::none};
      partial.subscribe({script_.channel, script_.other_channel});
      partial.hear(script_.grant_one(partial.last_request()));
      require(partial.saw(outcome_kind::granted)
                && partial.saw(outcome_kind::rejected),
              "a partial grant is not told channel by channel");
    }
    if (script_.refuse_names)
      check_refusal(script_.refuse_names, outcome_kind::rejected,
                    "a channel that the venue does not have is not refused");
    if (script_.busy) {
      rehearsal busy{script_, login::none};
      busy.subscribe({script_.channel});
      busy.hear(script_.busy(busy.last_request()));
      require(!busy.saw(outcome_kind::rejected),
              "a venue that is busy loses a channel");
      for (int i = 0; i < 10 && busy.last_request().empty() == false
                      && !busy.saw(outcome_kind::granted);
           ++i)
        if (auto before = busy.num_requests();
            busy.wait() && busy.num_requests() > before)
          grant(busy);
      require(busy.saw(outcome_kind::granted),
              "a channel is not asked for again after a busy venue");
    }
  }

  void check_refusal(const venue_script::answer& answer, outcome_kind wanted,
                     const char* problem) {
    rehearsal venue{script_, login::none};
    venue.subscribe({script_.channel});
    venue.hear(answer(venue.last_request()));
    require(venue.saw(wanted), problem);
  }

  void check_silence() {
    if (!script_.grant)
      return;
    rehearsal venue{script_, login::none};
    venue.subscribe({script_.channel, script_.other_channel});
    auto first = venue.last_request();
    for (auto i = 0; i < 1'000 && !venue.saw(outcome_kind::rejected)
                     && venue.client().state() != client_state::stopped;
         ++i) {
      // The venue lives, but does not answer.
      if (!script_.beat.empty())
        venue.hear(script_.beat);
      if (!venue.wait())
        break;
    }
    require(venue.saw(outcome_kind::rejected)
              || venue.client().state() == client_state::stopped,
            "a subscription without an answer is never reported");
  }

  void check_revocation() {
    if (script_.take_away.empty())
      return;
    rehearsal venue{script_, login::none};
    venue.subscribe({script_.channel});
    grant(venue);
    require(venue.hear(script_.take_away) != inbound_kind::data
              && venue.saw(outcome_kind::lost),
            "a channel that the venue ends is not told");
  }

  void check_connection() {
    if (!script_.goodbye.empty()) {
      rehearsal venue{script_, login::none};
      venue.hear(script_.goodbye);
      require(venue.leaves(), "a goodbye of the venue is not heeded");
    }
    if (!script_.beat.empty()) {
      rehearsal venue{script_, login::none};
      auto kind = venue.hear(script_.beat);
      require(kind == inbound_kind::heartbeat
                || kind == inbound_kind::heartbeat_request,
              "a heartbeat of the venue is not seen as one");
    }
    auto rule = script_.make()->heartbeat_needed();
    require(rule.longest.count() == 0 || rule.interval <= rule.longest,
            "the interval of the heartbeat is longer than the venue allows");
  }

  const venue_script& script_;
  std::vector<std::string> problems_;
};

} // namespace

std::vector<std::string> check_dialect(const venue_script& script) {
  return examiner{script}.run();
}

} // namespace zenws::testing
