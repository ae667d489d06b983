// SPDX-License-Identifier: BSD-3-Clause

#pragma once

/// @file
/// An exchange, fake clients, recorded markets and matchers for tests.

#include "zenws/testing/dialect_conformance.hpp"
#include "zenws/testing/fake_clients.hpp"
#include "zenws/testing/message_matcher.hpp"
#include "zenws/testing/mock_exchange.hpp"
#include "zenws/testing/virtual_market.hpp"
