// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/config_problem.hpp"
#include "zenws/error.hpp"
#include "zenws/recording/recording_range.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace zenws {

/// Options of a recording that is served as a venue.
struct recording_server_options {
  /// The recording; those of its older files that are still there come first.
  std::string path{};

  /// The part to play.
  recording_range range{};

  /// The dialect of the client that was recorded: requests are answered as its
  /// venue does. With "raw" nothing is answered.
  std::string dialect = "raw";

  /// Factor of the original speed, or 0 for as fast as a client reads.
  double speed = 1;

  /// Longer pauses are cut to this; 0 for none.
  std::chrono::milliseconds max_gap{0};

  /// Address to listen at. There is neither TLS nor a login: whoever reaches it
  /// gets the recording.
  std::string host = "127.0.0.1";

  /// Port, or 0 for one that the system chooses.
  uint16_t port = 0;

  /// Connections at a time; further ones are closed.
  size_t max_connections = 100;

  /// Called with a sentence for people about each connection, by the thread of
  /// the server; may be empty.
  std::function<void(const std::string&)> on_event{};
};

/// Returns every problem of the options.
std::vector<config_problem> validate(const recording_server_options& options);

/// Serves a recording over WebSocket, on a thread of its own, as the venue that
/// it was recorded from.
///
/// Each connection gets all received messages of the range from the first one
/// on, at their pace: from its first subscription on, or at once if the dialect
/// is "raw". Answers and heartbeats of the recording are left out, since those
/// of this connection are made anew. At the end the connection stays open and
/// silent. Any path is served; a client that reads slowly sets the pace.
class recording_server {
public:
  // -- constructors, destructors, and assignment operators --------------------

  /// Starts to listen.
  /// @returns `ec::invalid_config` naming every problem; `ec::recording_failed`
  ///          if there is no such recording; `ec::connect_failed` if the port
  ///          cannot be opened.
  static result<std::unique_ptr<recording_server>>
  start(recording_server_options options);

  recording_server(const recording_server&) = delete;

  recording_server& operator=(const recording_server&) = delete;

  /// Ends all connections.
  ~recording_server();

  // -- properties -------------------------------------------------------------

  uint16_t port() const noexcept;

  /// Returns the URL for clients.
  std::string url() const;

private:
  struct impl;

  explicit recording_server(std::unique_ptr<impl> content);

  std::unique_ptr<impl> impl_;
};

} // namespace zenws
