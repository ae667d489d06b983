// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE tls_context

#include "zenws/connection/internal/tls_context.hpp"

#include "tls_handshake.hpp"

#include "support/key_pair.hpp"
#include "support/temporary_folder.hpp"
#include "support/unit_test.hpp"

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

using namespace zenws;
using namespace zenws::internal;
using namespace zenws::test_support;

namespace {

struct fixture {
  // Writes the certificate of an authority.
  void write_authority() const {
    auto keys = make_key_pair(key_kind::elliptic_curve);
    std::ofstream{file} << certificate_of(keys.private_key);
  }

  // Keeps no reference.
  std::weak_ptr<tls_context> watched(const tls_config& cfg) const {
    return tls_context::get(cfg).value();
  }

  temporary_folder folder;
  std::string file = folder.file("file");
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(tls_context_tests, fixture)

// Otherwise each attempt during an outage reads all roots, and no session is
// left to resume afterwards.
CAF_TEST(a context outlives its last connection) {
  auto uut = watched({});
  CAF_REQUIRE(!uut.expired());
  CAF_CHECK(tls_context::get({}).value() == uut.lock());
}

CAF_TEST(other settings have another context) {
  auto uut = watched({});
  CAF_CHECK(
    tls_context::get({.verify = tls_verify::insecure_skip_verify}).value()
    != uut.lock());
}

CAF_TEST(files that have changed are read again) {
  write_authority();
  auto uut = watched({.ca_file = file});
  CAF_CHECK(tls_context::get({.ca_file = file}).value() == uut.lock());
  std::filesystem::remove(file);
  CAF_CHECK(tls_context::get({.ca_file = file}).error().code == ec::tls_failed);
  write_authority();
  CAF_CHECK(tls_context::get({.ca_file = file}).value() != uut.lock());
}

CAF_TEST(a broken file is not taken for the one before) {
  write_authority();
  auto uut = watched({.ca_file = file});
  std::ofstream{file} << "nonsense";
  CAF_CHECK(!tls_context::get({.ca_file = file}));
}

CAF_TEST(secrets are logged for no longer than there are connections) {
  auto uut = watched({.key_log_file = file});
  CAF_CHECK(uut.expired());
}

CAF_TEST_FIXTURE_SCOPE_END()
