#include "server_process.hpp"

#include "exchange_sim/server.hpp"

#include <sched.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <stdexcept>

namespace zenws::bench {

namespace {

std::vector<std::string> arguments_of(transport below, bool pin,
                                      const std::string& ca_file) {
  return {"--serve", to_string(below), ca_file, pin ? "pin" : "free"};
}

void pin_to_first_core() {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  CPU_SET(0, &cores);
  sched_setaffinity(0, sizeof(cores), &cores);
}

} // namespace

// -- temporary_file -----------------------------------------------------------

temporary_file::temporary_file() : path_("/tmp/zenws-bench-XXXXXX") {
  auto fd = mkstemp(path_.data());
  if (fd < 0)
    throw std::runtime_error{"cannot create " + path_};
  close(fd);
}

temporary_file::~temporary_file() {
  unlink(path_.c_str());
}

// -- server_process -----------------------------------------------------------

server_process::server_process(transport below, bool pin)
  : process_(arguments_of(below, pin, ca_.path())) {
  auto line = process_.read_line();
  if (!line)
    throw std::runtime_error{"the server does not start"};
  address_ = {below, static_cast<uint16_t>(std::stoul(*line)), ca_.path()};
}

// -- in the other process -----------------------------------------------------

int serve(int argc, char** argv) {
  if (argc != 3)
    return EXIT_FAILURE;
  auto secure = std::string_view{argv[0]} == "tls";
  if (std::string_view{argv[2]} == "pin")
    pin_to_first_core();
  sim::server_config cfg;
  cfg.transport = secure ? sim::transport::tls : sim::transport::plain;
  cfg.limits.max_log_entries = 0;
  sim::server exchange{cfg};
  auto error = exchange.start();
  if (!error && secure)
    error = exchange.write_ca(argv[1]);
  if (error) {
    std::cerr << "zenws-bench: server: " << *error << '\n';
    return EXIT_FAILURE;
  }
  std::cout << exchange.port() << std::endl;
  for (;;)
    pause();
}

} // namespace zenws::bench
