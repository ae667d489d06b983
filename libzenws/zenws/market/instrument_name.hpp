// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/market/short_text.hpp"

namespace zenws::market {

/// The name of an instrument as its venue writes it, for example
/// "BTC-PERPETUAL"; one cache line. The longest ones known, of Deribit's
/// combos, have about 45 bytes.
using instrument_name = short_text<63>;

} // namespace zenws::market
