// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "finding.hpp"

#include "zenws/config/client_config.hpp"

namespace zenws::tool {

/// Checks the way to a peer, step by step: name, each address, proxy, TLS and
/// certificate, upgrade, and its clock.
/// @param cfg a valid configuration.
/// @returns whether the upgrade went through.
bool check_peer(const client_config& cfg, const finding_sink& out);

} // namespace zenws::tool
