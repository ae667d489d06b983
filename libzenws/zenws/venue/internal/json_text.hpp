#pragma once

#include "zenws/error.hpp"
#include "zenws/subscription/subscription.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace zenws::internal {

/// Returns the names of channels as an array of JSON.
result<std::string> names_as_json(const std::vector<channel_spec>& channels);

/// Returns `text` as a string of JSON; text that is not UTF-8 becomes an error
/// that names `field`.
result<std::string> quoted(std::string_view text, std::string_view field);

} // namespace zenws::internal
