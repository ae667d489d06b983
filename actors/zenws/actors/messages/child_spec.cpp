// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/actors/messages/child_spec.hpp"

#include "zenws/actors/caf/caf_compat.hpp"
#include "zenws/actors/messages/supervision_messages.hpp"
#include "zenws/internal/enum_names.hpp"

#include <utility>

namespace zenws {

BOOST_DESCRIBE_ENUM(child_kind, worker, supervisor, client)

static_assert(internal::describes_up_to(child_kind::client));

std::string_view to_string(child_kind kind) noexcept {
  return internal::enum_name(kind);
}

caf::actor_addr child_hooks::predecessor() const {
  return {};
}

std::string child_hooks::describe_end(const caf::error& reason) const {
  return reason ? caf_compat::to_text(reason) : std::string{};
}

void child_hooks::observe(const supervision_event&,
                          caf_compat::execution_unit*) {
  // nop
}

tree_node child_hooks::describe(child_state) const {
  return {};
}

child_end classify_exit(const caf::error& reason) {
  if (caf_compat::is_orderly_exit(reason))
    return child_end::orderly;
  auto code = caf_compat::code_of(reason);
  // Of a subtree that may do better when it begins anew.
  if (code == ec::restart_limit)
    return child_end::failure;
  return class_of(error{code}) == error_class::fatal ? child_end::fatal
                                                     : child_end::failure;
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
