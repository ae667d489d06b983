// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/actors/caf/caf_compat.hpp"

#include <caf/io/middleman.hpp>

namespace zenws::caf_compat {

// -- errors -------------------------------------------------------------------

caf::type_id_t error_category() {
  return caf::type_id_v<ec>;
}

// -- configuration ------------------------------------------------------------

void add_errors(caf::actor_system_config&) {
  // The enumeration is registered.
}

void add_io_messages() {
  caf::io::middleman::init_global_meta_objects();
}

void set_scheduler_policy(caf::actor_system_config& cfg,
                          const std::string& policy) {
  cfg.set("caf.scheduler.policy", policy);
}

// -- messages -----------------------------------------------------------------

std::string types_of(caf::actor_system&, const message_content& content) {
  std::string result;
  for (size_t i = 0; i < content.size(); ++i) {
    if (i > 0)
      result += ", ";
    auto name = caf::query_type_name(content.type_at(i));
    result.append(name.data(), name.size());
  }
  return result;
}

} // namespace zenws::caf_compat
