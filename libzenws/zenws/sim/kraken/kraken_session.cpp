// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/kraken/kraken_session.hpp"

#include "zenws/sim/json/json_reader.hpp"
#include "zenws/sim/json/json_writer.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace zenws::sim {

namespace {

// Each symbol gets an answer of its own, which is longer than the symbol.
constexpr size_t max_request = 64 * 1024;

// docs.kraken.com, "Book (Level 2)".
constexpr std::array<size_t, 5> offered_depths{10, 25, 100, 500, 1000};

constexpr size_t default_depth = 10;

constexpr const char* malformed = "Malformed request";
constexpr const char* unavailable = "EService:Unavailable";

bool is_symbol_list(const json& params) {
  auto* symbols = find(params, "symbol");
  return symbols && symbols->IsArray() && !symbols->Empty()
         && all_strings(*symbols);
}

} // namespace

kraken_session::kraken_session(const kraken_config& cfg, uint64_t number,
                               pair_check is_pair,
                               std::optional<kraken_account> account)
  : cfg_(cfg),
    number_(number),
    is_pair_(std::move(is_pair)),
    account_(std::move(account)),
    requests_(cfg.max_requests, cfg.request_window) {
  // nop
}

std::optional<std::chrono::steady_clock::time_point>
kraken_session::idle_at() const noexcept {
  if (cfg_.idle_timeout.count() == 0 || !channels_.empty())
    return std::nullopt;
  return last_heard_ + cfg_.idle_timeout;
}

kraken_outcome kraken_session::handle(std::string_view text,
                                      const moment& now) {
  rapidjson::Document doc;
  auto parsed = parse_json(text, doc);
  kraken_call command{doc, now};
  auto* id = find(doc, "req_id");
  if (text.size() > max_request || !parsed || !doc.IsObject()
      || (id && !id->IsInt64()))
    command.refuse(malformed);
  else if (!requests_.admit(now.steady))
    command.refuse("Exceeded msg rate");
  else
    dispatch(command);
  return std::move(command.outcome);
}

void kraken_session::dispatch(kraken_call& command) {
  auto method = command.method();
  if (method == "ping")
    command.answer("pong", [](json_writer&) {});
  else if (method == "subscribe")
    subscribe(command);
  else if (method == "unsubscribe")
    unsubscribe(command);
  else if (!account_ || !account_->handle(command))
    command.refuse(malformed);
}

// -- channels -----------------------------------------------------------------

/// Reads all of a channel but its symbol. Refuses the request if it cannot be.
bool kraken_session::read_channel(kraken_call& command,
                                  kraken_channel& out) const {
  if (account_)
    return account_->read_channel(command, out);
  auto& params = command.params();
  auto refuse = [&](const char* reason) {
    command.refuse(reason);
    return false;
  };
  out.kind = text_member(params, "channel");
  if (out.kind == "instrument")
    return true;
  if (out.kind != "book" && out.kind != "trade" && out.kind != "ticker")
    return refuse("Subscription name invalid");
  if (!is_symbol_list(params))
    return refuse(malformed);
  if (out.kind == "ticker") {
    auto trigger = text_member(params, "event_trigger");
    if (!trigger.empty() && trigger != "bbo" && trigger != "trades")
      return refuse(malformed);
    out.tells_quotes = trigger == "bbo";
  }
  if (out.kind == "book") {
    auto* depth = find(params, "depth");
    out.depth = !depth              ? default_depth
                : depth->IsUint64() ? depth->GetUint64()
                                    : 0;
    if (std::ranges::find(offered_depths, out.depth) == offered_depths.end())
      return refuse("Subscription depth not supported");
  }
  return true;
}

/// Calls `fun` with the channel of each symbol that there is.
template <class Fun>
void kraken_session::each_channel(kraken_call& command,
                                  const kraken_channel& first, Fun fun) const {
  if (first.kind == "instrument" || account_)
    return fun(first);
  for (auto& x : find(command.params(), "symbol")->GetArray()) {
    auto channel = first;
    channel.symbol = text_of(x);
    if (is_pair_(channel.symbol))
      fun(channel);
    else
      command.refuse("Currency pair not supported " + channel.symbol,
                     channel.symbol);
  }
}

void kraken_session::subscribe(kraken_call& command) {
  kraken_channel first;
  if (!read_channel(command, first))
    return;
  // docs.kraken.com: the default is false for trades only.
  auto start = command.flag("snapshot", first.kind != "trade")
                 ? kraken_start::snapshot
                 : kraken_start::next_change;
  each_channel(command, first, [&](const kraken_channel& channel) {
    if (!channels_.emplace(channel.name(), channel).second)
      return command.refuse("Already subscribed", channel.symbol);
    if (account_)
      account_->hold(channel);
    command.grant(channel);
    command.outcome.subscribed.push_back({channel, start});
  });
}

void kraken_session::unsubscribe(kraken_call& command) {
  kraken_channel first;
  if (!read_channel(command, first))
    return;
  each_channel(command, first, [&](const kraken_channel& channel) {
    auto i = channels_.find(channel.name());
    if (i == channels_.end() || i->second.text() != channel.text())
      return command.refuse("Subscription Not Found", channel.symbol);
    command.grant(channel);
    command.outcome.unsubscribed.push_back(i->second);
    revoke(i->second);
  });
}

std::vector<kraken_channel>
kraken_session::covered(std::string_view pattern) const {
  std::vector<kraken_channel> result;
  for (auto& [name, channel] : channels_)
    if (covers_channel(pattern, name))
      result.push_back(channel);
  return result;
}

// By value: it may be the one that is erased.
void kraken_session::revoke(kraken_channel channel) {
  if (account_)
    account_->release(channel);
  channels_.erase(channel.name());
}

void kraken_session::leave() {
  while (!channels_.empty())
    revoke(channels_.begin()->second);
}

// -- messages -----------------------------------------------------------------

std::string kraken_session::failure(std::string_view text,
                                    const call_error& error,
                                    const moment& now) const {
  rapidjson::Document doc;
  parse_json(text, doc);
  kraken_call command{doc, now};
  // Errors are texts: a fault may name one as its code or as its message.
  command.refuse(!error.message.empty() ? std::string_view{error.message}
                 : !error.code.empty()  ? std::string_view{error.code}
                                        : std::string_view{unavailable});
  return std::move(command.outcome.answers.front());
}

std::string kraken_session::status() const {
  json_writer out;
  out.begin_object();
  out.member("channel", "status");
  out.member("type", "update");
  out.key("data").begin_array();
  out.begin_object();
  out.member("version", "2.0.10");
  out.member("system", "online");
  out.member("api_version", "v2");
  // Beyond what a double can hold, as the venue's are.
  out.member("connection_id", (uint64_t{1} << 63) + number_);
  out.end_object();
  out.end_array();
  out.end_object();
  return out.text();
}

std::string kraken_session::unsubscribed(const kraken_channel& channel,
                                         const moment& now) const {
  rapidjson::Document doc;
  parse_json(R"({"method":"unsubscribe"})", doc);
  kraken_call command{doc, now};
  command.grant(channel);
  return std::move(command.outcome.answers.front());
}

} // namespace zenws::sim
