// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/binance/binance_user_stream.hpp"

#include "zenws/sim/clocks.hpp"
#include "zenws/sim/json/json_writer.hpp"
#include "zenws/sim/net/route.hpp"
#include "zenws/sim/net/signature.hpp"
#include "zenws/sim/orders/symbol.hpp"

#include <algorithm>
#include <cctype>

namespace zenws::sim {

namespace {

// Kind of an execution, the reason of the event.
const char* kind_of(order_state x) {
  switch (x) {
    case order_state::open:
      return "NEW";
    case order_state::filled:
      return "TRADE";
    default:
      return "CANCELED";
  }
}

} // namespace

std::string listen_key_of(const account_config& account) {
  return to_hex(hmac_sha256(account.secret, account.key));
}

bool is_listen_key(std::string_view name) noexcept {
  auto fits = [](unsigned char c) { return std::isalnum(c) != 0; };
  return name.size() == listen_key_size && std::ranges::all_of(name, fits);
}

std::optional<std::string>
account_of_listen_key(const std::vector<account_config>& accounts,
                      std::string_view listen_key) {
  auto i = std::ranges::find_if(accounts, [&](const account_config& x) {
    return listen_key_of(x) == listen_key;
  });
  if (i == accounts.end())
    return std::nullopt;
  return i->key;
}

std::string execution_report(const order& entry) {
  json_writer out;
  out.begin_object();
  out.member("e", "executionReport");
  out.member("E", wall_clock().count());
  out.member("s", binance_symbol(entry.instrument));
  out.member("c", entry.label);
  out.member("S", entry.direction == order_direction::buy ? "BUY" : "SELL");
  out.member("o", entry.type == order_type::market ? "MARKET" : "LIMIT");
  out.member("q", eight_decimals(entry.amount));
  out.member("p", eight_decimals(entry.price));
  out.member("x", kind_of(entry.state));
  out.member("X", binance_status(entry.state));
  out.member("i", number_of(entry));
  out.member("z", eight_decimals(entry.filled));
  out.member("T", int64_t{entry.updated.count()});
  out.end_object();
  return out.text();
}

// The documented events differ: `E` is a text on raw connections, a number on
// combined ones, which leave out the key.
std::string listen_key_expired(std::string_view listen_key,
                               stream_wrapping wrapping) {
  json_writer out;
  out.begin_object();
  out.member("e", "listenKeyExpired");
  if (wrapping == stream_wrapping::raw) {
    out.member("E", std::to_string(wall_clock().count()));
    out.member("listenKey", listen_key);
  } else {
    out.member("E", wall_clock().count());
  }
  out.end_object();
  return out.text();
}

std::string in_envelope(std::string_view event, std::string_view stream,
                        stream_wrapping wrapping) {
  if (wrapping == stream_wrapping::raw)
    return std::string{event};
  json_writer out;
  out.begin_object();
  out.member("stream", stream);
  out.key("data").raw(event);
  out.end_object();
  return out.text();
}

} // namespace zenws::sim
