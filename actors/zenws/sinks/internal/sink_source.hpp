// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/delivery/market_batch.hpp"
#include "zenws/delivery/message_batch.hpp"
#include "zenws/sinks/sink_record.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace zenws {

/// Makes records of what one client has received. Not thread-safe.
class sink_source {
public:
  // -- constructors, destructors, and assignment operators --------------------

  /// @param run see `sink_key::run`.
  sink_source(std::string client, uint64_t run);

  // -- properties -------------------------------------------------------------

  const std::string& client() const noexcept {
    return *client_;
  }

  // -- records ----------------------------------------------------------------

  sink_record make(uint64_t epoch, const message_view& message);

  /// Returns nothing for updates of kinds that sinks do not write.
  std::optional<sink_record> make(uint64_t epoch, sink_time received_at,
                                  const market::update& update);

  sink_record make(const sink_loss& loss);

private:
  sink_key next_key(uint64_t epoch, uint64_t sequence, sink_time time);

  // Shared by all records.
  std::shared_ptr<const std::string> client_;
  uint64_t run_;
  uint64_t items_ = 0;
  uint64_t last_epoch_ = 0;
  uint64_t last_sequence_ = 0;
};

using sink_source_ptr = std::shared_ptr<sink_source>;

/// Returns a new `sink_key::run`.
uint64_t draw_run();

} // namespace zenws
