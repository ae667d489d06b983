// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "support/program.hpp"
#include "support/temporary_folder.hpp"

#include <string>
#include <vector>

namespace zenws::demo {

/// The exchange simulator in a process of its own, with TLS and an authority
/// of its own. Ends with this object, and with this process at the latest.
class exchange_process {
public:
  /// Starts the simulator, which lies next to this program, and waits until it
  /// listens.
  /// @param arguments in addition to those for port and TLS.
  /// @pre there is only one thread so far.
  /// @throws std::runtime_error if it does not.
  explicit exchange_process(const std::vector<std::string>& arguments);

  /// For example "wss://127.0.0.1:40123".
  const std::string& url() const noexcept {
    return url_;
  }

  /// The certificate of the simulator's authority.
  std::string ca_file() const {
    return folder_.file("ca.pem");
  }

private:
  test_support::temporary_folder folder_;
  test_support::program running_;
  std::string url_;
};

} // namespace zenws::demo
