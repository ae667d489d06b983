// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "finding.hpp"

#include "zenws/config/client_config.hpp"
#include "zenws/config/url.hpp"

#include <boost/asio/ssl/context.hpp>

#include <openssl/types.h>

namespace zenws::tool {

/// Returns a context that trusts whom a client with this configuration trusts.
/// Handshakes succeed with any certificate: `check_certificate` judges it.
/// @returns `ec::tls_failed` if a file cannot be used.
result<boost::asio::ssl::context> make_lenient_context(const tls_config& cfg);

/// Tells a session which peer it is for, before its handshake.
void expect_peer(SSL* session, const url& peer);

/// Reports the session and its certificate: who issued it for whom, for how
/// long it is valid, and why it is not to be trusted.
void check_certificate(SSL* session, const url& peer, const finding_sink& out);

} // namespace zenws::tool
