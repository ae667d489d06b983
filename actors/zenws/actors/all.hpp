#pragma once

/// Everything zenws offers to CAF users.

#include "zenws/actors/client_child.hpp"
#include "zenws/actors/client_registry.hpp"
#include "zenws/actors/client_spec.hpp"
#include "zenws/actors/client_supervisor.hpp"
#include "zenws/actors/errors.hpp"
#include "zenws/actors/event_stream.hpp"
#include "zenws/actors/messages.hpp"
#include "zenws/actors/pool.hpp"
#include "zenws/actors/recorder.hpp"
#include "zenws/actors/replay.hpp"
#include "zenws/actors/runtime.hpp"
#include "zenws/actors/subtree_child.hpp"
#include "zenws/actors/supervisor.hpp"
#include "zenws/all.hpp"
