#include "gateway_file.hpp"

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

void read_supervision(config_section& from, client_supervisor_config& to) {
  from.read("name", to.name);
  if (auto limit = from.table("limit"))
    read_limit(*limit, to.limit);
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
}

} // namespace

void read_gateway_file(config_section& root, gateway_file& to) {
  if (auto table = root.table("gateway"))
    read_gateway(*table, to);
  if (auto table = root.table("supervision"))
    read_supervision(*table, to.supervision);
  to.caf = read_caf(root);
  auto clients = root.table("clients");
  if (!clients)
    return;
  for (auto& name : clients->keys())
    if (auto table = clients->table(name)) {
      gateway_file::client client{.spec{.name = name}, .channels{}};
      read_gateway_client(*table, client);
      to.clients.push_back(std::move(client));
    }
}

} // namespace zenws
