#pragma once

#include "exchange_sim/connection.hpp"
#include "exchange_sim/market.hpp"

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace zenws::sim {

/// Lets the market run and tells its subscribers.
///
/// Rests while there are none; the course of events does not depend on time.
class market_feed {
public:
  market_feed(boost::asio::io_context& ctx, const server_config& cfg);

  /// Whether there is such a channel.
  bool knows(std::string_view channel) const;

  /// Adds a subscriber; to a book channel it gets the snapshot at once.
  /// @pre `knows(channel)`
  void subscribe(const std::string& channel, connection& subscriber);

  void unsubscribe(const std::string& channel, connection& subscriber);

  /// Leaves out the next `changes` book changes of each instrument.
  void skip_book_changes(uint64_t changes) noexcept {
    skipped_changes_ = changes;
  }

  void stop();

private:
  void schedule();
  void tick();
  void tell(const instrument& what, const market_update& update);
  void publish(const std::string& channel, const std::string& text);
  bool has_subscribers(const std::string& channel) const;

  market market_;
  std::chrono::milliseconds period_;
  loop_timer timer_;
  bool running_ = false;
  uint64_t skipped_changes_ = 0;
  std::unordered_map<std::string, std::vector<connection*>> subscribers_;
};

} // namespace zenws::sim
