// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/subscription/subscription_set.hpp"

#include "zenws/timing/internal/deadlines.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace zenws {

namespace {

uint64_t eight_bytes_at(const char* pos) noexcept {
  uint64_t result = 0;
  std::memcpy(&result, pos, sizeof(result));
  return result;
}

// Adds both halves of a product, so that every bit of `x` matters.
uint64_t mixed(uint64_t x) noexcept {
  __extension__ using product_type = unsigned __int128;
  auto product = static_cast<product_type>(x)
                 * 0x9e3779b97f4a7c15; // 2^64 / golden ratio
  return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

// Each subscriber has its own limit of silence.
bool is_same(const channel_spec& x, const channel_spec& y) {
  return x.name == y.name && x.arguments == y.arguments && x.access == y.access;
}

// The shorter of two limits, of which 0 is none.
std::chrono::milliseconds shorter(std::chrono::milliseconds x,
                                  std::chrono::milliseconds y) {
  return x.count() == 0 || y.count() == 0 ? std::max(x, y) : std::min(x, y);
}

} // namespace

size_t
subscription_set::name_hash::operator()(std::string_view name) const noexcept {
  constexpr size_t step = sizeof(uint64_t);
  if (name.size() < step) {
    uint64_t all = 0;
    std::memcpy(&all, name.data(), name.size());
    return static_cast<size_t>(mixed(all + name.size()));
  }
  uint64_t state = name.size();
  for (size_t i = 0; i + step < name.size(); i += step)
    state = mixed(state ^ eight_bytes_at(name.data() + i));
  // The rest, whole: what overlaps does no harm.
  state ^= eight_bytes_at(name.data() + name.size() - step);
  return static_cast<size_t>(mixed(state));
}

// -- constructors, destructors, and assignment operators ----------------------

subscription_set::subscription_set(const subscription_set_config& cfg)
  : cfg_(cfg) {
  // nop
}

subscription_set::subscription_set(const subscription_set_config& cfg,
                                   const subscription_snapshot& before)
  : cfg_(cfg),
    failed_size_(before.working_size > 0 ? before.working_size + 1 : unlimited),
    working_size_(before.working_size),
    last_channel_request_(before.last_channel_request),
    last_request_(before.last_request) {
  for (auto& channel : before.channels) {
    if (channel.subscribers.empty())
      continue;
    auto& x = insert(channel.spec);
    x.subscribers = channel.subscribers;
    x.waiters = channel.waiters;
    ++num_wanted_;
    num_waiters_ += x.waiters.size();
    refresh(x);
  }
}

// -- properties ---------------------------------------------------------------

std::span<const uint64_t>
subscription_set::subscribers_of(std::string_view channel) const noexcept {
  auto x = find(channel);
  return x != nullptr ? std::span<const uint64_t>{x->subscribers}
                      : std::span<const uint64_t>{};
}

std::optional<channel_state>
subscription_set::state_of(std::string_view channel) const {
  auto x = find(channel);
  if (x == nullptr)
    return std::nullopt;
  if (!x->wanted())
    return channel_state::pending_unsubscribe;
  if (x->confirmed())
    return channel_state::confirmed;
  return connected_ ? channel_state::pending_subscribe : channel_state::wanted;
}

std::optional<uint64_t>
subscription_set::request_of(std::string_view channel) const {
  auto x = find(channel);
  if (x == nullptr || x->request == 0)
    return std::nullopt;
  return x->request;
}

std::optional<subscription_set::time_point>
subscription_set::wake_at() const noexcept {
  auto result = look_at_;
  if (!holds_.empty())
    internal::keep_earlier(result, std::optional{holds_.begin()->first});
  return result;
}

std::vector<subscription_set::channel_info> subscription_set::channels() const {
  std::vector<channel_info> result;
  for (auto x : in_order())
    if (x->wanted())
      result.push_back({x->spec.name, *state_of(x->spec.name), x->is_renewing,
                        x->last_message});
  return result;
}

subscription_snapshot subscription_set::snapshot() const {
  subscription_snapshot result{.last_channel_request = last_channel_request_,
                               .last_request = last_request_,
                               .working_size = working_size_};
  for (auto x : in_order())
    if (x->wanted())
      result.channels.push_back({x->spec, x->subscribers, x->waiters});
  return result;
}

// -- looking up ---------------------------------------------------------------

bool subscription_set::by_turn::operator()(const tracked* x,
                                           const tracked* y) const noexcept {
  return x->turn < y->turn;
}

bool subscription_set::by_age::operator()(const tracked* x,
                                          const tracked* y) const noexcept {
  return x->age < y->age;
}

subscription_set::tracked*
subscription_set::find(std::string_view channel) const noexcept {
  auto pos = channels_.find(channel);
  return pos != channels_.end() ? pos->second.get() : nullptr;
}

std::vector<subscription_set::tracked*> subscription_set::in_order() const {
  std::vector<tracked*> result;
  result.reserve(channels_.size());
  for (auto& [name, x] : channels_)
    result.push_back(x.get());
  std::sort(result.begin(), result.end(), by_age{});
  return result;
}

error subscription_set::check(std::span<const channel_spec> channels) const {
  if (num_waiters_ + channels.size() > cfg_.max_waiting_answers)
    return {.code = ec::too_many_channels,
            .detail = "too many answers are outstanding"};
  std::vector<const channel_spec*> sorted;
  sorted.reserve(channels.size());
  for (auto& spec : channels) {
    if (spec.access > channel_access::authenticated_only)
      return {.code = ec::invalid_config,
              .detail = "channel \"" + spec.name + "\": access is unknown"};
    sorted.push_back(&spec);
  }
  auto name_of = [](const channel_spec* x) -> auto& {
    return x->name;
  };
  std::ranges::sort(sorted, {}, name_of);
  size_t num_new = 0;
  size_t num_newly_wanted = 0;
  const channel_spec* last = nullptr;
  for (auto spec : sorted) {
    auto x = find(spec->name);
    auto is_repeated = last != nullptr && last->name == spec->name;
    if ((x != nullptr && !is_same(x->spec, *spec))
        || (is_repeated && !is_same(*last, *spec)))
      return {.code = ec::already_exists,
              .detail = "channel \"" + spec->name
                        + "\" with other arguments or access"};
    num_new += !is_repeated && x == nullptr;
    num_newly_wanted += !is_repeated && (x == nullptr || !x->wanted());
    last = spec;
  }
  return check_bounds(num_new, num_newly_wanted);
}

error subscription_set::check_bounds(size_t num_new,
                                     size_t num_newly_wanted) const {
  auto fits = [this](size_t count) { return count <= cfg_.max_channels; };
  auto total = channels_.size() + num_new;
  if (num_newly_wanted == 0
      || (fits(num_wanted_ + num_newly_wanted)
          && (fits(total) || fits(total - cfg_.max_channels))))
    return {};
  return {.code = ec::too_many_channels,
          .detail = "max_channels is " + std::to_string(cfg_.max_channels)};
}

// -- subscribers --------------------------------------------------------------

result<channel_request>
subscription_set::add(uint64_t subscriber,
                      std::span<const channel_spec> channels) {
  if (auto err = check(channels))
    return err;
  channel_request result{.number = ++last_channel_request_};
  for (auto& spec : channels) {
    auto& x = insert(spec);
    x.spec.silent_after = shorter(x.spec.silent_after, spec.silent_after);
    watch(x);
    if (std::exchange(x.last_channel_request, result.number) != result.number)
      subscribe(x, {result.number, subscriber}, result.outcomes);
  }
  return result;
}

subscription_outcomes
subscription_set::remove(uint64_t subscriber,
                         std::span<const std::string_view> channels) {
  subscription_outcomes out;
  for (auto name : channels)
    if (auto x = find(name))
      unsubscribe(*x, subscriber, out);
  return out;
}

subscription_outcomes subscription_set::remove_subscriber(uint64_t subscriber) {
  subscription_outcomes out;
  for (auto x : in_order())
    unsubscribe(*x, subscriber, out);
  return out;
}

void subscription_set::renew(std::span<const std::string_view> channels,
                             time_point now) {
  for (auto name : channels) {
    auto x = find(name);
    if (x == nullptr || !x->wanted() || x->remote == knowledge::absent)
      continue;
    if (x->is_renewing && (!x->renewing_until || now < *x->renewing_until))
      continue;
    x->renewed = x->is_renewing = true;
    x->renewing_until = std::nullopt;
    refresh(*x);
  }
}

// -- data ---------------------------------------------------------------------

subscription_set::audience subscription_set::heard(std::string_view channel,
                                                   time_point now) noexcept {
  auto x = find(channel);
  if (x == nullptr)
    return {};
  x->last_message = now;
  if (x->is_silent) {
    set_silent(*x, false);
    watch(*x);
  }
  if (now - x->quiet_since >= defaults::channel_stable_after)
    x->losses = 0;
  return {x->subscribers, x->is_renewing && !x->renewed};
}

void subscription_set::begun_anew(std::string_view channel) noexcept {
  if (auto x = find(channel)) {
    x->is_renewing = false;
    x->renewing_until = std::nullopt;
  }
}

subscription_set::tracked& subscription_set::insert(const channel_spec& spec) {
  if (auto x = find(spec.name))
    return *x;
  auto x = std::make_unique<tracked>();
  x->age = ++last_age_;
  x->turn = ++last_turn_;
  x->spec = spec;
  std::string_view key = x->spec.name;
  return *channels_.emplace(key, std::move(x)).first->second;
}

void subscription_set::subscribe(tracked& x, waiter added,
                                 subscription_outcomes& out) {
  if (!x.wanted())
    ++num_wanted_;
  auto& all = x.subscribers;
  added.had_it = std::ranges::find(all, added.subscriber) != all.end();
  if (!added.had_it)
    all.push_back(added.subscriber);
  x.waiters.push_back(added);
  ++num_waiters_;
  settle(x, out);
}

void subscription_set::unsubscribe(tracked& x, uint64_t subscriber,
                                   subscription_outcomes& out) {
  if (std::erase(x.subscribers, subscriber) == 0)
    return;
  auto is_withdrawn = [&](const waiter& waiting) {
    if (waiting.subscriber != subscriber)
      return false;
    out.push_back({outcome_kind::withdrawn,
                   waiting.channel_request,
                   subscriber,
                   x.spec.name,
                   {}});
    return true;
  };
  num_waiters_ -= std::erase_if(x.waiters, is_withdrawn);
  if (!x.wanted())
    --num_wanted_;
  refresh(x);
}

void subscription_set::refuse(tracked& x, const error& reason,
                              subscription_outcomes& out) {
  refuse_waiting(x, reason, out);
  if (!x.wanted())
    return;
  tell(x, outcome_kind::revoked, reason, out);
  x.subscribers = {};
  --num_wanted_;
}

// Earlier subscribers keep it.
void subscription_set::refuse_waiting(tracked& x, const error& reason,
                                      subscription_outcomes& out) {
  auto was_wanted = x.wanted();
  for (auto& waiting : x.waiters) {
    out.push_back({outcome_kind::rejected, waiting.channel_request,
                   waiting.subscriber, x.spec.name, reason});
    if (!waiting.had_it)
      std::erase(x.subscribers, waiting.subscriber);
  }
  num_waiters_ -= x.waiters.size();
  x.waiters = {};
  if (was_wanted && !x.wanted())
    --num_wanted_;
}

void subscription_set::tell(const tracked& x, outcome_kind outcome,
                            const error& reason,
                            subscription_outcomes& out) const {
  for (auto id : x.subscribers)
    out.push_back(
      {outcome, subscription_outcome::unsolicited, id, x.spec.name, reason});
}

// -- connection ---------------------------------------------------------------

void subscription_set::opened() {
  lost();
  connected_ = true;
  for (auto x : in_order())
    refresh(*x);
}

void subscription_set::authenticated() {
  authenticated_ = connected_;
}

void subscription_set::lost() {
  connected_ = false;
  authenticated_ = false;
  flights_.clear();
  for (auto x : in_order()) {
    x->request = 0;
    x->learn(knowledge::absent);
    x->failures = x->failures_alone = 0;
    x->max_batch = unlimited;
    x->is_renewing = false;
    x->renewing_until = std::nullopt;
    unhold(*x);
    refresh(*x);
  }
  // Not while any is queued: the place there depends on it.
  for (auto x : in_order())
    x->turn = ++last_turn_;
}

} // namespace zenws
