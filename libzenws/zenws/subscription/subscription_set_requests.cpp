// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/subscription/subscription_set.hpp"

#include <algorithm>
#include <utility>

// Requests of a subscription_set to the server, and their answers.

namespace zenws {

namespace {

using kind = subscription_request_kind;

constexpr std::array<channel_access, 2> all_accesses{
  channel_access::open_to_all, channel_access::authenticated_only};

constexpr size_t index_of(kind action, channel_access access) noexcept {
  return static_cast<size_t>(action) * all_accesses.size()
         + static_cast<size_t>(access);
}

constexpr size_t at_least_one(size_t x) noexcept {
  return std::max<size_t>(x, 1);
}

bool fits(const subscription_request& request, const channel_spec& channel,
          const subscription_limits& limits) {
  return request.channels.empty() || limits.fit_together == nullptr
         || limits.fit_together(request.channels.front(), channel);
}

} // namespace

// -- requests -----------------------------------------------------------------

bool subscription_set::has_requests() const noexcept {
  return next_queue(kind::subscribe) || next_queue(kind::unsubscribe);
}

std::vector<subscription_request>
subscription_set::next_requests(const subscription_limits& limits) {
  std::vector<subscription_request> result;
  while (flights_.size() < at_least_one(limits.max_in_flight)
         && result.size() < at_least_one(limits.max_requests)) {
    auto next = next_request(limits);
    if (!next)
      break;
    result.push_back(std::move(*next));
  }
  return result;
}

std::optional<subscription_request>
subscription_set::next_request(const subscription_limits& limits) {
  auto action = kind::unsubscribe;
  auto id = next_queue(action);
  if (!id) {
    action = kind::subscribe;
    id = next_queue(action);
  }
  if (!id)
    return std::nullopt;
  auto& from = queues_[*id];
  subscription_request result{.number = ++last_request_,
                              .kind = action,
                              .access = (*from.begin())->spec.access};
  flight sent{result.number, action, {}};
  auto max_channels = at_least_one(limits.max_channels_per_request);
  for (auto pos = from.begin(); pos != from.end();) {
    auto x = *pos++; // `refresh` takes it out of the queue
    if (!fits(result, x->spec, limits))
      continue;
    max_channels = std::min(max_channels, max_batch_of(*x));
    if (sent.channels.size() >= max_channels)
      break;
    x->request = result.number;
    refresh(*x);
    sent.channels.push_back(x);
    result.channels.push_back(x->spec);
  }
  sent.size = sent.channels.size();
  flights_.push_back(std::move(sent));
  return result;
}

void subscription_set::shorten(subscription_request& request,
                               size_t num_channels) {
  auto pos = std::ranges::find(flights_, request.number, &flight::number);
  if (pos == flights_.end() || num_channels >= pos->channels.size())
    return;
  for (auto i = num_channels; i < pos->channels.size(); ++i) {
    pos->channels[i]->request = 0;
    refresh(*pos->channels[i]);
  }
  pos->channels.resize(num_channels);
  pos->size = num_channels;
  request.channels.resize(num_channels);
}

size_t subscription_set::max_batch_of(const tracked& x) const noexcept {
  return working_size_ > 0 ? std::min(x.max_batch, working_size_) : x.max_batch;
}

// A size is only to blame if a smaller one works on the same connection.
void subscription_set::learn_size(size_t num_channels, bool worked) noexcept {
  if (!worked) {
    failed_size_ = std::min(failed_size_, num_channels);
    if (working_size_ >= num_channels)
      working_size_ = num_channels / 2;
  } else if (num_channels >= failed_size_) {
    failed_size_ = unlimited;
    working_size_ = 0;
  } else if (failed_size_ != unlimited) {
    working_size_ = std::max(working_size_, num_channels);
  }
}

std::optional<subscription_set::queue_id>
subscription_set::needed(const tracked& x) const noexcept {
  if (!connected_ || x.held_until || x.request != 0)
    return std::nullopt;
  auto wanted = x.wanted() && !x.renewed;
  if (wanted && x.remote != knowledge::present)
    return index_of(kind::subscribe, x.spec.access);
  if (!wanted && x.remote != knowledge::absent)
    return index_of(kind::unsubscribe, x.spec.access);
  return std::nullopt;
}

std::optional<subscription_set::queue_id>
subscription_set::next_queue(kind action) const noexcept {
  std::optional<queue_id> result;
  for (auto access : all_accesses) {
    auto id = index_of(action, access);
    auto is_allowed = authenticated_ || access == channel_access::open_to_all;
    if (!is_allowed || queues_[id].empty())
      continue;
    if (!result || by_turn{}(*queues_[id].begin(), *queues_[*result].begin()))
      result = id;
  }
  return result;
}

// To be called after each change of a channel. Ends its life if nothing is
// known about it any more.
void subscription_set::refresh(tracked& x) {
  auto id = needed(x);
  if (id != x.queued) {
    if (x.queued)
      queues_[*x.queued].erase(&x);
    if (id)
      queues_[*id].insert(&x);
    x.queued = id;
  }
  count(x);
  if (!x.wanted() && x.remote == knowledge::absent && x.request == 0) {
    unhold(x);
    set_silent(x, false);
    channels_.erase(channels_.find(x.spec.name));
  }
}

void subscription_set::count(tracked& x) {
  auto number_of = [this](counted state) -> size_t* {
    return state == counted::unconfirmed ? &num_unconfirmed_
           : state == counted::delayed   ? &num_delayed_
                                         : nullptr;
  };
  auto now = !x.wanted() || x.confirmed() ? counted::nothing
             : x.failures >= defaults::channel_delayed_after
               ? counted::delayed
               : counted::unconfirmed;
  if (auto number = number_of(std::exchange(x.counted_as, now)))
    --*number;
  if (auto number = number_of(now))
    ++*number;
}

// To be called instead if the channel may be confirmed by the change; also a
// failed unsubscribe can confirm it, for those who asked in the meantime.
void subscription_set::settle(tracked& x, subscription_outcomes& out) {
  if (x.confirmed()) {
    if (std::exchange(x.was_lost, false))
      tell(x, outcome_kind::restored, {}, out);
    for (auto& waiting : x.waiters)
      out.push_back({outcome_kind::granted,
                     waiting.channel_request,
                     waiting.subscriber,
                     x.spec.name,
                     {}});
    num_waiters_ -= x.waiters.size();
    x.waiters = {};
  }
  refresh(x);
}

void subscription_set::hold(tracked& x, unsigned failures, time_point now) {
  unhold(x);
  auto doublings = std::min(failures > 0 ? failures - 1 : 0u, 6u);
  x.held_until = now
                 + std::min(defaults::subscription_retry_min * (1 << doublings),
                            defaults::subscription_retry_max);
  holds_.emplace(*x.held_until, &x);
}

void subscription_set::unhold(tracked& x) {
  if (x.held_until)
    holds_.erase({*x.held_until, &x});
  x.held_until = std::nullopt;
}

// -- silence ------------------------------------------------------------------

std::optional<subscription_set::time_point>
subscription_set::silent_at(const tracked& x) const noexcept {
  if (x.spec.silent_after.count() == 0 || x.is_silent || !x.confirmed())
    return std::nullopt;
  return std::max(x.quiet_since, x.last_message.value_or(x.quiet_since))
         + x.spec.silent_after;
}

subscription_outcomes subscription_set::expired(time_point now) {
  subscription_outcomes out;
  while (!holds_.empty() && holds_.begin()->first <= now) {
    auto x = holds_.begin()->second;
    unhold(*x);
    refresh(*x);
  }
  if (!look_at_ || now < *look_at_)
    return out;
  look_at_ = std::nullopt;
  for (auto x : in_order()) {
    auto due = silent_at(*x);
    if (due && *due <= now) {
      set_silent(*x, true);
      tell(*x, outcome_kind::silent, {}, out);
    } else {
      watch(*x);
    }
  }
  return out;
}

void subscription_set::set_silent(tracked& x, bool is_silent) noexcept {
  num_silent_ += is_silent;
  num_silent_ -= std::exchange(x.is_silent, is_silent);
}

void subscription_set::watch(const tracked& x) noexcept {
  auto due = silent_at(x);
  if (due && (!look_at_ || *due < *look_at_))
    look_at_ = due;
}

// -- answers ------------------------------------------------------------------

subscription_outcomes subscription_set::postponed(uint64_t request) {
  subscription_outcomes out;
  if (auto sent = take(request))
    for (auto x : sent->channels) {
      x->request = 0;
      settle(*x, out);
    }
  return out;
}

subscription_outcomes subscription_set::acknowledged(
  uint64_t request, std::span<const std::string_view> granted, time_point now) {
  subscription_outcomes out;
  auto sent = take(request);
  if (!sent)
    return out;
  for (auto name : granted)
    if (auto x = find(name); x != nullptr && x->request == request)
      x->granted = true;
  learn_size(sent->size, true);
  flight others{request, sent->kind, {}};
  for (auto x : sent->channels)
    if (std::exchange(x->granted, false))
      settle_done(*x, sent->kind, now, out);
    else
      others.channels.push_back(x);
  settle_rejected(others, rejection::definite,
                  {.detail = "the server did not grant it"}, now, out);
  return out;
}

subscription_outcomes subscription_set::acknowledged(uint64_t request,
                                                     time_point now) {
  subscription_outcomes out;
  if (auto sent = take(request)) {
    learn_size(sent->size, true);
    for (auto x : sent->channels)
      settle_done(*x, sent->kind, now, out);
  }
  return out;
}

subscription_outcomes subscription_set::channel_acknowledged(
  uint64_t request, std::string_view channel, time_point now) {
  subscription_outcomes out;
  if (auto sent = take(request, channel)) {
    learn_size(sent->size, true);
    settle_done(*sent->channels.front(), sent->kind, now, out);
  }
  return out;
}

subscription_outcomes subscription_set::rejected(uint64_t request,
                                                 rejection cause, error reason,
                                                 time_point now) {
  subscription_outcomes out;
  if (auto sent = take(request))
    settle_rejected(*sent, cause, std::move(reason), now, out);
  return out;
}

subscription_outcomes
subscription_set::channel_rejected(uint64_t request, std::string_view channel,
                                   rejection cause, error reason,
                                   time_point now) {
  subscription_outcomes out;
  if (auto sent = take(request, channel))
    settle_rejected(*sent, cause, std::move(reason), now, out);
  return out;
}

subscription_outcomes
subscription_set::timed_out(uint64_t request, error reason, time_point now) {
  subscription_outcomes out;
  if (auto sent = take(request)) {
    for (auto x : sent->channels)
      x->learn(knowledge::unknown);
    settle_rejected(*sent, rejection::unexplained, std::move(reason), now, out);
  }
  return out;
}

subscription_outcomes
subscription_set::ended(std::span<const std::string_view> channels,
                        const error& reason, time_point now) {
  subscription_outcomes out;
  for (auto name : channels) {
    auto x = find(name);
    if (x == nullptr || x->request != 0 || x->remote == knowledge::absent)
      continue;
    x->learn(knowledge::absent);
    if (x->wanted()) {
      x->was_lost = true;
      tell(*x, outcome_kind::lost, reason, out);
      hold(*x, ++x->losses, now);
    }
    refresh(*x);
  }
  return out;
}

// Takes a request off the list; each is answered once.
std::optional<subscription_set::flight>
subscription_set::take(uint64_t request) {
  auto pos = std::ranges::find(flights_, request, &flight::number);
  if (pos == flights_.end())
    return std::nullopt;
  auto result = std::move(*pos);
  flights_.erase(pos);
  return result;
}

// Takes one channel out of a request.
std::optional<subscription_set::flight>
subscription_set::take(uint64_t request, std::string_view channel) {
  auto pos = std::ranges::find(flights_, request, &flight::number);
  auto x = find(channel);
  if (pos == flights_.end() || x == nullptr || x->request != request)
    return std::nullopt;
  flight result{request, pos->kind, {x}, pos->size};
  std::erase(pos->channels, x);
  if (pos->channels.empty())
    flights_.erase(pos);
  return result;
}

void subscription_set::settle_done(tracked& x, kind action, time_point now,
                                   subscription_outcomes& out) {
  x.request = 0;
  // That the server forgot it does not cure what it does not grant.
  if (action == kind::subscribe) {
    x.failures = x.failures_alone = 0;
    x.max_batch = unlimited;
  }
  x.learn(action == kind::subscribe ? knowledge::present : knowledge::absent);
  if (action == kind::subscribe) {
    x.quiet_since = now;
    set_silent(x, false);
    watch(x);
    if (x.is_renewing)
      x.renewing_until = now + defaults::channel_renewal_timeout;
  }
  settle(x, out);
}

void subscription_set::settle_rejected(const flight& sent, rejection cause,
                                       error reason, time_point now,
                                       subscription_outcomes& out) {
  if (reason.code == ec::none)
    reason.code = ec::subscription_rejected;
  if (cause == rejection::unexplained && sent.size > 1
      && sent.kind == kind::subscribe)
    learn_size(sent.size, false);
  for (auto x : sent.channels) {
    x->request = 0;
    settle_failed(*x, sent, cause, reason, now, out);
    settle(*x, out);
  }
}

// Decides how the next try for a channel differs.
void subscription_set::settle_failed(tracked& x, const flight& sent,
                                     rejection cause, const error& reason,
                                     time_point now,
                                     subscription_outcomes& out) {
  using enum rejection;
  auto num_channels = sent.channels.size();
  auto subscribes = sent.kind == kind::subscribe;
  auto halves = cause == collective || cause == oversize
                || cause == unexplained;
  if (halves && num_channels > 1) {
    x.max_batch = num_channels / 2;
    if (cause != oversize)
      x.turn = ++last_turn_;
    if (cause == unexplained)
      hold(x, ++x.failures, now);
  } else if (cause == transient) {
    hold(x, ++x.failures, now);
  } else if (cause == unexplained && subscribes) {
    ++x.failures;
    x.turn = ++last_turn_;
    if (++x.failures_alone >= defaults::max_failures_alone)
      refuse_waiting(x, reason, out);
    // Asked for alone, the only other thing to say is the opposite.
    x.renewed = x.wanted() && x.remote == knowledge::unknown;
    hold(x, x.failures, now);
  } else if (cause == permanent && subscribes) {
    refuse_waiting(x, reason, out);
    x.failures = std::max(x.failures + 1, defaults::channel_delayed_after);
    hold(x, x.failures, now);
  } else if (cause == unexplained && x.wanted()) {
    x.renewed = false;
    hold(x, ++x.failures, now);
  } else {
    x.learn(knowledge::absent);
    if (subscribes && x.wanted())
      refuse(x, reason, out);
  }
}

} // namespace zenws
