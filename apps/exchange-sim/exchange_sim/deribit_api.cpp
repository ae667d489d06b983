#include "exchange_sim/deribit_api.hpp"

#include "exchange_sim/json_writer.hpp"

#include <rapidjson/document.h>

#include <utility>

namespace zenws::sim {

namespace {

using json = rapidjson::Value;

constexpr int64_t min_heartbeat_seconds = 10;
constexpr const char* api_version = "1.2.26";

std::string_view text_of(const json& x) {
  return {x.GetString(), x.GetStringLength()};
}

const json* find(const json& object, const char* name) {
  if (!object.IsObject())
    return nullptr;
  auto i = object.FindMember(name);
  return i == object.MemberEnd() ? nullptr : &i->value;
}

std::string_view text_member(const json& object, const char* name) {
  auto* value = find(object, name);
  return value && value->IsString() ? text_of(*value) : std::string_view{};
}

bool all_strings(const json& array) {
  for (const auto& x : array.GetArray())
    if (!x.IsString())
      return false;
  return true;
}

} // namespace

/// A request while it is being answered.
struct deribit_api::call {
  const json& request;
  json params;
  std::chrono::microseconds received;
  deribit_api::clock& now;
  api_outcome outcome;

  // -- answers ----------------------------------------------------------------

  template <class Fun>
  void answer(const char* member, Fun write) {
    json_writer out;
    out.begin_object();
    out.member("jsonrpc", "2.0");
    if (auto* id = find(request, "id"))
      out.key("id").copy(*id);
    out.key(member);
    write(out);
    auto sent = now();
    out.member("usIn", received.count());
    out.member("usOut", sent.count());
    out.member("usDiff", (sent - received).count());
    out.member("testnet", true);
    out.end_object();
    outcome.answer = out.text();
  }

  template <class Fun>
  void result(Fun write) {
    answer("result", std::move(write));
  }

  void ok() {
    result([](json_writer& out) { out.value("ok"); });
  }

  void names(const std::vector<std::string>& xs) {
    result([&](json_writer& out) {
      out.begin_array();
      for (const auto& x : xs)
        out.value(std::string_view{x});
      out.end_array();
    });
  }

  void error(int64_t code, const char* message) {
    answer("error", [&](json_writer& out) {
      out.begin_object();
      out.member("message", message);
      out.member("code", code);
      out.end_object();
    });
  }

  void bad_param(const char* param, const char* reason) {
    answer("error", [&](json_writer& out) {
      out.begin_object();
      out.member("message", "Invalid params");
      out.key("data").begin_object();
      out.member("reason", reason);
      out.member("param", param);
      out.end_object();
      out.member("code", int64_t{-32602});
      out.end_object();
    });
  }

  // -- parameters -------------------------------------------------------------

  /// Returns the list of channels, or answers with an error.
  const json* channels() {
    auto* value = find(params, "channels");
    if (!value)
      bad_param("channels", "value required");
    else if (!value->IsArray() || !all_strings(*value))
      bad_param("channels", "must be array of strings");
    else
      return value;
    return nullptr;
  }
};

// -- entry --------------------------------------------------------------------

deribit_api::deribit_api(const api_config& cfg, channel_predicate knows_channel,
                         clock now)
  : cfg_(cfg), knows_channel_(std::move(knows_channel)), now_(std::move(now)) {
  // nop
}

api_outcome deribit_api::handle(std::string_view text) {
  rapidjson::Document doc;
  doc.Parse<rapidjson::kParseIterativeFlag>(text.data(), text.size());
  auto parsed = !doc.HasParseError();
  if (!parsed)
    doc.SetObject();
  call what{doc, {}, now_(), now_, {}};
  if (!parsed) {
    what.error(-32700, "Parse error");
  } else if (text_member(doc, "method").empty()) {
    what.error(-32600, "Invalid Request");
  } else {
    if (auto i = doc.FindMember("params"); i != doc.MemberEnd())
      what.params = i->value.Move();
    dispatch(what);
  }
  return std::move(what.outcome);
}

void deribit_api::dispatch(call& what) {
  auto method = text_member(what.request, "method");
  auto is_private = method.starts_with("private/");
  if (is_private && !authenticated_)
    return what.error(13009, "unauthorized");
  auto scope = is_private ? std::string_view{"private/"}
                          : std::string_view{"public/"};
  auto name = method.starts_with(scope) ? method.substr(scope.size())
                                        : std::string_view{};
  if (name == "subscribe")
    return subscribe(what);
  if (name == "unsubscribe")
    return unsubscribe(what);
  if (name == "unsubscribe_all")
    return unsubscribe_all(what);
  if (is_private)
    return what.error(-32601, "Method not found");
  if (name == "set_heartbeat")
    return set_heartbeat(what);
  if (name == "auth")
    return authenticate(what);
  if (name == "disable_heartbeat") {
    what.outcome.heartbeat = std::chrono::seconds{0};
    return what.ok();
  }
  if (name == "get_time")
    return what.result([&](json_writer& out) {
      out.value(int64_t{what.received.count() / 1000});
    });
  if (name == "test" || name == "hello") {
    what.outcome.is_test = name == "test";
    return what.result([](json_writer& out) {
      out.begin_object();
      out.member("version", api_version);
      out.end_object();
    });
  }
  what.error(-32601, "Method not found");
}

// -- channels -----------------------------------------------------------------

/// Like the venue, leaves unknown channels out of the result without an error.
void deribit_api::subscribe(call& what) {
  auto* asked = what.channels();
  if (!asked)
    return;
  std::vector<std::string> granted;
  for (const auto& x : asked->GetArray()) {
    auto name = text_of(x);
    auto own = authenticated_ && name.starts_with("user.");
    if (!own && !knows_channel_(name))
      continue;
    granted.emplace_back(name);
    if (channels_.emplace(name).second)
      what.outcome.subscribed.emplace_back(name);
  }
  what.names(granted);
}

void deribit_api::unsubscribe(call& what) {
  auto* asked = what.channels();
  if (!asked)
    return;
  for (const auto& x : asked->GetArray())
    if (std::string name{text_of(x)}; channels_.erase(name) > 0)
      what.outcome.unsubscribed.push_back(std::move(name));
  what.names(what.outcome.unsubscribed);
}

void deribit_api::unsubscribe_all(call& what) {
  what.outcome.unsubscribed.assign(channels_.begin(), channels_.end());
  channels_.clear();
  what.ok();
}

// -- heartbeat ----------------------------------------------------------------

void deribit_api::set_heartbeat(call& what) {
  auto* interval = find(what.params, "interval");
  if (!interval)
    return what.bad_param("interval", "value required");
  if (!interval->IsInt())
    return what.bad_param("interval", "must be integer");
  if (interval->GetInt() < min_heartbeat_seconds)
    return what.bad_param("interval", "must be at least 10");
  what.outcome.heartbeat = std::chrono::seconds{interval->GetInt()};
  what.ok();
}

std::string heartbeat_notification(std::string_view type) {
  json_writer out;
  out.begin_object();
  out.member("jsonrpc", "2.0");
  out.member("method", "heartbeat");
  out.key("params").begin_object();
  out.member("type", type);
  out.end_object();
  out.end_object();
  return out.text();
}

// -- authentication -----------------------------------------------------------

bool deribit_api::credentials_match(const call& what) const {
  auto grant = text_member(what.params, "grant_type");
  if (grant == "refresh_token")
    return !text_member(what.params, "refresh_token").empty();
  return (cfg_.client_id.empty()
          || text_member(what.params, "client_id") == cfg_.client_id)
         && (cfg_.client_secret.empty()
             || text_member(what.params, "client_secret")
                  == cfg_.client_secret);
}

void deribit_api::authenticate(call& what) {
  auto grant = text_member(what.params, "grant_type");
  if (grant.empty())
    return what.bad_param("grant_type", "value required");
  if (grant != "client_credentials" && grant != "refresh_token")
    return what.bad_param("grant_type", "unsupported");
  if (!credentials_match(what))
    return what.error(13004, "invalid_credentials");
  authenticated_ = true;
  what.result([&](json_writer& out) {
    out.begin_object();
    out.member("token_type", "bearer");
    out.member("scope", "connection mainaccount");
    out.member("refresh_token", "simulated-refresh-token");
    out.member("expires_in", int64_t{cfg_.token_lifetime.count()});
    out.member("access_token", "simulated-access-token");
    out.end_object();
  });
}

} // namespace zenws::sim
