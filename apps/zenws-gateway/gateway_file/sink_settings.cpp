// SPDX-License-Identifier: BSD-3-Clause

#include "sink_settings.hpp"

#include "config_file/secret_file.hpp"
#include "config_file/settings.hpp"

#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

namespace zenws {

namespace {

// Passwords never stand in the file itself.
void read_password(config_section& from, std::string& to) {
  std::string variable;
  std::string path;
  auto has_variable = from.read("password_from_environment", variable);
  auto has_path = from.read("password_file", path);
  if (has_variable && has_path)
    return from.complain("password_file",
                         "cannot go with password_from_environment");
  if (has_variable) {
    auto* value = std::getenv(variable.c_str());
    if (value == nullptr || *value == '\0')
      return from.complain("password_from_environment",
                           "names a variable that is not set");
    to = value;
  } else if (has_path) {
    auto secret = read_secret(path);
    if (!secret)
      return from.complain("password_file", secret.error().detail);
    to = std::move(*secret);
  }
}

void read_store(config_section& from, store_options& to) {
  if (!from.read_choice("type", to.kind,
                        {store_kind::sqlite, store_kind::postgres,
                         store_kind::redis, store_kind::kafka}))
    from.complain("type", "must be one of sqlite, postgres, redis, kafka");
  switch (to.kind) {
    case store_kind::sqlite:
      from.read("path", to.path);
      break;
    case store_kind::redis:
      from.read("max_stream_length", to.max_stream_length);
      [[fallthrough]];
    case store_kind::postgres:
      read_password(from, to.password);
      [[fallthrough]];
    case store_kind::kafka:
      from.read("url", to.url);
  }
  from.read("prefix", to.prefix);
  if (to.kind != store_kind::kafka)
    return;
  if (auto properties = from.table("properties"))
    for (auto& name : properties->keys())
      if (auto value = properties->read_scalar(name))
        to.properties.emplace(name, std::move(*value));
}

void read_channel_names(config_section& from, std::string_view key,
                        channel_access access, std::vector<channel_spec>& to) {
  std::vector<std::string> names;
  from.read(key, names);
  for (auto& name : names)
    to.push_back({.name = std::move(name), .access = access});
}

void read_sink_kinds(config_section& from, market::data_kinds& to) {
  std::vector<std::string> names;
  from.read("kinds", names);
  for (auto& name : names) {
    auto known = false;
    for (auto kind : market::data_kinds::all)
      if (to_string(kind) == name) {
        to.insert(kind);
        known = true;
      }
    if (!known)
      from.complain("kinds", "must be of trades, quotes, ticker");
  }
}

} // namespace

void read_sink(config_section& from, sink_options& to) {
  read_store(from, to.store);
  from.read("clients", to.clients);
  read_channel_names(from, "channels", channel_access::open_to_all,
                     to.channels);
  read_channel_names(from, "private_channels",
                     channel_access::authenticated_only, to.channels);
  from.read("everything", to.everything);
  from.read("instruments", to.instruments);
  read_sink_kinds(from, to.kinds);
  from.read_choice("pace", to.pace, {market_pace::usual, market_pace::fastest});
  from.read_size("budget", to.budget_bytes);
  from.read_size("batch_bytes", to.batch_bytes);
  from.read("batch_records", to.batch_records);
  from.read("flush_interval", to.flush_interval);
  from.read("write_within", to.write_within);
  from.read("close_within", to.close_within);
  if (auto retry = from.table("retry"))
    read_backoff(*retry, to.retry);
  complain(from, validate(to));
}

} // namespace zenws
