// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/okx/okx_session.hpp"

#include "zenws/sim/net/signature.hpp"
#include "zenws/sim/net/utf8.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <span>
#include <utility>

namespace zenws::sim {

namespace {

constexpr size_t max_quote = 256;

// The venue's bound of all that one request subscribes to. Each argument gets
// an answer of its own, which is longer than the argument.
constexpr size_t max_request = 64 * 1024;

constexpr std::string_view signed_request = "GET/users/self/verify";

constexpr const char* stale_timestamp = "60006";
constexpr const char* invalid_key = "60005";
constexpr const char* invalid_sign = "60007";
constexpr const char* wrong_passphrase = "60024";
constexpr const char* not_logged_in = "60011";
constexpr const char* malformed_request = "60012";
constexpr const char* too_frequent = "60014";
constexpr const char* wrong_channel = "60018";
constexpr const char* upgrade_soon = "64008";
constexpr std::string_view maintenance = "50001";
constexpr std::string_view maintenance_message
  = "Service temporarily unavailable. Please try again later.";

// Eight hexadecimal digits.
std::string connection_id(uint64_t number) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8)
    bytes += static_cast<char>(number >> shift & 0xff);
  return to_hex(bytes);
}

bool is_okx_id(const json& x) {
  constexpr size_t max_size = 32;
  auto fits = [](unsigned char c) { return std::isalnum(c) != 0; };
  return x.IsString() && x.GetStringLength() <= max_size
         && std::ranges::all_of(text_of(x), fits);
}

// Returns seconds since the epoch as milliseconds.
std::optional<std::chrono::milliseconds> read_timestamp(const json& login) {
  auto seconds = decimal_member(login, "timestamp");
  if (!seconds || !(std::abs(*seconds) < 1e12))
    return std::nullopt;
  return std::chrono::milliseconds{static_cast<int64_t>(*seconds * 1000)};
}

constexpr std::string_view channels_of_all[] = {"trades", "tickers", "books",
                                                "books5", "bbo-tbt"};

constexpr std::string_view channels_of_swaps[] = {"mark-price", "funding-rate",
                                                  "open-interest"};

bool is_listed_in(std::string_view name,
                  std::span<const std::string_view> names) {
  return std::ranges::find(names, name) != names.end();
}

bool is_instrument_type(std::string_view type) {
  constexpr std::string_view types[] = {"ANY",  "SPOT",    "MARGIN",
                                        "SWAP", "FUTURES", "OPTION"};
  return is_listed_in(type, types);
}

} // namespace

// A request while it is being answered.
struct okx_session::call {
  std::string_view text;
  const json& request;
  const std::string& connection;
  okx_outcome outcome;

  // Answers with the members that `write` writes, the ID and the connection.
  template <class Fun>
  void answer(const char* event, Fun write) {
    json_writer out;
    out.begin_object();
    if (auto* id = find(request, "id"); id && is_okx_id(*id))
      out.key("id").copy(*id);
    out.member("event", event);
    write(out);
    out.member("connId", connection);
    out.end_object();
    outcome.answers.push_back(out.text());
  }

  void error(std::string_view code, std::string_view message) {
    answer("error", [&](json_writer& out) {
      out.member("code", code);
      out.member("msg", message);
    });
  }

  // Quotes the request, but not without end.
  void invalid() {
    auto quote = std::string{utf8_prefix(text, max_quote)};
    error(malformed_request, "Invalid request: " + quote);
  }

  // Repeats the argument as it was given.
  void confirm(const char* event, const okx_arg& arg) {
    answer(event, [&](json_writer& out) {
      out.key("arg");
      arg.write(out);
    });
  }

  // Calls `fun` with each argument. Answers others with an error.
  template <class Fun>
  void each_arg(Fun fun) {
    auto* args = find(request, "args");
    if (!args || !args->IsArray() || args->Empty())
      return invalid();
    for (auto& x : args->GetArray())
      if (auto arg = read_okx_arg(x))
        fun(*arg);
      else
        invalid();
  }
};

okx_session::okx_session(const server_config& cfg, okx_side side,
                         uint64_t number, surroundings around)
  : cfg_(cfg),
    side_(side),
    connection_(connection_id(number)),
    market_(around.market),
    orders_(cfg.okx, around.orders, number, around.market),
    knobs_(around.orders, around.market.quote),
    requests_(cfg.okx.max_requests, cfg.okx.request_window) {
  // nop
}

std::optional<std::chrono::steady_clock::time_point>
okx_session::idle_at() const noexcept {
  if (cfg_.okx.idle_timeout.count() == 0)
    return std::nullopt;
  return last_heard_ + cfg_.okx.idle_timeout;
}

okx_outcome okx_session::handle(std::string_view text, const moment& now) {
  if (text == "ping")
    return {{"pong"}, {}, {}};
  rapidjson::Document doc;
  auto parsed = parse_json(text, doc);
  call command{text, doc, connection_, {}};
  auto* id = find(doc, "id");
  if (text.size() > max_request || !parsed || (id && !is_okx_id(*id)))
    command.invalid();
  else
    dispatch(command, now);
  return std::move(command.outcome);
}

void okx_session::dispatch(call& command, const moment& now) {
  auto op = text_member(command.request, "op");
  if (side_ == okx_side::private_data && okx_orders::knows(op))
    return trade(command, now);
  if (order_knobs::knows(op))
    return turn(command, op, now);
  if (op != "subscribe" && op != "unsubscribe" && op != "login")
    return command.invalid();
  if (!requests_.admit(now.steady))
    return command.error(too_frequent, "Requests too frequent");
  if (op == "subscribe")
    subscribe(command);
  else if (op == "unsubscribe")
    unsubscribe(command);
  else
    log_in(command, now);
}

// -- channels -----------------------------------------------------------------

void okx_session::subscribe(call& command) {
  command.each_arg([&](okx_arg& arg) {
    if (auto problem = check(arg))
      return command.error(problem->code, problem->message);
    command.confirm("subscribe", arg);
    auto pushed = arg.pushed();
    if (channels_.emplace(pushed.text(), pushed).second)
      command.outcome.subscribed.push_back(std::move(pushed));
  });
}

void okx_session::unsubscribe(call& command) {
  command.each_arg([&](okx_arg& arg) {
    if (auto problem = check(arg))
      return command.error(problem->code, problem->message);
    command.confirm("unsubscribe", arg);
    auto pushed = arg.pushed();
    if (channels_.erase(pushed.text()) > 0)
      command.outcome.unsubscribed.push_back(std::move(pushed));
  });
}

// Returns the reason if there is no such channel here, or nothing.
std::optional<okx_session::refusal>
okx_session::check(const okx_arg& arg) const {
  auto quote = std::string{utf8_prefix(arg.described(), max_quote)};
  refusal unknown{wrong_channel,
                  "Wrong URL or " + quote
                    + " doesn't exist. Please use the correct URL, channel "
                      "and parameters referring to API document."};
  if (side_ == okx_side::public_data) {
    if (!is_public(arg))
      return unknown;
    return std::nullopt;
  }
  if (!arg.is_private())
    return unknown;
  if (account_.empty())
    return refusal{not_logged_in, "Please log in"};
  if (arg.is_about_balances())
    return std::nullopt;
  if (!is_instrument_type(arg.inst_type)
      || (!arg.inst_id.empty() && !market_.instrument(arg.inst_id)))
    return unknown;
  return std::nullopt;
}

bool okx_session::is_public(const okx_arg& arg) const {
  if (arg.lists_instruments())
    return is_instrument_type(arg.inst_type) && arg.inst_type != "ANY";
  if (arg.channel == "index-tickers")
    return market_.instrument(arg.inst_id + std::string{okx_swap_suffix})
      .has_value();
  if (!market_.instrument(arg.inst_id))
    return false;
  return is_listed_in(arg.channel, channels_of_all)
         || (is_listed_in(arg.channel, channels_of_swaps)
             && arg.inst_id.ends_with(okx_swap_suffix));
}

// -- login --------------------------------------------------------------------

void okx_session::log_in(call& command, const moment& now) {
  auto* args = find(command.request, "args");
  if (!args || !args->IsArray() || args->Size() != 1 || !(*args)[0].IsObject())
    return command.invalid();
  const auto& login = (*args)[0];
  auto time = read_timestamp(login);
  if (!time)
    return command.invalid();
  auto age = now.wall - *time;
  if (std::chrono::abs(age) > cfg_.okx.login_window)
    return command.error(stale_timestamp, "Timestamp request expired");
  auto key = text_member(login, "apiKey");
  auto account = std::ranges::find(cfg_.accounts, key, &account_config::key);
  if (account == cfg_.accounts.end())
    return command.error(invalid_key, "Invalid apiKey");
  auto text = std::string{text_member(login, "timestamp")}
              + std::string{signed_request};
  auto signature = to_base64(hmac_sha256(account->secret, text));
  if (!same_secret(text_member(login, "sign"), signature))
    return command.error(invalid_sign, "Invalid sign");
  if (!same_secret(text_member(login, "passphrase"), account->passphrase))
    return command.error(wrong_passphrase, "Wrong passphrase");
  account_ = account->key;
  uid_ = account->uid;
  command.answer("login", [](json_writer& out) {
    out.member("code", "0");
    out.member("msg", "");
  });
}

// -- orders -------------------------------------------------------------------

void okx_session::trade(call& command, const moment& now) {
  if (account_.empty())
    return command.error(not_logged_in, "Please log in");
  auto done = orders_.run({command.request, account_, now.wall});
  command.outcome.answers.push_back(std::move(done.answer));
  command.outcome.changes = std::move(done.changes);
}

// Its parameters are the only argument.
void okx_session::turn(call& command, std::string_view knob,
                       const moment& now) {
  auto* args = find(command.request, "args");
  if (!args || !args->IsArray() || args->Size() != 1)
    return command.invalid();
  auto done = knobs_.turn(knob, (*args)[0], now.wall);
  using enum knob_outcome::verdict;
  auto code = done.result == turned ? "0" : "1";
  auto reason = done.result == no_such_order
                  ? std::string{"no such order"}
                  : std::string{done.parameter} + ' ' + done.reason;
  command.outcome.answers.push_back(okx_orders::refusal(
    command.request, code, done.result == turned ? "" : reason));
  command.outcome.changes = std::move(done.changes);
  command.outcome.fills = done.fills;
}

// -- faults -------------------------------------------------------------------

std::string okx_session::failure(std::string_view text,
                                 const call_error& error) const {
  rapidjson::Document doc;
  parse_json(text, doc);
  auto is_maintenance = error.code.empty();
  auto code = is_maintenance ? maintenance : std::string_view{error.code};
  auto message = is_maintenance ? maintenance_message
                                : std::string_view{error.message};
  if (okx_orders::knows(text_member(doc, "op")))
    return okx_orders::refusal(doc, code, message);
  call command{text, doc, connection_, {}};
  command.error(code, message);
  return std::move(command.outcome.answers.front());
}

std::vector<okx_arg> okx_session::covered(std::string_view pattern) const {
  std::vector<okx_arg> result;
  for (auto& [text, arg] : channels_)
    if (covers_channel(pattern, arg.name()))
      result.push_back(arg);
  return result;
}

void okx_session::revoke(const okx_arg& arg) {
  channels_.erase(arg.text());
}

// -- notices ------------------------------------------------------------------

template <class Fun>
std::string okx_session::event(const char* name, Fun write) const {
  json_writer out;
  out.begin_object();
  out.member("event", name);
  write(out);
  out.member("connId", connection_);
  out.end_object();
  return out.text();
}

std::string okx_session::upgrade_notice() const {
  return event("notice", [](json_writer& out) {
    out.member("code", upgrade_soon);
    out.member("msg", "The connection will soon be closed for a service "
                      "upgrade. Please reconnect.");
  });
}

std::string okx_session::connection_count(const okx_arg& arg,
                                          size_t count) const {
  return event("channel-conn-count", [&](json_writer& out) {
    out.member("channel", arg.channel);
    out.member("connCount", std::to_string(count));
  });
}

std::string okx_session::too_many_connections(const okx_arg& arg) const {
  auto limit = cfg_.okx.max_connections_per_channel;
  return event("channel-conn-count-error", [&](json_writer& out) {
    out.member("channel", arg.channel);
    out.member("connCount", std::to_string(limit));
  });
}

std::string okx_session::unsubscribed(const okx_arg& arg) const {
  return event("unsubscribe", [&](json_writer& out) {
    out.key("arg");
    arg.write(out);
  });
}

} // namespace zenws::sim
