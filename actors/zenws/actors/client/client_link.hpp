#pragma once

#include "zenws/connection/connection.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace zenws {

class client;

/// Tokens in the order of their writes. Unlike a deque it takes no memory as
/// long as nothing was written.
class pending_writes {
public:
  void push(uint64_t token) {
    tokens_.push_back(token);
  }

  /// @pre there is one
  uint64_t pop() {
    auto result = tokens_[next_++];
    // What is over goes once it is the greater part, so a pop costs little.
    if (2 * next_ > tokens_.size()) {
      tokens_.erase(tokens_.begin(),
                    tokens_.begin() + static_cast<std::ptrdiff_t>(next_));
      next_ = 0;
    }
    return result;
  }

  /// Those that were not popped.
  std::span<const uint64_t> rest() const noexcept {
    return std::span{tokens_}.subspan(next_);
  }

private:
  std::vector<uint64_t> tokens_;
  size_t next_ = 0;
};

/// One connection of a client, from the decision to dial to its end: the one in
/// use, or the successor that is about to replace it.
class client_connection
  : public connection_listener,
    public std::enable_shared_from_this<client_connection> {
public:
  explicit client_connection(client& owner) : owner_(owner) {
    // nop
  }

  /// Ends it; the client does not hear of it again.
  void abandon() {
    if (socket)
      std::exchange(socket, nullptr)->abandon();
  }

  /// Null as long as it is not known where to go.
  std::shared_ptr<connection> socket;

  bool is_open = false;

  /// The attempt said what may be credentials: headers, a query.
  bool has_credentials = false;

  /// That was tried last; empty as long as none was.
  std::string address;

  /// Tokens of what was sent in this order, 0 if nobody waits for it.
  pending_writes unwritten;

  // -- implementation of connection_listener ----------------------------------

  void on_phase(client_state phase, std::string_view where) override;

  void on_open(std::string_view subprotocol) override;

  void on_messages(slab_ptr messages) override;

  void on_pong(std::string_view payload) override;

  void on_ping() override;

  void on_written() override;

  void on_closed(error reason) override;

private:
  client& owner_;
};

} // namespace zenws
