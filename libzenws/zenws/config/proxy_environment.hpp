// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/config/client_config.hpp"
#include "zenws/config/url.hpp"
#include "zenws/error.hpp"

#include <functional>
#include <string>

namespace zenws {

/// Returns the value of an environment variable, empty if it is not set.
using variable_lookup = std::function<std::string(const std::string& name)>;

/// Returns the proxy that the environment names for a URL, none if `url` of the
/// result is empty. Clients do not ask the environment by themselves: programs
/// do, if they want to.
///
/// The first of these that is not empty counts, as with curl(1):
/// - for `wss://`: `https_proxy`, `HTTPS_PROXY`, `all_proxy`, `ALL_PROXY`
/// - for `ws://`: `http_proxy`, `all_proxy`, `ALL_PROXY`. Not `HTTP_PROXY`: by
///   RFC 3875, section 4.1.18, web servers give CGI programs the header `Proxy`
///   of a request by that name, so anybody could name a proxy (CVE-2016-5385).
///
/// A value is a URL as in `proxy_config::url`, with user info if need be, or
/// only `host:port` for `http`.
///
/// `no_proxy`, or `NO_PROXY`, lists what is reached without, separated by
/// commas or blanks, as curl(1) and Go's `golang.org/x/net/http/httpproxy` read
/// it:
/// - a name, of that host and all below; a dot or `*.` before it changes
///   nothing
/// - an IP address, or a prefix such as `10.0.0.0/8`, of hosts that are given
///   as addresses; names are not resolved for it
/// - one of these with a port, such as `example.com:8443` or `[::1]:443`
/// - `*`, everything
///
/// `localhost`, names below and addresses of the loopback are always reached
/// without, as with Go: to a proxy they are its own machine.
/// @returns `ec::invalid_config` naming the variable if its value is no proxy
///          that zenws can use. User info is never repeated.
result<proxy_config> find_proxy(const variable_lookup& environment,
                                const url& target);

} // namespace zenws
