// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/actors/caf/caf_compat.hpp"

namespace zenws::caf_compat {

// -- sending without a behavior -----------------------------------------------

void run_aside(caf::actor_system& sys, std::function<void()> f) {
  sys.spawn([](caf::event_based_actor*,
               const std::function<void()>& action) { action(); },
            std::move(f));
}

// -- errors -------------------------------------------------------------------

std::string detail_of(const caf::message& context) {
  // CAF must not be asked for an element of an empty message.
  return !context.empty() && context.match_element<std::string>(0)
           ? context.get_as<std::string>(0)
           : std::string{};
}

std::string detail_of(const caf::error& reason) {
  return reason ? detail_of(reason.context()) : std::string{};
}

std::string to_text(ec code, const std::string& detail) {
  std::string result = "zenws.";
  result += to_string(code);
  if (!detail.empty())
    result += ": " + detail;
  return result;
}

std::string to_text(const caf::error& reason) {
  return is_ours(reason) ? to_text(code_of(reason), detail_of(reason))
                         : caf::to_string(reason);
}

// -- ending -------------------------------------------------------------------

bool put(caf::scheduled_actor& self, caf::mailbox_element_ptr element,
         execution_unit* unit) {
  switch (self.mailbox().push_back(std::move(element))) {
    case caf::intrusive::inbox_result::queue_closed:
      return false;
    case caf::intrusive::inbox_result::unblocked_reader:
      wake(self, unit);
      return true;
    default:
      return true;
  }
}

bool is_orderly_exit(const caf::error& reason) {
  return !reason || reason == caf::exit_reason::normal
         || reason == caf::exit_reason::user_shutdown;
}

} // namespace zenws::caf_compat

namespace zenws {

caf::error make_error(ec code) {
  return caf_compat::error_of(code);
}

caf::error make_error(const error& reason) {
  if (!reason)
    return {};
  return caf_compat::error_of(reason.code, reason.detail);
}

} // namespace zenws
