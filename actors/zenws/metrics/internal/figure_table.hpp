// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/metrics/internal/label_text.hpp"
#include "zenws/shared_histogram.hpp"

#include <prometheus/metric_family.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace zenws::internal {

using metric_labels = std::vector<prometheus::ClientMetric::Label>;

/// Returns labels of these names and values.
inline metric_labels
labels_of(std::initializer_list<std::pair<const char*, std::string_view>> all) {
  metric_labels result;
  for (auto& [name, value] : all)
    result.push_back({name, label_text(value)});
  return result;
}

/// A metric of things of one kind, and how to read it.
template <class Source, class Value>
struct figure_row {
  std::string name;
  prometheus::MetricType type;
  std::string help;
  std::function<Value(const Source&)> read;

  /// Labels that tell rows of one name apart.
  metric_labels labels{};
};

/// The metrics of things of one kind. Rows of one name stand together.
template <class Source>
struct figure_rows {
  std::vector<figure_row<Source, double>> numbers;
  std::vector<figure_row<Source, duration_counts>> durations{};
};

/// What to take of something that is gone.
enum class figure_extent : uint8_t { all, counters };

/// Figures of things of one kind, by their labels. Those of things with the
/// same labels are added up.
template <class Source>
class figure_table {
public:
  /// @param rows must live longer than the table.
  explicit figure_table(const figure_rows<Source>& rows) : rows_(&rows) {
    // nop
  }

  void add(const metric_labels& labels, const Source& source,
           figure_extent extent = figure_extent::all) {
    auto& to = entries_[labels];
    to.numbers.resize(rows_->numbers.size());
    to.durations.resize(rows_->durations.size());
    for (size_t i = 0; i < rows_->numbers.size(); ++i) {
      auto& row = rows_->numbers[i];
      if (extent == figure_extent::all
          || row.type == prometheus::MetricType::Counter)
        to.numbers[i] += row.read(source);
    }
    for (size_t i = 0; i < rows_->durations.size(); ++i)
      to.durations[i] += rows_->durations[i].read(source);
  }

  /// Appends a family for each metric. Histograms without a value are left out.
  void append_to(std::vector<prometheus::MetricFamily>& out) const {
    for (size_t i = 0; i < rows_->numbers.size(); ++i) {
      auto& row = rows_->numbers[i];
      auto& family = family_of(row, out);
      for (auto& [labels, entry] : entries_)
        set(add_metric(family, labels, row.labels), row.type, entry.numbers[i]);
    }
    for (size_t i = 0; i < rows_->durations.size(); ++i) {
      auto& row = rows_->durations[i];
      auto& family = family_of(row, out);
      for (auto& [labels, entry] : entries_)
        if (entry.durations[i].count() > 0)
          set(add_metric(family, labels, row.labels), entry.durations[i]);
    }
  }

private:
  struct figures {
    std::vector<double> numbers;
    std::vector<duration_counts> durations;
  };

  template <class Row>
  static prometheus::MetricFamily&
  family_of(const Row& row, std::vector<prometheus::MetricFamily>& out) {
    if (out.empty() || out.back().name != row.name)
      out.push_back({row.name, row.help, row.type, {}});
    return out.back();
  }

  static prometheus::ClientMetric& add_metric(prometheus::MetricFamily& to,
                                              const metric_labels& labels,
                                              const metric_labels& more) {
    auto& result = to.metric.emplace_back();
    result.label = labels;
    result.label.insert(result.label.end(), more.begin(), more.end());
    return result;
  }

  static void set(prometheus::ClientMetric& to, prometheus::MetricType type,
                  double value) {
    if (type == prometheus::MetricType::Counter)
      to.counter.value = value;
    else
      to.gauge.value = value;
  }

  static void set(prometheus::ClientMetric& to, const duration_counts& value) {
    using seconds = std::chrono::duration<double>;
    auto& histogram = to.histogram;
    uint64_t count = 0;
    for (size_t i = 0; i < duration_counts::bounds.size(); ++i) {
      count += value.buckets[i];
      histogram.bucket.push_back(
        {count, seconds{duration_counts::bounds[i]}.count()});
    }
    histogram.sample_count = value.count();
    histogram.sample_sum = seconds{value.sum}.count();
  }

  const figure_rows<Source>* rows_;
  std::map<metric_labels, figures> entries_;
};

} // namespace zenws::internal
