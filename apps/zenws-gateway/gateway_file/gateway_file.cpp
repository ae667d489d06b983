#include "gateway_file.hpp"

#include "section.hpp"

#include <caf/actor_system_config.hpp>

#include <algorithm>
#include <istream>
#include <iterator>
#include <sstream>
#include <string_view>
#include <utility>

namespace zenws {

namespace {

// CAF takes a file for complete wherever it ends: this section has to be there
// in the end.
constexpr auto end_mark = "\n[end-of-file]\nreached = true\n";

std::string complete_text(std::istream& from) {
  std::string result{std::istreambuf_iterator<char>{from}, {}};
  return result + end_mark;
}

bool is_complete(section& root) {
  auto result = false;
  root.with("end-of-file", [&](section& x) { x.read("reached", result); });
  return result;
}

// What the file calls a field of ours: a client has those of its `client_spec`,
// `client_config` and `venue_config` side by side.
std::string key_of(std::string field) {
  if (field.starts_with("venue."))
    field.erase(0, 6);
  std::replace(field.begin(), field.end(), '_', '-');
  return field;
}

void read_tls(section& from, tls_config& to) {
  from.read("ca-file", to.ca_file);
  from.read("cert-file", to.cert_file);
  from.read("key-file", to.key_file);
}

void read_gateway(section& from, gateway_file& out) {
  auto& to = out.gateway;
  from.read("name", to.name);
  from.read("bind", to.bind);
  from.read_number("port", to.port);
  from.read("insecure-plaintext", to.insecure_plaintext);
  from.read("allow-backpressure", to.allow_backpressure);
  from.read_number("max-nodes", to.max_nodes);
  from.read_number("max-stream-bytes", to.max_stream_bytes);
  from.read("heartbeat", out.node.heartbeat);
  from.read("silence-limit", out.node.silence_limit);
  to.silence_limit = out.node.silence_limit;
  from.read_number("io-threads", out.io_threads);
  if (out.io_threads == 0)
    from.complain("io-threads", "must be at least 1");
  from.with("tls", [&](section& x) {
    x.read("ca-file", out.node.tls.ca_file);
    x.read("cert-file", out.node.tls.cert_file);
    x.read("key-file", out.node.tls.key_file);
  });
}

void read_limit(section& from, restart_limit& to) {
  from.read_number("max-restarts", to.max_restarts);
  from.read("period", to.period);
  if (to.period <= std::chrono::milliseconds{0})
    from.complain("period", "must not be 0");
}

void read_backoff(section& from, backoff_config& to) {
  from.read("min", to.min);
  from.read("max", to.max);
  from.read("stable-after", to.stable_after);
  from.read_number("max-attempts", to.max_attempts);
}

void read_supervision(section& from, client_supervisor_config& to) {
  from.read("name", to.name);
  from.with("limit", [&](section& x) { read_limit(x, to.limit); });
  from.read_number("max-children", to.max_children);
  from.read("shutdown-timeout", to.shutdown_timeout);
  from.with("restart-backoff",
            [&](section& x) { read_backoff(x, to.restart_backoff); });
  for (auto& problem : validate(to.restart_backoff, "restart_backoff."))
    from.complain(key_of(problem.field), problem.message);
  if (to.max_children == 0)
    from.complain("max-children", "must be at least 1");
  if (to.shutdown_timeout < std::chrono::milliseconds{0})
    from.complain("shutdown-timeout", "must not be negative");
}

void read_headers(section& from, std::vector<header>& to) {
  from.with("headers", [&](section& headers) {
    headers.for_each_text([&](const std::string& name, std::string value) {
      to.push_back({name, std::move(value)});
    });
  });
}

void read_login(section& from, client_spec& to) {
  constexpr auto name = "credentials-from-environment";
  std::string prefix;
  from.read("account", to.account);
  if (!from.read(name, prefix))
    return;
  if (prefix.empty())
    return from.complain(name, "must name the beginning of two variables");
  // Without them each attempt would fail, and none would tell more than this.
  if (auto found = credentials_from_environment(prefix); !found)
    return from.complain(name, "is of no use: " + found.error().detail);
  to.config.venue.login = login_mode::required;
  to.credentials = [prefix] { return credentials_from_environment(prefix); };
}

void read_heartbeat(section& from, heartbeat_config& to) {
  std::string kind;
  auto is_named = from.read("kind", kind);
  if (kind == "automatic")
    to.kind = heartbeat_kind::automatic;
  else if (kind == "none")
    to.kind = heartbeat_kind::none;
  else if (kind == "ping_pong")
    to.kind = heartbeat_kind::ping_pong;
  else if (kind == "venue")
    to.kind = heartbeat_kind::venue;
  else if (is_named)
    from.complain("kind", "must be \"automatic\", \"none\", \"ping_pong\" or "
                          "\"venue\"");
  from.read("interval", to.interval);
  from.read_number("max-missed", to.max_missed);
}

void read_channels(section& from, const std::string& name,
                   channel_access access, std::vector<channel_spec>& to) {
  std::vector<std::string> names;
  from.read(name, names);
  for (auto& x : names)
    to.push_back({.name = std::move(x), .access = access});
}

gateway_file::client read_client(const std::string& name, section& from) {
  gateway_file::client result;
  auto& spec = result.spec;
  auto& config = spec.config;
  spec.name = name;
  from.read("tag", spec.tag);
  from.read("url", config.url);
  from.read("dialect", config.venue.dialect);
  read_headers(from, config.headers);
  read_login(from, spec);
  read_channels(from, "channels", channel_access::open_to_all, result.channels);
  read_channels(from, "private-channels", channel_access::authenticated_only,
                result.channels);
  from.read("handshake-timeout", config.handshake_timeout);
  from.read("idle-timeout", config.venue.idle_timeout);
  from.read("request-timeout", config.venue.request_timeout);
  from.with("tls", [&](section& x) { read_tls(x, config.tls); });
  from.with("heartbeat",
            [&](section& x) { read_heartbeat(x, config.heartbeat); });
  from.with("backoff", [&](section& x) { read_backoff(x, config.backoff); });
  from.read_number("max-message-bytes", config.max_message_bytes);
  from.read_number("max-outbound-bytes", config.max_outbound_bytes);
  from.read("max-reading-pause", config.max_reading_pause);
  from.read_number("max-request-bytes", config.venue.max_request_bytes);
  from.read_number("max-channels-per-request",
                   config.venue.max_channels_per_request);
  from.read_number("max-pending-calls", config.venue.max_pending_calls);
  from.read_number("max-channels", config.venue.max_channels);
  auto calls = false;
  from.read("cancel-on-disconnect", calls);
  if (calls)
    config.venue.on_login
      = {{"private/enable_cancel_on_disconnect", R"({"scope":"connection"})"}};
  for (auto& problem : validate(spec)) {
    auto& headers = config.headers;
    auto field = key_of(problem.field);
    for (size_t i = 0; i < headers.size(); ++i)
      if (field.starts_with("headers[" + std::to_string(i) + ']'))
        field = "headers." + headers[i].name;
    from.complain(field, problem.message);
  }
  return result;
}

} // namespace

std::vector<config_problem> read_gateway_file(std::istream& from,
                                              gateway_file& out) {
  std::istringstream text{complete_text(from)};
  auto parsed = caf::actor_system_config::parse_config(text);
  if (!parsed)
    return {{"", "is not in CAF's configuration format: "
                   + caf::to_string(parsed.error())}};
  std::vector<config_problem> result;
  {
    section root{*parsed, {}, result};
    if (!is_complete(root))
      result.push_back({"", "is cut off, or has a byte of zero in it"});
    root.with("gateway", [&](section& x) { read_gateway(x, out); });
    root.with("supervision",
              [&](section& x) { read_supervision(x, out.supervision); });
    root.with("clients", [&](section& clients) {
      clients.for_each([&](const std::string& name, section& client) {
        out.clients.push_back(read_client(name, client));
      });
    });
  }
  for (auto& problem : validate(out.node))
    result.push_back({"gateway." + key_of(problem.field), problem.message});
  for (auto& problem : validate(out.gateway, out.node.tls.is_set()))
    result.push_back({"gateway." + key_of(problem.field), problem.message});
  return result;
}

} // namespace zenws
