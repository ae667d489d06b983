// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/demanded_wait.hpp"

#include "zenws/internal/demand_scanner.hpp"

namespace zenws {

std::optional<std::chrono::milliseconds>
demanded_wait(std::string_view text,
              std::chrono::system_clock::time_point now) {
  return internal::demand_scanner{text, now}.scan();
}

} // namespace zenws
