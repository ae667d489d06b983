// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/actors/caf/system_log.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>

#include <utility>

namespace zenws {

void write_log(const caf::actor_system& sys, log_entry entry) noexcept {
  auto* cfg = dynamic_cast<const log_config*>(&sys.config());
  static const log_sink standard = log_to_stderr;
  write_entry(cfg != nullptr ? cfg->log : standard, std::move(entry));
}

} // namespace zenws
