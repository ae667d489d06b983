// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE client_config

#include "zenws/config/client_config.hpp"

#include "support/unit_test.hpp"

#include <cstdio>
#include <fstream>
#include <limits>
#include <unistd.h>

using namespace std::chrono_literals;
using namespace zenws;

namespace {

constexpr auto nan = std::numeric_limits<double>::quiet_NaN();

client_config valid() {
  return {.url = "wss://example.com/ws"};
}

// Returns the fields with problems, separated by blanks.
std::string fields_of(const client_config& cfg) {
  std::string result;
  for (auto& [field, message] : validate(cfg)) {
    CAF_CHECK(!message.empty());
    result += (result.empty() ? "" : " ") + field;
  }
  return result;
}

// Returns the same for a valid configuration that `change` was applied to.
template <class F>
std::string fields_after(F change) {
  auto cfg = valid();
  change(cfg);
  return fields_of(cfg);
}

std::string fields_with(header x) {
  return fields_after([&x](client_config& cfg) { cfg.headers = {x}; });
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// A file that exists for the duration of a test.
class temporary_file {
public:
  explicit temporary_file(std::string_view content)
    : path_("/tmp/zenws-config-test-" + std::to_string(::getpid())) {
    std::ofstream{path_} << content;
  }

  ~temporary_file() {
    std::remove(path_.c_str());
  }

  const std::string& path() const noexcept {
    return path_;
  }

private:
  std::string path_;
};

} // namespace

// -- the whole ----------------------------------------------------------------

CAF_TEST(the defaults and a URL are a valid configuration) {
  CAF_CHECK_EQUAL(fields_of(valid()), "");
  CAF_CHECK(!as_error(validate(valid())));
}

// The first problem hid all others.
CAF_TEST(every problem is reported with its field) {
  client_config uut{.url = "http://h",
                    .headers = {{"Host", "x"}, {"X-Key", "a\r\nb"}, {"", ""}},
                    .subprotocols = {"a b"},
                    .tls = {.cert_file = "/nonexistent"},
                    .compression = {.client_window_bits = 8},
                    .proxy = {.url = "proxy", .user = "a:b"},
                    .handshake_timeout = 0ms,
                    .max_message_bytes = 0,
                    .backoff = {.min = 2s, .max = 1s, .jitter = 1.1},
                    .heartbeat = {.interval = -1ms},
                    .final_close_codes = {1008, 1006}};
  CAF_CHECK_EQUAL(fields_of(uut),
                  "url headers[0].name headers[1].value headers[2].name "
                  "subprotocols[0] tls.cert_file tls.key_file "
                  "compression.client_window_bits proxy.url proxy.user "
                  "handshake_timeout max_message_bytes backoff.max "
                  "backoff.jitter heartbeat.interval final_close_codes[1]");
  auto err = as_error(validate(uut));
  CAF_CHECK(err.code == ec::invalid_config);
  CAF_CHECK(contains(err.detail, "backoff.max: is 1000 ms"));
  CAF_CHECK(contains(err.detail, "final_close_codes[1]: 1006"));
}

// -- the request --------------------------------------------------------------

CAF_TEST(a problem with the URL says which) {
  auto problems = validate(client_config{.url = "https://h"});
  CAF_REQUIRE_EQUAL(problems.size(), 1u);
  CAF_CHECK_EQUAL(problems[0].field, "url");
  CAF_CHECK(contains(problems[0].message, "wss://"));
  CAF_CHECK_EQUAL(fields_of({}), "url");
}

// CVE-2026-1527, CVE-2026-43966
CAF_TEST(headers cannot smuggle a line into the request) {
  for (auto value : {"a\rb", "a\nb", "a\r\nX: y", "\x01", "a\x7f"})
    CAF_CHECK_EQUAL(fields_with({"X", value}), "headers[0].value");
  CAF_CHECK_EQUAL(fields_with({"X", std::string("a\0b", 3)}),
                  "headers[0].value");
  for (auto name : {"", "a b", "a:", "a\r\nb", "a\tb", "\xc3\xa4", "a(b)"})
    CAF_CHECK_EQUAL(fields_with({name, "x"}), "headers[0].name");
  CAF_CHECK_EQUAL(fields_with({"X-Api_Key!", "a b\t\xc3\xa4"}), "");
}

CAF_TEST(headers of the handshake are reserved in any case) {
  for (auto name :
       {"host", "UPGRADE", "Connection", "content-length", "Transfer-Encoding",
        "Sec-WebSocket-Key", "sec-websocket-protocol", "Sec-WebSocket-"})
    CAF_CHECK_EQUAL(fields_with({name, "x"}), "headers[0].name");
  for (auto name : {"Origin", "Authorization", "Cookie", "User-Agent", "Hosts",
                    "Sec-WebSocke"})
    CAF_CHECK_EQUAL(fields_with({name, "x"}), "");
}

CAF_TEST(subprotocols are unique tokens) {
  auto offering = [](std::vector<std::string> names) {
    return fields_after(
      [&names](client_config& cfg) { cfg.subprotocols = names; });
  };
  CAF_CHECK_EQUAL(offering({"a", "b"}), "");
  CAF_CHECK_EQUAL(offering({"a", "b", "a"}), "subprotocols[2]");
  CAF_CHECK_EQUAL(offering({"", "a,b", "a\n"}),
                  "subprotocols[0] subprotocols[1] subprotocols[2]");
}

// -- TLS ----------------------------------------------------------------------

CAF_TEST(certificate and key come together) {
  temporary_file file{"PEM"};
  auto with = [](tls_config tls) {
    return fields_after([&tls](client_config& cfg) { cfg.tls = tls; });
  };
  CAF_CHECK_EQUAL(with({.cert_file = file.path()}), "tls.key_file");
  CAF_CHECK_EQUAL(with({.key_file = file.path()}), "tls.cert_file");
  CAF_CHECK_EQUAL(with({.cert_file = file.path(), .key_file = file.path()}),
                  "");
}

CAF_TEST(files must be there and have something in them) {
  temporary_file empty{""};
  for (auto path :
       {std::string{"/nonexistent"}, std::string{"/tmp"}, empty.path()}) {
    auto fields
      = fields_after([&path](client_config& cfg) { cfg.tls.ca_file = path; });
    CAF_CHECK_EQUAL(fields, "tls.ca_file");
  }
}

// -- compression and proxy ----------------------------------------------------

CAF_TEST(windows of compression have 9 to 15 bits) {
  auto with = [](compression_config value) {
    return fields_after(
      [&value](client_config& cfg) { cfg.compression = value; });
  };
  CAF_CHECK(!client_config{}.compression.offer);
  CAF_CHECK_EQUAL(with({.offer = true, .client_window_bits = 9}), "");
  for (auto bits : {0u, 8u, 16u, 4'000'000'000u})
    CAF_CHECK_EQUAL(
      with({.client_window_bits = bits, .server_window_bits = bits}),
      "compression.client_window_bits "
      "compression.server_window_bits");
  CAF_CHECK_EQUAL(with({.min_message_bytes = size_t{1} << 40}),
                  "compression.min_message_bytes");
}

CAF_TEST(a proxy has a URL without user info) {
  auto with = [](proxy_config value) {
    return fields_after([&value](client_config& cfg) { cfg.proxy = value; });
  };
  CAF_CHECK_EQUAL(with({}), "");
  CAF_CHECK_EQUAL(with({"http://proxy:3128", "joe", "a:b \xc3\xa4"}), "");
  CAF_CHECK_EQUAL(with({"socks5://proxy:1080", "a:b", "c"}), "");
  CAF_CHECK_EQUAL(with({"socks5h://[::1]", "joe"}), "");
  for (auto url : {"proxy:3128", "https://proxy", "socks4://proxy",
                   "http://joe:sesame@proxy:3128", "http://proxy/path"})
    CAF_CHECK_EQUAL(with({url}), "proxy.url");
  CAF_CHECK_EQUAL(with({.user = "joe"}), "proxy.url");
  CAF_CHECK_EQUAL(with({.url = "http://proxy", .password = "x"}), "proxy.user");
}

CAF_TEST(credentials of SOCKS have a length of one byte) {
  auto with = [](std::string url, size_t user, size_t password) {
    return fields_after([&](client_config& cfg) {
      cfg.proxy = {url, std::string(user, 'x'), std::string(password, 'x')};
    });
  };
  CAF_CHECK_EQUAL(with("socks5://proxy", 255, 255), "");
  CAF_CHECK_EQUAL(with("socks5://proxy", 256, 256),
                  "proxy.user proxy.password");
  CAF_CHECK_EQUAL(with("socks5h://proxy", 255, 256), "proxy.password");
  CAF_CHECK_EQUAL(with("http://proxy", 256, 256), "");
}

CAF_TEST(the description of a proxy tells its variable but no credentials) {
  CAF_CHECK_EQUAL(describe(proxy_config{}), "none");
  proxy_config uut{"socks5h://proxy:1080", "sesame", "open sesame"};
  CAF_CHECK_EQUAL(describe(uut), "socks5h://proxy:1080");
  uut.variable = "all_proxy";
  CAF_CHECK_EQUAL(describe(uut), "socks5h://proxy:1080 (all_proxy)");
  uut.url = "socks5h://joe:sesame@proxy:1080";
  CAF_CHECK_EQUAL(describe(uut), "(invalid) (all_proxy)");
}

// CVE-2026-1527, CVE-2026-43966
CAF_TEST(credentials for a proxy cannot smuggle anything) {
  auto with = [](std::string user, std::string password) {
    return fields_after([&](client_config& cfg) {
      cfg.proxy = {"http://proxy", user, password};
    });
  };
  CAF_CHECK_EQUAL(with("a:b", ""), "proxy.user");
  for (auto text : {"a\rb", "a\nb", "a\tb", "a\x7f"})
    CAF_CHECK_EQUAL(with(text, text), "proxy.user proxy.password");
  CAF_CHECK_EQUAL(with(std::string("a\0b", 3), ""), "proxy.user");
}

// -- numbers ------------------------------------------------------------------

CAF_TEST(durations are positive and at most a day) {
  auto with = [](std::chrono::milliseconds value) {
    return fields_after([value](client_config& cfg) {
      cfg.handshake_timeout = value;
      cfg.close_timeout = value;
      cfg.backoff.min = value;
      cfg.backoff.max = value;
      cfg.backoff.stable_after = value;
      cfg.heartbeat.interval = value;
    });
  };
  CAF_CHECK_EQUAL(with(1ms), "");
  CAF_CHECK_EQUAL(with(24h), "");
  CAF_CHECK_EQUAL(with(0ms),
                  "handshake_timeout close_timeout backoff.min backoff.max "
                  "backoff.stable_after");
  for (auto value :
       {-1ms, std::chrono::milliseconds{24h} + 1ms,
        std::chrono::milliseconds::max(), std::chrono::milliseconds::min()})
    CAF_CHECK_EQUAL(with(value),
                    "handshake_timeout close_timeout backoff.min backoff.max "
                    "backoff.stable_after heartbeat.interval");
}

// CVE-2026-0716: no size is unlimited.
CAF_TEST(sizes have a floor and a ceiling) {
  auto with = [](size_t message, size_t header, size_t outbound) {
    return fields_after([=](client_config& cfg) {
      cfg.max_message_bytes = message;
      cfg.max_header_bytes = header;
      cfg.max_outbound_bytes = outbound;
    });
  };
  constexpr size_t gib = 1024 * 1024 * 1024;
  CAF_CHECK_EQUAL(with(1, 1, 1), "");
  CAF_CHECK_EQUAL(with(gib, 8192, gib), "");
  CAF_CHECK_EQUAL(with(gib + 1, 8193, gib + 1),
                  "max_message_bytes max_header_bytes max_outbound_bytes");
  CAF_CHECK_EQUAL(with(0, 0, 0),
                  "max_message_bytes max_header_bytes max_outbound_bytes");
}

CAF_TEST(a backoff that cannot back off is refused) {
  auto with = [](backoff_config value) {
    return fields_after([&value](client_config& cfg) { cfg.backoff = value; });
  };
  CAF_CHECK_EQUAL(with({.min = 1s, .max = 1s, .factor = 1, .jitter = 0}), "");
  CAF_CHECK_EQUAL(with({.jitter = 1, .max_attempts = 0}), "");
  CAF_CHECK_EQUAL(with({.min = 1s, .max = 999ms}), "backoff.max");
  for (auto factor :
       {0.99, -2.0, 0.0, nan, 101.0, std::numeric_limits<double>::infinity()})
    CAF_CHECK_EQUAL(with({.factor = factor}), "backoff.factor");
  for (auto jitter : {-0.01, 1.01, nan})
    CAF_CHECK_EQUAL(with({.jitter = jitter}), "backoff.jitter");
}

// A mistyped heartbeat was silently none.
CAF_TEST(an unknown heartbeat is refused) {
  auto with = [](heartbeat_config value) {
    return fields_after(
      [&value](client_config& cfg) { cfg.heartbeat = value; });
  };
  CAF_CHECK_EQUAL(with({.kind = heartbeat_kind::none}), "");
  CAF_CHECK_EQUAL(with({.kind = heartbeat_kind{77}}), "heartbeat.kind");
  CAF_CHECK_EQUAL(with({.max_missed = 0}), "");
  CAF_CHECK_EQUAL(with({.max_missed = 101}), "heartbeat.max_missed");
}

// An unknown verification would be none, an unknown login as well.
CAF_TEST(wrong values of security settings are refused) {
  CAF_CHECK_EQUAL(
    fields_after([](client_config& cfg) { cfg.tls.verify = tls_verify{77}; }),
    "tls.verify");
  CAF_CHECK_EQUAL(
    fields_after([](client_config& cfg) { cfg.venue.login = login_mode{77}; }),
    "venue.login");
}

// -- closing ------------------------------------------------------------------

CAF_TEST(only codes that travel in a Close frame are codes) {
  for (int code :
       {1000, 1001, 1002, 1003, 1007, 1008, 1011, 1014, 3000, 4001, 4999})
    CAF_CHECK(is_close_code(static_cast<uint16_t>(code)));
  for (int code : {0, 1, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535})
    CAF_CHECK(!is_close_code(static_cast<uint16_t>(code)));
}

CAF_TEST(a close reason is short and valid UTF8) {
  auto code_of = [](uint16_t code, std::string_view reason) {
    return check_close(code, reason).code;
  };
  CAF_CHECK(code_of(1000, "") == ec::none);
  CAF_CHECK(code_of(4000, std::string(123, 'x')) == ec::none);
  CAF_CHECK(code_of(4000, std::string(124, 'x')) == ec::invalid_message);
  CAF_CHECK(code_of(1006, "") == ec::invalid_message);
  for (auto reason : {"a", "\xc3\xa4", "\xe2\x82\xac", "\xf0\x9f\x98\x80",
                      "\xf4\x8f\xbf\xbf", "\xed\x9f\xbf"})
    CAF_CHECK(code_of(1000, reason) == ec::none);
  for (auto reason : {"\x80", "\xc3", "\xc0\x80", "\xe0\x80\x80", "\xe2\x82",
                      "\xed\xa0\x80", "\xf0\x80\x80\x80", "\xf4\x90\x80\x80",
                      "\xf5\x80\x80\x80", "\xff", "a\xc3z"})
    CAF_CHECK(code_of(1000, reason) == ec::invalid_message);
}

// -- secrets ------------------------------------------------------------------

CAF_TEST(neither the text of a configuration nor its problems tell secrets) {
  temporary_file key{"sesame"};
  client_config uut{.url = "wss://example.com/ws?token=sesame",
                    .headers = {{"Authorization", "Bearer sesame"}},
                    .tls = {.key_file = key.path()}};
  auto text = to_string(uut);
  CAF_CHECK(!contains(text, "sesame"));
  CAF_CHECK(contains(text, "Authorization: ***"));
  CAF_CHECK(contains(text, "wss://example.com/ws?token=***"));
  CAF_CHECK(contains(text, "key_file = \"" + key.path()));
  CAF_CHECK(contains(text, "proxy = none"));
  uut.proxy = {"http://proxy:3128", "sesame", "open sesame"};
  CAF_CHECK(!contains(to_string(uut), "sesame"));
  CAF_CHECK(contains(to_string(uut), "{url = http://proxy:3128, user = ***"));
  uut.proxy = {"socks5://proxy:3128", "sesame", "open sesame"};
  CAF_CHECK(!contains(to_string(uut), "sesame"));
  uut.proxy = {.url = "http://joe:sesame@proxy"};
  CAF_CHECK(!contains(to_string(uut), "sesame"));
  CAF_CHECK(!contains(as_error(validate(uut)).detail, "sesame"));
  uut.url = "wss://joe:sesame@example.com/";
  uut.headers[0].value = "sesame\r\n";
  CAF_CHECK(!contains(to_string(uut), "sesame"));
  CAF_CHECK_EQUAL(validate(uut).size(), 4u);
  CAF_CHECK(!contains(as_error(validate(uut)).detail, "sesame"));
}
