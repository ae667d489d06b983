#include "exchange_sim/okx_endpoint.hpp"

#include "exchange_sim/signature.hpp"
#include "exchange_sim/venue.hpp"

namespace zenws::sim {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using std::chrono::system_clock;

constexpr uint16_t no_data_received = 4004;

okx_side side_of(const route& where) {
  return where.path.ends_with("/private") ? okx_side::private_data
                                          : okx_side::public_data;
}

/// Eight hexadecimal digits.
std::string connection_id(uint64_t number) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8)
    bytes += static_cast<char>(number >> shift & 0xff);
  return to_hex(bytes);
}

okx_session::times now() {
  auto wall = system_clock::now().time_since_epoch();
  return {steady_clock::now(), std::chrono::duration_cast<milliseconds>(wall)};
}

} // namespace

okx_endpoint::okx_endpoint(venue& owner, connection& client)
  : owner_(owner),
    client_(client),
    session_(owner.config(), side_of(client.where()),
             connection_id(client.id()),
             [&owner](const std::string& x) { return owner.okx().knows(x); }),
    idle_timer_(owner.executor()) {
  // nop
}

void okx_endpoint::opened() {
  await_message();
}

void okx_endpoint::received(const message& what) {
  await_message();
  auto outcome = session_.handle(what.payload, now());
  for (const auto& x : outcome.answers)
    client_.send(opcode::text, x);
  for (const auto& x : outcome.unsubscribed)
    unsubscribe(x);
  for (const auto& x : outcome.subscribed)
    if (!closed_)
      subscribe(x);
}

void okx_endpoint::subscribe(const okx_arg& arg) {
  if (!arg.is_private())
    return owner_.okx().subscribe(arg, client_);
  owner_.order_events().subscribe(client_, session_.account(), arg.text(),
                                  [arg](const order& x) {
                                    return okx_order(arg, x);
                                  });
}

void okx_endpoint::unsubscribe(const okx_arg& arg) {
  if (!arg.is_private())
    owner_.okx().unsubscribe(arg, client_);
  else
    owner_.order_events().unsubscribe(client_, arg.text());
}

/// A stalled server holds no one to account.
void okx_endpoint::await_message() {
  auto timeout = owner_.config().okx.idle_timeout;
  if (timeout.count() == 0 || closed_)
    return;
  idle_timer_.expires_after(timeout);
  idle_timer_.async_wait([this, self = client_.shared_from_this()](auto ec) {
    if (ec || closed_ || idle_timer_.expiry() > steady_clock::now())
      return;
    if (client_.is_stalled())
      await_message();
    else
      client_.close(no_data_received, "No data received");
  });
}

void okx_endpoint::ending() {
  client_.send(opcode::text, session_.upgrade_notice());
}

void okx_endpoint::closed() {
  closed_ = true;
  idle_timer_.cancel();
  for (const auto& [text, arg] : session_.channels())
    unsubscribe(arg);
}

} // namespace zenws::sim
