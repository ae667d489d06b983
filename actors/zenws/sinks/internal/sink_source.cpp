// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sinks/internal/sink_source.hpp"

#include <algorithm>
#include <chrono>
#include <random>
#include <utility>

namespace zenws {

namespace {

sink_time as_sink_time(std::chrono::system_clock::time_point x) {
  return std::chrono::floor<std::chrono::microseconds>(x);
}

} // namespace

sink_source::sink_source(std::string client, uint64_t run)
  : client_(std::make_shared<const std::string>(std::move(client))), run_(run) {
  // nop
}

sink_record sink_source::make(uint64_t epoch, const message_view& message) {
  last_epoch_ = epoch;
  last_sequence_ = message.sequence;
  return {{as_sink_time(message.received_at), client_, run_, epoch,
           message.sequence, 0},
          sink_message{message.kind, std::string{message.payload}}};
}

std::optional<sink_record> sink_source::make(uint64_t epoch,
                                             sink_time received_at,
                                             const market::update& update) {
  auto visitor = [&]<class T>(const T& x) -> std::optional<sink_record> {
    if constexpr (
      std::is_same_v<
        T,
        market::
          trade> || std::is_same_v<T, market::quote> || std::is_same_v<T, market::ticker>) {
      return sink_record{next_key(epoch, x.message, received_at), x};
    } else if constexpr (std::is_same_v<T, market::trade_gap>) {
      auto key = next_key(epoch, x.message, received_at);
      auto lost = x.before > x.after + 1 ? x.before - x.after - 1 : 0;
      return sink_record{key, sink_loss{.cause = sink_loss_cause::venue_gap,
                                        .lost = lost,
                                        .instrument = x.instrument}};
    } else {
      return std::nullopt;
    }
  };
  return std::visit(visitor, update);
}

sink_record sink_source::make(const sink_loss& loss) {
  auto now = as_sink_time(std::chrono::system_clock::now());
  return {next_key(last_epoch_, last_sequence_, now), loss};
}

// Questions are answered later, and by another client: what comes of them may
// have an older number, or none.
sink_key sink_source::next_key(uint64_t epoch, uint64_t sequence,
                               sink_time time) {
  if (epoch > last_epoch_) {
    last_epoch_ = epoch;
    last_sequence_ = sequence;
  } else {
    last_sequence_ = std::max(last_sequence_, sequence);
  }
  return {time, client_, run_, epoch, sequence, ++items_};
}

uint64_t draw_run() {
  using namespace std::chrono;
  constexpr unsigned random_bits = 20;
  auto now = floor<milliseconds>(system_clock::now()).time_since_epoch();
  auto noise = std::random_device{}() & ((1u << random_bits) - 1);
  return static_cast<uint64_t>(now.count()) << random_bits | noise;
}

} // namespace zenws
