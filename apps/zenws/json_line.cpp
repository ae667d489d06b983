// SPDX-License-Identifier: BSD-3-Clause

#include "json_line.hpp"

// The library, as source: there is no package of it that is needed otherwise.
#include <boost/json/src.hpp>
