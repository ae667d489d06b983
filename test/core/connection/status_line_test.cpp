// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE status_line

#include "zenws/connection/internal/refusal.hpp"
#include "zenws/connection/internal/status_line.hpp"

#include "support/unit_test.hpp"

#include <boost/asio/error.hpp>

using namespace zenws;
using namespace zenws::internal;

CAF_TEST(statuses are read with and without a reason) {
  CAF_CHECK_EQUAL(read_status("HTTP/1.1 101\r\n").value_or(0), 101u);
  CAF_CHECK_EQUAL(read_status("HTTP/1.1 101 \r\n").value_or(0), 101u);
  CAF_CHECK_EQUAL(read_status("HTTP/1.1 101 null\r\nX: y").value_or(0), 101u);
  CAF_CHECK_EQUAL(
    read_status("HTTP/1.0 200 Connection established\r\n").value_or(0), 200u);
}

CAF_TEST(a line of another form has no status) {
  for (auto line : {"", "\r\n", "HTTP/1.1", "HTTP/1.1 \r\n", "HTTP/1.1 10\r\n",
                    "HTTP/1.1 1010\r\n", "HTTP/1.1 abc\r\n", "HTTP/2 200\r\n",
                    "HTTP/1.1  101\r\n", "HTTP/1.x 101 \r\n", "SSH-2.0-x\r\n"})
    CAF_CHECK(!read_status(line));
}

CAF_TEST(a status without the space behind it gets one) {
  CAF_CHECK_EQUAL(with_complete_status_line("HTTP/1.1 101\r\nA: b\r\n\r\n"),
                  "HTTP/1.1 101 \r\nA: b\r\n\r\n");
  // Reads beyond the end happened for a line cut behind the status.
  for (auto other : {"HTTP/1.1 101 \r\n\r\n", "HTTP/1.1 101 x\r\n\r\n",
                     "HTTP/1.1 1\r\n\r\n", "HTTP/1.1 503", "x", ""})
    CAF_CHECK_EQUAL(with_complete_status_line(other), other);
}

CAF_TEST(a refusal without a reason has its own status) {
  auto refusal = read_refusal("HTTP/1.1 403\r\nContent-Length: 0\r\n\r\n", {});
  CAF_REQUIRE(refusal && *refusal);
  CAF_CHECK_EQUAL((*refusal)->status, 403u);
  CAF_CHECK_EQUAL((*refusal)->reason, "");
}

CAF_TEST(an answer that is no HTTP is quoted) {
  auto quoted = [](std::string_view bytes) {
    auto refusal = read_refusal(bytes, {});
    CAF_REQUIRE(!refusal);
    CAF_CHECK_EQUAL(refusal.error().code, ec::upgrade_invalid);
    return refusal.error().detail;
  };
  CAF_CHECK_EQUAL(quoted("SSH-2.0-x\r\nsecond"),
                  "the answer is not HTTP: \"SSH-2.0-x\"");
  CAF_CHECK_EQUAL(quoted("\x15\x03\x01 caf\xc3\xa9"),
                  "the answer is not HTTP: \"??? caf??\"");
  CAF_CHECK_EQUAL(quoted("HTTP/1.1 abc\r\n\r\n"),
                  "the answer is not HTTP: \"HTTP/1.1 abc\"");
  CAF_CHECK_EQUAL(quoted(std::string(1000, 'x')).size(),
                  quoted("x").size() + 99);
}

CAF_TEST(our own request is not quoted) {
  auto refusal = read_refusal("GET /ws?key=secret HTTP/1.1\r\n", {});
  CAF_REQUIRE(!refusal);
  CAF_CHECK(refusal.error().detail.find("secret") == std::string::npos);
}

CAF_TEST(half an answer is waited for) {
  auto half = "HTTP/1.1 403 Forb";
  auto refusal = read_refusal(half, {});
  CAF_REQUIRE(refusal);
  CAF_CHECK(*refusal == nullptr);
  CAF_CHECK(!read_refusal(half, boost::asio::error::eof));
}
