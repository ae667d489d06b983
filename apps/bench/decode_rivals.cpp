// SPDX-License-Identifier: BSD-3-Clause

#include "decode_rivals.hpp"

namespace zenws::bench {

decode_rival::~decode_rival() = default;

} // namespace zenws::bench
