// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/recording/recording_block.hpp"

#include "zenws/internal/enum_names.hpp"

namespace zenws {

BOOST_DESCRIBE_ENUM(recording_compression, none, zstd)

std::string_view to_string(recording_compression value) noexcept {
  return internal::enum_name(value);
}

void recording_block::append(const recorded_header& entry,
                             std::string_view data) {
  append_line(lines_, entry, data);
  span_.add(entry);
}

} // namespace zenws
