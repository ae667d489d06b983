// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/messages/recorder_options.hpp"
#include "zenws/config/client_config.hpp"
#include "zenws/config/refusal_classifier.hpp"
#include "zenws/delivery/subscription_options.hpp"
#include "zenws/error.hpp"
#include "zenws/feed/feed_config.hpp"
#include "zenws/session/venue_protocol.hpp"
#include "zenws/venue/credentials.hpp"
#include "zenws/venue/dialect.hpp"

#include <caf/actor.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace zenws {

/// Parameters of one attempt: the parts of a configuration that may change from
/// one attempt to the next, such as a token in the URL.
struct dial_parameters {
  std::string url;
  std::vector<header> headers;
};

/// Called before each attempt with the configured parameters and the number of
/// the attempt (from 1). Runs on CAF's scheduler, not on the client's loop: it
/// may take its time, though a worker waits with it. An error, or an exception,
/// counts as a failed attempt (`ec::provider_failed`); so does a provider that
/// does not return within `client_config::handshake_timeout`.
using dial_provider = std::function<result<dial_parameters>(
  const dial_parameters& configured, uint64_t attempt)>;

/// Called before each login; otherwise as `dial_provider`. Credentials are
/// not kept.
using credentials_provider = std::function<result<credentials>()>;

/// Makes the dialect of a client, for venues that zenws does not know.
using dialect_factory = std::function<dialect_ptr()>;

/// Sends the client's messages and events to `subscriber` from now on, across
/// reconnects and restarts, until it unsubscribes or terminates. The client
/// keeps a strong reference. Repeating it changes the options.
struct subscribe {
  caf::actor subscriber;
  subscription_options options{};
};

/// Specification of a client: everything needed to start it, and again.
struct client_spec {
  /// Unique among the supervised clients of a runtime; made up if empty.
  std::string name{};

  /// Groups clients for `client_registry` and pools.
  std::string tag{};

  client_config config{};

  /// Subscribers from the very start: they miss no event and no message.
  std::vector<subscribe> subscribers{};

  /// Optional. Cannot be sent to another node.
  dial_provider provider{};

  /// Optional, instead of `provider`: an actor that answers
  /// `get_dial_parameters` within `config.handshake_timeout`.
  caf::actor dial_actor{};

  /// This or `credentials_actor` is needed if `config.venue.login` is
  /// `required`. Cannot be sent to another node.
  credentials_provider credentials{};

  /// Instead of `credentials`: an actor that answers `get_credentials` within
  /// `config.handshake_timeout`. Between nodes the secrets travel as the nodes
  /// do: use TLS.
  caf::actor credentials_actor{};

  /// Overrides `config.venue.dialect`. Cannot be sent to another node.
  dialect_factory dialect{};

  /// Names the account, for limits that all its clients share; may be empty if
  /// there is only one.
  std::string account{};

  /// Optional: limits and costs instead of those that the dialect knows, or
  /// beside them. Cannot be sent to another node.
  limit_overrides limits{};

  /// Optional: decides whether waiting can cure a refusal, see
  /// `refusal_classifier`. Cannot be sent to another node.
  refusal_classifier classify_refusal{};

  /// Optional: writes down all that is received and sent. Cannot be sent to
  /// another node, which must not choose files here.
  std::optional<recorder_options> record_to{};

  /// Settings of typed market data. Cannot be sent to another node.
  feed_config feed{};

  /// Optional: a client of the same venue at the address of its API, for venues
  /// that answer questions about market data there only: the snapshots of
  /// books, missed trades and the terms of instruments at Binance. Cannot be
  /// sent to another node.
  caf::actor market_api{};

  /// Index of the I/O loop to run on; if unset, the runtime chooses the one
  /// with the least to do. Actors on the same loop can subscribe without a
  /// change of threads.
  std::optional<uint32_t> loop{};
};

/// Returns the dialect that a client speaks; "raw" if there is none of that
/// name, which `validate` would have refused.
dialect_ptr dialect_of(const client_spec& spec);

/// Returns every problem of the configuration and of the subscriptions.
std::vector<config_problem> validate(const client_spec& spec);

/// Returns `ec::invalid_config` if a specification cannot be sent to another
/// node: functions stay where they are, and paths are for the node that has the
/// files. Names what is in the way.
error check_portable(const client_spec& spec);

/// Returns every problem of a subscription, with fields below `path`.
std::vector<config_problem> validate(const subscribe& request,
                                     const std::string& path = {});

} // namespace zenws
