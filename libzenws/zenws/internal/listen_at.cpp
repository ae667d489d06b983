// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/internal/listen_at.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/socket_base.hpp>

namespace zenws::internal {

error listen_at(boost::asio::ip::tcp::acceptor& acceptor,
                const std::string& address, uint16_t port) {
  using boost::asio::socket_base;
  boost::system::error_code failed;
  boost::asio::ip::tcp::endpoint endpoint{
    boost::asio::ip::make_address(address, failed), port};
  if (!failed)
    acceptor.open(endpoint.protocol(), failed);
  if (!failed)
    acceptor.set_option(socket_base::reuse_address{true}, failed);
  if (!failed)
    acceptor.bind(endpoint, failed);
  if (!failed)
    acceptor.listen(socket_base::max_listen_connections, failed);
  if (!failed)
    return {};
  return {ec::connect_failed, "cannot listen at " + address + " port "
                                + std::to_string(port) + ": "
                                + failed.message()};
}

} // namespace zenws::internal
