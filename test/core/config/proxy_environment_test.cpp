// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE proxy_environment

#include "zenws/config/proxy_environment.hpp"

#include "support/unit_test.hpp"

#include <map>

using namespace zenws;

namespace {

using variables = std::map<std::string, std::string>;

result<proxy_config> find(const variables& environment,
                          std::string_view target) {
  auto lookup = [&](const std::string& name) {
    auto i = environment.find(name);
    return i != environment.end() ? i->second : std::string{};
  };
  return find_proxy(lookup, parse_url(target).value());
}

/// Returns URL and variable of the proxy.
std::string found(const variables& environment, std::string_view target) {
  return describe(find(environment, target).value());
}

/// Returns whether a target is reached without a proxy.
bool is_direct(const std::string& no_proxy, std::string_view target) {
  return found({{"all_proxy", "p:1"}, {"no_proxy", no_proxy}}, target)
         == "none";
}

std::string problem_with(const std::string& value) {
  auto result = find({{"https_proxy", value}}, "wss://h/");
  CAF_REQUIRE(!result);
  CAF_CHECK(result.error().code == ec::invalid_config);
  CAF_CHECK(result.error().detail.find("sesame") == std::string::npos);
  return result.error().detail;
}

} // namespace

CAF_TEST(without variables there is no proxy) {
  CAF_CHECK_EQUAL(found({}, "wss://h/"), "none");
  CAF_CHECK_EQUAL(found({{"https_proxy", ""}, {"no_proxy", "x"}}, "wss://h/"),
                  "none");
}

CAF_TEST(the first variable that has a value counts) {
  variables all{{"http_proxy", "http://a:1"},  {"HTTP_PROXY", "http://b:1"},
                {"https_proxy", "http://c:1"}, {"HTTPS_PROXY", "http://d:1"},
                {"all_proxy", "http://e:1"},   {"ALL_PROXY", "http://f:1"}};
  auto next = [&](const char* name, std::string_view target) {
    all.erase(name);
    return found(all, target);
  };
  CAF_CHECK_EQUAL(found(all, "ws://h/"), "http://a:1 (http_proxy)");
  CAF_CHECK_EQUAL(found(all, "wss://h/"), "http://c:1 (https_proxy)");
  CAF_CHECK_EQUAL(next("https_proxy", "wss://h/"), "http://d:1 (HTTPS_PROXY)");
  CAF_CHECK_EQUAL(next("HTTPS_PROXY", "wss://h/"), "http://e:1 (all_proxy)");
  all["all_proxy"] = "";
  CAF_CHECK_EQUAL(found(all, "wss://h/"), "http://f:1 (ALL_PROXY)");
}

// CVE-2016-5385
CAF_TEST(a variable that a request can set is not believed) {
  CAF_CHECK_EQUAL(found({{"HTTP_PROXY", "http://evil"}}, "ws://h/"), "none");
  CAF_CHECK_EQUAL(found({{"HTTP_PROXY", "http://evil"}}, "wss://h/"), "none");
}

CAF_TEST(a value is a URL or host and port) {
  for (auto& [value, url] : variables{{"proxy:3128", "http://proxy:3128"},
                                      {"[::1]:3128", "http://[::1]:3128"},
                                      {"HTTP://proxy/", "HTTP://proxy/"},
                                      {"socks5://proxy", "socks5://proxy"},
                                      {"socks5h://p:9", "socks5h://p:9"}}) {
    auto result = find({{"all_proxy", value}}, "ws://h/");
    CAF_REQUIRE(result);
    CAF_CHECK_EQUAL(result->url, url);
    CAF_CHECK_EQUAL(result->user, "");
  }
}

CAF_TEST(user info becomes credentials) {
  auto with = [](const std::string& value) {
    auto x = find({{"all_proxy", value}}, "ws://h/").value();
    return x.url + ' ' + x.user + ' ' + x.password;
  };
  CAF_CHECK_EQUAL(with("http://joe:open%20sesame@proxy:3128"),
                  "http://proxy:3128 joe open sesame");
  CAF_CHECK_EQUAL(with("socks5h://j%6fe@[::1]:9/"), "socks5h://[::1]:9/ joe ");
  CAF_CHECK_EQUAL(with("joe:a%40b:c@proxy"), "http://proxy joe a@b:c");
  CAF_CHECK_EQUAL(with("joe:a@b@proxy"), "http://proxy joe a@b");
}

CAF_TEST(what is no proxy is a problem that names the variable) {
  for (auto* value :
       {"https://joe:sesame@proxy", "socks4://joe:sesame@proxy",
        "http://joe:sesame@", "http://joe:sesame@proxy/path", "http://",
        "http://joe:sesame%0a@proxy", "http://sesame%3ab:c@proxy",
        "http://:sesame@proxy", "http://joe:sesame@proxy:0", "a b"})
    CAF_CHECK(problem_with(value).starts_with(
      "the environment variable https_proxy: "));
  for (auto* value : {"http://joe:sesame%@proxy", "http://sesame%2@proxy",
                      "http://joe:sesame%zz@proxy"})
    CAF_CHECK(problem_with(value).ends_with("two hexadecimal digits"));
}

CAF_TEST(a name stands for itself and for all below) {
  for (auto* entry :
       {"example.com", ".example.com", "*.example.com", "EXAMPLE.com",
        "example.com.", "a,example.com", "a, .example.com ,b", "a example.com"})
    for (auto* target : {"ws://example.com/", "wss://www.Example.com:8443/"})
      CAF_CHECK(is_direct(entry, target));
  CAF_CHECK(is_direct("example.com", "ws://example.com./"));
  for (auto* entry : {"", ",", ".", "*.", "*example.com", "www.example.com",
                      "xample.com", "com.example", "example.co", "10.0.0.1"})
    CAF_CHECK(!is_direct(entry, "ws://example.com/"));
  CAF_CHECK(!is_direct("example.com", "ws://myexample.com/"));
}

CAF_TEST(addresses are compared as such) {
  CAF_CHECK(is_direct("10.0.0.1", "ws://10.0.0.1/"));
  CAF_CHECK(is_direct("2001:db8::1", "ws://[2001:DB8:0::1]/"));
  CAF_CHECK(is_direct("[2001:db8::1]", "ws://[2001:db8::1]/"));
  CAF_CHECK(!is_direct("0.0.1", "ws://10.0.0.1/"));
  CAF_CHECK(!is_direct(".1", "ws://10.0.0.1/"));
  CAF_CHECK(!is_direct("10.0.0.1", "ws://110.0.0.1/"));
  CAF_CHECK(!is_direct("::1.2.3.4", "ws://1.2.3.4/"));
}

CAF_TEST(prefixes of addresses are compared to the bit) {
  for (auto* entry : {"10.0.0.0/8", "10.1.2.4/30", "10.1.2.5/32", "0.0.0.0/0",
                      "x,10.1.0.0/16"})
    CAF_CHECK(is_direct(entry, "ws://10.1.2.5/"));
  for (auto* entry : {"10.1.2.0/30", "11.0.0.0/8", "10.1.2.5/33", "10.1.2.5/",
                      "10.1.2.5/x", "10.1.2.5/-1", "/8", "::/0"})
    CAF_CHECK(!is_direct(entry, "ws://10.1.2.5/"));
  CAF_CHECK(is_direct("2001:db8::/33", "ws://[2001:db8:7fff::1]/"));
  CAF_CHECK(!is_direct("2001:db8::/33", "ws://[2001:db8:8000::1]/"));
  // Names are not resolved for it.
  CAF_CHECK(!is_direct("0.0.0.0/0", "ws://example.com/"));
}

CAF_TEST(an entry may have a port) {
  CAF_CHECK(is_direct("example.com:443", "wss://example.com/"));
  CAF_CHECK(is_direct("10.0.0.1:80", "ws://10.0.0.1/"));
  CAF_CHECK(is_direct("[2001:db8::1]:80", "ws://[2001:db8::1]/"));
  for (auto* entry :
       {"example.com:80", "example.com:", "example.com:x", "example.com:65979"})
    CAF_CHECK(!is_direct(entry, "wss://example.com/"));
  CAF_CHECK(!is_direct("[2001:db8::1]:81", "ws://[2001:db8::1]/"));
}

CAF_TEST(an asterisk stands for everything) {
  for (auto* target : {"ws://example.com/", "wss://10.0.0.1/", "ws://[::2]/"}) {
    CAF_CHECK(is_direct("*", target));
    CAF_CHECK(is_direct("x, *", target));
  }
}

CAF_TEST(the capital variable counts if there is no other) {
  variables uut{{"all_proxy", "p:1"}, {"NO_PROXY", "example.com"}};
  CAF_CHECK_EQUAL(found(uut, "ws://example.com/"), "none");
  uut["no_proxy"] = "other";
  CAF_CHECK(found(uut, "ws://example.com/") != "none");
}

CAF_TEST(this machine is reached without a proxy) {
  for (auto* target :
       {"ws://localhost/", "wss://LocalHost.:9/", "ws://a.localhost/",
        "ws://127.0.0.1/", "ws://127.8.9.10:1/", "ws://[::1]/"})
    CAF_CHECK(is_direct("", target));
  CAF_CHECK(!is_direct("", "ws://localhost.example/"));
  CAF_CHECK(!is_direct("", "ws://128.0.0.1/"));
}

CAF_TEST(a proxy that is not used is not judged) {
  variables uut{{"https_proxy", "nonsense://"}, {"no_proxy", "example.com"}};
  CAF_CHECK_EQUAL(found(uut, "wss://example.com/"), "none");
  CAF_CHECK_EQUAL(found(uut, "ws://example.org/"), "none");
}
