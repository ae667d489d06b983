// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "client_inbox.hpp"
#include "interrupt_watch.hpp"

#include "zenws/actors/runtime.hpp"

#include <caf/actor_system.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace zenws::tool {

/// Log of the actor system of a verb.
enum class live_log : uint8_t { none, to_stderr };

/// An actor system with one client, for the time of a verb. Whatever the client
/// has to tell, interruptions included, goes to `inbox`.
class live_client {
public:
  /// Starts a client.
  /// @param content what the inbox gets without further requests; nothing: it
  ///                gets events as well from the first subscription on.
  /// @returns `ec::invalid_config` naming every problem.
  static result<std::unique_ptr<live_client>>
  start(client_spec spec, live_log log,
        std::optional<subscription_content> content);

  live_client(const live_client&) = delete;

  live_client& operator=(const live_client&) = delete;

  client_inbox& inbox() noexcept {
    return *inbox_;
  }

  // -- requests, whose answers go to the inbox --------------------------------

  /// Answered by `message_written`, or `failed_request`.
  void send(send_text request);

  /// Answered by a `channel_report`, or `failed_request`.
  void subscribe(std::vector<channel_spec> channels);

  /// Answered by a `market_report`, or `failed_request`.
  void subscribe(std::vector<std::string> instruments, market::data_kinds kinds,
                 uint32_t depth);

  /// Answered by an `rpc_result`, or `failed_request`.
  void call(zenws::call request);

  /// Closes the connection once all is written; the last item is the event
  /// `ended`.
  void close();

private:
  struct log_choice : system_config {
    explicit log_choice(live_log choice);
  };

  explicit live_client(live_log log);

  std::shared_ptr<client_inbox> inbox_ = std::make_shared<client_inbox>();
  interrupt_watch interrupts_;
  log_choice config_;
  caf::actor_system system_;
  runtime runtime_;
  caf::actor receiver_;
  client_actor client_;
  caf::actor requester_;
};

} // namespace zenws::tool
