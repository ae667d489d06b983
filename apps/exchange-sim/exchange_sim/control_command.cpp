#include "exchange_sim/control_command.hpp"

#include "exchange_sim/json_writer.hpp"

#include <rapidjson/document.h>

#include <optional>

namespace zenws::sim {

namespace {

using json = rapidjson::Value;

/// The members of a command; remembers the first that has a wrong type.
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
    auto* value = find(name);
    if (value && value->IsString())
      return {value->GetString(), value->GetStringLength()};
    return complain(value, name, "must be a string"), std::string{};
  }

  /// Returns a number of `min` to `max`; `fallback` if there is none.
  uint64_t number(const char* name, uint64_t fallback, uint64_t min,
                  uint64_t max) {
    auto* value = find(name);
    if (value && value->IsUint64() && value->GetUint64() >= min
        && value->GetUint64() <= max)
      return value->GetUint64();
    complain(value, name, "must be a number in its range");
    return fallback;
  }

  bool flag(const char* name) {
    auto* value = find(name);
    if (value && value->IsBool())
      return value->GetBool();
    complain(value, name, "must be true or false");
    return false;
  }

  reach whom() {
    return flag("future") ? reach::future_too : reach::open_connections;
  }

  disconnect how(disconnect fallback) {
    auto name = text("how");
    if (name == "reset")
      return disconnect::reset;
    if (name == "fin")
      return disconnect::fin;
    if (!name.empty())
      problem_ = "\"how\" must be \"reset\" or \"fin\"";
    return fallback;
  }

  flap_point when() {
    auto name = text("when");
    if (name == "accept")
      return flap_point::after_accept;
    if (!name.empty() && name != "upgrade")
      problem_ = "\"when\" must be \"accept\" or \"upgrade\"";
    return flap_point::after_upgrade;
  }

private:
  const json* find(const char* name) const {
    auto i = object_.FindMember(name);
    return i == object_.MemberEnd() ? nullptr : &i->value;
  }

  void complain(const json* value, const char* name, const char* what) {
    if (value && problem_.empty())
      problem_ = '"' + std::string{name} + "\" " + what;
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
  if (in.has("retry_after")) {
    auto seconds = in.number("retry_after", 0, 0, no_limit);
    result.headers.emplace_back("Retry-After", std::to_string(seconds));
  }
  result.body = in.text("body");
  result.times = in.number("times", 0, 0, no_limit);
  return result;
}

fault_flap read_flap(command_reader& in) {
  fault_flap result;
  result.how = in.how(result.how);
  result.when = in.when();
  result.times = in.number("times", 0, 0, no_limit);
  return result;
}

constexpr uint64_t one_day = 86'400'000;

fault_cut read_cut(command_reader& in) {
  auto notice = static_cast<int64_t>(in.number("notice_ms", 0, 0, one_day));
  return {std::chrono::milliseconds{notice}};
}

fault_gone read_gone(command_reader& in) {
  auto how = in.how(disconnect::reset);
  auto duration = static_cast<int64_t>(in.number("for_ms", 0, 0, one_day));
  return {how, std::chrono::milliseconds{duration}};
}

std::optional<fault> read_fault(std::string_view name, command_reader& in) {
  if (name == "drop")
    return fault_drop{in.how(disconnect::reset)};
  if (name == "close")
    return read_close(in);
  if (name == "cut")
    return read_cut(in);
  if (name == "stall")
    return fault_stall{in.whom()};
  if (name == "resume")
    return fault_resume{};
  if (name == "mute_pings")
    return fault_mute_pings{in.whom()};
  if (name == "unmute_pings")
    return fault_unmute_pings{};
  if (name == "refuse")
    return read_refuse(in);
  if (name == "flap")
    return read_flap(in);
  if (name == "accept")
    return fault_accept{};
  if (name == "gap")
    return fault_gap{in.number("changes", 1, 1, no_limit)};
  if (name == "gone")
    return read_gone(in);
  if (name == "return")
    return fault_return{};
  return std::nullopt;
}

} // namespace

std::variant<control_command, std::string>
parse_control_command(std::string_view text) {
  rapidjson::Document doc;
  doc.Parse<rapidjson::kParseIterativeFlag>(text.data(), text.size());
  if (doc.HasParseError() || !doc.IsObject())
    return std::string{"a command is a JSON object"};
  command_reader in{doc};
  control_command result{broadcast_command{}, in.text("path")};
  if (in.has("fault")) {
    auto name = in.text("fault");
    auto what = read_fault(name, in);
    if (!what)
      return "unknown fault \"" + name + '"';
    result.what = std::move(*what);
  } else if (in.has("broadcast")) {
    result.what = broadcast_command{in.text("broadcast")};
  } else if (in.has("ping")) {
    result.what = ping_command{in.text("ping")};
  } else if (in.has("count")) {
    if (in.text("count") != "orders")
      return std::string{"\"count\" must be \"orders\""};
    result.what = count_orders_command{};
  } else {
    return std::string{"need \"fault\", \"broadcast\", \"ping\" or \"count\""};
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

std::string control_answer(const order_store& orders) {
  auto all = orders.all();
  std::set<std::string_view> labels;
  uint64_t duplicates = 0;
  for (const auto& x : all)
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

} // namespace zenws::sim
