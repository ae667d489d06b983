#include "zenws/conversation.hpp"

#include <algorithm>
#include <utility>

// What a conversation asks of its venue, and what it makes of the answers.

namespace zenws {

namespace {

using namespace std::chrono_literals;

// How long to leave alone what the venue refused for now.
constexpr auto held_retry = 1s;

// What a request is for and the number of it in one token.
constexpr int purpose_shift = 56;

} // namespace

// -- requests -----------------------------------------------------------------

uint64_t conversation::pack(errand what) noexcept {
  return (static_cast<uint64_t>(what.what) << purpose_shift) | what.value;
}

conversation::errand conversation::unpack(uint64_t token) noexcept {
  return {static_cast<purpose>(token >> purpose_shift),
          token & ((uint64_t{1} << purpose_shift) - 1)};
}

error conversation::ask(errand what, const text_maker& make_text,
                        time_point now, session_actions& out) {
  auto id = requests_.open(pack(what), now, now + request_timeout_);
  if (!id)
    return id.error();
  auto text = make_text(*id);
  if (!text) {
    requests_.cancel(pack(what));
    return text.error();
  }
  out.emplace_back(action::write{.payload = std::move(*text)});
  return {};
}

void conversation::request_channels(time_point now, session_actions& out) {
  auto limits = venue_->request_limits();
  limits.max_requests = 1;
  for (;;) {
    auto next = subscriptions_.next_requests(limits);
    if (next.empty())
      break;
    auto& request = next.front();
    auto cost = venue_->cost_of_subscription();
    if (auto refusal = gate_.acquire(cost, now)) {
      subscriptions_.postponed(request.number);
      channels_at_ = now + refusal->retry_after;
      return;
    }
    auto make_text = [&](int64_t id) {
      return venue_->subscription(request, id);
    };
    auto number = request.number;
    if (auto bad = ask({purpose::subscription, number}, make_text, now, out))
      report(subscriptions_.rejected(number, rejection::definite,
                                     std::move(bad)),
             out);
    else
      asked_.emplace(number, std::move(request));
  }
  retry_held_later(now);
}

void conversation::retry_held_later(time_point now) {
  auto when = now + held_retry;
  if (subscriptions_.num_held() > 0 && (!channels_at_ || when < *channels_at_))
    channels_at_ = when;
}

void conversation::channels_changed(time_point now, session_actions& out) {
  if (phase_ >= conversation_phase::restoring)
    request_channels(now, out);
  advance(now, out);
}

bool conversation::settle(const inbound& answer, time_point now,
                          session_actions& out) {
  if (answer.by_channel) {
    auto number = subscriptions_.request_of(answer.channel);
    if (number) {
      report(subscriptions_.channel_acknowledged(*number, answer.channel), out);
      close_if_answered(*number);
    }
    request_channels(now, out);
    advance(now, out);
    return number.has_value();
  }
  auto settled = requests_.resolve(answer.request, now);
  if (!settled)
    return false;
  auto what = unpack(settled->token);
  if (what.what == purpose::call)
    call_latency_.record(
      std::chrono::duration_cast<latency_histogram::duration>(
        settled->round_trip));
  settle(what, answer, now, out);
  return true;
}

void conversation::settle(errand what, const inbound& answer, time_point now,
                          session_actions& out) {
  switch (what.what) {
    case purpose::call: {
      auto response = parse_response(answer.content);
      // Venues without JSON-RPC have answers of their own: the user's to read.
      out.emplace_back(action::answer{
        what.value, response ? std::move(*response)
                             : rpc_result{std::string{answer.text}}});
      break;
    }
    case purpose::subscription:
      settle_channels(what.value, answer, now, out);
      break;
    case purpose::login:
    case purpose::renewal:
      logged_in(answer, what.what, now, out);
      break;
    case purpose::setup: {
      auto response = parse_response(answer.content);
      auto* refusal = response ? std::get_if<rpc_error>(&*response) : nullptr;
      if (refusal != nullptr)
        failure_ = error{ec::login_failed, on_login_[what.value].method + ": "
                                             + to_error(*refusal).detail};
      else
        set_up(now, out);
      break;
    }
  }
}

void conversation::settle_channels(uint64_t number, const inbound& answer,
                                   time_point now, session_actions& out) {
  auto i = asked_.find(number);
  if (i == asked_.end())
    return;
  auto verdict = venue_->read_answer(i->second, answer);
  asked_.erase(i);
  switch (verdict.what) {
    case subscription_answer::verdict::all:
      report(subscriptions_.acknowledged(number), out);
      break;
    case subscription_answer::verdict::some: {
      std::vector<std::string_view> granted{verdict.granted.begin(),
                                            verdict.granted.end()};
      report(subscriptions_.acknowledged(number, granted), out);
      break;
    }
    case subscription_answer::verdict::refused:
      report(subscriptions_.rejected(number, verdict.how,
                                     std::move(verdict.reason)),
             out);
      break;
  }
  request_channels(now, out);
  advance(now, out);
}

// Venues that answer for each channel by itself do not say which answer is the
// last one.
void conversation::close_if_answered(uint64_t number) {
  auto i = asked_.find(number);
  if (i == asked_.end())
    return;
  auto is_open = [&](const channel_spec& x) {
    return subscriptions_.request_of(x.name) == number;
  };
  auto& channels = i->second.channels;
  if (std::any_of(channels.begin(), channels.end(), is_open))
    return;
  requests_.cancel(pack({purpose::subscription, number}));
  asked_.erase(i);
}

void conversation::fail_call(errand what, ec reason, session_actions& out) {
  if (what.what == purpose::call)
    out.emplace_back(action::fail{what.value, error{reason}});
}

void conversation::give_up_on(errand what, time_point now,
                              session_actions& out) {
  switch (what.what) {
    case purpose::call:
      fail_call(what, ec::request_timeout, out);
      break;
    case purpose::subscription:
      asked_.erase(what.value);
      subscriptions_.timed_out(what.value);
      retry_held_later(now);
      break;
    default:
      failure_ = error{ec::connection_lost, "no answer to the login"};
      break;
  }
}

void conversation::beat(std::string text, time_point now,
                        session_actions& out) {
  if (text.empty())
    return;
  gate_.charge(venue_->cost_of_beat(), now);
  out.emplace_back(action::write{.payload = std::move(text)});
}

void conversation::report(subscription_outcomes outcomes,
                          session_actions& out) {
  if (!outcomes.empty())
    out.emplace_back(action::report{std::move(outcomes)});
}

// -- subscriptions ------------------------------------------------------------

result<uint64_t> conversation::subscribe(uint64_t subscriber,
                                         std::span<const channel_spec> channels,
                                         time_point now, session_actions& out) {
  auto ask = subscriptions_.add(subscriber, channels);
  if (!ask)
    return ask.error();
  report(std::move(ask->outcomes), out);
  channels_changed(now, out);
  return ask->number;
}

void conversation::unsubscribe(uint64_t subscriber,
                               std::span<const std::string_view> channels,
                               time_point now, session_actions& out) {
  report(subscriptions_.remove(subscriber, channels), out);
  channels_changed(now, out);
}

void conversation::remove_subscriber(uint64_t subscriber, time_point now,
                                     session_actions& out) {
  report(subscriptions_.remove_subscriber(subscriber), out);
  channels_changed(now, out);
}

void conversation::renew(std::span<const std::string_view> channels,
                         time_point now, session_actions& out) {
  subscriptions_.renew(channels);
  channels_changed(now, out);
}

} // namespace zenws
