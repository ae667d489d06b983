// SPDX-License-Identifier: BSD-3-Clause

#include "server_process.hpp"

#include "flood_server.hpp"
#include "market_channels.hpp"

#include "zenws/sim/net/certificate.hpp"
#include "zenws/sim/net/tls_context.hpp"
#include "zenws/sim/server.hpp"

#include <chrono>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <variant>

namespace zenws::bench {

namespace {

std::vector<std::string> arguments_of(transport below,
                                      const std::string& ca_file, cores where) {
  return {"--serve", to_string(below), ca_file,
          std::to_string(static_cast<int>(where))};
}

boost::asio::ssl::context
context_of(const sim::server_config& cfg,
           const sim::certificate_authority& authority) {
  auto result = sim::make_tls_context(cfg.tls, authority);
  if (auto* error = std::get_if<std::string>(&result))
    throw std::runtime_error{*error};
  return std::get<boost::asio::ssl::context>(std::move(result));
}

} // namespace

// -- server_process -----------------------------------------------------------

server_process::server_process(transport below, cores where)
  : process_(test_support::this_program(),
             arguments_of(below, folder_.file("ca.pem"), where)) {
  auto line = process_.read_line();
  if (!line)
    throw std::runtime_error{"the server does not start"};
  unsigned ports[2] = {};
  std::istringstream{*line} >> ports[0] >> ports[1];
  auto ca_file = folder_.file("ca.pem");
  address_ = {below, static_cast<uint16_t>(ports[0]), ca_file};
  floods_ = {below, static_cast<uint16_t>(ports[1]), ca_file};
}

std::chrono::nanoseconds server_process::cpu_time() const {
  clockid_t clock{};
  timespec spent{};
  if (clock_getcpuclockid(process_.pid(), &clock) != 0
      || clock_gettime(clock, &spent) != 0)
    throw std::runtime_error{"the server has ended"};
  return std::chrono::seconds{spent.tv_sec}
         + std::chrono::nanoseconds{spent.tv_nsec};
}

// -- in the other process -----------------------------------------------------

int serve(int argc, char** argv) {
  if (argc != 3)
    return EXIT_FAILURE;
  auto secure = std::string_view{argv[0]} == "tls";
  place_server(static_cast<cores>(std::stoi(argv[2])));
  sim::server_config cfg;
  cfg.limits.max_log_entries = 0;
  cfg.instruments = market_instruments();
  // The first messages are enough to measure; the market rests.
  cfg.tick = std::chrono::hours{1};
  // The client is measured, not the venue's patience.
  cfg.api.raw_channels = sim::raw_access::open;
  cfg.api.limits.reset();
  if (secure)
    cfg.transport = sim::transport::tls;
  cfg.tls.resumption = sim::tls_resumption::allowed;
  sim::server exchange{cfg};
  if (auto error = exchange.start())
    throw std::runtime_error{*error};
  sim::certificate_authority authority;
  auto context = context_of(cfg, authority);
  if (secure)
    std::ofstream{argv[1]} << exchange.ca_pem() << authority.pem();
  flood_server floods{secure ? context.native_handle() : nullptr};
  std::cout << exchange.port() << ' ' << floods.port() << std::endl;
  floods.run();
}

} // namespace zenws::bench
