// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/nodes/node_options.hpp"

#include "zenws/actors/runtime.hpp"
#include "zenws/connection/tls_files.hpp"
#include "zenws/nodes/node_messages.hpp"

#include <caf/io/middleman.hpp>
#include <caf/openssl/manager.hpp>

namespace zenws {

namespace {

void check_tls(const node_tls& tls, std::vector<config_problem>& out) {
  if (!tls.is_set())
    return;
  auto complete = true;
  auto need = [&](const std::string& file, const char* field) {
    if (!file.empty())
      return;
    complete = false;
    out.push_back({field, "is missing: nodes show certificates to each other, "
                          "and believe one authority only"});
  };
  need(tls.cert_file, "tls.cert_file");
  need(tls.key_file, "tls.key_file");
  need(tls.ca_file, "tls.ca_file");
  if (!complete)
    return;
  if (auto problem = check_files({.ca_file = tls.ca_file,
                                  .cert_file = tls.cert_file,
                                  .key_file = tls.key_file}))
    out.push_back({"tls", problem.detail});
}

} // namespace

std::vector<config_problem> validate(const node_options& opts) {
  std::vector<config_problem> result;
  if (opts.heartbeat < std::chrono::milliseconds{10})
    result.push_back({"heartbeat", "must be at least 10 ms"});
  if (opts.silence_limit < 2 * opts.heartbeat)
    result.push_back({"silence_limit", "must be at least two heartbeats"});
  check_tls(opts.tls, result);
  return result;
}

void load_nodes(caf::actor_system_config& cfg, const node_options& opts) {
  load_types(cfg);
  caf_compat::add_messages<caf::id_block::zenws_nodes>(cfg);
  caf_compat::add_io_messages();
  cfg.load<caf::io::middleman>();
  caf_compat::set_option(cfg, "middleman.heartbeat-interval",
                         caf::timespan{opts.heartbeat});
  caf_compat::set_option(cfg, "middleman.connection-timeout",
                         caf::timespan{opts.silence_limit});
  // Deserializing elsewhere would copy each message once more.
  caf_compat::set_option(cfg, "middleman.workers", size_t{0});
  if (!opts.tls.is_set())
    return;
  cfg.load<caf::openssl::manager>(); // knows its options from now on
  caf_compat::use_certificates(cfg, opts.tls.cert_file, opts.tls.key_file,
                               opts.tls.ca_file);
}

} // namespace zenws
