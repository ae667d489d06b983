// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/venue/okx/okx_dialect.hpp"

#include "zenws/json/internal/json_writer.hpp"
#include "zenws/json/json_rpc.hpp"
#include "zenws/limits/venue_limits.hpp"
#include "zenws/venue/internal/signature.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

namespace zenws {

namespace {

using namespace std::chrono_literals;

using enum answer_meaning;

using about = refusal_subject;

// okx.com/docs-v5, "Error Code". Other codes leave the outcome of a request
// open: 50004 (which "does not mean the request was successful or failed"),
// 50001, 50013, 50026, 51054, 64007, and codes that are new.
constexpr code_rule okx_rules[] = {
  // for now
  {50005, 50005, try_later},
  {50009, 50009, try_later},
  {50011, 50011, try_later, about::rate},
  {50012, 50012, try_later},
  {50017, 50023, try_later}, // frozen: liquidation, funding
  {50061, 50061, try_later, about::rate},
  {50102, 50102, try_later, about::clock},
  {50112, 50112, try_later, about::clock},
  {51030, 51030, try_later}, // funding fee is being settled
  {51113, 51113, try_later},
  {51513, 51513, try_later},
  {60004, 60004, try_later, about::clock},
  {60006, 60006, try_later, about::clock},
  {60014, 60014, try_later, about::rate},
  {60021, 60023, try_later, about::rate}, // logins
  {60026, 60026, try_later},
  {63999, 63999, try_later}, // login failed due to an internal error
  // of keys
  {50007, 50008, refused, about::credentials},
  {50100, 50101, refused, about::credentials},
  {50103, 50107, refused, about::credentials},
  {50110, 50111, refused, about::credentials},
  {50113, 50114, refused, about::credentials},
  {50119, 50121, refused, about::credentials},
  {60001, 60003, refused, about::credentials},
  {60005, 60005, refused, about::credentials},
  {60007, 60007, refused, about::credentials},
  {60024, 60024, refused, about::credentials},
  {60032, 60032, refused, about::credentials},
  {60011, 60011, refused, about::login},
  // of channels
  {60008, 60008, refused, about::channels},
  {60018, 60018, refused, about::channels},
  {60020, 60020, refused, about::channels},
  {60025, 60025, refused, about::channels},
  {60028, 60030, refused, about::channels},
  {64000, 64004, refused, about::channels},
  // of requests
  {60012, 60013, refused, about::channels}, // may be one bad argument
  {60019, 60019, refused, about::request},
  {60027, 60027, refused, about::channels},
  {60033, 60033, refused, about::channels},
  {50000, 50000, refused},
  {50002, 50002, refused},
  {50006, 50006, refused},
  {50014, 50016, refused},
  {50024, 50025, refused},
  {50027, 50041, refused},
  {50071, 50071, refused},
  // of orders
  {51000, 51053, refused},
  {51055, 51148, refused},
  {51150, 51999, refused}, // 51149: "Order timed out"
};

// These leave the outcome of an order open, but not that of a login or a
// subscription: they are made again.
constexpr code_rule busy_rules[] = {
  {50001, 50001, try_later}, {50004, 50004, try_later},
  {50013, 50013, try_later}, {50026, 50026, try_later},
  {64007, 64007, try_later},
};

constexpr std::string_view upgrade_notice = "64008";

constexpr std::array okx_cost{venue_limits::okx_request};

constexpr std::array okx_order_cost{venue_limits::okx_order};

// "Each order will be counted individually": at most 20.
constexpr std::array okx_batch_cost{
  rate_charge{venue_limits::okx_order.pool, 20}};

// Ids are strings of digits on this venue.
int64_t id_of(const envelope& content) {
  auto unquoted = content.id;
  if (unquoted.kind == json_kind::string)
    unquoted.kind = json_kind::number;
  return unquoted.integer().value_or(0);
}

// Codes are strings of digits.
rpc_error read_refusal(std::string_view body, std::string_view code,
                       std::string_view message) {
  auto digits = find_member(body, code);
  if (digits.kind == json_kind::string)
    digits.kind = json_kind::number;
  return {.code = digits.integer().value_or(-1),
          .message = find_member(body, message).string().value_or("")};
}

// Returns the outcome of one of the orders in an answer.
answer_part read_row(const json_value& row) {
  auto refusal = read_refusal(row.text, "sCode", "sMsg");
  if (refusal.code == 0)
    return {.meaning = answered};
  auto* rule = find_rule(okx_rules, refusal.code);
  return {.meaning = rule != nullptr ? rule->meaning : unknown,
          .code = refusal.code,
          .message = std::move(refusal.message)};
}

result<std::string> argument_of(const channel_spec& spec) {
  if (!spec.arguments.empty())
    return spec.arguments;
  std::string_view name{spec.name};
  auto colon = name.find(':');
  internal::json_writer out;
  out.begin_object();
  out.key("channel").string(name.substr(0, colon), "the name of a channel");
  if (colon != std::string_view::npos)
    out.key("instId").string(name.substr(colon + 1),
                             "the instrument of a channel");
  return out.end_object().take();
}

} // namespace

std::string_view okx_dialect::name() const noexcept {
  return "okx";
}

std::vector<rate_limit> okx_dialect::limits() const {
  return venue_limits::okx();
}

subscription_limits okx_dialect::request_limits() const noexcept {
  // All channels of a request may have 64 KiB of text; requests are scarce.
  return {.max_channels_per_request = 100};
}

size_t okx_dialect::max_request_bytes() const noexcept {
  // "Subscribe": the total length of channels.
  return 64 * 1024;
}

heartbeat_rule okx_dialect::heartbeat_needed() const noexcept {
  return {.kind = heartbeat_kind::venue,
          .interval = 20s,
          .longest = 25s,
          .is_required = true,
          .source = "okx.com/docs-v5, \"Connect\": a connection without a text "
                    "for 30 s is closed (4004)"};
}

// -- messages -----------------------------------------------------------------

void okx_dialect::connected() {
  login_ = 0;
  families_.clear();
  ends_.clear();
  market_.forget_values();
}

inbound okx_dialect::read(std::string_view text) {
  if (text == "pong")
    return {.kind = inbound_kind::heartbeat};
  auto content = scan(text, layouts::okx);
  if (!content)
    return {.kind = inbound_kind::malformed};
  if (content->event)
    return read_event(text, *content);
  inbound result;
  result.content = *content;
  if (content->id && !content->channel) {
    result.kind = inbound_kind::answer;
    result.text = text;
    result.request = id_of(*content);
    return result;
  }
  if (content->channel.kind == json_kind::string)
    result.channel = name_of(*content);
  return result;
}

// Nearly all arguments have a channel and an instrument, which make the name.
std::string_view okx_dialect::name_of(const envelope& content) {
  if (!named_.empty())
    if (auto argument = okx_argument::parse(content.params.text)) {
      const named_channel* best = nullptr;
      for (auto& x : named_)
        if (x.argument.covers(*argument)
            && (best == nullptr || best->argument.size() < x.argument.size()))
          best = &x;
      if (best != nullptr)
        return best->name;
    }
  auto channel = content.channel.resolved(channel_);
  if (content.instrument.kind != json_kind::string)
    return channel;
  auto instrument = content.instrument.resolved(instrument_);
  if (channel.data() != channel_.data())
    channel_.assign(channel);
  channel_ += ':';
  channel_ += instrument;
  return channel_;
}

inbound okx_dialect::read_event(std::string_view text,
                                const envelope& content) {
  inbound result;
  result.text = text;
  result.content = content;
  auto is = [&](std::string_view name) { return content.event.is(name); };
  if (is("login")) {
    result.kind = inbound_kind::answer;
    result.request = std::exchange(login_, 0);
  } else if (is("error")) {
    result.kind = inbound_kind::answer;
    // An error without an id before the login is done is about the login.
    result.request = content.id ? id_of(content) : std::exchange(login_, 0);
    if (auto name = refused_channel(result); !name.empty()) {
      result.by_channel = true;
      result.channel = name;
    }
  } else if (is("subscribe") || is("unsubscribe")) {
    result.kind = inbound_kind::answer;
    result.request = id_of(content);
    result.by_channel = true;
    result.ends_channel = is("unsubscribe");
    result.channel = name_of(content);
    if (result.ends_channel) {
      ended_.assign(1, std::string{result.channel});
      result.channel = ended_.front();
      forget(result.channel);
    }
  } else if (is("channel-conn-count-error")) {
    return read_end_of_family(result);
  } else if (is("notice") && find_member(text, "code").is(upgrade_notice)) {
    result.kind = inbound_kind::leaving;
  } else if (is("channel-conn-count")) {
    result.kind = inbound_kind::heartbeat;
  } else {
    result.kind = inbound_kind::notice;
    result.channel = content.event.resolved(channel_);
  }
  return result;
}

// "Wrong URL or channel:books,instId:X doesn't exist." tells which channel of a
// request it is about. Another text, or another channel, is about the request.
std::string_view okx_dialect::refused_channel(const inbound& answer) {
  constexpr std::string_view begin = "channel:";
  constexpr std::string_view middle = ",instId:";
  constexpr std::string_view end = " doesn't exist";
  if (std::ranges::find(ends_, answer.request) != ends_.end()
      || !find_member(answer.text, "code").is("60018"))
    return {};
  auto text = find_member(answer.text, "msg").string().value_or("");
  auto first = text.find(begin);
  auto last = text.find(end);
  if (first == text.npos || last == text.npos || last < first)
    return {};
  first += begin.size();
  auto name = text.substr(first, last - first);
  auto split = name.find(middle);
  if (split == name.npos)
    return {};
  auto [at, behind] = families_.equal_range(name.substr(0, split));
  name.replace(split, middle.size(), ":");
  auto known = std::find_if(at, behind,
                            [&](auto& x) { return x.second == name; });
  return known != behind ? std::string_view{known->second} : std::string_view{};
}

// "Connection count limit": the venue names the channel without its arguments,
// so each subscription of that channel may be the one that it ended.
inbound okx_dialect::read_end_of_family(inbound message) {
  auto family = find_member(message.text, "channel").string().value_or("");
  ended_.clear();
  auto [first, last] = families_.equal_range(family);
  for (; first != last; ++first)
    ended_.push_back(first->second);
  message.kind = inbound_kind::channels_ended;
  message.channels = ended_;
  return message;
}

answer_verdict okx_dialect::judge(const inbound& answer) {
  auto whole = read_refusal(answer.text, "code", "msg");
  if (!answer.content.method) { // of a login or a subscription
    if (!answer.content.event.is("error") && whole.code <= 0)
      return {};
    auto is_busy = find_rule(busy_rules, whole.code) != nullptr;
    std::span<const code_rule> table{okx_rules};
    if (is_busy)
      table = busy_rules;
    return judge_error(std::move(whole), table);
  }
  auto rows = elements_of(answer.content.data.text);
  if (!rows || rows->empty())
    return judge_error(std::move(whole), okx_rules);
  std::vector<answer_part> parts;
  for (auto& row : *rows)
    parts.push_back(read_row(row));
  // "sCode and sMsg represent the result": the whole only counts if there are
  // none.
  if (parts.front().meaning != answered) {
    whole.code = parts.front().code;
    whole.message = parts.front().message;
  }
  whole.data = answer.content.data.text;
  return judge_parts(std::move(parts), std::move(whole));
}

bool okx_dialect::begins_channel(std::string_view,
                                 std::string_view text) const {
  return !find_member(text, "action").is("update");
}

std::optional<int64_t> okx_dialect::id_in(std::string_view text) const {
  auto content = scan(text, layouts::okx);
  if (!content || !content->id)
    return std::nullopt;
  auto id = id_of(*content);
  return id != 0 ? std::optional{id} : std::nullopt;
}

result<std::string> okx_dialect::call(std::string_view method,
                                      std::string_view params_json,
                                      int64_t id) {
  auto args = params_json.empty() ? "[]" : params_json;
  if (auto inner = find_member(args, "args"); inner.kind == json_kind::array)
    args = inner.text;
  internal::json_writer out;
  out.begin_object();
  out.key("id").string(std::to_string(id));
  out.key("op").string(method, "the method");
  if (auto limit = find_member(params_json, "expTime"))
    out.key("expTime").string(limit.text);
  out.key("args").raw(args);
  return out.end_object().take();
}

std::string okx_dialect::ping() {
  return "ping";
}

// -- subscriptions ------------------------------------------------------------

error okx_dialect::check(const channel_spec& channel) const {
  if (auto problem = dialect::check(channel))
    return problem;
  if (channel.arguments.empty())
    return {};
  auto bad = [&](const char* reason) {
    return error{ec::invalid_config,
                 "channel \"" + channel.name + "\": its arguments " + reason};
  };
  auto argument = okx_argument::parse(channel.arguments);
  if (!argument)
    return bad("must be an object of JSON with a channel");
  auto colon = channel.name.find(':');
  auto is_plain_name = colon != std::string::npos;
  if (is_plain_name
      && (channel.name.substr(0, colon) != argument->channel()
          || channel.name.substr(colon + 1) != argument->instrument()))
    return bad("are of another channel or instrument than its name");
  for (auto& x : named_)
    if (x.argument == *argument && x.name != channel.name)
      return bad(("are those of \"" + x.name + '"').c_str());
  return {};
}

result<std::string>
okx_dialect::subscription(const subscription_request& request, int64_t id) {
  constexpr size_t max_ends = 16;
  auto subscribes = request.kind == subscription_request_kind::subscribe;
  if (!subscribes) {
    if (ends_.size() == max_ends)
      ends_.erase(ends_.begin());
    ends_.push_back(id);
  }
  internal::json_writer args;
  args.begin_array();
  for (auto& channel : request.channels) {
    auto json = argument_of(channel);
    if (!json)
      return json.error();
    args.raw(*json);
    if (subscribes)
      remember(channel.name, *json);
  }
  auto text = args.end_array().take();
  return text ? call(subscribes ? "subscribe" : "unsubscribe", *text, id)
              : text;
}

void okx_dialect::remember(const std::string& name, std::string_view json) {
  auto argument = okx_argument::parse(json);
  if (!argument)
    return;
  auto [first, last] = families_.equal_range(argument->channel());
  auto is_name = [&](auto& x) { return x.second == name; };
  if (std::none_of(first, last, is_name))
    families_.emplace(argument->channel(), name);
  auto usual = std::string{argument->channel()};
  if (!argument->instrument().empty())
    usual += ':' + std::string{argument->instrument()};
  auto known = std::ranges::find(named_, name, &named_channel::name);
  if (argument->is_plain() && name == usual) {
    if (known != named_.end())
      named_.erase(known);
    return;
  }
  if (known == named_.end())
    named_.push_back({name, std::move(*argument)});
  else
    known->argument = std::move(*argument);
}

void okx_dialect::forget(std::string_view channel) {
  std::erase_if(named_, [&](auto& x) { return x.name == channel; });
  std::erase_if(families_, [&](auto& x) { return x.second == channel; });
  market_.forget(channel);
}

// -- logging in ---------------------------------------------------------------

result<std::string> okx_dialect::log_in(const credentials& account,
                                        const signing_context& context,
                                        int64_t id) {
  using std::chrono::duration_cast;
  using std::chrono::seconds;
  auto stamp = std::to_string(
    duration_cast<seconds>(context.now.time_since_epoch()).count());
  auto proof = internal::base64(
    internal::hmac_sha256(account.secret, stamp + "GET/users/self/verify"));
  internal::json_writer out;
  out.begin_object().key("op").string("login");
  out.key("args").begin_array().begin_object();
  out.key("apiKey").string(account.key, "credentials.key");
  out.key("passphrase").string(account.passphrase, "credentials.passphrase");
  out.key("timestamp").string(stamp);
  out.key("sign").string(proof);
  auto text = out.end_object().end_array().end_object().take();
  if (text)
    login_ = id;
  return text;
}

result<login_grant> okx_dialect::read_login(const inbound& answer) {
  if (!answer.content.event.is("login"))
    return error{ec::invalid_data, "the answer is none of a login"};
  return login_grant{};
}

// -- costs --------------------------------------------------------------------

rate_charges okx_dialect::cost_of_call(std::string_view method) const {
  if (method == "subscribe" || method == "unsubscribe" || method == "login")
    return okx_cost;
  if (method == "order" || method == "amend-order")
    return okx_order_cost;
  if (method == "batch-orders" || method == "batch-amend-orders")
    return okx_batch_cost;
  return {};
}

rate_charges okx_dialect::cost_of_login() const {
  return okx_cost;
}

rate_charges okx_dialect::cost_of_subscription() const {
  return okx_cost;
}

} // namespace zenws
