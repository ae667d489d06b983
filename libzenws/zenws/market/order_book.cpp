// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/market/order_book.hpp"
