// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <prometheus/metric_family.h>

#include <vector>

namespace zenws::internal {

/// Appends the metrics of the process that programs of all kinds have under
/// these names: CPU time, memory, file descriptors. Those that the system does
/// not tell are left out.
void append_process_metrics(std::vector<prometheus::MetricFamily>& out);

} // namespace zenws::internal
