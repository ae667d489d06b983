// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE connect_handshake

#include "zenws/connection/internal/connect_handshake.hpp"

#include "support/unit_test.hpp"

using namespace zenws;
using namespace zenws::internal;

namespace {

std::string request_to(std::string_view target, const proxy_config& cfg = {}) {
  return connect_request(cfg, parse_url(target).value());
}

ec code_of(std::string_view header) {
  return read_connect_response(header).code;
}

connect_handshake handshake(size_t max_header_bytes = 100) {
  return {{}, parse_url("ws://h/").value(), max_header_bytes};
}

} // namespace

CAF_TEST(a request names the host and always the port) {
  CAF_CHECK_EQUAL(request_to("wss://Example.com/x?secret"),
                  "CONNECT example.com:443 HTTP/1.1\r\n"
                  "Host: example.com:443\r\n\r\n");
  CAF_CHECK_EQUAL(request_to("ws://[2001:DB8::1]/"),
                  "CONNECT [2001:db8::1]:80 HTTP/1.1\r\n"
                  "Host: [2001:db8::1]:80\r\n\r\n");
}

CAF_TEST(credentials are sent as Basic authentication) {
  // The example of RFC 7617, section 2.
  auto request = request_to("ws://h/",
                            {.user = "Aladdin", .password = "open sesame"});
  CAF_CHECK(request.ends_with("\r\nProxy-Authorization: Basic "
                              "QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n\r\n"));
  CAF_CHECK(
    request_to("ws://h/", {.user = "u"}).ends_with("Basic dTo=\r\n\r\n"));
}

CAF_TEST(any status of success opens the tunnel) {
  for (auto header :
       {"HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.0 200 x\r\n\r\n",
        "HTTP/1.1 200 \r\nContent-Length: 5\r\n\r\n",
        "HTTP/1.1 204 No Content\r\n\r\n", "HTTP/1.1 204\r\n\r\n"})
    CAF_CHECK(code_of(header) == ec::none);
}

CAF_TEST(other answers do not open a tunnel) {
  for (auto header :
       {"HTTP/1.1 101 Switching\r\n\r\n", "HTTP/1.1 302 Found\r\n\r\n",
        "HTTP/1.1 403 Forbidden\r\n\r\n", "HTTP/1.1 503 Busy\r\n\r\n",
        "HTTP/1.1 2000 OK\r\n\r\n", "HTTP/2 200\r\n\r\n", "\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "GET / HTTP/1.1\r\n\r\n"})
    CAF_CHECK(code_of(header) == ec::proxy_failed);
  auto err = read_connect_response("HTTP/1.1 407 Who?\r\n"
                                   "Proxy-Authenticate: Basic\r\n\r\n");
  CAF_CHECK(err.code == ec::proxy_auth_required);
  CAF_CHECK(class_of(err) == error_class::fatal);
  CAF_CHECK_EQUAL(to_string(err), "proxy_auth_required (HTTP 407 Who?)");
}

CAF_TEST(an answer that is no HTTP is quoted) {
  CAF_CHECK_EQUAL(to_string(read_connect_response("SSH-2.0-x\r\n\r\n")),
                  "proxy_failed: the answer is not HTTP: \"SSH-2.0-x\"");
}

CAF_TEST(a handshake takes its answers and no byte of what follows) {
  const std::string answers = "HTTP/1.1 100 Continue\r\n\r\n"
                              "HTTP/1.1 200 OK\r\n\r\n";
  const std::string all = answers + "tunnel";
  for (size_t piece = 1; piece <= all.size(); ++piece) {
    auto uut = handshake();
    CAF_CHECK(uut.take_output().starts_with("CONNECT h:80 "));
    size_t taken = 0;
    while (!uut.is_open() && taken < all.size())
      taken += uut.read(std::string_view{all}.substr(taken, piece)).value();
    CAF_CHECK(uut.is_open());
    CAF_CHECK_EQUAL(taken, answers.size());
    CAF_CHECK(!uut.has_output());
  }
}

CAF_TEST(answers are limited together) {
  const std::string interim = "HTTP/1.1 102 Processing\r\n\r\n";
  for (auto& text : {interim + interim + interim + interim,
                     "HTTP/1.1 200 OK\r\nX: " + std::string(90, 'x')}) {
    auto uut = handshake(60);
    size_t taken = 0;
    auto step = uut.read(text);
    while (step) {
      taken += *step;
      step = uut.read(std::string_view{text}.substr(taken));
    }
    CAF_CHECK(step.error().code == ec::proxy_failed);
    CAF_CHECK_EQUAL(step.error().detail,
                    "the header of the answer is too large");
    CAF_CHECK_LESS_OR_EQUAL(taken, 60u);
  }
}
