#pragma once

#include "zenws/actors/messages/client_spec.hpp"
#include "zenws/limits/host_demands.hpp"
#include "zenws/limits/shared_rate_limiter.hpp"

#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace zenws {

/// The limits that clients of one runtime share: those of a venue for this host
/// and those for an account. Thread-safe.
class limit_registry {
public:
  /// Returns what a client must draw on. Clients of the same host get the same
  /// limiter, and so do clients of the same account on it.
  std::vector<shared_rate_limiter> limiters_for(const client_spec& spec);

  /// Returns what the host of a client demands, the same for all its clients.
  host_demands_ptr demands_for(const client_spec& spec);

private:
  std::mutex mtx_;
  std::map<std::string, shared_rate_limiter> limiters_;
  std::map<std::string, host_demands_ptr> demands_; // by host and port
};

} // namespace zenws
