// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sinks/sink_writer.hpp"

#include <poll.h>

namespace zenws {

/// Direction in which a socket is to be ready.
enum class socket_direction : short {
  read = POLLIN,
  both = POLLIN | POLLOUT,
  write = POLLOUT,
};

/// Waits until a socket is ready in one of the directions, or has failed.
/// @returns `false` if the deadline has passed.
inline bool wait_for_socket(int socket, socket_direction direction,
                            const sink_deadline& deadline) {
  pollfd entry{socket, static_cast<short>(direction), 0};
  while (!deadline.has_passed())
    if (::poll(&entry, 1, static_cast<int>(sink_deadline::slice.count())) > 0)
      return true;
  return false;
}

} // namespace zenws
