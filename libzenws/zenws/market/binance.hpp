// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/error.hpp"
#include "zenws/json/envelope.hpp"
#include "zenws/market/update.hpp"

/// Market data of Binance, spot and futures (developers.binance.com, "WebSocket
/// Market Streams").
namespace zenws::market::binance {

/// Decodes a message of a combined or single stream that was scanned with
/// `layouts::binance`: `@depth`, `@depth<levels>`, `@trade`, `@aggTrade`,
/// `@bookTicker` and `@ticker`.
///
/// All levels have `level_action::set`. `@depth<levels>` is a snapshot; only a
/// combined stream distinguishes it from a change, and spot messages of a
/// single one, which do not even name their instrument, are `content::none`, as
/// are all other messages. Members and elements that are not needed are
/// skipped.
///
/// A number without a trade (price or amount 0, or `"X":"NA"`) is among
/// `update::placeholders`.
/// @returns `ec::invalid_data` if a member that is needed is missing, has
///          another type or does not fit its type, `ec::invalid_json` if the
///          data is malformed; ignore `out` in that case. A message of the
///          channel of a book (`envelope::channel`) is lost by that: reset its
///          `sequence_tracker`, and renew the channel.
error decode(const envelope& message, update& out);

} // namespace zenws::market::binance
