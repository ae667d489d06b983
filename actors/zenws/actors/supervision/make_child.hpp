// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/client/client_runtime.hpp"
#include "zenws/actors/messages/child_spec.hpp"
#include "zenws/actors/supervision/client_supervisor.hpp"
#include "zenws/actors/supervision/supervisor.hpp"

namespace zenws {

/// Makes a client a child of a `supervisor`. Its id is its name; it is
/// transient, as are clients of a `client_supervisor`. Subscribers, channels
/// and logins survive its incarnations, and those of the supervisor.
///
/// The address is a `client_actor`, see also `runtime::find_client`.
///
/// @param host must live longer than the supervisor.
child_spec make_child(client_runtime& host, client_spec spec);

/// Makes a supervisor of clients a child of a `supervisor`. Its id is its name.
///
/// Its clients outlive it: started again after any kind of end, it starts them
/// again with their subscribers, channels and addresses. They end if it is not
/// started again (it was terminated or given up, or the one above has ended).
///
/// @param host must live longer than the supervisor.
child_spec make_child(client_runtime& host, client_supervisor_config cfg);

/// Makes a supervisor a child of another one. Its id is its name.
child_spec make_child(supervisor_config cfg);

} // namespace zenws
