// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "support/temporary_folder.hpp"
#include "support/unit_test.hpp"

#include "zenws/sim/server.hpp"

#include <string>

namespace zenws::test_support {

/// The certificate of a simulator's authority, as a file for its clients.
class authority_file {
public:
  explicit authority_file(const sim::server& of) {
    if (auto problem = of.write_ca(path()))
      CAF_FAIL(*problem);
  }

  std::string path() const {
    return folder_.file("ca.pem");
  }

private:
  test_support::temporary_folder folder_;
};

} // namespace zenws::test_support
