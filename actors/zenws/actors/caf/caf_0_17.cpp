// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/actors/caf/caf_compat.hpp"

namespace zenws::caf_compat {

namespace {

// Returns an error of zenws as CAF shows it: "zenws.connect_failed: detail".
std::string render(uint8_t code, caf::atom_value, const caf::message& context) {
  return to_text(static_cast<ec>(code), detail_of(context));
}

} // namespace

// -- configuration ------------------------------------------------------------

void add_errors(caf::actor_system_config& cfg) {
  cfg.add_error_category(error_category(), render);
}

void add_io_messages() {
  // Its messages are known.
}

void set_scheduler_policy(caf::actor_system_config& cfg,
                          const std::string& policy) {
  cfg.set("scheduler.policy", caf::atom_from_string(policy));
}

// -- messages -----------------------------------------------------------------

std::string types_of(caf::actor_system& sys, const message_content& content) {
  std::string result;
  auto& elements = content.content();
  for (size_t i = 0; i < elements.size(); ++i) {
    if (i > 0)
      result += ", ";
    result += sys.types().portable_name(elements.type(i));
  }
  return result;
}

} // namespace zenws::caf_compat
