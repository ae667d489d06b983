// SPDX-License-Identifier: BSD-3-Clause

#pragma once

/// @file
/// Everything zenws offers to systems of several nodes.

#include "zenws/nodes/gateway.hpp"
#include "zenws/nodes/gateway_connection.hpp"
#include "zenws/nodes/node_messages.hpp"
#include "zenws/nodes/node_options.hpp"
