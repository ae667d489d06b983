// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE url

#include "zenws/config/url.hpp"

#include "support/seed.hpp"
#include "support/unit_test.hpp"

#include <random>
#include <set>

using namespace zenws;
using namespace zenws::test_support;

namespace {

url parsed(std::string_view text) {
  auto result = parse_url(text);
  if (!result)
    CAF_FAIL(text << " is refused: " << result.error().detail);
  return *result;
}

std::string refusal_of(std::string_view text) {
  auto result = parse_url(text);
  if (result)
    return "accepted: " + to_string(*result);
  CAF_CHECK(result.error().code == ec::invalid_url);
  return result.error().detail;
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

} // namespace

// -- accepted URLs ------------------------------------------------------------

CAF_TEST(each part of a URL is found) {
  auto uut = parsed("wss://Stream.Example.com:9443/ws/btcusdt@trade?a=1&b=%20");
  CAF_CHECK(uut.scheme == url_scheme::wss);
  CAF_CHECK(uut.secure());
  CAF_CHECK_EQUAL(uut.host, "stream.example.com");
  CAF_CHECK_EQUAL(uut.port, 9443u);
  CAF_CHECK_EQUAL(uut.target, "/ws/btcusdt@trade?a=1&b=%20");
  CAF_CHECK_EQUAL(uut.host_header(), "stream.example.com:9443");
}

CAF_TEST(parts left out have the default of the scheme) {
  CAF_CHECK_EQUAL(parsed("ws://h").port, 80u);
  CAF_CHECK_EQUAL(parsed("WSS://h").port, 443u);
  CAF_CHECK_EQUAL(parsed("ws://h").target, "/");
  CAF_CHECK_EQUAL(parsed("ws://h?x=1").target, "/?x=1");
  CAF_CHECK_EQUAL(parsed("ws://h:80/").host_header(), "h");
  CAF_CHECK_EQUAL(parsed("ws://h:443/").host_header(), "h:443");
}

// ZenWebsocket dropped the query until 0.4.0.
CAF_TEST(the query stays as it is and the fragment goes) {
  CAF_CHECK_EQUAL(parsed("ws://h/p?a=%2F&&b#frag").target, "/p?a=%2F&&b");
  CAF_CHECK_EQUAL(parsed("ws://h/p?").target, "/p?");
  CAF_CHECK_EQUAL(parsed("ws://h/a/../b//c").target, "/a/../b//c");
  CAF_CHECK_EQUAL(parsed("ws://h/?u=x@y:z").target, "/?u=x@y:z");
}

CAF_TEST(an IPv6 address loses its brackets and gets them back) {
  auto uut = parsed("ws://[2001:DB8:0:0:0:0:0:1]:8080/x");
  CAF_CHECK_EQUAL(uut.host, "2001:db8::1");
  CAF_CHECK_EQUAL(uut.host_header(), "[2001:db8::1]:8080");
  CAF_CHECK_EQUAL(to_string(uut), "ws://[2001:db8::1]:8080/x");
  CAF_CHECK(uut.is_ip_literal());
}

CAF_TEST(names are told from addresses) {
  CAF_CHECK(parsed("ws://127.0.0.1").is_ip_literal());
  CAF_CHECK(parsed("ws://[::1]").is_ip_literal());
  CAF_CHECK(!parsed("ws://localhost").is_ip_literal());
  CAF_CHECK(!parsed("ws://1.2.3.4.example").is_ip_literal());
  CAF_CHECK(!parsed("ws://1.2.3.400").is_ip_literal());
}

// -- refused URLs -------------------------------------------------------------

CAF_TEST(each mistake has a message of its own) {
  std::set<std::string> details;
  for (auto text : {"",
                    "example.com",
                    "http://h",
                    "https://h",
                    "ftp://h",
                    "ws://",
                    "ws://user:pw@h",
                    "ws://h:0",
                    "ws://h:65536",
                    "ws://h:x",
                    "ws://h/a b",
                    "ws://h/\r\nX: y",
                    "ws://h/\t",
                    "ws://[::1",
                    "ws://[::g]",
                    "ws://[::1]x",
                    "ws://a:b:c",
                    "ws://h%0d%0a",
                    "ws://h/\xc3\xa4",
                    "ws://h/%zz"})
    details.insert(refusal_of(text));
  CAF_CHECK_EQUAL(details.size(), 20u);
}

CAF_TEST(messages name the correction) {
  CAF_CHECK(contains(refusal_of("http://h"), "ws://"));
  CAF_CHECK(contains(refusal_of("https://h"), "wss://"));
  CAF_CHECK(contains(refusal_of("ws://u@h"), "user info"));
  CAF_CHECK(contains(refusal_of("ws:///path"), "no host"));
  CAF_CHECK(contains(refusal_of("ws://:80/"), "no host"));
  CAF_CHECK(contains(refusal_of("ws://::1/"), "brackets"));
  CAF_CHECK(contains(refusal_of("ws://h:99999999999999999999"), "65535"));
  CAF_CHECK(contains(refusal_of("ws://h:"), "not a number"));
  CAF_CHECK(contains(refusal_of("ws://[]"), "IPv6"));
  CAF_CHECK(contains(refusal_of("ws://[fe80::1%25eth0]"), "zone"));
}

// CVE-2026-1527: line breaks in the request.
CAF_TEST(nothing that ends a header line gets through) {
  for (std::string_view text : {"ws://h\r\nX: y/", "ws://h/\n", "ws://h/?\r",
                                "ws://h/#\n", "ws://a%0d%0aX:1/", "ws://h%00/"})
    CAF_CHECK(!parse_url(text));
  CAF_CHECK(!parse_url(std::string_view{"ws://h/\0x", 9}));
}

CAF_TEST(a refusal never repeats credentials) {
  CAF_CHECK(!contains(refusal_of("ws://joe:sesame@h/"), "sesame"));
  CAF_CHECK(!contains(refusal_of("ws://h/?key=sesame\x01"), "sesame"));
  CAF_CHECK(!contains(refusal_of("ws://h/?key=sesame|"), "sesame"));
}

// -- secrets ------------------------------------------------------------------

CAF_TEST(a redacted URL shows no token) {
  CAF_CHECK_EQUAL(parsed("wss://h/p?token=abc&x=&flag").redacted(),
                  "wss://h/p?token=***&x=***&***");
  CAF_CHECK_EQUAL(parsed("wss://h/p?a=b=c#f").redacted(), "wss://h/p?a=***");
  CAF_CHECK_EQUAL(parsed("wss://h/ws/pqia91ma19a5s61cv6a81va65").redacted(),
                  "wss://h/ws/***");
  CAF_CHECK_EQUAL(parsed("wss://h/ws/api/v2").redacted(), "wss://h/ws/api/v2");
  CAF_CHECK_EQUAL(parsed("wss://h/ws/btcusdt@aggTrade").redacted(),
                  "wss://h/ws/btcusdt@aggTrade");
}

// -- any input ----------------------------------------------------------------

CAF_TEST(each accepted URL is fit for a request and reads back the same) {
  constexpr std::string_view alphabet = "ws:/?#[]@%&=.-_~aZ09 \r\n\x01|\xff";
  std::mt19937_64 rng{choose_seed()};
  size_t accepted = 0;
  for (int i = 0; i < 200'000; ++i) {
    std::string text = i % 4 == 0 ? "wss://[::" : "ws://h";
    for (auto length = rng() % 12; length > 0; --length)
      text += alphabet[rng() % alphabet.size()];
    auto uut = parse_url(text);
    if (!uut)
      continue;
    ++accepted;
    auto is_fit = [](char c) { return c > 0x20 && c < 0x7f; };
    auto whole = uut->host_header() + uut->target;
    if (!std::all_of(whole.begin(), whole.end(), is_fit)
        || uut->target.front() != '/' || uut->port == 0 || uut->host.empty())
      CAF_ERROR("unfit: " << text);
    auto again = parse_url(to_string(*uut));
    if (!again || *again != *uut)
      CAF_ERROR("does not read back: " << text);
  }
  CAF_CHECK_GREATER(accepted, 1'000u);
}

// -- proxies ------------------------------------------------------------------

CAF_TEST(the URL of a proxy is a host and a port) {
  auto parse = [](std::string_view text) {
    auto result = parse_proxy_url(text);
    return result ? *result : proxy_address{};
  };
  using enum proxy_scheme;
  CAF_CHECK(parse("http://Proxy.example:3128")
            == (proxy_address{http, {"proxy.example", 3128}}));
  CAF_CHECK(parse("HTTP://10.0.0.1/")
            == (proxy_address{http, {"10.0.0.1", 80}}));
  CAF_CHECK(parse("http://[::1]:8080") == (proxy_address{http, {"::1", 8080}}));
  CAF_CHECK(parse("socks5://proxy")
            == (proxy_address{socks5, {"proxy", 1080}}));
  CAF_CHECK(parse("SOCKS5H://proxy:1/")
            == (proxy_address{socks5h, {"proxy", 1}}));
}

CAF_TEST(wrong URLs of proxies are refused without their secrets) {
  for (auto text : {"",
                    "http",
                    "http://",
                    "http://:80",
                    "https://proxy",
                    "ws://proxy",
                    "http://proxy:0",
                    "http://proxy:99999",
                    "http://proxy:",
                    "http://a b",
                    "http://proxy/x",
                    "http://proxy?x",
                    "http://proxy#x",
                    "http://[::1",
                    "http://proxy\r\nX: y",
                    "http://joe:sesame@proxy:80",
                    "socks5",
                    "socks4://proxy",
                    "socks://proxy",
                    "socks5h://joe:sesame@proxy"}) {
    auto result = parse_proxy_url(text);
    CAF_REQUIRE(!result);
    CAF_CHECK(result.error().code == ec::invalid_url);
    CAF_CHECK(result.error().detail.find("sesame") == std::string::npos);
  }
}
