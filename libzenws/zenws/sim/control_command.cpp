// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/control_command.hpp"

#include "zenws/sim/json/json_reader.hpp"
#include "zenws/sim/json/json_writer.hpp"

#include <optional>

namespace zenws::sim {

namespace {

// The members of a command; remembers the first that has a wrong type.
class command_reader {
public:
  explicit command_reader(const json& object) : object_(object) {
    // nop
  }

  bool has(const char* name) const {
    return object_.HasMember(name);
  }

  const std::string& problem() const noexcept {
    return problem_;
  }

  std::string text(const char* name) {
    auto* value = find(object_, name);
    if (value && value->IsString())
      return std::string{text_of(*value)};
    return complain(value, name, "must be a string"), std::string{};
  }

  // Returns a number of `min` to `max`; `fallback` if there is none.
  uint64_t number(const char* name, uint64_t fallback, uint64_t min,
                  uint64_t max) {
    auto* value = find(object_, name);
    if (value && value->IsUint64() && value->GetUint64() >= min
        && value->GetUint64() <= max)
      return value->GetUint64();
    complain(value, name, "must be a number in its range");
    return fallback;
  }

  // Returns a text, or an integer as one.
  std::string code(const char* name) {
    auto* value = find(object_, name);
    if (value && value->IsInt64())
      return std::to_string(value->GetInt64());
    return text(name);
  }

  // Calls `fun` with the names and texts of an object.
  template <class Fun>
  void each_text(const char* name, Fun fun) {
    auto* value = find(object_, name);
    if (!value || !value->IsObject())
      return complain(value, name, "must be an object of strings");
    for (auto& x : value->GetObject())
      if (x.value.IsString())
        fun(x.name.GetString(), x.value.GetString());
      else
        complain(&x.value, name, "must be an object of strings");
  }

  void reject(std::string problem) {
    problem_ = std::move(problem);
  }

  bool flag(const char* name) {
    auto* value = find(object_, name);
    if (value && value->IsBool())
      return value->GetBool();
    complain(value, name, "must be true or false");
    return false;
  }

  reach scope() {
    return flag("future") ? reach::future_too : reach::open_connections;
  }

  disconnect mode(disconnect fallback) {
    auto name = text("how");
    if (name == "reset")
      return disconnect::reset;
    if (name == "fin")
      return disconnect::fin;
    if (!name.empty())
      reject("\"how\" must be \"reset\" or \"fin\"");
    return fallback;
  }

  flap_point point() {
    auto name = text("when");
    if (name == "accept")
      return flap_point::after_accept;
    if (!name.empty() && name != "upgrade")
      reject("\"when\" must be \"accept\" or \"upgrade\"");
    return flap_point::after_upgrade;
  }

private:
  void complain(const json* value, const char* name, const char* rule) {
    if (value && problem_.empty())
      problem_ = '"' + std::string{name} + "\" " + rule;
  }

  const json& object_;
  std::string problem_;
};

constexpr uint64_t no_limit = INT64_MAX;

fault_close read_close(command_reader& in) {
  fault_close result;
  if (in.has("code"))
    result.code = static_cast<uint16_t>(in.number("code", 1000, 0, 65535));
  result.reason = in.text("reason");
  return result;
}

fault_refuse read_refuse(command_reader& in) {
  fault_refuse result;
  result.status
    = static_cast<unsigned>(in.number("status", result.status, 200, 599));
  if (auto retry_after = in.code("retry_after"); !retry_after.empty())
    result.headers.emplace_back("Retry-After", std::move(retry_after));
  in.each_text("headers", [&](std::string name, std::string value) {
    result.headers.emplace_back(std::move(name), std::move(value));
  });
  result.body = in.text("body");
  result.times = in.number("times", 0, 0, no_limit);
  return result;
}

fault_flap read_flap(command_reader& in) {
  fault_flap result;
  result.mode = in.mode(result.mode);
  result.point = in.point();
  result.times = in.number("times", 0, 0, no_limit);
  return result;
}

constexpr uint64_t one_day_ms = 86'400'000;

std::chrono::milliseconds read_duration(command_reader& in, const char* name) {
  auto count = static_cast<int64_t>(in.number(name, 0, 0, one_day_ms));
  return std::chrono::milliseconds{count};
}

fault_cut read_cut(command_reader& in) {
  return {read_duration(in, "notice_ms")};
}

fault_gone read_gone(command_reader& in) {
  auto mode = in.mode(disconnect::reset);
  return {mode, read_duration(in, "for_ms")};
}

execution read_execution(command_reader& in) {
  return in.flag("executes") ? execution::done : execution::left;
}

fault_fail_calls read_fail_calls(command_reader& in) {
  fault_fail_calls result;
  result.method = in.text("method");
  result.code = in.code("code");
  result.message = in.text("message");
  result.status
    = static_cast<unsigned>(in.number("status", result.status, 100, 599));
  result.executes = read_execution(in);
  result.times = in.number("times", 1, 0, no_limit);
  return result;
}

fault_answer_nothing read_answer_nothing(command_reader& in) {
  return {in.text("method"), read_execution(in),
          in.number("times", 1, 0, no_limit)};
}

fault_revoke read_revoke(command_reader& in) {
  fault_revoke result{in.text("channel")};
  auto words = in.text("words");
  if (words == "conn_count")
    result.words = revocation::too_many_connections;
  else if (words == "none")
    result.words = revocation::untold;
  else if (!words.empty() && words != "unsubscribe")
    in.reject("\"words\" must be \"unsubscribe\", \"conn_count\" or "
              "\"none\"");
  return result;
}

fault_malformed read_malformed(command_reader& in) {
  fault_malformed result{in.text("channel")};
  auto mode = in.text("how");
  if (mode == "truncated")
    result.mode = breakage::truncated;
  else if (!mode.empty() && mode != "shape")
    in.reject("\"how\" must be \"truncated\" or \"shape\"");
  return result;
}

// Creates a fault that has no members.
template <class Fault>
fault read_plain(command_reader&) {
  return Fault{};
}

struct fault_entry {
  fault_description description;
  fault (*read)(command_reader&);
};

constexpr fault_entry fault_entries[] = {
  {{"drop", "how (reset, fin)", "Connections end without a Close frame."},
   [](command_reader& in) -> fault {
     return fault_drop{in.mode(disconnect::reset)};
   }},
  {{"close", "code, reason", "Connections end by a close handshake."},
   [](command_reader& in) -> fault { return read_close(in); }},
  {{"cut", "notice_ms",
    "Connections end after the venue's notice (OKX 64008, Binance "
    "serverShutdown), without a Close frame."},
   [](command_reader& in) -> fault { return read_cut(in); }},
  {{"stall", "future", "Sockets stay open and nothing is read or sent."},
   [](command_reader& in) -> fault { return fault_stall{in.scope()}; }},
  {{"resume", "", "Ends stall."}, read_plain<fault_resume>},
  {{"mute_pings", "future", "Pings of clients stay unanswered."},
   [](command_reader& in) -> fault { return fault_mute_pings{in.scope()}; }},
  {{"unmute_pings", "", "Ends mute_pings."}, read_plain<fault_unmute_pings>},
  {{"refuse", "status, retry_after (seconds or any text), headers, body, times",
    "Upgrades are answered by an HTTP status."},
   [](command_reader& in) -> fault { return read_refuse(in); }},
  {{"flap", "when (accept, upgrade), how, times",
    "New connections end at once."},
   [](command_reader& in) -> fault { return read_flap(in); }},
  {{"accept", "", "Ends refuse and flap."}, read_plain<fault_accept>},
  {{"gap", "changes", "Book changes are missing, on every venue."},
   [](command_reader& in) -> fault {
     return fault_gap{in.number("changes", 1, 1, no_limit)};
   }},
  {{"gone", "how, for_ms", "The port and all connections are closed."},
   [](command_reader& in) -> fault { return read_gone(in); }},
  {{"return", "", "Ends gone."}, read_plain<fault_return>},
  {{"fail_calls", "method, code, message, status, executes, times",
    "Calls are answered by an error; with executes, they are carried out all "
    "the same."},
   [](command_reader& in) -> fault { return read_fail_calls(in); }},
  {{"answer_nothing", "method, executes, times",
    "Calls get no answer; with executes, they are carried out all the same."},
   [](command_reader& in) -> fault { return read_answer_nothing(in); }},
  {{"maintenance", "for_ms",
    "Calls, logins and subscriptions are refused by the venue's code of "
    "maintenance."},
   [](command_reader& in) -> fault {
     return fault_maintenance{read_duration(in, "for_ms")};
   }},
  {{"notify_first", "times",
    "Acknowledgements of subscriptions come after the next message."},
   [](command_reader& in) -> fault {
     return fault_notify_first{in.number("times", 1, 0, no_limit)};
   }},
  {{"silence", "channel, future",
    "Granted channels bring nothing until they are subscribed to anew."},
   [](command_reader& in) -> fault {
     return fault_silence{in.text("channel"), in.scope()};
   }},
  {{"revoke", "channel, words (unsubscribe, conn_count, none)",
    "Granted channels are taken away; OKX says so in one of two ways."},
   [](command_reader& in) -> fault { return read_revoke(in); }},
  {{"malformed", "channel, how (shape, truncated)",
    "A broken message comes on each granted channel."},
   [](command_reader& in) -> fault { return read_malformed(in); }},
  {{"expire_listen_key", "",
    "Binance's listen keys expire: listenKeyExpired, then silence."},
   read_plain<fault_expire_listen_key>},
  {{"expire_tokens", "",
    "Kraken's tokens expire: requests with them are refused; channels go on."},
   read_plain<fault_expire_tokens>},
  {{"rare_pings", "interval_ms",
    "Binance's server pings at another pace, 0 for never."},
   [](command_reader& in) -> fault {
     return fault_rare_pings{read_duration(in, "interval_ms")};
   }},
  {{"recover", "",
    "Ends fail_calls, answer_nothing, maintenance, notify_first and silence "
    "for the future."},
   read_plain<fault_recover>},
};

static_assert(std::size(fault_entries) == std::variant_size_v<fault>);

std::optional<fault> read_fault(std::string_view name, command_reader& in) {
  for (auto& x : fault_entries)
    if (x.description.name == name)
      return x.read(in);
  return std::nullopt;
}

} // namespace

std::vector<fault_description> fault_descriptions() {
  std::vector<fault_description> result;
  for (auto& x : fault_entries)
    result.push_back(x.description);
  return result;
}

std::variant<control_command, std::string>
parse_control_command(std::string_view text) {
  rapidjson::Document doc;
  if (!parse_json(text, doc) || !doc.IsObject())
    return std::string{"a command is a JSON object"};
  command_reader in{doc};
  control_command result{broadcast_command{}, in.text("path")};
  if (in.has("fault")) {
    auto name = in.text("fault");
    auto cause = read_fault(name, in);
    if (!cause)
      return "unknown fault \"" + name + '"';
    result.action = std::move(*cause);
  } else if (in.has("broadcast")) {
    result.action = broadcast_command{in.text("broadcast")};
  } else if (in.has("ping")) {
    result.action = ping_command{in.text("ping")};
  } else if (in.has("count")) {
    if (in.text("count") != "orders")
      return std::string{"\"count\" must be \"orders\""};
    result.action = count_orders_command{};
  } else if (in.has("list")) {
    if (in.text("list") != "orders")
      return std::string{"\"list\" must be \"orders\""};
    result.action = list_orders_command{};
  } else if (in.has("token")) {
    result.action = issue_token_command{in.text("token")};
  } else {
    return std::string{"need \"fault\", \"broadcast\", \"ping\", \"count\", "
                       "\"list\" or \"token\""};
  }
  if (!in.problem().empty())
    return in.problem();
  return result;
}

std::string control_answer(std::string_view error) {
  json_writer out;
  out.begin_object();
  if (error.empty())
    out.member("ok", true);
  else
    out.member("error", error);
  out.end_object();
  return out.text();
}

std::string token_answer(std::string_view token) {
  json_writer out;
  out.begin_object();
  out.member("ok", true);
  out.member("token", token);
  out.end_object();
  return out.text();
}

std::string control_answer(const order_store& orders) {
  auto all = orders.all();
  std::set<std::string_view> labels;
  uint64_t duplicates = 0;
  for (auto& x : all)
    if (!x.label.empty() && !labels.insert(x.label).second)
      ++duplicates;
  json_writer out;
  out.begin_object();
  out.member("ok", true);
  out.member("orders", uint64_t{all.size()});
  out.member("duplicates", duplicates);
  out.end_object();
  return out.text();
}

std::string list_of(const order_store& orders) {
  auto all = orders.all();
  std::set<std::string> accounts;
  json_writer out;
  out.begin_object();
  out.member("ok", true);
  out.key("orders").begin_array();
  for (auto& x : all) {
    accounts.insert(x.account);
    out.begin_object();
    out.member("account", x.account);
    out.member("label", x.label);
    out.member("instrument", x.instrument);
    out.member("amount", x.amount);
    out.member("filled", x.filled);
    out.member("open", is_alive(x));
    out.end_object();
  }
  out.end_array();
  out.key("positions").begin_array();
  for (auto& account : accounts)
    for (auto& x : orders.positions(account)) {
      out.begin_object();
      out.member("account", account);
      out.member("instrument", x.instrument);
      out.member("amount", x.size);
      out.end_object();
    }
  out.end_array();
  out.end_object();
  return out.text();
}

} // namespace zenws::sim
