// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/error.hpp"
#include "zenws/subscription/subscription.hpp"

#include <string>
#include <vector>

namespace zenws::internal {

/// Returns the names of channels as an array of JSON.
result<std::string> names_as_json(const std::vector<channel_spec>& channels);

} // namespace zenws::internal
