// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <sched.h>

#include <map>
#include <string>

namespace zenws::bench {

/// Placement of server and clients.
enum class cores {
  /// Chosen by the kernel.
  any,
  /// The server on the first core, the clients on the others. With one message
  /// in flight the kernel at times runs both on one core, which makes a round
  /// trip three times faster, and changes its mind: only a fixed placement can
  /// be compared.
  apart,
  /// Both on the first core, which shows the work of a round trip without the
  /// time that it takes to wake up another core.
  one,
};

/// The enumerators by their names.
inline const std::map<std::string, cores> cores_names{
  {"any", cores::any},
  {"apart", cores::apart},
  {"one", cores::one},
};

/// Puts the clients, and the processes started meanwhile, on their cores for as
/// long as it lives. Does nothing on a machine with one core.
class core_guard {
public:
  explicit core_guard(cores where);

  core_guard(const core_guard&) = delete;

  core_guard& operator=(const core_guard&) = delete;

  ~core_guard();

private:
  cpu_set_t before_;
};

/// Puts the server, which is the calling process, on its core.
void place_server(cores where);

} // namespace zenws::bench
