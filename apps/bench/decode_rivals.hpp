// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "recording.hpp"

#include "zenws/market/update_list.hpp"

#include <cstddef>
#include <memory>
#include <string_view>

namespace zenws::bench {

/// A decoder as others would write it with a library for JSON, for the books,
/// trades and tickers of Deribit and Binance. Fills the same structures, with
/// the same decimals, and checks less.
class decode_rival {
public:
  virtual ~decode_rival();

  /// Prepares the texts of a recording in the way that the library needs.
  virtual void load(const recording& source) = 0;

  /// Decodes one text.
  /// @returns whether it is market data.
  virtual bool decode(size_t index, market::update_list& out) = 0;
};

/// Returns a decoder that makes a DOM, in place, by RapidJSON; null if there is
/// none for this venue.
std::unique_ptr<decode_rival> rapidjson_rival(std::string_view dialect);

/// Returns a decoder that reads on demand by simdjson, which gets the padding
/// that it needs for free; null if there is none for this venue.
std::unique_ptr<decode_rival> simdjson_rival(std::string_view dialect);

} // namespace zenws::bench
