// SPDX-License-Identifier: BSD-3-Clause

#include "gateway_file.hpp"

#include "config_file/desk_settings.hpp"
#include "outlet_settings.hpp"
#include "sink_settings.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

namespace zenws {

namespace {

void read_gateway(config_section& from, gateway_file& out) {
  auto& to = out.gateway;
  from.read("name", to.name);
  from.read("bind", to.bind);
  from.read("port", to.port);
  from.read("insecure_plaintext", to.insecure_plaintext);
  from.read("allow_backpressure", to.allow_backpressure);
  from.read("max_nodes", to.max_nodes);
  from.read_size("max_stream_bytes", to.max_stream_bytes);
  read_node(from, out.node);
  to.silence_limit = out.node.silence_limit;
  from.read("io_threads", out.io_threads);
  if (out.io_threads == 0)
    from.complain("io_threads", "must be at least 1");
  complain(from, validate(to, out.node.tls.is_set()));
}

void read_limit(config_section& from, restart_limit& to) {
  from.read("max_restarts", to.max_restarts);
  from.read("period", to.period);
  if (to.period <= std::chrono::milliseconds{0})
    from.complain("period", "must not be 0");
}

void read_period(config_section& from, std::string_view key,
                 std::chrono::nanoseconds& to) {
  std::chrono::milliseconds period{0};
  if (from.read(key, period))
    to = period;
}

// A bucket has a capacity; everything else is a window.
void read_rate(config_section& from, rate_limit& to) {
  from.read("pool", to.pool);
  from.read_choice("scope", to.scope,
                   {limit_scope::connection, limit_scope::account,
                    limit_scope::host});
  from.read("reserve", to.reserve);
  token_bucket_config bucket;
  rolling_window_config window;
  if (from.read("capacity", bucket.capacity)) {
    from.read("refill", bucket.refill);
    read_period(from, "per", bucket.per);
    to.rule = bucket;
  } else {
    from.read("limit", window.limit);
    read_period(from, "period", window.period);
    to.rule = window;
  }
  complain(from, validate(to));
}

std::vector<rate_limit> read_rates(config_section& from) {
  std::vector<rate_limit> result;
  for (auto& name : from.keys())
    if (auto table = from.table(name)) {
      rate_limit limit{.name = name};
      read_rate(*table, limit);
      result.push_back(std::move(limit));
    }
  return result;
}

call_costs read_costs(config_section& from) {
  call_costs result;
  for (auto& method : from.keys())
    if (auto pools = from.table(method))
      for (auto& pool : pools->keys()) {
        rate_draw draw{.pool = pool};
        pools->read(pool, draw.cost);
        result[method].push_back(std::move(draw));
      }
  return result;
}

void read_limits(config_section& from, limit_overrides& to) {
  from.read("host", to.host);
  if (auto table = from.table("rates"))
    to.rates = read_rates(*table);
  if (auto table = from.table("additional_rates"))
    to.additional_rates = read_rates(*table);
  if (auto table = from.table("costs"))
    to.costs = read_costs(*table);
  if (auto table = from.table("additional_costs"))
    to.additional_costs = read_costs(*table);
}

void read_supervision(config_section& from, client_supervisor_config& to) {
  from.read("name", to.name);
  if (auto limit = from.table("limit"))
    read_limit(*limit, to.limit);
  from.read("account", to.account);
  if (auto limits = from.table("limits"))
    read_limits(*limits, to.limits);
  from.read("max_children", to.max_children);
  from.read("shutdown_timeout", to.shutdown_timeout);
  if (auto backoff = from.table("restart_backoff"))
    read_backoff(*backoff, to.restart_backoff);
  complain(from, validate(to.restart_backoff, "restart_backoff."));
  if (to.max_children == 0)
    from.complain("max_children", "must be at least 1");
  if (to.shutdown_timeout < std::chrono::milliseconds{0})
    from.complain("shutdown_timeout", "must not be negative");
}

void read_channels(config_section& from, std::string_view key,
                   channel_access access, std::vector<channel_spec>& to) {
  std::vector<std::string> names;
  from.read(key, names);
  for (auto& x : names)
    to.push_back({.name = std::move(x), .access = access});
}

void read_gateway_client(config_section& from, gateway_file::client& to) {
  read_channels(from, "channels", channel_access::open_to_all, to.channels);
  read_channels(from, "private_channels", channel_access::authenticated_only,
                to.channels);
  read_client(from, to.spec);
  read_further_client(from, "api", to.spec, to.api);
  to.entries = from.entries({"channels", "private_channels"});
}

// -- desks --------------------------------------------------------------------

const client_spec* find_client(const gateway_file& file,
                               const std::string& name) {
  auto i = std::ranges::find(file.clients, name,
                             [](auto& x) { return x.spec.name; });
  return i != file.clients.end() ? &i->spec : nullptr;
}

// Reads the name of a client of the dialect, that of the account if left out.
void read_desk_client(config_section& from, std::string_view key,
                      const gateway_file& file, const std::string& dialect,
                      std::string& to) {
  if (!from.read(key, to))
    return;
  auto* client = find_client(file, to);
  if (client == nullptr)
    from.complain(key, "is none of the clients");
  else if (client->config.venue.dialect != dialect)
    from.complain(key, "must have the dialect of the account");
}

void read_account(config_section& from, const gateway_file& file,
                  gateway_file::desk& to) {
  if (!from.read("account", to.account))
    return from.complain("account", "must name a client");
  auto* account = find_client(file, to.account);
  if (account == nullptr)
    return from.complain("account", "is none of the clients");
  auto& dialect = to.options.dialect;
  dialect = account->config.venue.dialect;
  auto venue = make_dialect(dialect);
  if (venue == nullptr || venue->orders() == nullptr)
    from.complain("account", "has a dialect without orders");
  else if (account->config.venue.login != login_mode::required)
    from.complain("account", "does not log in: it needs credentials");
}

// Orders of an account carry the names of their owners.
void check_owner(config_section& from, const gateway_file& file,
                 const gateway_file::desk& desk) {
  for (auto& other : file.desks)
    if (other.account == desk.account
        && other.options.desk.ledger.owner == desk.options.desk.ledger.owner)
      from.complain("owner", "is that of " + other.name
                               + " already, at the same account");
}

gateway_file::desk read_gateway_desk(config_section& from,
                                     const std::string& name,
                                     const gateway_file& file) {
  gateway_file::desk result{.name = name};
  read_account(from, file, result);
  result.channels = result.account;
  result.market = result.account;
  auto& dialect = result.options.dialect;
  read_desk_client(from, "channels", file, dialect, result.channels);
  read_desk_client(from, "market", file, dialect, result.market);
  read_desk(from, result.options);
  result.entries = from.entries();
  if (result.options.desk.instruments.empty())
    from.complain("instruments", "must name at least one");
  check_owner(from, file, result);
  return result;
}

// -- sinks --------------------------------------------------------------------

void read_gateway_sink(config_section& from, const gateway_file& file,
                       sink_options& to) {
  read_sink(from, to);
  for (auto& name : to.clients)
    if (find_client(file, name) == nullptr)
      from.complain("clients", name + " is none of the clients");
}

} // namespace

void read_gateway_file(config_section& root, gateway_file& to) {
  if (auto table = root.table("gateway"))
    read_gateway(*table, to);
  if (auto table = root.table("supervision"))
    read_supervision(*table, to.supervision);
  to.caf = read_caf(root);
  read_log(root, to.log);
  read_monitor(root, to.monitor);
  to.fixed = root.entries({"clients", "desks", "log"});
  if (auto clients = root.table("clients"))
    for (auto& name : clients->keys())
      if (auto table = clients->table(name)) {
        gateway_file::client client{.spec{.name = name}, .channels{}};
        read_gateway_client(*table, client);
        to.clients.push_back(std::move(client));
      }
  if (auto desks = root.table("desks"))
    for (auto& name : desks->keys())
      if (auto table = desks->table(name))
        to.desks.push_back(read_gateway_desk(*table, name, to));
  if (auto table = root.table("outlet"))
    read_outlet(*table, to.outlet.emplace());
  if (auto sinks = root.table("sinks"))
    for (auto& name : sinks->keys())
      if (auto table = sinks->table(name))
        read_gateway_sink(*table, to, to.sinks[name]);
}

} // namespace zenws
