// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/kraken/kraken_session.hpp"

#include "zenws/sim/json/json_reader.hpp"
#include "zenws/sim/json/json_writer.hpp"
#include "zenws/sim/kraken/kraken_text.hpp"

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

/// Returns a boolean member, `otherwise` if there is none.
bool flag(const json& params, const char* name, bool otherwise) {
  auto* value = find(params, name);
  return value && value->IsBool() ? value->GetBool() : otherwise;
}

} // namespace

// A request while it is being answered.
struct kraken_session::call {
  const json& request;
  const moment& now;
  kraken_outcome outcome{};

  const json& params() const {
    static const json nothing{rapidjson::kObjectType};
    auto* result = find(request, "params");
    return result && result->IsObject() ? *result : nothing;
  }

  std::string_view method() const {
    auto result = text_member(request, "method");
    return result.empty() ? "error" : result;
  }

  /// Answers with the members that `write` writes, the id and the times.
  template <class Fun>
  void answer(std::string_view method, Fun write) {
    json_writer out;
    out.begin_object();
    out.member("method", method);
    write(out);
    auto time = kraken_time(now.wall);
    out.member("time_in", time);
    out.member("time_out", time);
    if (auto* id = find(request, "req_id"); id && id->IsInt64())
      out.key("req_id").copy(*id);
    out.end_object();
    outcome.answers.push_back(out.text());
  }

  void refuse(std::string_view reason, std::string_view symbol = {}) {
    answer(method(), [&](json_writer& out) {
      out.member("error", reason);
      out.member("success", false);
      if (!symbol.empty())
        out.member("symbol", symbol);
    });
  }

  void grant(const kraken_channel& channel) {
    answer(method(), [&](json_writer& out) {
      out.key("result").begin_object();
      out.member("channel", channel.kind);
      if (!channel.symbol.empty())
        out.member("symbol", channel.symbol);
      if (channel.depth > 0)
        out.member("depth", uint64_t{channel.depth});
      out.end_object();
      out.member("success", true);
    });
  }
};

kraken_session::kraken_session(const kraken_config& cfg, uint64_t number,
                               pair_check is_pair)
  : cfg_(cfg),
    number_(number),
    is_pair_(std::move(is_pair)),
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
  call command{doc, now};
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

void kraken_session::dispatch(call& command) {
  auto method = command.method();
  if (method == "ping")
    command.answer("pong", [](json_writer&) {});
  else if (method == "subscribe")
    subscribe(command);
  else if (method == "unsubscribe")
    unsubscribe(command);
  else
    command.refuse(malformed);
}

// -- channels -----------------------------------------------------------------

/// Reads all of a channel but its symbol. Refuses the request if it cannot be.
bool kraken_session::read_channel(call& command, kraken_channel& out) const {
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
void kraken_session::each_channel(call& command, const kraken_channel& first,
                                  Fun fun) const {
  if (first.kind == "instrument")
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

void kraken_session::subscribe(call& command) {
  kraken_channel first;
  if (!read_channel(command, first))
    return;
  // docs.kraken.com: the default is false for trades only.
  auto start = flag(command.params(), "snapshot", first.kind != "trade")
                 ? kraken_start::snapshot
                 : kraken_start::next_change;
  each_channel(command, first, [&](const kraken_channel& channel) {
    if (!channels_.emplace(channel.name(), channel).second)
      return command.refuse("Already subscribed", channel.symbol);
    command.grant(channel);
    command.outcome.subscribed.push_back({channel, start});
  });
}

void kraken_session::unsubscribe(call& command) {
  kraken_channel first;
  if (!read_channel(command, first))
    return;
  each_channel(command, first, [&](const kraken_channel& channel) {
    auto i = channels_.find(channel.name());
    if (i == channels_.end() || i->second.text() != channel.text())
      return command.refuse("Subscription Not Found", channel.symbol);
    command.grant(channel);
    command.outcome.unsubscribed.push_back(channel);
    channels_.erase(i);
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

void kraken_session::revoke(const kraken_channel& channel) {
  channels_.erase(channel.name());
}

// -- messages -----------------------------------------------------------------

std::string kraken_session::failure(std::string_view text,
                                    const call_error& error,
                                    const moment& now) const {
  rapidjson::Document doc;
  parse_json(text, doc);
  call command{doc, now};
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
  call command{doc, now};
  command.grant(channel);
  return std::move(command.outcome.answers.front());
}

} // namespace zenws::sim
