#include "trading_engine/engine.hpp"

#include <utility>

namespace zenws::engine {

namespace {

/// How long a request may take to be written to the socket.
constexpr std::chrono::seconds write_timeout{5};

} // namespace

engine::engine(caf::actor_config& cfg, feed_options options,
               caf::actor observer)
  : super(cfg), session_(std::move(options)), observer_(std::move(observer)) {
  // nop
}

const char* engine::name() const {
  return "zenws.engine";
}

caf::behavior engine::make_behavior() {
  delayed_send(this, tick_period, detail::engine_tick{});
  delayed_send(this, report_period, detail::report_due{});
  return {
    [this](const message_batch& batch) { handle(batch); },
    [this](const client_event& what) { handle(what); },
    [this](const attach_client& what) {
      client_ = what.client;
      send(client_, subscribe{caf::actor{this}, {}});
    },
    [this](const get_report&) { return session_.report(); },
    [this](detail::engine_tick) {
      delayed_send(this, tick_period, detail::engine_tick{});
      session_.tick(clock().now());
      send_requests();
    },
    [this](detail::report_due) {
      delayed_send(this, report_period, detail::report_due{});
      send_report();
    },
  };
}

void engine::on_exit() {
  // Observers may know the engine, too.
  observer_ = nullptr;
  client_ = nullptr;
}

// -- what the client says -----------------------------------------------------

void engine::handle(const message_batch& batch) {
  auto now = clock().now();
  // What is left of an older connection is of no use any more.
  if (batch.epoch() < session_.epoch())
    return;
  if (batch.epoch() > session_.epoch())
    session_.connected(batch.epoch(), now);
  for (auto what : batch)
    session_.received(what.payload, now);
  send_requests();
  tell_if_restored();
}

void engine::handle(const client_event& what) {
  if (what.state != client_state::ready)
    return session_.disconnected();
  session_.connected(what.epoch, clock().now());
  send_requests();
}

// -- what follows from it -----------------------------------------------------

/// A request that fails is not repeated here: the session notices that the
/// answer is missing, or begins anew on the next connection.
void engine::send_requests() {
  for (auto& text : session_.take_requests())
    request(client_, write_timeout, send_text{std::move(text)})
      .then(
        [] {
          // nop
        },
        [](const caf::error&) {
          // nop
        });
}

void engine::tell_if_restored() {
  if (restored_epoch_ == session_.epoch() || !session_.is_restored())
    return;
  restored_epoch_ = session_.epoch();
  if (observer_)
    send(observer_, feed_restored{restored_epoch_});
}

void engine::send_report() {
  if (!observer_)
    return;
  auto what = session_.report();
  auto total = what.counters.messages;
  what.messages_per_second = total - std::exchange(reported_messages_, total);
  send(observer_, std::move(what));
}

} // namespace zenws::engine
