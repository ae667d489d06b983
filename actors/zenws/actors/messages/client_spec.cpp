// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/actors/messages/client_spec.hpp"

namespace zenws {

std::vector<config_problem> validate(const subscribe& request,
                                     const std::string& path) {
  std::vector<config_problem> result;
  if (!request.subscriber)
    result.push_back({path + "subscriber", "is not an actor"});
  if (request.options.policy > overflow_policy::disconnect_subscriber)
    result.push_back({path + "options.policy", "is none that there is"});
  if (request.options.content > subscription_content::events)
    result.push_back({path + "options.content", "is none that there is"});
  if (request.options.lifetime > subscriber_lifetime::ends_with_client)
    result.push_back({path + "options.lifetime", "is none that there is"});
  if (request.options.budget_bytes == 0)
    result.push_back({path + "options.budget_bytes", "must be positive"});
  return result;
}

std::vector<config_problem> validate(const client_spec& spec) {
  auto result = validate(spec.config);
  if (spec.dialect) {
    std::erase_if(result, [](auto& x) { return x.field == "venue.dialect"; });
    auto rule = dialect_of(spec)->heartbeat_needed();
    for (auto& problem : validate(spec.config.heartbeat, rule))
      result.push_back(std::move(problem));
  }
  for (auto& problem : validate(spec.limits, "limits."))
    result.push_back(std::move(problem));
  if (spec.provider && spec.dial_actor)
    result.push_back({"dial_actor", "is of no use beside provider"});
  if (spec.credentials && spec.credentials_actor)
    result.push_back({"credentials_actor", "is of no use beside credentials"});
  if (spec.config.venue.login == login_mode::required && !spec.credentials
      && !spec.credentials_actor)
    result.push_back({"credentials", "is missing: venue.login asks for it"});
  if (spec.record_to)
    for (auto& problem : validate(*spec.record_to, "record_to."))
      result.push_back(std::move(problem));
  for (size_t i = 0; i < spec.subscribers.size(); ++i)
    for (auto& problem : validate(spec.subscribers[i],
                                  "subscribers[" + std::to_string(i) + "]."))
      result.push_back(std::move(problem));
  return result;
}

error check_portable(const client_spec& spec) {
  std::string names;
  auto forbid = [&](bool is_set, const char* name) {
    if (is_set)
      names.append(names.empty() ? "" : ", ").append(name);
  };
  forbid(spec.provider != nullptr, "provider");
  forbid(spec.credentials != nullptr, "credentials");
  forbid(spec.dialect != nullptr, "dialect");
  forbid(!spec.limits.empty(), "limits");
  forbid(spec.classify_refusal != nullptr, "classify_refusal");
  forbid(spec.record_to.has_value(), "record_to");
  forbid(static_cast<bool>(spec.market_api), "market_api");
  forbid(!spec.config.tls.key_log_file.empty(), "config.tls.key_log_file");
  if (names.empty())
    return {};
  return {ec::invalid_config,
          names
            + ": cannot be sent to another node; for provider and "
              "credentials, use dial_actor and credentials_actor"};
}

dialect_ptr dialect_of(const client_spec& spec) {
  auto result = spec.dialect ? spec.dialect()
                             : make_dialect(spec.config.venue.dialect);
  return result ? std::move(result) : make_dialect("raw");
}

} // namespace zenws
