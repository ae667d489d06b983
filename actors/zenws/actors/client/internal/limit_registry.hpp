// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/messages/client_supervisor_messages.hpp"
#include "zenws/limits/host_demands.hpp"
#include "zenws/limits/shared_rate_limiter.hpp"

#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace zenws {

/// Limits that clients of one runtime share. Thread-safe.
class limit_registry {
public:
  /// Returns the limits of the host and of the account of a client. Clients
  /// share limits of the same name if the names of their hosts, and for limits
  /// of an account also those of the accounts, are the same. The rule of such a
  /// limit is that of the first client.
  std::vector<shared_rate_limiter> limiters_for(const client_spec& spec);

  /// Returns the limits of a client's host, the same for all its clients.
  host_demands_ptr demands_for(const client_spec& spec);

  /// Returns the levels of all limits, by owner and name.
  limit_levels levels() const;

private:
  mutable std::mutex mtx_;
  std::map<std::string, shared_rate_limiter> limiters_; // by owner and names
  std::map<std::string, host_demands_ptr> demands_;     // by host and port
};

/// Returns the levels of limits, each once, by owner and name.
limit_levels levels_of(const std::vector<shared_rate_limiter>& limiters);

} // namespace zenws
