// SPDX-License-Identifier: BSD-3-Clause

#include "client_options.hpp"

#include "output.hpp"

#include "config_file/client_environment.hpp"
#include "config_file/secret_file.hpp"
#include "program/suggestion.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <chrono>
#include <sstream>
#include <utility>

namespace zenws::tool {

namespace {

error bad_option(std::string problem) {
  return {ec::invalid_config, std::move(problem)};
}

// Never repeats a value: it may be a secret.
result<header> parse_header(const std::string& text) {
  auto colon = text.find(':');
  if (colon == std::string::npos || colon == 0)
    return bad_option("a header must be \"Name: value\"");
  auto value = text.find_first_not_of(' ', colon + 1);
  return header{text.substr(0, colon),
                value == std::string::npos ? "" : text.substr(value)};
}

error read_headers(const std::vector<std::string>& options,
                   std::vector<header>& to) {
  std::vector<std::string> lines;
  for (auto& option : options) {
    if (!option.starts_with('@')) {
      lines.push_back(option);
      continue;
    }
    auto content = read_secret(option.substr(1));
    if (!content)
      return content.error();
    std::istringstream in{*content};
    for (std::string line; std::getline(in, line);)
      if (!line.empty())
        lines.push_back(line);
  }
  for (auto& line : lines) {
    auto parsed = parse_header(line);
    if (!parsed)
      return parsed.error();
    to.push_back(std::move(*parsed));
  }
  return {};
}

// Returns the addresses of a venue as the user may choose them.
std::string choices_of(const known_venue& venue, venue_money money) {
  std::string result;
  for (auto& x : venue.addresses)
    if (x.money == money)
      result += (result.empty() ? "" : ", ") + std::string{x.name};
  return result;
}

result<std::string> url_of(const venue_options& options) {
  auto found = require_venue(options.venue);
  if (!found)
    return found.error();
  auto& venue = **found;
  auto money = options.test ? venue_money::test : venue_money::real;
  if (auto* address = venue.find(money, options.address))
    return std::string{address->url};
  auto choices = choices_of(venue, money);
  if (choices.empty())
    return bad_option(std::string{venue.title} + " has no test net");
  return bad_option(std::string{venue.title} + " has no address \""
                    + options.address + "\": it has " + choices);
}

bool is_dialect(std::string_view name) {
  auto names = dialect_names();
  return std::ranges::find(names, name) != names.end();
}

} // namespace

void add_client_options(CLI::App& verb, client_options& out) {
  const char* group = "Connection";
  verb
    .add_option("-H,--header", out.headers,
                "header of the upgrade request, or @FILE with some; repeatable")
    ->option_text("'NAME: VALUE'")
    ->allow_extra_args(false)
    ->group(group);
  verb
    .add_option("-s,--subprotocol", out.subprotocols,
                "subprotocol to offer; repeatable, the preferred one first")
    ->option_text("NAME")
    ->allow_extra_args(false)
    ->group(group);
  verb
    .add_option("--ca", out.ca_file,
                "trust these authorities instead of the system's (PEM)")
    ->option_text("FILE")
    ->group(group);
  verb.add_option("--cert", out.cert_file, "certificate of this client (PEM)")
    ->option_text("FILE")
    ->group(group);
  verb.add_option("--key", out.key_file, "private key of this client (PEM)")
    ->option_text("FILE")
    ->group(group);
  verb
    .add_flag("--insecure", out.insecure,
              "do not verify the certificate: anyone can read and forge")
    ->group(group);
  verb
    .add_option("--proxy", out.proxy,
                "proxy (http, socks5 or socks5h), or none; by default that of "
                "the environment (https_proxy, no_proxy and others)")
    ->option_text("SCHEME://HOST:PORT")
    ->group(group);
  verb.add_flag("--compress", out.compress, "offer permessage-deflate")
    ->group(group);
  verb
    .add_option("--timeout", out.timeout,
                "longest time for connecting; 0 for the default of 10 s")
    ->option_text("SECONDS")
    ->check(CLI::Range(0.0, 3600.0))
    ->group(group);
}

result<client_config> to_config(const client_options& from, std::string url) {
  client_config result{.url = std::move(url)};
  if (auto problem = read_headers(from.headers, result.headers))
    return problem;
  result.subprotocols = from.subprotocols;
  result.tls.ca_file = from.ca_file;
  result.tls.cert_file = from.cert_file;
  result.tls.key_file = from.key_file;
  if (from.insecure)
    result.tls.verify = tls_verify::insecure_skip_verify;
  if (from.proxy.empty())
    if (auto problem = use_proxy_of_environment(result))
      return problem;
  if (!from.proxy.empty() && from.proxy != "none")
    result.proxy.url = from.proxy;
  result.compression.offer = from.compress;
  if (from.timeout > 0)
    result.handshake_timeout
      = std::chrono::milliseconds{static_cast<int64_t>(from.timeout * 1000)};
  result.backoff.max_attempts = backoff_config::unlimited;
  if (auto problems = validate(result); !problems.empty())
    return as_error(problems);
  use_key_log_of_environment(result);
  if (auto problem
      = announce_key_log([](const log_entry& x) { print_problem(x.text, {}); }))
    return problem;
  return result;
}

void add_venue_options(CLI::App& verb, venue_options& out) {
  const char* group = "Venue";
  verb.add_option("VENUE", out.venue, "name of a venue, see \"zenws venues\"")
    ->required();
  verb
    .add_option("--at", out.address,
                "which address of the venue; by default the first one")
    ->option_text("NAME")
    ->group(group);
  verb
    .add_option("--url", out.url,
                "connect there instead, with the venue's protocol")
    ->option_text("URL")
    ->group(group);
  verb.add_flag("--test", out.test, "the venue's test net")->group(group);
  verb
    .add_option("--login", out.login,
                "log in with PREFIX_KEY, PREFIX_SECRET and PREFIX_PASSPHRASE "
                "of the environment")
    ->option_text("PREFIX")
    ->group(group);
}

result<client_spec> to_spec(const venue_options& venue,
                            const client_options& from) {
  auto url = !venue.url.empty() && is_dialect(venue.venue)
               ? result<std::string>{venue.url}
               : url_of(venue);
  if (!url)
    return url.error();
  auto config = to_config(from, std::move(*url));
  if (!config)
    return config.error();
  client_spec result{.name = venue.venue, .config = std::move(*config)};
  result.config.venue.dialect = venue.venue;
  if (!venue.login.empty()) {
    result.config.venue.login = login_mode::required;
    result.credentials = [prefix = venue.login] {
      return credentials_from_environment(prefix);
    };
  }
  if (auto problems = validate(result); !problems.empty())
    return as_error(problems);
  return result;
}

result<const known_venue*> require_venue(std::string_view name) {
  if (auto* venue = find_venue(name))
    return venue;
  std::vector<std::string_view> names;
  for (auto& x : known_venues())
    names.push_back(x.name);
  return bad_option("there is no venue \"" + std::string{name} + '"'
                    + suggestion(name, names));
}

} // namespace zenws::tool
