#include "zenws/subscription_set.hpp"

#include <algorithm>
#include <utility>

// What a subscription_set asks of the server and makes of its answers.

namespace zenws {

namespace {

using kind = subscription_request_kind;

constexpr std::array<channel_access, 2> all_accesses{
  channel_access::open_to_all, channel_access::authenticated_only};

constexpr size_t index_of(kind what, channel_access access) noexcept {
  return static_cast<size_t>(what) * all_accesses.size()
         + static_cast<size_t>(access);
}

} // namespace

// -- requests -----------------------------------------------------------------

bool subscription_set::has_requests() const noexcept {
  return next_queue(kind::subscribe) || next_queue(kind::unsubscribe);
}

std::vector<subscription_request>
subscription_set::next_requests(const subscription_limits& limits) {
  auto at_least_one = [](size_t x) { return std::max<size_t>(x, 1); };
  std::vector<subscription_request> result;
  while (flights_.size() < at_least_one(limits.max_in_flight)
         && result.size() < at_least_one(limits.max_requests)) {
    auto next = next_request(at_least_one(limits.max_channels_per_request));
    if (!next)
      break;
    result.push_back(std::move(*next));
  }
  return result;
}

std::optional<subscription_request>
subscription_set::next_request(size_t max_channels) {
  auto what = kind::unsubscribe;
  auto id = next_queue(what);
  if (!id) {
    what = kind::subscribe;
    id = next_queue(what);
  }
  if (!id)
    return std::nullopt;
  auto& from = queues_[*id];
  subscription_request result{.number = ++last_request_,
                              .kind = what,
                              .access = (*from.begin())->spec.access};
  flight sent{result.number, what, {}};
  while (!from.empty()) {
    auto x = *from.begin();
    max_channels = std::min(max_channels, x->max_batch);
    if (sent.channels.size() >= max_channels)
      break;
    x->request = result.number;
    refresh(*x);
    sent.channels.push_back(x);
    result.channels.push_back(x->spec);
  }
  flights_.push_back(std::move(sent));
  return result;
}

std::optional<subscription_set::queue_id>
subscription_set::needed(const tracked& x) const noexcept {
  if (!connected_ || x.held || x.request != 0)
    return std::nullopt;
  auto wanted = x.wanted() && !x.renewed;
  if (wanted && x.remote != knowledge::present)
    return index_of(kind::subscribe, x.spec.access);
  if (!wanted && x.remote != knowledge::absent)
    return index_of(kind::unsubscribe, x.spec.access);
  return std::nullopt;
}

std::optional<subscription_set::queue_id>
subscription_set::next_queue(kind what) const noexcept {
  std::optional<queue_id> result;
  for (auto access : all_accesses) {
    auto id = index_of(what, access);
    auto is_allowed = authenticated_ || access == channel_access::open_to_all;
    if (!is_allowed || queues_[id].empty())
      continue;
    if (!result || by_age{}(*queues_[id].begin(), *queues_[*result].begin()))
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
  auto unconfirmed = x.wanted() && !x.confirmed();
  if (std::exchange(x.unconfirmed, unconfirmed))
    --num_unconfirmed_;
  if (unconfirmed)
    ++num_unconfirmed_;
  if (!x.wanted() && x.remote == knowledge::absent && x.request == 0) {
    unhold(x);
    channels_.erase(channels_.find(x.spec.name));
  }
}

// To be called instead if the channel may be confirmed by the change; also a
// failed unsubscribe can confirm it, for those who asked in the meantime.
void subscription_set::settle(tracked& x, subscription_outcomes& out) {
  if (x.confirmed()) {
    for (auto& ask : x.asks)
      out.push_back(
        {outcome_kind::granted, ask.ask, ask.subscriber, x.spec.name, {}});
    num_asks_ -= x.asks.size();
    x.asks = {};
  }
  refresh(x);
}

void subscription_set::hold(tracked& x) {
  if (!std::exchange(x.held, true))
    ++num_held_;
}

void subscription_set::unhold(tracked& x) {
  if (std::exchange(x.held, false))
    --num_held_;
}

// -- answers ------------------------------------------------------------------

subscription_outcomes subscription_set::postponed(uint64_t request) {
  subscription_outcomes out;
  if (auto what = take(request))
    for (auto x : what->channels) {
      x->request = 0;
      settle(*x, out);
    }
  return out;
}

subscription_outcomes
subscription_set::acknowledged(uint64_t request,
                               std::span<const std::string_view> granted) {
  subscription_outcomes out;
  auto what = take(request);
  if (!what)
    return out;
  for (auto name : granted)
    if (auto x = find(name); x != nullptr && x->request == request)
      x->granted = true;
  flight others{request, what->kind, {}};
  for (auto x : what->channels)
    if (std::exchange(x->granted, false))
      settle_done(*x, what->kind, out);
    else
      others.channels.push_back(x);
  settle_rejected(others, rejection::definite,
                  {.detail = "the server did not grant it"}, out);
  return out;
}

subscription_outcomes subscription_set::acknowledged(uint64_t request) {
  subscription_outcomes out;
  if (auto what = take(request))
    for (auto x : what->channels)
      settle_done(*x, what->kind, out);
  return out;
}

subscription_outcomes
subscription_set::channel_acknowledged(uint64_t request,
                                       std::string_view channel) {
  subscription_outcomes out;
  if (auto what = take(request, channel))
    settle_done(*what->channels.front(), what->kind, out);
  return out;
}

subscription_outcomes subscription_set::rejected(uint64_t request,
                                                 rejection how, error reason) {
  subscription_outcomes out;
  if (auto what = take(request))
    settle_rejected(*what, how, std::move(reason), out);
  return out;
}

subscription_outcomes
subscription_set::channel_rejected(uint64_t request, std::string_view channel,
                                   rejection how, error reason) {
  subscription_outcomes out;
  if (auto what = take(request, channel))
    settle_rejected(*what, how, std::move(reason), out);
  return out;
}

void subscription_set::timed_out(uint64_t request) {
  if (auto what = take(request))
    for (auto x : what->channels) {
      x->request = 0;
      x->learn(knowledge::unknown);
      hold(*x);
      refresh(*x);
    }
}

void subscription_set::retry_held() {
  if (num_held_ == 0)
    return;
  for (auto x : in_order()) {
    unhold(*x);
    refresh(*x);
  }
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
  flight result{request, pos->kind, {x}};
  std::erase(pos->channels, x);
  if (pos->channels.empty())
    flights_.erase(pos);
  return result;
}

void subscription_set::settle_done(tracked& x, kind what,
                                   subscription_outcomes& out) {
  x.request = 0;
  x.max_batch = unlimited;
  x.learn(what == kind::subscribe ? knowledge::present : knowledge::absent);
  settle(x, out);
}

void subscription_set::settle_rejected(const flight& what, rejection how,
                                       error reason,
                                       subscription_outcomes& out) {
  if (reason.code == ec::none)
    reason.code = ec::subscription_rejected;
  auto num_channels = what.channels.size();
  for (auto x : what.channels) {
    x->request = 0;
    if (how == rejection::transient) {
      hold(*x);
    } else if (how == rejection::collective && num_channels > 1) {
      x->max_batch = num_channels / 2;
    } else {
      x->learn(knowledge::absent);
      if (what.kind == kind::subscribe && x->wanted())
        refuse(*x, reason, out);
    }
    settle(*x, out);
  }
}

} // namespace zenws
