// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/metrics/internal/process_metrics.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <system_error>

#include <sys/resource.h>
#include <unistd.h>

namespace zenws::internal {

namespace {

double process_cpu_seconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  auto seconds = [](const timeval& x) {
    return static_cast<double>(x.tv_sec) + static_cast<double>(x.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

std::optional<double> resident_bytes() {
  std::ifstream in{"/proc/self/statm"};
  uint64_t total = 0;
  uint64_t resident = 0;
  if (!(in >> total >> resident))
    return std::nullopt;
  return static_cast<double>(resident)
         * static_cast<double>(sysconf(_SC_PAGESIZE));
}

std::optional<double> open_files() {
  std::error_code failed;
  std::filesystem::directory_iterator files{"/proc/self/fd", failed};
  if (failed)
    return std::nullopt;
  // One of them is for this look.
  return static_cast<double>(std::distance(begin(files), end(files)) - 1);
}

double max_files() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  return static_cast<double>(limit.rlim_cur);
}

void append_gauge(std::vector<prometheus::MetricFamily>& out, const char* name,
                  const char* help, std::optional<double> value) {
  if (!value)
    return;
  prometheus::ClientMetric metric;
  metric.gauge.value = *value;
  out.push_back({name, help, prometheus::MetricType::Gauge, {metric}});
}

} // namespace

void append_process_metrics(std::vector<prometheus::MetricFamily>& out) {
  prometheus::ClientMetric cpu;
  cpu.counter.value = process_cpu_seconds();
  out.push_back({"process_cpu_seconds_total",
                 "CPU time of the process.",
                 prometheus::MetricType::Counter,
                 {cpu}});
  append_gauge(out, "process_resident_memory_bytes", "Memory in use.",
               resident_bytes());
  append_gauge(out, "process_open_fds", "Open file descriptors.", open_files());
  append_gauge(out, "process_max_fds", "Limit of open file descriptors.",
               max_files());
}

} // namespace zenws::internal
