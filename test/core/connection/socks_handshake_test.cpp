// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE socks_handshake

#include "zenws/connection/proxy_handshake.hpp"

#include "support/unit_test.hpp"

using namespace zenws;
using namespace std::literals;

namespace {

using handshake_ptr = std::unique_ptr<proxy_handshake>;

const proxy_config without_login{.url = "socks5h://proxy"};

const proxy_config with_login{"socks5h://proxy", "joe", "sesame"};

handshake_ptr handshake(const proxy_config& proxy = without_login,
                        std::string_view target = "ws://example.com/") {
  return proxy_handshake::make(proxy, parse_url(target).value(), 8192).value();
}

/// Passes an answer on, and returns what is sent then.
std::string after(proxy_handshake& uut, std::string_view answer) {
  CAF_REQUIRE_EQUAL(uut.read(answer).value(), answer.size());
  return uut.take_output();
}

/// Returns the request that is sent after the choice of a method.
std::string request_to(std::string_view target) {
  auto uut = handshake(without_login, target);
  uut->take_output();
  return after(*uut, "\5\0"sv);
}

/// Returns the error after these answers, each of which comes whole.
error error_after(std::initializer_list<std::string_view> answers,
                  const proxy_config& proxy = without_login) {
  auto uut = handshake(proxy);
  for (auto answer : answers) {
    uut->take_output();
    while (!answer.empty()) {
      auto taken = uut->read(answer);
      if (!taken)
        return taken.error();
      answer.remove_prefix(*taken);
    }
  }
  CAF_FAIL("no error");
  return {};
}

std::string text_after(std::initializer_list<std::string_view> answers,
                       const proxy_config& proxy = without_login) {
  return to_string(error_after(answers, proxy));
}

constexpr auto chooses_none = "\5\0"sv;

constexpr auto chooses_login = "\5\2"sv;

} // namespace

// RFC 1928, section 3.
CAF_TEST(user and password are offered only if there are any) {
  CAF_CHECK(handshake(without_login)->take_output() == "\5\1\0"sv);
  CAF_CHECK(handshake(with_login)->take_output() == "\5\2\0\2"sv);
}

// RFC 1928, section 4.
CAF_TEST(the request has the name or the address of the server) {
  CAF_CHECK(request_to("wss://Example.com/x")
            == "\5\1\0\3\13example.com\1\273"sv);
  CAF_CHECK(request_to("ws://10.0.0.1:8080/") == "\5\1\0\1\12\0\0\1\37\220"sv);
  CAF_CHECK(request_to("ws://[2001:db8::1]/")
            == "\5\1\0\4\40\1\15\270\0\0\0\0\0\0\0\0\0\0\0\1\0\120"sv);
}

CAF_TEST(a name that does not fit is refused) {
  url target{.host = std::string(255, 'x'), .port = 80, .target = "/"};
  auto uut = proxy_handshake::make(without_login, target, 8192);
  CAF_REQUIRE(uut);
  (*uut)->take_output();
  CAF_CHECK(after(**uut, chooses_none)
            == "\5\1\0\3\377"s + target.host + "\0\120"s);
  target.host += 'x';
  uut = proxy_handshake::make(without_login, target, 8192);
  CAF_REQUIRE(!uut);
  CAF_CHECK(uut.error().code == ec::invalid_url);
}

CAF_TEST(only one scheme needs an address) {
  auto name = parse_url("ws://example.com/").value();
  auto address = parse_url("ws://[::1]/").value();
  CAF_CHECK(needs_address({"socks5://proxy"}, name));
  CAF_CHECK(!needs_address({"socks5://proxy"}, address));
  CAF_CHECK(!needs_address({"socks5h://proxy"}, name));
  CAF_CHECK(!needs_address({"http://proxy"}, name));
  CAF_CHECK(!needs_address({}, name));
}

// RFC 1929.
CAF_TEST(user and password are sent if the proxy wants them) {
  auto uut = handshake(with_login);
  uut->take_output();
  CAF_CHECK(after(*uut, chooses_login) == "\1\3joe\6sesame"sv);
  CAF_CHECK(after(*uut, "\1\0"sv).starts_with("\5\1\0\3"sv));
  auto trusting = handshake(with_login);
  trusting->take_output();
  CAF_CHECK(after(*trusting, chooses_none).starts_with("\5\1\0\3"sv));
}

CAF_TEST(a reply is read to its end and no byte further) {
  for (auto reply : {"\5\0\0\1\1\2\3\4\0\120"sv,
                     "\5\0\0\4\0\1\2\3\4\5\6\7\10\11\12\13\14\15\16\17\0\120"sv,
                     "\5\0\0\3\4name\0\120"sv, "\5\0\0\3\0\0\120"sv}) {
    auto all = std::string{chooses_none} + std::string{reply} + "tunnel";
    for (size_t piece = 1; piece <= all.size(); ++piece) {
      auto uut = handshake();
      size_t taken = 0;
      while (!uut->is_open() && taken < all.size()) {
        uut->take_output();
        taken += uut->read(std::string_view{all}.substr(taken, piece)).value();
      }
      CAF_CHECK(uut->is_open());
      CAF_CHECK_EQUAL(taken, all.size() - 6);
    }
  }
}

CAF_TEST(no answer is read before what it answers is sent) {
  auto uut = handshake();
  uut->take_output();
  CAF_CHECK_EQUAL(uut->read("\5\0\5\0\0"sv).value(), 2u);
  CAF_CHECK(uut->has_output());
}

// RFC 1928, section 6.
CAF_TEST(a refusal is told by the meaning of its reply) {
  const std::pair<std::string_view, std::string_view> meanings[]
    = {{"\5\1"sv, "general SOCKS server failure (reply 1)"},
       {"\5\2"sv, "connection not allowed by ruleset (reply 2)"},
       {"\5\3"sv, "network unreachable (reply 3)"},
       {"\5\4"sv, "host unreachable (reply 4)"},
       {"\5\5"sv, "connection refused (reply 5)"},
       {"\5\6"sv, "TTL expired (reply 6)"},
       {"\5\7"sv, "command not supported (reply 7)"},
       {"\5\10"sv, "address type not supported (reply 8)"},
       {"\5\11"sv, "not assigned (reply 9)"},
       {"\5\377"sv, "not assigned (reply 255)"}};
  for (auto& [reply, meaning] : meanings)
    CAF_CHECK_EQUAL(text_after({chooses_none, reply}),
                    "proxy_failed: the SOCKS proxy answers: "
                      + std::string{meaning});
}

CAF_TEST(refused authentication is final) {
  for (auto& err :
       {error_after({"\5\377"sv}), error_after({"\5\377"sv}, with_login),
        error_after({chooses_login, "\1\1"sv}, with_login),
        error_after({chooses_login, "\1\377"sv}, with_login)}) {
    CAF_CHECK(err.code == ec::proxy_auth_required);
    CAF_CHECK(class_of(err) == error_class::fatal);
    CAF_CHECK(to_string(err).find("sesame") == std::string::npos);
    CAF_CHECK(to_string(err).find("joe") == std::string::npos);
  }
  CAF_CHECK_EQUAL(text_after({"\5\377"sv}),
                  "proxy_auth_required: the SOCKS proxy wants credentials");
}

CAF_TEST(answers that break the protocol are told) {
  CAF_CHECK_EQUAL(text_after({"\4\132"sv}),
                  "proxy_failed: the answer is not SOCKS 5: it begins with "
                  "byte 4");
  CAF_CHECK_EQUAL(text_after({"HTTP/1.1 400 Bad Request"sv}),
                  "proxy_failed: the answer is not SOCKS 5: it begins with "
                  "byte 72, as HTTP does");
  CAF_CHECK_EQUAL(text_after({"\5\1"sv}),
                  "proxy_failed: the SOCKS proxy chose method 1, which was not "
                  "offered");
  // Not offered without credentials.
  CAF_CHECK_EQUAL(text_after({chooses_login}),
                  "proxy_failed: the SOCKS proxy chose method 2, which was not "
                  "offered");
  CAF_CHECK_EQUAL(text_after({chooses_login, "\5\0"sv}, with_login),
                  "proxy_failed: the answer to user and password has version "
                  "5, not 1");
  CAF_CHECK_EQUAL(text_after({chooses_none, "\4\0"sv}),
                  "proxy_failed: the answer is not SOCKS 5: it begins with "
                  "byte 4");
  CAF_CHECK_EQUAL(text_after({chooses_none, "\5\0\0\2\0"sv}),
                  "proxy_failed: the reply of the SOCKS proxy has an address "
                  "of the unknown type 2");
}
