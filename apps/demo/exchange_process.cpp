// SPDX-License-Identifier: BSD-3-Clause

#include "exchange_process.hpp"

#include <chrono>
#include <iostream>
#include <stdexcept>

namespace zenws::demo {

namespace {

constexpr std::chrono::seconds exchange_patience{10};

std::vector<std::string> with(std::vector<std::string> arguments,
                              const std::string& ca_file) {
  arguments.insert(arguments.end(),
                   {"--port", "0", "--tls", "--ca-out", ca_file});
  return arguments;
}

} // namespace

exchange_process::exchange_process(const std::vector<std::string>& arguments)
  : running_(test_support::program_folder() / "exchange-sim",
             with(arguments, ca_file())) {
  auto url = running_.read_after("listening on ", exchange_patience);
  if (!url)
    throw std::runtime_error{"the exchange simulator did not start to listen"};
  url_ = std::move(*url);
  std::cout << "An exchange simulator is process " << running_.pid() << " at "
            << url_ << ".\nIts certificate is checked against " << ca_file()
            << '.' << std::endl;
}

} // namespace zenws::demo
