// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/session/venue_protocol.hpp"

#include "zenws/json/redaction.hpp"

#include <algorithm>
#include <utility>

// Requests to the venue, and their answers.

namespace zenws {

namespace {

// Returns the meaning of a refused subscription for its channels.
rejection rejection_of(const answer_verdict& verdict) {
  using enum refusal_subject;
  if (verdict.meaning == answer_meaning::try_later)
    return rejection::transient;
  switch (verdict.subject) {
    case channels:
    case parameters:
      return rejection::collective;
    case size:
      return rejection::oversize;
    case credentials:
    case request:
    case login:
      return rejection::permanent;
    case rate:
    case clock:
      return rejection::transient;
    default:
      return rejection::unexplained;
  }
}

// Kind and value of a request in one token.
constexpr int kind_shift = 56;

} // namespace

// -- requests -----------------------------------------------------------------

uint64_t venue_protocol::pack(pending_request request) noexcept {
  return (static_cast<uint64_t>(request.kind) << kind_shift) | request.value;
}

venue_protocol::pending_request
venue_protocol::unpack(uint64_t token) noexcept {
  return {static_cast<request_kind>(token >> kind_shift),
          token & ((uint64_t{1} << kind_shift) - 1)};
}

error venue_protocol::write_request(pending_request request,
                                    const text_maker& make_text, time_point now,
                                    session_actions& out) {
  auto id = requests_.open(pack(request), now, now + request_timeout_);
  if (!id)
    return id.error();
  auto text = make_text(*id);
  if (!text) {
    requests_.cancel(pack(request));
    return text.error();
  }
  out.emplace_back(action::write{.payload = std::move(*text)});
  return {};
}

void venue_protocol::request_channels(time_point now, session_actions& out) {
  auto limits = request_limits();
  while (!channels_at_) {
    auto next = subscriptions_.next_requests(limits);
    if (next.empty() || !send_request(std::move(next.front()), now, out))
      break;
  }
}

// Returns whether there may be another one.
bool venue_protocol::send_request(subscription_request request, time_point now,
                                  session_actions& out) {
  auto number = request.number;
  auto refuse = [&](error reason) {
    report(subscriptions_.rejected(number, rejection::definite,
                                   std::move(reason), now),
           out);
    return true;
  };
  auto postpone = [&](time_point::duration delay) {
    report(subscriptions_.postponed(number), out);
    channels_at_ = now + delay;
    return false;
  };
  if (auto problem = shorten_to_fit(request))
    return refuse(std::move(problem));
  if (auto refusal = gate_.acquire(dialect_->cost_of_subscription(), now)) {
    if (refusal->code == ec::request_too_costly)
      return refuse(as_error(*refusal));
    return postpone(refusal->retry_after);
  }
  auto make_text = [&](int64_t id) {
    return dialect_->subscription(request, id);
  };
  if (auto bad = write_request({request_kind::subscription, number}, make_text,
                               now, out)) {
    if (bad.code == ec::too_many_pending)
      return postpone(defaults::busy_delay);
    return refuse(std::move(bad));
  }
  auto bytes = std::get<action::write>(out.back()).payload.size();
  sent_subscriptions_.emplace(number, sent_subscription{std::move(request),
                                                        bytes, now});
  return true;
}

error venue_protocol::shorten_to_fit(subscription_request& request) {
  auto most = max_request_bytes_;
  for (;;) {
    auto text = dialect_->subscription(request, requests_.next_id());
    auto count = request.channels.size();
    if (!text) {
      if (text.error().code != ec::request_too_big || count == 1)
        return text.error();
      subscriptions_.shorten(request, count / 2);
      continue;
    }
    if (most == 0 || text->size() <= most)
      return {};
    if (count == 1)
      return error{ec::request_too_big, std::to_string(text->size())
                                          + " bytes of at most "
                                          + std::to_string(most)};
    auto share = count * most / text->size();
    subscriptions_.shorten(request, std::clamp<size_t>(share, 1, count - 1));
  }
}

subscription_limits venue_protocol::request_limits() const {
  auto result = dialect_->request_limits();
  if (max_channels_per_request_ > 0)
    result.max_channels_per_request = max_channels_per_request_;
  result.max_requests = 1;
  // One request at a time probes a busy venue.
  if (is_busy_)
    result.max_in_flight = 1;
  return result;
}

rate_charges venue_protocol::cost_of_call(std::string_view method) const {
  auto overridden = costs_ ? costs_->cost_of_call(method) : std::nullopt;
  return overridden ? *overridden : dialect_->cost_of_call(method);
}

void venue_protocol::channels_changed(time_point now, session_actions& out) {
  if (may_send())
    request_channels(now, out);
  advance();
}

bool venue_protocol::settle(const inbound& answer, time_point now,
                            session_actions& out) {
  if (answer.by_channel)
    return settle_channel(answer, now, out);
  auto settled = requests_.resolve(answer.request, now);
  if (!settled)
    return false;
  auto request = unpack(settled->token);
  if (request.kind == request_kind::call) {
    call_latency_.record(
      std::chrono::duration_cast<latency_histogram::duration>(
        settled->round_trip));
    latencies_->calls.record(settled->round_trip);
  }
  settle(request, answer, now, out);
  return true;
}

bool venue_protocol::settle_channel(const inbound& answer, time_point now,
                                    session_actions& out) {
  auto number = request_for(answer);
  auto verdict = dialect_->judge(answer);
  auto is_granted = verdict.meaning == answer_meaning::answered;
  if (!number) {
    if (!is_granted || !answer.ends_channel
        || !subscriptions_.state_of(answer.channel))
      return false;
    channels_ended({&answer.channel, 1}, answer.text, now, out);
    return true;
  }
  auto channel = channel_of(answer, *number);
  if (is_granted) {
    report(subscriptions_.channel_acknowledged(*number, channel, now), out);
    is_busy_ = false;
  } else {
    report(settle_refused(sent_subscriptions_.at(*number), channel, verdict,
                          now),
           out);
  }
  close_if_answered(*number);
  request_channels(now, out);
  advance();
  return true;
}

// Finds the request by the channel, or else by the id, if it has that.
std::optional<uint64_t>
venue_protocol::request_for(const inbound& answer) const {
  auto number = subscriptions_.request_of(answer.channel);
  if (!number)
    if (auto token = requests_.token_of(answer.request))
      if (auto request = unpack(*token);
          request.kind == request_kind::subscription)
        number = request.value;
  auto i = number ? sent_subscriptions_.find(*number)
                  : sent_subscriptions_.end();
  if (i == sent_subscriptions_.end())
    return std::nullopt;
  auto ends = i->second.request.kind == subscription_request_kind::unsubscribe;
  return ends == answer.ends_channel ? number : std::nullopt;
}

// Returns the channel that an answer to a request is about.
std::string venue_protocol::channel_of(const inbound& answer,
                                       uint64_t number) const {
  auto& request = sent_subscriptions_.at(number).request;
  std::string result{dialect_->channel_in(request, answer)};
  if (subscriptions_.request_of(result) != number)
    result = open_channel_of(number).value_or(result);
  return result;
}

// Returns the only channel of a request that is not answered.
std::optional<std::string>
venue_protocol::open_channel_of(uint64_t number) const {
  std::optional<std::string> result;
  for (auto& channel : sent_subscriptions_.at(number).request.channels) {
    if (subscriptions_.request_of(channel.name) != number)
      continue;
    if (result)
      return std::nullopt;
    result = channel.name;
  }
  return result;
}

void venue_protocol::channels_ended(std::span<const std::string_view> channels,
                                    std::string_view text, time_point now,
                                    session_actions& out) {
  constexpr size_t max_quote = 200;
  error reason{ec::channel_lost, redact(text.substr(0, max_quote))};
  report(subscriptions_.ended(channels, reason, now), out);
  channels_changed(now, out);
}

void venue_protocol::settle(pending_request request, const inbound& answer,
                            time_point now, session_actions& out) {
  switch (request.kind) {
    case request_kind::call:
      settle_call(request.value, answer, now, out);
      break;
    case request_kind::subscription:
      settle_channels(request.value, answer, now, out);
      break;
    case request_kind::login:
    case request_kind::renewal:
      settle_login(request.kind, answer, now, out);
      break;
    case request_kind::setup:
      settle_setup(request.value, answer, now, out);
      break;
  }
}

void venue_protocol::settle_call(uint64_t token, const inbound& answer,
                                 time_point now, session_actions& out) {
  auto verdict = dialect_->judge(answer);
  if (verdict.meaning != answer_meaning::answered) {
    auto reason = to_error(verdict);
    if (verdict.meaning == answer_meaning::try_later)
      apply_demands(verdict.refusal, reason, now);
    else if (lacks_login(verdict))
      login_.refused(now);
    out.emplace_back(
      action::answer{token, std::move(verdict.refusal), std::move(reason)});
    return;
  }
  // Venues without JSON-RPC have their own answers, which the user reads.
  auto response = parse_response(answer.content);
  auto* result = response ? std::get_if<rpc_result>(&*response) : nullptr;
  auto json = result != nullptr ? std::move(result->json)
                                : std::string{answer.text};
  out.emplace_back(action::answer{
    token, rpc_result{std::move(json), std::move(verdict.parts)}, {}});
}

void venue_protocol::settle_channels(uint64_t number, const inbound& answer,
                                     time_point now, session_actions& out) {
  auto node = sent_subscriptions_.extract(number);
  if (node.empty())
    return;
  auto& sent = node.mapped();
  auto verdict = dialect_->judge(answer);
  if (verdict.meaning == answer_meaning::answered) {
    is_busy_ = false;
    if (auto names = dialect_->read_grants(sent.request, answer)) {
      std::vector<std::string_view> granted{names->begin(), names->end()};
      report(subscriptions_.acknowledged(number, granted, now), out);
    } else {
      report(subscriptions_.timed_out(number, names.error(), now), out);
      report_delay(sent, names.error(), now);
    }
  } else {
    report(settle_refused(sent, verdict, now), out);
  }
  if (subscriptions_.num_delayed() == 0)
    delayed_since_ = std::nullopt;
  request_channels(now, out);
  advance();
}

subscription_outcomes
venue_protocol::settle_refused(const sent_subscription& sent,
                               const answer_verdict& verdict, time_point now) {
  auto reason = to_error(verdict);
  auto number = sent.request.number;
  subscription_outcomes result;
  if (verdict.meaning == answer_meaning::unknown) {
    result = subscriptions_.timed_out(number, reason, now);
  } else {
    auto kind = rejection_by(verdict, reason, now);
    result = subscriptions_.rejected(number, kind, reason, now);
  }
  report_delay(sent, reason, now);
  return result;
}

// Same for one channel of a request.
subscription_outcomes
venue_protocol::settle_refused(const sent_subscription& sent,
                               std::string_view channel,
                               const answer_verdict& verdict, time_point now) {
  auto reason = to_error(verdict);
  auto kind = rejection_by(verdict, reason, now);
  auto result = subscriptions_.channel_rejected(sent.request.number, channel,
                                                kind, reason, now);
  report_delay(sent, reason, now);
  return result;
}

// Returns the meaning of a refused subscription for its channels. The next one
// waits if the venue is busy.
rejection venue_protocol::rejection_by(const answer_verdict& verdict,
                                       const error& reason, time_point now) {
  auto result = rejection_of(verdict);
  if (lacks_login(verdict)) {
    login_.refused(now);
    result = rejection::transient;
  }
  if (result == rejection::transient) {
    is_busy_ = true;
    auto wait = std::max(apply_demands(verdict.refusal, reason, now),
                         defaults::busy_delay);
    channels_at_ = std::max(channels_at_.value_or(now), now + wait);
  }
  return result;
}

void venue_protocol::report_delay(const sent_subscription& sent,
                                  const error& reason, time_point now) {
  auto count = subscriptions_.num_delayed();
  if (count == 0)
    return;
  if (!delayed_since_)
    delayed_since_ = sent.sent;
  auto waited
    = std::chrono::duration_cast<std::chrono::seconds>(now - *delayed_since_);
  // Requests of one moment fail in one moment: the last count includes all.
  std::erase_if(events_, [](const protocol_event& x) {
    return x.kind == event_kind::channels_delayed;
  });
  events_.push_back(
    {.kind = event_kind::channels_delayed,
     .reason = reason,
     .detail = std::to_string(count) + " channels; the last request had "
               + std::to_string(sent.request.channels.size()) + " in "
               + std::to_string(sent.bytes) + " bytes; for "
               + std::to_string(waited.count()) + " s"});
}

// Venues that answer for each channel do not mark the last answer.
void venue_protocol::close_if_answered(uint64_t number) {
  auto i = sent_subscriptions_.find(number);
  if (i == sent_subscriptions_.end())
    return;
  auto is_open = [&](const channel_spec& x) {
    return subscriptions_.request_of(x.name) == number;
  };
  auto& channels = i->second.request.channels;
  if (std::any_of(channels.begin(), channels.end(), is_open))
    return;
  requests_.cancel(pack({request_kind::subscription, number}));
  sent_subscriptions_.erase(i);
}

void venue_protocol::fail_call(pending_request request, ec reason,
                               session_actions& out) {
  if (request.kind == request_kind::call)
    out.emplace_back(action::fail{request.value, error{reason}});
}

void venue_protocol::request_timed_out(pending_request request, time_point now,
                                       session_actions& out) {
  switch (request.kind) {
    case request_kind::call:
      fail_call(request, ec::request_timeout, out);
      break;
    case request_kind::subscription:
      subscription_timed_out(request.value, now, out);
      break;
    case request_kind::renewal:
      login_failed(request.kind,
                   error{ec::request_timeout, "no answer to the login"}, now);
      break;
    default:
      failure_ = error{ec::connection_lost, "no answer to the login"};
      break;
  }
}

void venue_protocol::subscription_timed_out(uint64_t number, time_point now,
                                            session_actions& out) {
  auto node = sent_subscriptions_.extract(number);
  if (node.empty())
    return;
  error reason{ec::request_timeout,
               std::to_string(node.mapped().bytes) + " bytes of request"};
  report(subscriptions_.timed_out(number, reason, now), out);
  report_delay(node.mapped(), reason, now);
  advance();
}

void venue_protocol::write_heartbeat(std::string text, time_point now,
                                     session_actions& out) {
  if (text.empty())
    return;
  gate_.charge(dialect_->cost_of_heartbeat(), now);
  out.emplace_back(action::write{.payload = std::move(text)});
}

void venue_protocol::report(subscription_outcomes outcomes,
                            session_actions& out) {
  if (outcomes.empty())
    return;
  for (auto& x : outcomes)
    if (!subscriptions_.state_of(x.channel))
      dialect_->forget(x.channel);
  out.emplace_back(action::report{std::move(outcomes)});
}

// -- subscriptions ------------------------------------------------------------

result<uint64_t>
venue_protocol::subscribe(uint64_t subscriber,
                          std::span<const channel_spec> channels,
                          time_point now, session_actions& out) {
  for (auto& channel : channels)
    if (auto problem = dialect_->check(channel))
      return problem;
  auto request = subscriptions_.add(subscriber, channels);
  if (!request)
    return request.error();
  report(std::move(request->outcomes), out);
  channels_changed(now, out);
  return request->number;
}

void venue_protocol::unsubscribe(uint64_t subscriber,
                                 std::span<const std::string_view> channels,
                                 time_point now, session_actions& out) {
  report(subscriptions_.remove(subscriber, channels), out);
  channels_changed(now, out);
}

void venue_protocol::remove_subscriber(uint64_t subscriber, time_point now,
                                       session_actions& out) {
  report(subscriptions_.remove_subscriber(subscriber), out);
  channels_changed(now, out);
}

void venue_protocol::renew(std::span<const std::string_view> channels,
                           time_point now, session_actions& out) {
  subscriptions_.renew(channels, now);
  channels_changed(now, out);
}

} // namespace zenws
