#pragma once

#include "zenws/connection.hpp"

#include <cstdint>
#include <deque>
#include <memory>
#include <string_view>
#include <utility>

namespace zenws {

class client;

/// One connection of a client, from the decision to dial to its end: the one in
/// use, or the successor that is about to replace it.
class client_link : public connection_listener,
                    public std::enable_shared_from_this<client_link> {
public:
  explicit client_link(client& owner) : owner_(owner) {
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

  /// Tokens of what was sent in this order, 0 if nobody waits for it.
  std::deque<uint64_t> unwritten;

  // -- implementation of connection_listener ----------------------------------

  void on_phase(client_state phase) override;

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
