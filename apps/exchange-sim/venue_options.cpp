// SPDX-License-Identifier: BSD-3-Clause

#include "venue_options.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zenws::sim {

namespace {

constexpr int64_t one_day_ms = 86'400'000;
constexpr int64_t one_year_s = 31'536'000;

enum class zero : uint8_t { allowed, refused };

// Adds an option for a number of milliseconds.
void add_ms(CLI::App& app, const char* name, std::chrono::milliseconds& out,
            const char* description, zero lowest, const char* group) {
  auto set = [&out](int64_t x) { out = std::chrono::milliseconds{x}; };
  auto min = lowest == zero::allowed ? int64_t{0} : int64_t{1};
  app.add_option_function<int64_t>(name, set, description)
    ->default_str(std::to_string(out.count()))
    ->check(CLI::Range(min, one_day_ms))
    ->group(group);
}

void add_count(CLI::App& app, const char* name, size_t& out,
               const char* description, zero lowest, const char* group) {
  auto min = lowest == zero::allowed ? size_t{0} : size_t{1};
  app.add_option(name, out, description)
    ->capture_default_str()
    ->check(CLI::Range(min, size_t{1'000'000}))
    ->group(group);
}

// Reads `KEY:SECRET[:PASSPHRASE]`; the passphrase may hold colons.
std::optional<account_config> read_account(std::string_view text) {
  auto first = text.find(':');
  if (first == text.npos)
    return std::nullopt;
  auto rest = text.substr(first + 1);
  auto second = std::min(rest.find(':'), rest.size());
  account_config result{.key = std::string{text.substr(0, first)},
                        .secret = std::string{rest.substr(0, second)}};
  if (second < rest.size())
    result.passphrase = rest.substr(second + 1);
  if (result.key.empty() || result.secret.empty())
    return std::nullopt;
  return result;
}

} // namespace

void declare_accounts(CLI::App& app, server_config& out) {
  auto check = [](std::string& x) {
    return read_account(x) ? "" : "is not KEY:SECRET[:PASSPHRASE]";
  };
  auto set = [&out](const std::vector<std::string>& texts) {
    out.accounts.clear();
    for (auto& x : texts)
      out.accounts.push_back(read_account(x).value_or(account_config{}));
  };
  app
    .add_option_function<std::vector<std::string>>(
      "--account", set,
      "who may log in, in place of demo:demo-secret:demo-passphrase; can be "
      "given several times")
    ->check(CLI::Validator{check, "KEY:SECRET[:PASSPHRASE]"})
    ->group("Accounts");
}

void declare_deribit(CLI::App& app, api_config& out) {
  constexpr auto group = "Deribit";
  auto set_lifetime = [&out](int64_t x) {
    out.token_lifetime = std::chrono::seconds{x};
  };
  app
    .add_option_function<int64_t>(
      "--token-lifetime", set_lifetime,
      "how long public/auth authorizes a session, seconds")
    ->default_str(std::to_string(out.token_lifetime.count()))
    ->check(CLI::Range(int64_t{1}, one_year_s))
    ->group(group);
  add_ms(app, "--heartbeat-second", out.heartbeat_second,
         "length of a second of public/set_heartbeat, milliseconds",
         zero::refused, group);
  add_count(app, "--max-orders", out.max_orders, "orders kept at most",
            zero::refused, group);
  app
    .add_flag_callback(
      "--no-rate-limits", [&out] { out.limits.reset(); },
      "do not limit the requests of a session by credits")
    ->group(group);
  app
    .add_flag_callback(
      "--open-raw-channels", [&out] { out.raw_channels = raw_access::open; },
      "grant raw channels without a login")
    ->group(group);
  add_count(app, "--deribit-max-request", out.max_request_bytes,
            "largest request, bytes; 0 for any", zero::allowed, group);
}

void declare_binance(CLI::App& app, binance_config& out) {
  constexpr auto group = "Binance";
  add_ms(app, "--binance-ping", out.ping_interval,
         "how often to ping, milliseconds; 0 for never", zero::allowed, group);
  add_ms(app, "--binance-pong-timeout", out.pong_timeout,
         "how long a pong may take, milliseconds", zero::refused, group);
  add_count(app, "--binance-max-frames", out.max_frames_per_second,
            "frames a client of streams may send in a second; 0 for any "
            "number",
            zero::allowed, group);
  add_ms(app, "--binance-penalty", out.penalty,
         "how long to close new connections of a host that sent too many, "
         "milliseconds; 0 for never",
         zero::allowed, group);
  add_count(app, "--binance-max-request", out.max_request_bytes,
            "largest request about streams, bytes with its header; 0 for any",
            zero::allowed, group);
  app
    .add_flag_callback(
      "--binance-flat-errors", [&out] { out.errors = error_shape::flat; },
      "put the code of an error beside the id")
    ->group(group);
  add_ms(app, "--binance-max-age", out.max_age,
         "when to cut a connection, milliseconds; 0 for never", zero::allowed,
         group);
  add_ms(app, "--binance-shutdown-notice", out.shutdown_notice,
         "how long before that to send serverShutdown, milliseconds",
         zero::allowed, group);
}

void declare_bybit(CLI::App& app, bybit_config& out) {
  constexpr auto group = "Bybit";
  add_ms(app, "--bybit-idle-timeout", out.idle_timeout,
         "when to cut a client without pings and data, milliseconds; 0 for "
         "never",
         zero::allowed, group);
  add_count(app, "--bybit-max-spot-args", out.max_spot_args,
            "topics in a request of spot; 0 for any number", zero::allowed,
            group);
  add_count(app, "--bybit-max-args-bytes", out.max_args_bytes,
            "characters of all topics of a connection; 0 for any number",
            zero::allowed, group);
}

void declare_hyperliquid(CLI::App& app, hyperliquid_config& out) {
  constexpr auto group = "Hyperliquid";
  add_ms(app, "--hyperliquid-idle-timeout", out.idle_timeout,
         "when to cut a client that gets nothing, milliseconds; 0 for never",
         zero::allowed, group);
  add_count(app, "--hyperliquid-max-connections", out.max_connections,
            "connections of an address; 0 for any number", zero::allowed,
            group);
  add_count(app, "--hyperliquid-max-dials", out.max_dials,
            "new connections of an address in a minute; 0 for any number",
            zero::allowed, group);
  add_count(app, "--hyperliquid-max-messages", out.max_messages,
            "messages of an address in a minute; 0 for any number",
            zero::allowed, group);
  add_count(app, "--hyperliquid-max-subscriptions", out.max_subscriptions,
            "subscriptions of an address; 0 for any number", zero::allowed,
            group);
  add_ms(app, "--hyperliquid-book-interval", out.book_interval,
         "interval of books of 20 levels, milliseconds", zero::allowed, group);
}

void declare_kraken(CLI::App& app, kraken_config& out) {
  constexpr auto group = "Kraken";
  add_ms(app, "--kraken-heartbeat", out.heartbeat_interval,
         "interval of heartbeats, milliseconds; 0 for none", zero::allowed,
         group);
  add_ms(app, "--kraken-idle-timeout", out.idle_timeout,
         "when to close a connection without activity, milliseconds; 0 for "
         "never",
         zero::allowed, group);
  add_count(app, "--kraken-max-requests", out.max_requests,
            "messages of a connection in the window; 0 for any number",
            zero::allowed, group);
  add_ms(app, "--kraken-request-window", out.request_window,
         "length of that window, milliseconds", zero::refused, group);
  add_ms(app, "--kraken-token-lifetime", out.token_lifetime,
         "how long a token is valid that no subscription holds, milliseconds",
         zero::refused, group);
}

void declare_okx(CLI::App& app, okx_config& out) {
  constexpr auto group = "OKX";
  add_ms(app, "--okx-idle-timeout", out.idle_timeout,
         "when to cut a client that sends nothing, milliseconds; 0 for never",
         zero::allowed, group);
  add_count(app, "--okx-max-requests", out.max_requests,
            "requests of a connection in the window; 0 for any number",
            zero::allowed, group);
  add_ms(app, "--okx-request-window", out.request_window,
         "length of that window, milliseconds", zero::refused, group);
  add_count(app, "--okx-max-channel-connections",
            out.max_connections_per_channel,
            "connections of an account with the same private channel; 0 for "
            "any number",
            zero::allowed, group);
  app
    .add_flag_callback(
      "--okx-checksums", [&out] { out.checksums = book_checksum::computed; },
      "send the checksums of books as before June 2026")
    ->group(group);
  add_ms(app, "--okx-snapshot-interval", out.snapshot_interval,
         "interval at which positions and account tell all, 0 for never",
         zero::allowed, group);
  app
    .add_flag_callback(
      "--okx-instrument-names",
      [&out] { out.operations = instrument_naming::by_code_or_name; },
      "let operations name instruments by instId, as before 2026")
    ->group(group);
}

} // namespace zenws::sim
