// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/binance/binance_endpoint.hpp"

#include "zenws/sim/binance/binance_order_text.hpp"
#include "zenws/sim/binance/binance_user_stream.hpp"
#include "zenws/sim/venue.hpp"

namespace zenws::sim {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds one_second{1000};

// Bytes that precede the payload of a request that is close to the limit: two,
// two of the extended length, four of the mask.
constexpr size_t client_frame_header = 8;

} // namespace

binance_endpoint::binance_endpoint(venue& owner, connection& client)
  : binance_connection(owner, client),
    cfg_(owner.config().binance),
    wrapping_(client.where().path == "/stream" ? stream_wrapping::combined
                                               : stream_wrapping::raw),
    session_(cfg_),
    frames_(cfg_.max_frames_per_second, one_second) {
  // nop
}

void binance_endpoint::opened() {
  for (auto& name : client().where().streams)
    if (session_.add(name))
      subscribe(name);
  binance_connection::opened();
}

void binance_endpoint::received(const message& received) {
  if (!admit() || is_too_large(received))
    return;
  auto verdict = owner().judge_call(client(), received.payload);
  if (!verdict)
    return act(session_.handle(received.payload));
  binance_outcome outcome;
  if (verdict->executes == execution::done)
    outcome = session_.handle(received.payload);
  outcome.answer = verdict->error
                     ? session_.failure(received.payload, *verdict->error)
                     : std::string{};
  act(outcome);
}

void binance_endpoint::act(const binance_outcome& outcome) {
  acknowledge(outcome);
  for (auto& name : outcome.unsubscribed)
    unsubscribe(name);
  for (auto& name : outcome.subscribed)
    if (!is_closed())
      subscribe(name);
}

void binance_endpoint::acknowledge(const binance_outcome& outcome) {
  if (outcome.answer.empty())
    return;
  if (!outcome.subscribed.empty() && owner().notifies_first(client()))
    client().send_after_next(outcome.answer);
  else
    client().send(opcode::text, outcome.answer);
}

void binance_endpoint::pinged() {
  admit();
}

void binance_endpoint::ponged(std::string_view payload) {
  if (admit())
    binance_connection::ponged(payload);
}

bool binance_endpoint::admit() {
  auto penalized = owner().penalizes(client());
  if (frames_.admit(steady_clock::now()) && !penalized)
    return true;
  if (!penalized)
    owner().penalize(client());
  client().close(policy_violation, "Too many requests");
  return false;
}

bool binance_endpoint::is_too_large(const message& received) const noexcept {
  return cfg_.max_request_bytes > 0
         && received.payload.size() + client_frame_header
              > cfg_.max_request_bytes;
}

void binance_endpoint::ending() {
  client().send(opcode::text, server_shutdown_event(wrapping_));
}

void binance_endpoint::closed() {
  binance_connection::closed();
  for (auto& name : session_.streams())
    unsubscribe(name);
}

// -- streams ------------------------------------------------------------------

void binance_endpoint::subscribe(const std::string& stream) {
  if (owner().silences(client(), stream))
    return;
  if (!is_listen_key(stream))
    return owner().binance().subscribe(stream, wrapping_, client());
  if (auto account = account_of_listen_key(owner().config().accounts, stream))
    owner().order_events().subscribe_to_changes(
      client(), *account, stream,
      [stream, wrapping = wrapping_](
        const order_change& x) -> std::optional<std::string> {
        auto event = execution_report(x);
        if (!event)
          return std::nullopt;
        return in_envelope(*event, stream, wrapping);
      });
}

void binance_endpoint::unsubscribe(const std::string& stream) {
  owner().binance().unsubscribe(stream, wrapping_, client());
  owner().order_events().unsubscribe(client(), stream);
}

// -- faults of streams --------------------------------------------------------

void binance_endpoint::silence(std::string_view channel) {
  for (auto& name : session_.covered(channel))
    unsubscribe(name);
}

// The venue has no words for it.
void binance_endpoint::revoke(std::string_view channel, revocation) {
  for (auto& name : session_.revoke(channel))
    unsubscribe(name);
}

void binance_endpoint::send_malformed(std::string_view channel, breakage mode) {
  for (auto& name : session_.covered(channel))
    client().send(opcode::text,
                  broken(in_envelope("7", name, wrapping_), mode));
}

void binance_endpoint::expire_listen_keys() {
  for (auto& name : session_.covered(""))
    if (is_listen_key(name)) {
      client().send(opcode::text,
                    in_envelope(listen_key_expired(name, wrapping_), name,
                                wrapping_));
      session_.revoke(name);
      unsubscribe(name);
    }
}

} // namespace zenws::sim
