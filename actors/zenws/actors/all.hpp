// SPDX-License-Identifier: BSD-3-Clause

#pragma once

/// Everything zenws offers to CAF users.

#include "zenws/actors/client/client_registry.hpp"
#include "zenws/actors/delivery/event_stream.hpp"
#include "zenws/actors/desk/desk_messages.hpp"
#include "zenws/actors/desk/order_desk.hpp"
#include "zenws/actors/desk/trading_inspect.hpp"
#include "zenws/actors/messages/client_spec.hpp"
#include "zenws/actors/messages/errors.hpp"
#include "zenws/actors/messages/messages.hpp"
#include "zenws/actors/pool/pool_config.hpp"
#include "zenws/actors/recording/replay.hpp"
#include "zenws/actors/runtime.hpp"
#include "zenws/actors/supervision/client_supervisor.hpp"
#include "zenws/actors/supervision/make_child.hpp"
#include "zenws/actors/supervision/supervisor.hpp"
#include "zenws/all.hpp"
