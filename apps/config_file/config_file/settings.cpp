// SPDX-License-Identifier: BSD-3-Clause

#include "settings.hpp"

#include "config_file/client_environment.hpp"
#include "config_file/secret_file.hpp"

#include "zenws/actors/runtime.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace zenws {

namespace {

// -- clients ------------------------------------------------------------------

void read_headers(config_section& from, std::vector<header>& to) {
  auto headers = from.table("headers");
  if (!headers)
    return;
  for (auto& name : headers->keys())
    if (header x{.name = name}; headers->read(name, x.value))
      to.push_back(std::move(x));
}

// A client without settings of its own takes those of the environment.
void read_proxy(config_section& from, client_config& to) {
  auto table = from.table("proxy");
  if (!table) {
    if (auto problem = use_proxy_of_environment(to))
      from.complain("proxy", problem.detail);
    return;
  }
  table->read("url", to.proxy.url);
  if (to.proxy.url == "none")
    to.proxy.url.clear();
  table->read("user", to.proxy.user);
  std::string password_file;
  if (!table->read("password_file", password_file))
    return;
  if (auto password = read_secret(password_file))
    to.proxy.password = std::move(*password);
  else
    table->complain("password_file", password.error().detail);
}

void read_heartbeat(config_section& from, heartbeat_config& to) {
  from.read_choice("kind", to.kind,
                   {heartbeat_kind::automatic, heartbeat_kind::none,
                    heartbeat_kind::ping_pong, heartbeat_kind::venue});
  from.read("interval", to.interval);
  from.read("max_missed", to.max_missed);
}

// Calls a provider at once: without credentials each attempt would fail, and
// none would tell more.
void use_credentials(config_section& from, std::string_view key,
                     credentials_provider provider, client_spec& to) {
  if (auto found = provider(); !found)
    return from.complain(key, found.error().detail);
  to.config.venue.login = login_mode::required;
  to.credentials = std::move(provider);
}

void read_environment(config_section& from, client_spec& to) {
  constexpr auto key = "credentials_from_environment";
  std::string prefix;
  if (!from.read(key, prefix))
    return;
  if (prefix.empty())
    return from.complain(key, "must name the beginning of two variables");
  use_credentials(
    from, key, [prefix] { return credentials_from_environment(prefix); }, to);
}

result<credentials> with_secrets(credentials known,
                                 const std::string& secret_file,
                                 const std::string& passphrase_file) {
  auto secret = read_secret(secret_file);
  if (!secret)
    return secret.error();
  known.secret = std::move(*secret);
  if (passphrase_file.empty())
    return known;
  auto passphrase = read_secret(passphrase_file);
  if (!passphrase)
    return passphrase.error();
  known.passphrase = std::move(*passphrase);
  return known;
}

void read_credentials(config_section& from, client_spec& to) {
  auto table = from.table("credentials");
  if (!table)
    return;
  if (to.credentials)
    from.complain("credentials", "are in the environment already; remove this "
                                 "or credentials_from_environment");
  credentials known;
  std::string secret;
  std::string passphrase;
  table->read("scope", known.scope);
  auto complete = table->read("key", known.key);
  complete = table->read("secret_file", secret) && complete;
  table->read("passphrase_file", passphrase);
  if (!complete)
    return from.complain("credentials", "need key and secret_file");
  use_credentials(
    from, "credentials",
    [=] { return with_secrets(known, secret, passphrase); }, to);
}

} // namespace

void read_further_client(config_section& from, std::string_view key,
                         const client_spec& base,
                         std::optional<client_spec>& to) {
  auto table = from.table(key);
  if (!table)
    return;
  to.emplace();
  to->config.venue.dialect = base.config.venue.dialect;
  read_client(*table, *to);
}

void read_backoff(config_section& from, backoff_config& to) {
  from.read("min", to.min);
  from.read("max", to.max);
  from.read("stable_after", to.stable_after);
  from.read("max_attempts", to.max_attempts);
}

void read_client(config_section& from, client_spec& to) {
  auto& config = to.config;
  auto& venue = config.venue;
  from.read("tag", to.tag);
  from.read("account", to.account);
  from.read("url", config.url);
  from.read("dialect", venue.dialect);
  read_headers(from, config.headers);
  read_environment(from, to);
  read_credentials(from, to);
  from.read("handshake_timeout", config.handshake_timeout);
  from.read("idle_timeout", venue.idle_timeout);
  from.read("request_timeout", venue.request_timeout);
  read_tls(from, config.tls);
  use_key_log_of_environment(config);
  read_proxy(from, config);
  if (auto heartbeat = from.table("heartbeat"))
    read_heartbeat(*heartbeat, config.heartbeat);
  if (auto backoff = from.table("backoff"))
    read_backoff(*backoff, config.backoff);
  from.read_size("max_message_bytes", config.max_message_bytes);
  from.read_size("max_outbound_bytes", config.max_outbound_bytes);
  from.read("max_reading_pause", config.max_reading_pause);
  from.read_size("max_request_bytes", venue.max_request_bytes);
  from.read("max_channels_per_request", venue.max_channels_per_request);
  from.read("max_pending_calls", venue.max_pending_calls);
  from.read("max_channels", venue.max_channels);
  auto cancels = false;
  from.read("cancel_on_disconnect", cancels);
  if (cancels)
    venue.on_login
      = {{"private/enable_cancel_on_disconnect", R"({"scope":"connection"})"}};
  auto problems = validate(to);
  for (auto& problem : problems)
    for (size_t i = 0; i < config.headers.size(); ++i)
      if (problem.field.starts_with("headers[" + std::to_string(i) + ']'))
        problem.field = "headers." + config.headers[i].name;
  complain(from, problems);
}

// -- nodes --------------------------------------------------------------------

void read_node(config_section& from, node_options& to) {
  from.read("heartbeat", to.heartbeat);
  from.read("silence_limit", to.silence_limit);
  read_tls(from, to.tls);
  complain(from, validate(to));
}

void complain(config_section& from,
              const std::vector<config_problem>& problems) {
  for (auto& [field, message] : problems) {
    // A file has the fields of `venue_config` beside those of the client.
    constexpr std::string_view venue = "venue.";
    from.complain(field.substr(field.starts_with(venue) ? venue.size() : 0),
                  message);
  }
}

// -- CAF ----------------------------------------------------------------------

namespace {

// Gives access to CAF's list of settings.
struct known_settings : system_config {
  const caf::config_option_set& all() const noexcept {
    return custom_options_;
  }
};

// Returns the key for one of CAF's names.
template <class Text>
std::string key_of(const Text& name) {
  std::string result{name.begin(), name.end()};
  std::ranges::replace(result, '-', '_');
  return result;
}

// Returns the table of an option, below `caf`.
std::string table_of(const caf::config_option& option) {
  auto result = key_of(option.category());
  if (result.starts_with(caf_compat::option_prefix))
    result.erase(0, caf_compat::option_prefix.size());
  return result;
}

void read_category(config_section& from, const caf::config_option_set& known,
                   std::string_view category, caf_settings& to) {
  for (auto& option : known) {
    if (table_of(option) != category)
      continue;
    auto key = key_of(option.long_name());
    auto text = from.read_scalar(key);
    if (!text)
      continue;
    auto name = option.full_name();
    if (auto value = caf_compat::parse_option(option, *text))
      to.emplace(std::string{name.begin(), name.end()}, std::move(*value));
    else
      from.complain(key, "must be of CAF's type "
                           + std::string{option.type_name().begin(),
                                         option.type_name().end()});
  }
}

} // namespace

caf_settings read_caf(config_section& from) {
  caf_settings result;
  auto table = from.table("caf");
  if (!table)
    return result;
  known_settings cfg;
  std::set<std::string> categories;
  for (auto& option : cfg.all())
    categories.insert(table_of(option));
  // These belong to command lines.
  categories.erase("global");
  for (auto& x : categories)
    if (auto category = table->table(x))
      read_category(*category, cfg.all(), x, result);
  return result;
}

void apply_caf(const caf_settings& settings, caf::actor_system_config& cfg) {
  for (auto& [name, value] : settings)
    cfg.set(name, value);
}

std::string caf_version() {
  return "CAF " ZENWS_CAF_RELEASE;
}

} // namespace zenws
