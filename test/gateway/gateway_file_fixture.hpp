// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "gateway_file/gateway_file.hpp"

#include "support/temporary_folder.hpp"
#include "zenws/sim/net/certificate.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace zenws::test_support {

/// Every key, none with its default. FOLDER stands for the folder of the
/// fixture's files.
constexpr std::string_view complete_gateway_file = R"(
# comments are allowed
[gateway]
name = "gateway-a"
bind = "0.0.0.0"
port = 4242
heartbeat = "200ms"
silence_limit = "7s"
io_threads = 3
max_nodes = 12
max_stream_bytes = "2KiB"
allow_backpressure = true
insecure_plaintext = true

[gateway.tls]
cert_file = "FOLDER/gateway.pem"
key_file = "FOLDER/gateway.key"
ca_file = "FOLDER/ca.pem"

[supervision]
name = "desk"
limit = { max_restarts = 4, period = "2min" }
max_children = 5
shutdown_timeout = "9s"
restart_backoff = { min = "20ms", max = "3s" }
account = "main"

[supervision.limits]
host = "the venue"

[supervision.limits.rates]
own = { pool = "a", scope = "host", capacity = 7, refill = 2, per = "3s" }

[supervision.limits.additional_rates]
quota = { pool = "b", scope = "account", limit = 8, period = "1h", reserve = 1 }

[supervision.limits.costs]
"private/buy" = { a = 2, b = 3 }

[supervision.limits.additional_costs]
"private/sell" = { b = 4 }

[clients]
plain = { url = "ws://127.0.0.1:8080/ws" }

[clients.venue]
url = "wss://example.com/ws/api/v2"
dialect = "deribit"
headers = { X-Desk = "one", X-Key = "${ZENWS_TEST_DESK_SECRET}-$$1" }
tag = "market"
account = "main"
credentials_from_environment = "ZENWS_TEST_DESK"
cancel_on_disconnect = true
channels = ["book.BTC-PERPETUAL.raw", "trades.BTC-PERPETUAL.raw"]
private_channels = ["user.orders.any.any.raw"]
handshake_timeout = "11s"
idle_timeout = "12s"
request_timeout = "13s"
heartbeat = { kind = "venue", interval = "14s", max_missed = 6 }
backoff = { min = "15ms", max = "16s", stable_after = "17s", max_attempts = 18 }
max_message_bytes = 1901
max_outbound_bytes = 1902
max_pending_calls = 1903
max_channels = 1904
max_reading_pause = "1905ms"
max_request_bytes = 1906
max_channels_per_request = 1907

[clients.venue.proxy]
url = "socks5h://proxy.example:1081"
user = "joe"
password_file = "FOLDER/token"

[clients.venue.tls]
ca_file = "FOLDER/ca.pem"
cert_file = "FOLDER/gateway.pem"
key_file = "FOLDER/gateway.key"

[monitor]
bind = "0.0.0.0"
port = 8081
token_file = "FOLDER/token"
required = ["venue"]

[caf.scheduler]
policy = "sharing"
max-threads = 2

[caf.work_stealing]
relaxed_sleep_duration = "100us"
)";

/// Result of reading a file.
struct reading {
  gateway_file file;
  std::vector<file_mistake> mistakes;
};

inline reading read(const std::string& text) {
  reading result;
  result.mistakes = read_config(text, [&](config_section& root) {
    read_gateway_file(root, result.file);
  });
  return result;
}

/// A variable of the environment, as long as this object lives.
class environment_variable {
public:
  environment_variable(const char* name, const char* value) : name_(name) {
    ::setenv(name, value, 1);
  }

  environment_variable(const environment_variable&) = delete;

  environment_variable& operator=(const environment_variable&) = delete;

  ~environment_variable() {
    ::unsetenv(name_);
  }

private:
  const char* name_;
};

/// The files that a gateway names in its own.
struct gateway_file_fixture {
  gateway_file_fixture() {
    sim::certificate_authority ca;
    auto own = ca.issue_server({"127.0.0.1"}, sim::leaf_validity::current);
    std::ofstream{file("ca.pem")} << ca.pem();
    std::ofstream{file("gateway.pem")} << own.certificate_pem;
    std::ofstream{file("gateway.key")} << own.key_pem;
    std::ofstream{file("token")} << "a-token-for-tests\n";
    std::filesystem::permissions(file("token"),
                                 std::filesystem::perms::owner_read);
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

  temporary_folder folder;
};

} // namespace zenws::test_support
