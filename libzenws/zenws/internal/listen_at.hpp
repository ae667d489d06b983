// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/error.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <string>

namespace zenws::internal {

/// Lets an acceptor listen at a port of an address of this machine, in digits;
/// port 0 takes one that is free.
/// @returns `ec::connect_failed` with the reason.
error listen_at(boost::asio::ip::tcp::acceptor& acceptor,
                const std::string& address, uint16_t port);

} // namespace zenws::internal
