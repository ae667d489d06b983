// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/net/certificate.hpp"

#include <boost/asio/ssl/context.hpp>

#include <string>
#include <variant>

namespace zenws::sim {

/// Creates the TLS context of a server. An error names the option at fault.
std::variant<boost::asio::ssl::context, std::string>
make_tls_context(const tls_config& cfg, const certificate_authority& ca);

} // namespace zenws::sim
