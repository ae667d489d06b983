#pragma once

/// Everything libzenws offers.

#include "zenws/backoff.hpp"
#include "zenws/client_config.hpp"
#include "zenws/connection.hpp"
#include "zenws/defaults.hpp"
#include "zenws/delivery_budget.hpp"
#include "zenws/error.hpp"
#include "zenws/events.hpp"
#include "zenws/fwd.hpp"
#include "zenws/heartbeat.hpp"
#include "zenws/message.hpp"
#include "zenws/message_batch.hpp"
#include "zenws/rate_limiter.hpp"
#include "zenws/restart_intensity.hpp"
#include "zenws/rolling_window.hpp"
#include "zenws/session.hpp"
#include "zenws/slab.hpp"
#include "zenws/subscription_options.hpp"
#include "zenws/token_bucket.hpp"
#include "zenws/url.hpp"
#include "zenws/venue_limits.hpp"
