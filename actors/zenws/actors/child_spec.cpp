#include "zenws/actors/child_spec.hpp"

#include <utility>

namespace zenws {

std::string_view to_string(child_kind what) noexcept {
  switch (what) {
    case child_kind::worker:
      return "worker";
    case child_kind::supervisor:
      return "supervisor";
    case child_kind::client:
      return "client";
  }
  return "unknown";
}

std::vector<config_problem> validate(const child_spec& spec,
                                     const std::string& path) {
  auto result = validate(spec.policy, path + "policy.");
  if (spec.id.empty())
    result.push_back({path + "id", "must not be empty"});
  if (!spec.start)
    result.push_back({path + "start", "must be set"});
  return result;
}

} // namespace zenws
