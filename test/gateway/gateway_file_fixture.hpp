#pragma once

#include "gateway_file/gateway_file.hpp"

#include "support/temporary_folder.hpp"
#include "zenws/sim/net/certificate.hpp"

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

/// What the tests of a gateway's file are made of.
namespace zenws::test_support {

/// Every key there is, none with its default. FOLDER is where the fixture has
/// its files.
constexpr std::string_view complete_gateway_file = R"(
; comments are allowed
[gateway]
name = "gateway-a"
bind = "0.0.0.0"
port = 4242
heartbeat = 200ms
silence-limit = 7s
io-threads = 3
max-nodes = 12
max-stream-bytes = 1234
allow-backpressure = true
insecure-plaintext = true
tls = {
  cert-file = "FOLDER/gateway.pem",
  key-file = "FOLDER/gateway.key",
  ca-file = "FOLDER/ca.pem"
}

[supervision]
name = "desk"
limit = { max-restarts = 4, period = 2min }
max-children = 5
shutdown-timeout = 9s
restart-backoff = { min = 20ms, max = 3s }

[clients]
plain = { url = "ws://127.0.0.1:8080/ws" }
venue = {
  url = "wss://example.com/ws/api/v2",
  dialect = "deribit",
  headers = { X-Desk = "one", X-Key = "hunter2" },
  tag = "market",
  account = "main",
  credentials-from-environment = "ZENWS_TEST_DESK",
  cancel-on-disconnect = true,
  channels = ["book.BTC-PERPETUAL.raw", "trades.BTC-PERPETUAL.raw"],
  private-channels = ["user.orders.any.any.raw"],
  handshake-timeout = 11s,
  idle-timeout = 12s,
  request-timeout = 13s,
  tls = {
    ca-file = "FOLDER/ca.pem",
    cert-file = "FOLDER/gateway.pem",
    key-file = "FOLDER/gateway.key"
  },
  heartbeat = { kind = "venue", interval = 14s, max-missed = 6 },
  backoff = { min = 15ms, max = 16s, stable-after = 17s, max-attempts = 18 },
  max-message-bytes = 1901,
  max-outbound-bytes = 1902,
  max-pending-calls = 1903,
  max-channels = 1904,
  max-reading-pause = 1905ms,
  max-request-bytes = 1906,
  max-channels-per-request = 1907
}
)";

/// What comes of reading a file.
struct reading {
  gateway_file file;
  std::vector<config_problem> problems;
};

inline reading read(const std::string& text) {
  reading result;
  std::istringstream in{text};
  result.problems = read_gateway_file(in, result.file);
  return result;
}

/// The files that a gateway names in its own.
struct gateway_file_fixture {
  gateway_file_fixture() {
    sim::certificate_authority ca;
    auto own = ca.issue_server({"127.0.0.1"}, sim::leaf_validity::current);
    std::ofstream{file("ca.pem")} << ca.pem();
    std::ofstream{file("gateway.pem")} << own.certificate_pem;
    std::ofstream{file("gateway.key")} << own.key_pem;
    set_credentials("the-key", "the-secret");
  }

  ~gateway_file_fixture() {
    clear_credentials();
  }

  // Those that the file names.
  void set_credentials(const char* key, const char* secret) {
    ::setenv("ZENWS_TEST_DESK_KEY", key, 1);
    ::setenv("ZENWS_TEST_DESK_SECRET", secret, 1);
  }

  void clear_credentials() {
    ::unsetenv("ZENWS_TEST_DESK_KEY");
    ::unsetenv("ZENWS_TEST_DESK_SECRET");
  }

  std::string file(const std::string& name) const {
    return folder.file(name);
  }

  std::string everything() const {
    std::string result{complete_gateway_file};
    std::string_view mark = "FOLDER";
    for (size_t i; (i = result.find(mark)) != std::string::npos;)
      result.replace(i, mark.size(), folder.path().string());
    return result;
  }

  test_support::temporary_folder folder;
};

} // namespace zenws::test_support
