// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/monitor/internal/http_session.hpp"
#include "zenws/monitor/internal/live_state.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace zenws::monitoring {

/// What a reader of a stream wants to see.
struct stream_request {
  row_query rows{};

  /// Name of the client whose details are shown; may be empty.
  std::string client{};

  bool may_act = false;
};

/// Sends updates to browsers (server-sent events) while there are any: what has
/// changed, four times a second at most. Nothing waits for a reader that does
/// not read: what it gets next is the newest.
class update_streams {
public:
  // -- constants --------------------------------------------------------------

  static constexpr size_t max_streams = 64;

  static constexpr std::chrono::milliseconds period{250};

  /// A line without a meaning is sent if nothing else was for this long.
  static constexpr std::chrono::seconds max_silence{15};

  // -- constructors, destructors, and assignment operators ------------------

  update_streams(boost::asio::io_context& context, program_info program,
                 std::shared_ptr<live_state> source);

  // -- streams ----------------------------------------------------------------

  bool is_full() const;

  /// Answers a request by a stream.
  /// @pre `!is_full()`
  void add(http_session_ptr session, stream_request request);

  void close();

private:
  struct stream;

  using stream_ptr = std::shared_ptr<stream>;

  void tick();

  void update();

  void take(const monitor_state_ptr& state);

  // Sends what is new to a reader if it has taken all that was sent before.
  void send_news(stream& to);

  const std::string& state_text(bool may_act);

  const std::string& row_text(const row_query& query);

  program_info program_;
  std::shared_ptr<live_state> source_;
  boost::asio::steady_timer timer_;
  std::vector<stream_ptr> streams_;
  monitor_state_ptr state_;
  bool is_ticking_ = false;

  // The state as text, for those who may not act and those who may; and tables.
  std::map<bool, std::string> state_texts_;
  std::map<row_query, std::string> row_texts_;
};

} // namespace zenws::monitoring
