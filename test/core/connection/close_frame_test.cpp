// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE close_frame

#include "peer_frames.hpp"

#include "zenws/connection/internal/close_frame.hpp"

#include "support/unit_test.hpp"

using namespace zenws;
using namespace zenws::internal;
using namespace zenws::peer;

CAF_TEST(a Close frame is found once it is whole) {
  auto frames = close_frame(1001, "bye") + text("x");
  for (size_t n = 1; n < 7; ++n)
    CAF_CHECK(scan_close(frames.substr(0, n)) == close_scan::incomplete);
  CAF_CHECK(scan_close(frames.substr(0, 7)) == close_scan::whole);
  CAF_CHECK(scan_close(frames) == close_scan::whole);
}

CAF_TEST(frames that Beast refuses or reads are others) {
  for (auto& x :
       {std::string{}, text("x"), frame(0x89, "p"), frame(0x08, "\x03\xe8"),
        frame(0x98, "\x03\xe8"), frame(0x88, "\x03\xe8", -1, true),
        frame(0x88, std::string(126, 'x'))})
    CAF_CHECK(scan_close(x) == close_scan::other);
}

CAF_TEST(code and reason of the peer are told) {
  auto uut = read_close(close_frame(1008, "Pong timeout") + text("x"));
  CAF_CHECK_EQUAL(to_string(uut),
                  "closed_by_peer: Pong timeout (close code 1008)");
  CAF_CHECK_EQUAL(read_close(close_frame(4999)).close_code, 4999);
  // Assigned since Beast 1.81, which refuses it.
  CAF_CHECK_EQUAL(read_close(close_frame(1014)).close_code, 1014);
}

CAF_TEST(a Close frame without a code is explained as such) {
  auto uut = read_close(frame(0x88, ""));
  CAF_CHECK_EQUAL(to_string(uut), "closed_by_peer (without a close code)");
  auto [cause, remedy] = explain(uut);
  CAF_CHECK_EQUAL(cause,
                  "The peer closed the connection. It gave no close code.");
  CAF_CHECK(remedy.find("code") == std::string::npos);
}

CAF_TEST(codes that must not be sent are named) {
  for (auto code : {0, 999, 1004, 1005, 1006, 1015, 2999, 5000, 22373, 65535}) {
    auto bytes = close_frame(code);
    CAF_CHECK(has_forbidden_code(bytes));
    CAF_CHECK_EQUAL(to_string(read_close(bytes)),
                    "protocol_error: a Close frame with code "
                      + std::to_string(code)
                      + ", which must not be sent (RFC 6455, section 7.4)");
  }
  for (auto code : {1000, 1003, 1007, 1014, 3000, 4999})
    CAF_CHECK(!has_forbidden_code(close_frame(code)));
}

CAF_TEST(half a code and a reason that is not text are named) {
  auto half = frame(0x88, "\x03");
  CAF_CHECK(!has_forbidden_code(half));
  CAF_CHECK(to_string(read_close(half)).find("half a code")
            != std::string::npos);
  auto uut = read_close(close_frame(1000, "\xc3\x28"));
  CAF_CHECK_EQUAL(uut.code, ec::protocol_error);
  CAF_CHECK(uut.detail.find("1000 and a reason that is not UTF-8")
            != std::string::npos);
}
