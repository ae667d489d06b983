// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/error.hpp"
#include "zenws/json/envelope.hpp"
#include "zenws/market/update.hpp"

/// Market data of Deribit, version 2 (docs.deribit.com, "Subscriptions").
namespace zenws::market::deribit {

/// Decodes a message of the channels `book` (raw, aggregated or grouped),
/// `trades` and `ticker` that was scanned with `layouts::deribit`.
///
/// Other messages, answers among them, are `content::none`. Members and
/// elements of any kind that are not needed are skipped.
/// @returns `ec::invalid_data` if a member that is needed is missing, has
///          another type or does not fit its type, `ec::invalid_json` if the
///          data is malformed; ignore `out` in that case. A message of the
///          channel of a book (`envelope::channel`) is lost by that: reset its
///          `sequence_tracker`, and renew the channel.
error decode(const envelope& message, update& out);

} // namespace zenws::market::deribit
