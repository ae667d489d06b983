#pragma once

#include "zenws/actors/child_spec.hpp"
#include "zenws/actors/client_host.hpp"

namespace zenws {

/// Makes a client a child of a `supervisor`. Its id is its name; it is
/// transient, as are clients of a `client_supervisor`. Subscribers, channels
/// and logins survive its incarnations, and those of the supervisor.
///
/// The address is a `client_actor`, see also `runtime::find_client`.
///
/// @param host must live longer than the supervisor.
child_spec client_child(client_host& host, client_spec spec);

} // namespace zenws
