#pragma once

#include "zenws/actors/client/client_runtime.hpp"
#include "zenws/actors/messages/child_spec.hpp"

namespace zenws {

/// Makes a client a child of a `supervisor`. Its id is its name; it is
/// transient, as are clients of a `client_supervisor`. Subscribers, channels
/// and logins survive its incarnations, and those of the supervisor.
///
/// The address is a `client_actor`, see also `runtime::find_client`.
///
/// @param host must live longer than the supervisor.
child_spec client_child(client_runtime& host, client_spec spec);

} // namespace zenws
