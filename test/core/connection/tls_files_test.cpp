// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE tls_files

#include "tls_handshake.hpp"

#include "support/key_pair.hpp"
#include "support/temporary_folder.hpp"
#include "support/unit_test.hpp"

#include "zenws/connection/tls_files.hpp"

#include <fstream>

using namespace zenws;
using namespace zenws::test_support;

namespace {

struct fixture {
  void write(const std::string& name, const std::string& content) const {
    std::ofstream{folder.file(name)} << content;
  }

  // Checks our certificate with a key, and returns the problem.
  std::string problem_of_key(const std::string& key) const {
    write("a.pem", certificate_of(own_key));
    write("a.key", key);
    return check_files({.cert_file = folder.file("a.pem"),
                        .key_file = folder.file("a.key")})
      .detail;
  }

  temporary_folder folder;
  std::string own_key = make_key_pair(key_kind::elliptic_curve).private_key;
};

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(tls_files_tests, fixture)

CAF_TEST(a certificate and its key fit) {
  CAF_CHECK_EQUAL(problem_of_key(own_key), "");
}

CAF_TEST(the key of another certificate is named) {
  auto problem
    = problem_of_key(make_key_pair(key_kind::elliptic_curve).private_key);
  CAF_CHECK(contains(problem, "tls.key_file"));
}

CAF_TEST(nobody is asked for the password of a key) {
  auto key = make_key_pair(key_kind::elliptic_curve, "secret").private_key;
  auto problem = problem_of_key(key);
  CAF_CHECK(contains(problem, folder.file("a.key")));
  CAF_CHECK(contains(problem, "store the key without one"));
}

CAF_TEST_FIXTURE_SCOPE_END()
