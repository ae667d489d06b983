// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/binance/binance_user_stream.hpp"

#include "zenws/sim/clocks.hpp"
#include "zenws/sim/json/json_writer.hpp"
#include "zenws/sim/net/route.hpp"
#include "zenws/sim/net/signature.hpp"

#include <algorithm>
#include <cctype>

namespace zenws::sim {

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

std::string event_stream_terminated() {
  json_writer out;
  out.begin_object();
  out.member("e", "eventStreamTerminated");
  out.member("E", wall_clock().count());
  out.end_object();
  return out.text();
}

std::string in_subscription(std::string_view event, int64_t id) {
  json_writer out;
  out.begin_object();
  out.member("subscriptionId", id);
  out.key("event").raw(event);
  out.end_object();
  return out.text();
}

} // namespace zenws::sim
