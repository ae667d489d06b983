// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/metrics/registry_feed.hpp"

#include "zenws/metrics/metrics_collector.hpp"

#include <caf/actor_system.hpp>
#include <caf/telemetry/counter.hpp>
#include <caf/telemetry/gauge.hpp>
#include <caf/telemetry/metric_registry.hpp>

#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace zenws {

namespace internal {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

constexpr std::string_view registry_prefix = "zenws";

constexpr std::string_view sum_suffix = "_total";

// The name of a family as a registry wants it: it adds prefix and suffix.
struct family_name {
  explicit family_name(std::string_view full)
    : base(full.substr(registry_prefix.size() + 1)),
      is_sum(base.ends_with(sum_suffix)) {
    if (is_sum)
      base.resize(base.size() - sum_suffix.size());
  }

  std::string base;
  bool is_sum;
};

// Copies of the series of one actor system.
class registry_series {
public:
  explicit registry_series(caf::telemetry::metric_registry& to) : to_(to) {
    // nop
  }

  void copy(const std::vector<MetricFamily>& families) {
    ++round_;
    for (auto& family : families)
      if (family.name.starts_with(std::string{registry_prefix} + '_'))
        for (auto& metric : family.metric)
          copy(family, metric);
    for (auto& [key, x] : gauges_)
      if (x.round != round_)
        x.target->value(0);
  }

private:
  struct gauge {
    caf::telemetry::dbl_gauge* target = nullptr;
    uint64_t round = 0;
  };

  struct counter {
    caf::telemetry::dbl_counter* target = nullptr;
    double last = 0;
    uint64_t round = 0;
  };

  void copy(const MetricFamily& family, const ClientMetric& x) {
    switch (family.type) {
      case MetricType::Counter:
        count(family, family.name, x, x.counter.value);
        break;
      case MetricType::Histogram:
        count(family, family.name + "_count", x,
              static_cast<double>(x.histogram.sample_count));
        count(family, family.name + "_sum", x, x.histogram.sample_sum);
        break;
      default:
        show(family, x);
    }
  }

  void count(const MetricFamily& family, const std::string& full,
             const ClientMetric& x, double value) {
    auto& series = counters_[key_of(full, x)];
    if (series.target == nullptr) {
      family_name name{full};
      series.target = to_.counter_instance<double>(registry_prefix.data(),
                                                   name.base, labels_of(x),
                                                   family.help, "1",
                                                   name.is_sum);
      // An earlier feed of this system may have counted.
      series.last = series.target->value();
      series.round = round_ - 1;
    }
    // What was away, or is less than before, has counted anew.
    auto was_there = series.round + 1 == round_;
    auto before = was_there && value >= series.last ? series.last : 0;
    series.last = value;
    series.round = round_;
    if (value > before)
      series.target->inc(value - before);
  }

  void show(const MetricFamily& family, const ClientMetric& x) {
    auto& series = gauges_[key_of(family.name, x)];
    if (series.target == nullptr) {
      family_name name{family.name};
      series.target = to_.gauge_instance<double>(registry_prefix.data(),
                                                 name.base, labels_of(x),
                                                 family.help, "1", name.is_sum);
    }
    series.target->value(x.gauge.value);
    series.round = round_;
  }

  static std::vector<caf::telemetry::label_view>
  labels_of(const ClientMetric& x) {
    std::vector<caf::telemetry::label_view> result;
    for (auto& label : x.label)
      result.emplace_back(label.name, label.value);
    return result;
  }

  static std::string key_of(const std::string& name, const ClientMetric& x) {
    auto result = name;
    for (auto& label : x.label)
      result += '\n' + label.name + '\n' + label.value;
    return result;
  }

  caf::telemetry::metric_registry& to_;
  uint64_t round_ = 0;
  std::map<std::string, gauge> gauges_;
  std::map<std::string, counter> counters_;
};

} // namespace internal

struct registry_feed::state {
  state(caf::actor_system& sys, const metrics_collector& source)
    : from(source), series(sys.metrics()) {
    // nop
  }

  void update() {
    std::lock_guard guard{updating};
    series.copy(from.Collect());
  }

  void update_each(std::chrono::milliseconds interval) {
    std::unique_lock guard{mtx};
    while (!stops.wait_for(guard, interval, [this] { return is_stopped; })) {
      guard.unlock();
      update();
      guard.lock();
    }
  }

  void stop() {
    {
      std::lock_guard guard{mtx};
      is_stopped = true;
    }
    stops.notify_one();
    worker.join();
  }

  std::mutex updating; // guards the next two
  const metrics_collector& from;
  internal::registry_series series;
  std::mutex mtx; // guards the next one
  bool is_stopped = false;
  std::condition_variable stops;
  std::thread worker;
};

registry_feed::registry_feed(caf::actor_system& sys,
                             const metrics_collector& from,
                             std::chrono::milliseconds interval)
  : state_(std::make_unique<state>(sys, from)) {
  state_->update();
  state_->worker
    = std::thread{[to = state_.get(), interval] { to->update_each(interval); }};
}

registry_feed::~registry_feed() {
  state_->stop();
}

void registry_feed::update() {
  state_->update();
}

} // namespace zenws
