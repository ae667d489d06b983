// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "gateway_file/gateway_file.hpp"

#include <string>
#include <vector>

namespace zenws {

/// What a gateway that runs has to do to follow its file.
struct gateway_changes {
  /// Clients to stop. One with other settings is in `starts` as well.
  std::vector<std::string> stops{};

  std::vector<gateway_file::client> starts{};

  /// Clients of which only the channels differ.
  std::vector<gateway_file::client> channels{};

  /// What cannot change while the gateway runs: a full name and a reason each.
  std::vector<std::string> refused{};
};

/// Compares the file of a gateway that runs with what it is to be.
/// @param next gets the old values of what cannot change.
gateway_changes compare(const gateway_file& running, gateway_file& next);

} // namespace zenws
