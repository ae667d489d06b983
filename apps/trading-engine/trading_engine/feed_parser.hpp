#pragma once

#include "trading_engine/feed_message.hpp"

#include "zenws/market/update.hpp"

#include <string_view>

namespace zenws::engine {

/// Longest text that is looked at. A snapshot of a deep book has some 500 KB.
constexpr size_t max_feed_text = 8 * 1024 * 1024;

/// Says what a text of the venue means. Never fails: what cannot be read is an
/// `error`. Numbers keep the venue's digits; nesting costs no stack.
/// @param data receives market data; meant to be used again and again.
feed_message parse_feed(std::string_view text, market::update& data);

} // namespace zenws::engine
