// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "config_file/config_section.hpp"

#include "zenws/actors/desk/order_desk.hpp"
#include "zenws/trading/risk_gate.hpp"

/// @file
/// The settings of order desks, which the files of several programs have in
/// common.

namespace zenws {

/// Reads the fields of `risk_limits`, and checks them. Amounts are numbers, or
/// strings to keep all their digits.
void read_risk_limits(config_section& from, trading::risk_limits& to);

/// Reads the keys of `desk_config` and `order_desk_options`, side by side, and
/// checks them: `owner`, `journal_path`, `journal`, `when_unwatched`,
/// `lifetime`, `margin`, `guard`, `first_pause`, `longest_pause`,
/// `max_settled`, and the table `instruments` with the limits of each. Clients
/// and the dialect are the caller's.
void read_desk(config_section& from, order_desk_options& to);

} // namespace zenws
