// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "finding.hpp"

namespace zenws::tool {

/// Checks this machine: limits of files, processors, scheduler and clock. Takes
/// about 100 ms.
void check_machine(const finding_sink& out);

} // namespace zenws::tool
