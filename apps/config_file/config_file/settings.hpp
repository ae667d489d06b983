// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "config_file/config_section.hpp"

#include "zenws/actors/messages/client_spec.hpp"
#include "zenws/nodes/node_options.hpp"

#include <caf/config_value.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// @file
/// The settings that the files of several programs have in common.

namespace zenws {

/// Reads the keys of `client_spec`, `client_config` and `venue_config`, side by
/// side, and checks them. What they leave open of proxy and TLS is taken from
/// the environment.
void read_client(config_section& from, client_spec& to);

/// Same from the table `key`, if there is one, for a further client of the
/// venue: its dialect is that of `base` unless it has one of its own.
void read_further_client(config_section& from, std::string_view key,
                         const client_spec& base,
                         std::optional<client_spec>& to);

/// Reads `min`, `max`, `stable_after` and `max_attempts`.
void read_backoff(config_section& from, backoff_config& to);

/// Reads the table `tls`, with `ca_file`, `cert_file` and `key_file`, into the
/// TLS settings of a client, a node or an outlet.
template <class Tls>
void read_tls(config_section& from, Tls& to) {
  if (auto table = from.table("tls")) {
    table->read("ca_file", to.ca_file);
    table->read("cert_file", to.cert_file);
    table->read("key_file", to.key_file);
  }
}

/// Reads `heartbeat`, `silence_limit` and `tls`, and checks them.
void read_node(config_section& from, node_options& to);

/// Reports the problems that a check of the settings in `from` has found.
void complain(config_section& from,
              const std::vector<config_problem>& problems);

/// Settings of CAF by their full names.
using caf_settings = std::map<std::string, caf::config_value>;

/// Reads the table `caf`.
caf_settings read_caf(config_section& from);

/// Applies the settings of `read_caf`.
void apply_caf(const caf_settings& settings, caf::actor_system_config& cfg);

/// Returns CAF's name and version, for `program_info::libraries`.
std::string caf_version();

} // namespace zenws
