// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/venue/internal/channel_names.hpp"

#include "zenws/json/internal/json_writer.hpp"

namespace zenws::internal {

result<std::string> names_as_json(const std::vector<channel_spec>& channels) {
  json_writer out;
  out.begin_array();
  for (auto& channel : channels)
    out.string(channel.name, "the name of a channel");
  return out.end_array().take();
}

} // namespace zenws::internal
