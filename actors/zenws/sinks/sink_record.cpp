// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sinks/sink_record.hpp"

#include "zenws/internal/enum_names.hpp"

namespace zenws {

BOOST_DESCRIBE_ENUM(sink_loss_cause, sink_full, sink_slow, sink_restarted,
                    refused, venue_gap)

std::string_view to_string(sink_loss_cause value) noexcept {
  return internal::enum_name(value);
}

size_t sink_record::footprint() const noexcept {
  auto* message = std::get_if<sink_message>(&content);
  return sizeof(sink_record) + (message ? message->payload.capacity() : 0);
}

} // namespace zenws
