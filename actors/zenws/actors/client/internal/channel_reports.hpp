// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/messages/client_messages.hpp"

#include <caf/response_promise.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

namespace zenws {

/// Requests for channels, each answered by a report as soon as the outcome of
/// its last channel is known.
class channel_reports {
public:
  /// Opens a report.
  /// @param id of the request.
  void open(uint64_t id, const std::vector<channel_spec>& channels,
            caf::response_promise promise);

  /// Adds an outcome. Ignores those of unknown requests.
  void add(uint64_t id, channel_outcome outcome);

  /// Answers all requests by an error.
  void fail_all(const caf::error& reason);

private:
  struct open_report {
    size_t missing = 0;
    channel_report report{};
    caf::response_promise promise{};
  };

  std::map<uint64_t, open_report> reports_;
};

} // namespace zenws
