#include "zenws/actors/client_spec.hpp"

namespace zenws {

std::vector<config_problem> validate(const subscribe& what,
                                     const std::string& path) {
  std::vector<config_problem> result;
  if (!what.subscriber)
    result.push_back({path + "subscriber", "is not an actor"});
  if (what.options.budget_bytes == 0)
    result.push_back({path + "options.budget_bytes", "must be positive"});
  return result;
}

std::vector<config_problem> validate(const client_spec& spec) {
  auto result = validate(spec.config);
  for (size_t i = 0; i < spec.subscribers.size(); ++i)
    for (auto& problem : validate(spec.subscribers[i],
                                  "subscribers[" + std::to_string(i) + "]."))
      result.push_back(std::move(problem));
  return result;
}

} // namespace zenws
