// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/monitor/internal/live_state.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <ctime>
#include <utility>

namespace zenws::monitoring {

namespace {

// Returns a function that may be called by any thread and passes its argument
// to `f` on that of the context, if `self` is still there.
template <class T, class F>
std::function<void(T&&)>
posting_to(std::shared_ptr<boost::asio::io_context> context,
           std::weak_ptr<live_state> self, F f) {
  return [context = std::move(context), self = std::move(self), f](T&& x) {
    boost::asio::post(*context, [self, f, x = std::move(x)]() mutable {
      if (auto to = self.lock())
        f(*to, std::move(x));
    });
  };
}

// Unlike the time of a clock, it does not grow with the load of the machine.
std::chrono::nanoseconds cpu_time_of_thread() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return std::chrono::seconds{time.tv_sec}
         + std::chrono::nanoseconds{time.tv_nsec};
}

template <class T>
void push_bounded(std::deque<T>& to, T value) {
  if (to.size() == client_view::max_history)
    to.pop_front();
  to.push_back(value);
}

// Returns the average of what was counted since the last step.
std::optional<std::chrono::microseconds>
next_lag(client_view& view, const registered_client* client) {
  using std::chrono::microseconds;
  auto now = client != nullptr ? client->stats->market.lag.read()
                               : duration_counts{};
  auto before = std::exchange(view.counted_lags, now);
  if (!before || now.count() <= before->count())
    return std::nullopt;
  auto updates = static_cast<int64_t>(now.count() - before->count());
  return std::chrono::duration_cast<microseconds>(now.sum - before->sum)
         / updates;
}

} // namespace

const client_row* find_row(const monitor_state& state, std::string_view name) {
  auto i = std::ranges::lower_bound(state.rows, name, {}, [](auto& x) {
    return std::string_view{x.name};
  });
  return i != state.rows.end() && i->name == name ? &*i : nullptr;
}

// -- constructors, destructors, and assignment operators ----------------------

live_state::live_state(std::shared_ptr<boost::asio::io_context> context,
                       caf::actor source, event_ring_ptr events)
  : context_(std::move(context)),
    source_(std::move(source)),
    events_(std::move(events)) {
  // nop
}

// -- requests -----------------------------------------------------------------

void live_state::request(state_handler f) {
  if (is_fresh(clock::now()))
    return f(state_);
  waiting_.push_back(std::move(f));
  gather();
}

void live_state::close() {
  waiting_.clear();
  views_.clear();
}

bool live_state::is_fresh(clock::time_point now) const {
  auto age = std::clamp<clock::duration>(max_load * cost_, min_age, max_age);
  return state_ && now - state_->content->time < age;
}

void live_state::gather() {
  if (std::exchange(is_gathering_, true))
    return;
  auto deliver = posting_to<snapshot>(context_, weak_from_this(),
                                      [](live_state& self, snapshot&& content) {
                                        self.arrived(std::move(content));
                                      });
  caf_compat::anon_send(source_,
                        gather_snapshot{std::make_shared<collection<snapshot>>(
                          std::move(deliver))});
}

void live_state::arrived(snapshot&& content) {
  is_gathering_ = false;
  auto start = cpu_time_of_thread();
  auto fresh = std::make_shared<monitor_state>();
  fresh->rows = rows_of(content);
  rates_.measure(fresh->rows, content.time);
  fresh->totals = totals_of(fresh->rows);
  fresh->events = events_->last(num_shown_events);
  fresh->content = std::make_shared<snapshot>(std::move(content));
  state_ = std::move(fresh);
  extend_histories(clock::now());
  cost_ = cpu_time_of_thread() - start;
  for (auto& f : std::exchange(waiting_, {}))
    f(state_);
}

// -- details ------------------------------------------------------------------

void live_state::request_detail(const std::string& client, detail_handler f) {
  auto now = clock::now();
  auto& x = view_of(client);
  x.wanted = now;
  if (now - x.known < min_age)
    return answer(client, f);
  x.waiting.push_back(std::move(f));
  if (x.waiting.size() == 1)
    gather_detail_of(client);
}

live_state::view& live_state::view_of(const std::string& client) {
  auto i = views_.find(client);
  if (i != views_.end())
    return i->second;
  if (views_.size() >= max_views) {
    auto oldest = std::ranges::min_element(views_, {}, [](auto& x) {
      return x.second.wanted;
    });
    // Those who wait for it are told what is known by now.
    auto waiting = std::exchange(oldest->second.waiting, {});
    for (auto& f : waiting)
      answer(oldest->first, f);
    views_.erase(oldest);
  }
  return views_[client];
}

void live_state::gather_detail_of(const std::string& client) {
  auto deliver = posting_to<client_detail>(
    context_, weak_from_this(),
    [client](live_state& self, client_detail&& content) {
      self.detail_arrived(client, std::move(content));
    });
  caf_compat::anon_send(
    source_, gather_detail{client, std::make_shared<collection<client_detail>>(
                                     std::move(deliver))});
}

void live_state::detail_arrived(const std::string& client,
                                client_detail&& content) {
  auto i = views_.find(client);
  if (i == views_.end())
    return;
  i->second.content.detail = std::move(content);
  i->second.known = clock::now();
  for (auto& f : std::exchange(i->second.waiting, {}))
    answer(client, f);
}

void live_state::answer(const std::string& client, const detail_handler& f) {
  request([weak = weak_from_this(), client, f](const monitor_state_ptr& state) {
    auto self = weak.lock();
    if (!self)
      return;
    auto i = self->views_.find(client);
    f(find_row(*state, client),
      i != self->views_.end() ? i->second.content : client_view{});
  });
}

void live_state::extend_histories(clock::time_point now) {
  std::erase_if(views_, [&](auto& x) {
    return x.second.waiting.empty() && now - x.second.wanted > view_lifetime;
  });
  for (auto& [client, x] : views_) {
    if (now - x.step < client_view::history_step)
      continue;
    x.step = now;
    auto* row = find_row(*state_, client);
    push_bounded(x.content.rates, row != nullptr ? row->rate : 0.0);
    auto& metrics = x.content.detail.metrics;
    push_bounded(x.content.round_trips, metrics ? metrics->heartbeat.round_trip
                                                : std::chrono::microseconds{0});
    push_bounded(x.content.lags,
                 next_lag(x.content, find_client(*state_->content, client)));
  }
}

} // namespace zenws::monitoring
