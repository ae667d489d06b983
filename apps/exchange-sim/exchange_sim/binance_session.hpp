#pragma once

#include "exchange_sim/json_reader.hpp"

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace zenws::sim {

/// What a request leads to.
struct binance_outcome {
  std::string answer;
  std::vector<std::string> subscribed;
  std::vector<std::string> unsubscribed;
};

/// The streams of one connection, in Binance's manner.
///
/// Pure: text in, text out.
class binance_session {
public:
  explicit binance_session(size_t max_streams) : max_streams_(max_streams) {
    // nop
  }

  /// Answers one request, or whatever it was that the client sent.
  binance_outcome handle(std::string_view text);

  /// Adds a stream that the URL named. Returns whether it is new and fit.
  bool add(std::string_view stream);

  const std::set<std::string, std::less<>>& streams() const noexcept {
    return streams_;
  }

private:
  struct call;

  void subscribe(call& what);
  void unsubscribe(call& what);
  void list(call& what);

  size_t max_streams_;
  std::set<std::string, std::less<>> streams_;
};

/// The event that tells of the end of a connection.
std::string server_shutdown_event();

} // namespace zenws::sim
