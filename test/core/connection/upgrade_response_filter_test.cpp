// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE upgrade_response_filter

#include "zenws/connection/internal/upgrade_response_filter.hpp"

#include "support/unit_test.hpp"

#include <string>
#include <string_view>

using namespace zenws::internal;

namespace {

using verdict = upgrade_response_filter::verdict;

constexpr std::string_view accepting = "HTTP/1.1 101 Switching\r\nA: b\r\n\r\n";

struct fixture {
  static verdict judge(std::string_view bytes) {
    return upgrade_response_filter{100}.judge(bytes);
  }

  // Passes everything in pieces.
  std::string pass_all(size_t piece) {
    std::string result;
    while (!uut.done())
      result += uut.pass(piece);
    return result;
  }

  upgrade_response_filter uut{100};
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(upgrade_response_filter_tests, fixture)

CAF_TEST(the header of an acceptance passes whole and nothing behind it) {
  auto bytes = std::string{accepting} + "\x81\x01x";
  CAF_CHECK(uut.judge(bytes) == verdict::upgrade);
  CAF_CHECK_EQUAL(uut.header_size(), accepting.size());
  CAF_CHECK_EQUAL(pass_all(5), accepting);
  CAF_CHECK_EQUAL(uut.pass(5), "");
}

CAF_TEST(nothing passes before the header is complete) {
  for (size_t n = 0; n < accepting.size(); ++n) {
    CAF_CHECK(uut.judge(accepting.substr(0, n)) == verdict::incomplete);
    CAF_CHECK(uut.done());
    CAF_CHECK_EQUAL(uut.header_size(), 0u);
  }
  CAF_CHECK(uut.judge(accepting) == verdict::upgrade);
  CAF_CHECK_EQUAL(pass_all(1), accepting);
}

CAF_TEST(a status line without a reason is completed for Beast) {
  CAF_CHECK(uut.judge("HTTP/1.1 101\r\nA: b\r\n\r\n") == verdict::upgrade);
  // The size is that of the bytes that came.
  CAF_CHECK_EQUAL(uut.header_size(), 22u);
  CAF_CHECK_EQUAL(pass_all(5), "HTTP/1.1 101 \r\nA: b\r\n\r\n");
}

CAF_TEST(other statuses and other protocols are refusals) {
  CAF_CHECK(judge("SSH") == verdict::refusal);
  CAF_CHECK(judge("HTTP/1.1 403\r\n\r\n") == verdict::refusal);
  CAF_CHECK(judge("HTTP/1.1 200 OK\r\n\r\n") == verdict::refusal);
  CAF_CHECK(judge("HTTP/1.1 abc\r\n\r\n") == verdict::refusal);
}

CAF_TEST(a header may have its limit and no byte more) {
  auto with_size = [](size_t n) {
    auto rest = n - std::string_view{"HTTP/1.1 101 \r\n\r\n"}.size();
    return "HTTP/1.1 101 " + std::string(rest, 'x') + "\r\n\r\n";
  };
  CAF_CHECK(judge(with_size(100)) == verdict::upgrade);
  CAF_CHECK(judge(with_size(101)) == verdict::too_big);
  CAF_CHECK(judge(with_size(100).substr(0, 99)) == verdict::incomplete);
  CAF_CHECK(judge(with_size(200).substr(0, 100)) == verdict::too_big);
}

CAF_TEST_FIXTURE_SCOPE_END()
