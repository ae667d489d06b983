// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/venue/coinbase/coinbase_dialect.hpp"

#include "zenws/json/internal/json_cursor.hpp"
#include "zenws/json/internal/json_writer.hpp"
#include "zenws/venue/coinbase/coinbase_channel.hpp"
#include "zenws/venue/coinbase/coinbase_limits.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace zenws {

namespace {

using namespace std::chrono_literals;

using internal::json_cursor;

constexpr std::string_view coinbase_beats = "heartbeats";

constexpr std::array coinbase_cost{venue_limits::coinbase_message};

/// Meaning of a refusal by its words: the venue has no codes.
struct word_rule {
  std::string_view words;
  answer_meaning meaning;
  refusal_subject subject;
};

// Observed: the venue documents no errors. The first one also refuses kinds of
// channels that do not exist.
constexpr word_rule word_rules[] = {
  {"authentication failure", answer_meaning::refused, refusal_subject::request},
  {"subscribe or unsubscribe required", answer_meaning::refused,
   refusal_subject::request},
  {"too many L2 streams", answer_meaning::refused, refusal_subject::channels},
  {"rate limit", answer_meaning::try_later, refusal_subject::rate},
  {"too many requests", answer_meaning::try_later, refusal_subject::rate},
};

answer_verdict judge_words(std::string words) {
  answer_verdict result{.meaning = answer_meaning::unknown};
  for (auto& rule : word_rules)
    if (words.find(rule.words) != std::string::npos) {
      result.meaning = rule.meaning;
      result.subject = rule.subject;
      break;
    }
  result.refusal = {.code = -1, .message = std::move(words)};
  return result;
}

// -- messages -----------------------------------------------------------------

/// Calls `fun` with the kind and the value of each member of "subscriptions",
/// which is in the only event of a list.
/// @returns whether there is one.
template <class Fun>
bool each_kind(std::string_view events, Fun fun) {
  auto found = false;
  auto list = elements_of(events);
  if (!list)
    return false;
  for (auto& event : *list) {
    auto kinds = find_member(event.text, "subscriptions");
    if (event.kind != json_kind::object || kinds.kind != json_kind::object)
      continue;
    found = true;
    json_cursor in{kinds.text};
    json_value name;
    for (in.enter_object(); in.next_member(name);) {
      auto value = in.value();
      if (auto kind = name.string())
        fun(*kind, value);
    }
  }
  return found;
}

/// Returns the member of an object that names a product; absent without it.
json_value product_in(json_cursor& in, std::string_view member) {
  json_value name;
  json_value result;
  for (in.enter_object(); !result && in.next_member(name);)
    if (name.is(member))
      result = in.value();
    else
      in.skip();
  return result;
}

/// Returns the first product in a list of objects.
json_value product_in_list(json_cursor& in, std::string_view member) {
  json_value result;
  for (in.enter_array(); !result && in.next_element();)
    if (in.peek() == json_kind::object)
      result = product_in(in, member);
    else
      in.skip();
  return result;
}

/// Returns the first product of an event: its own, or that of its list.
json_value product_in_event(json_cursor& in) {
  constexpr std::string_view lists[] = {"trades", "tickers", "candles"};
  json_value name;
  json_value result;
  for (in.enter_object(); !result && in.next_member(name);) {
    auto is_list = in.peek() == json_kind::array;
    auto is_name = [&](std::string_view x) { return name.is(x); };
    if (name.is("product_id"))
      result = in.value();
    else if (is_list && std::ranges::any_of(lists, is_name))
      result = product_in_list(in, "product_id");
    else if (is_list && name.is("products"))
      result = product_in_list(in, "id");
    else
      in.skip();
  }
  return result;
}

/// Returns the first product that events are about; absent if there is none.
json_value first_product(std::string_view events) {
  json_cursor in{events};
  json_value result;
  if (in.peek() != json_kind::array)
    return result;
  for (in.enter_array(); !result && in.next_element();)
    if (in.peek() == json_kind::object)
      result = product_in_event(in);
    else
      in.skip();
  return result;
}

bool is_private(std::string_view kind) noexcept {
  return kind == "user" || kind == "futures_balance_summary";
}

/// Requests have one kind of channel, and all products or none.
bool one_coinbase_request(const channel_spec& x, const channel_spec& y) {
  auto one = coinbase_channel::parse(x.name);
  auto other = coinbase_channel::parse(y.name);
  return one.kind == other.kind && one.product.empty() == other.product.empty();
}

} // namespace

// -- properties ---------------------------------------------------------------

std::string_view coinbase_dialect::name() const noexcept {
  return "coinbase";
}

std::vector<rate_limit> coinbase_dialect::limits() const {
  return venue_limits::coinbase();
}

subscription_limits coinbase_dialect::request_limits() const noexcept {
  // "Advanced Trade WebSocket Overview": "You can only subscribe to one channel
  // per subscription message."
  return {.max_in_flight = 1, .fit_together = one_coinbase_request};
}

heartbeat_rule coinbase_dialect::heartbeat_needed() const noexcept {
  return {.kind = heartbeat_kind::venue,
          .interval = 5s,
          .is_required = true,
          .source = "docs.cdp.coinbase.com, \"Advanced Trade WebSocket "
                    "Channels\": most channels close within 60-90 s without "
                    "updates unless heartbeats are subscribed to"};
}

// -- messages -----------------------------------------------------------------

void coinbase_dialect::connected() {
  next_sequence_ = 0;
  held_.clear();
  open_.reset();
  asked_ = answered_ = 0;
  ended_.clear();
}

inbound coinbase_dialect::read(std::string_view text) {
  grants_nothing_ = false;
  auto content = scan(text, layouts::coinbase);
  if (!content || content->root.kind != json_kind::object)
    return {.kind = inbound_kind::malformed};
  auto is_gap = is_gap_before(*content);
  auto result = read_message(text, *content);
  result.lost_before = is_gap;
  return result;
}

// "Sequence Numbers": each message has the number of the one before plus 1, and
// another one means that something was lost or came out of order. That page
// speaks of numbers for each product; observed are numbers of all messages of a
// connection, from 0, heartbeats and lists included.
bool coinbase_dialect::is_gap_before(const envelope& content) noexcept {
  auto number = content.id.integer();
  if (!number || *number < 0)
    return false;
  auto sequence = static_cast<uint64_t>(*number);
  auto is_gap = sequence != next_sequence_;
  next_sequence_ = std::max(next_sequence_, sequence + 1);
  return is_gap;
}

inbound coinbase_dialect::read_message(std::string_view text,
                                       const envelope& content) {
  if (content.event.is("error"))
    return read_error(text, content);
  if (content.channel.is("subscriptions"))
    return read_list(text, content);
  if (content.channel.is(coinbase_beats))
    return ended_.empty() ? inbound{.kind = inbound_kind::heartbeat}
                          : tell_ended();
  if (content.channel.kind != json_kind::string)
    return content.event.kind == json_kind::string
             ? inbound{.kind = inbound_kind::notice,
                       .channel = content.event.resolved(channel_)}
             : inbound{.kind = inbound_kind::malformed};
  return {.channel = name_of(content), .content = content};
}

// An error does not say what it is about: there is one request at a time.
inbound coinbase_dialect::read_error(std::string_view text,
                                     const envelope& content) {
  answered_ = std::min(answered_ + 1, asked_);
  if (!open_)
    return {.kind = inbound_kind::notice,
            .channel = content.error.resolved(channel_)};
  inbound result{.kind = inbound_kind::answer,
                 .request = open_->id,
                 .text = text,
                 .content = content};
  open_.reset();
  return result;
}

inbound coinbase_dialect::read_list(std::string_view text,
                                    const envelope& content) {
  names listed;
  auto is_list = each_kind(content.data.text, [&](const std::string& kind,
                                                  const json_value& value) {
    listed.insert(kind);
    if (auto products = elements_of(value.text))
      for (auto& x : *products)
        if (auto product = x.string())
          listed.insert(std::string{coinbase_kind_of(kind)} + ':' + *product);
  });
  if (!is_list)
    return {.kind = inbound_kind::malformed};
  auto before = std::exchange(held_, std::move(listed));
  auto is_asked_for = [&](const std::string& name) {
    return open_
           && std::ranges::find(open_->channels, name) != open_->channels.end();
  };
  auto is_channel = [&](const std::string& name) {
    return name.find(':') != std::string::npos || plain_.contains(name);
  };
  for (auto& name : before)
    if (is_channel(name) && !held_.contains(name) && !is_asked_for(name))
      ended_.push_back(name);
  answered_ = std::min(answered_ + 1, asked_);
  auto is_done = open_ && is_carried_out(*open_);
  if (open_ && (is_done || answered_ == asked_)) {
    answered_ = asked_;
    grants_nothing_ = !is_done
                      && open_->kind == subscription_request_kind::subscribe;
    inbound result{.kind = inbound_kind::answer,
                   .request = open_->id,
                   .text = text,
                   .content = content};
    open_.reset();
    return result;
  }
  return ended_.empty() ? inbound{.kind = inbound_kind::heartbeat}
                        : tell_ended();
}

// A message has one meaning: what ended is told later if it is an answer.
inbound coinbase_dialect::tell_ended() {
  told_ = std::exchange(ended_, {});
  return {.kind = inbound_kind::channels_ended, .channels = told_};
}

// Returns whether the last list shows an effect of a request.
bool coinbase_dialect::is_carried_out(const open_request& request) const {
  auto is_wanted = request.kind == subscription_request_kind::subscribe;
  return std::ranges::any_of(request.channels, [&](auto& name) {
    return held_.contains(name) == is_wanted;
  });
}

std::string_view coinbase_dialect::name_of(const envelope& content) {
  auto kind = coinbase_kind_of(content.channel.resolved(channel_));
  if (kind.data() != channel_.data())
    channel_.assign(kind);
  if (plain_.contains(channel_))
    return channel_;
  auto product = first_product(content.data.text);
  if (product.kind == json_kind::string) {
    std::string memory;
    channel_ += ':';
    channel_ += product.resolved(memory);
  }
  return channel_;
}

answer_verdict coinbase_dialect::judge(const inbound& answer) {
  if (answer.content.event.is("error"))
    return judge_words(answer.content.error.string().value_or(""));
  if (!grants_nothing_)
    return {};
  // Products that the venue does not have are left out without a word.
  return {.meaning = answer_meaning::refused,
          .subject = refusal_subject::channels,
          .refusal = {.code = -1, .message = "the venue does not list them"}};
}

bool coinbase_dialect::begins_channel(std::string_view channel,
                                      std::string_view text) const {
  auto events = elements_of(find_member(text, "events").text);
  if (!events)
    return false;
  auto product = coinbase_channel::parse(channel).product;
  return std::ranges::any_of(*events, [&](const json_value& event) {
    auto of = find_member(event.text, "product_id");
    auto is_other = of && !product.empty() && !of.is(product);
    return !is_other && !find_member(event.text, "type").is("update");
  });
}

// -- heartbeats ---------------------------------------------------------------

std::string coinbase_dialect::enable_heartbeat(std::chrono::seconds) {
  ++asked_;
  return R"({"type":"subscribe","channel":"heartbeats"})";
}

// -- subscriptions ------------------------------------------------------------

error coinbase_dialect::check(const channel_spec& channel) const {
  if (auto problem = dialect::check(channel))
    return problem;
  auto bad = [&](ec code, const char* reason) {
    return error{code, "channel \"" + channel.name + "\": " + reason};
  };
  if (!channel.arguments.empty())
    return bad(ec::invalid_config, "it takes no arguments");
  auto [kind, product] = coinbase_channel::parse(channel.name);
  if (kind.empty() || kind == "l2_data"
      || (product.empty() && kind.size() != channel.name.size()))
    return bad(ec::invalid_config, "it is not named \"kind:product\"");
  if (kind == coinbase_beats)
    return bad(ec::invalid_config, "zenws subscribes to it by itself");
  if (is_private(kind))
    return bad(ec::not_supported, "it needs a token signed by ES256");
  return check_coinbase_product(product);
}

result<std::string>
coinbase_dialect::subscription(const subscription_request& request,
                               int64_t id) {
  auto subscribes = request.kind == subscription_request_kind::subscribe;
  if (subscribes && books_with(request) > venue_limits::max_coinbase_books)
    return error{ec::request_too_big,
                 "a connection has at most "
                   + std::to_string(venue_limits::max_coinbase_books)
                   + " books of Coinbase"};
  internal::json_writer out;
  out.begin_object();
  out.key("type").string(subscribes ? "subscribe" : "unsubscribe");
  auto first = coinbase_channel::parse(request.channels.front().name);
  out.key("channel").string(first.kind, "the name of a channel");
  if (!first.product.empty()) {
    out.key("product_ids").begin_array();
    for (auto& channel : request.channels)
      out.string(coinbase_channel::parse(channel.name).product,
                 "the product of a channel");
    out.end_array();
  }
  auto text = out.end_object().take();
  if (!text)
    return text;
  // The same one is asked for again if it is too large, or has to wait.
  if (!open_ || open_->id != id)
    ++asked_;
  open_ = open_request{.id = id, .kind = request.kind};
  for (auto& channel : request.channels) {
    open_->channels.push_back(channel.name);
    if (subscribes && first.product.empty())
      plain_.insert(channel.name);
  }
  return text;
}

size_t coinbase_dialect::books_with(const subscription_request& request) const {
  auto is_book = [](std::string_view name) {
    return name.starts_with("level2:");
  };
  auto result = static_cast<size_t>(std::ranges::count_if(held_, is_book));
  for (auto& channel : request.channels)
    result += is_book(channel.name) && !held_.contains(channel.name);
  return result;
}

result<std::vector<std::string>>
coinbase_dialect::read_grants(const subscription_request& request,
                              const inbound&) {
  auto is_wanted = request.kind == subscription_request_kind::subscribe;
  std::vector<std::string> result;
  for (auto& channel : request.channels)
    if (held_.contains(channel.name) == is_wanted)
      result.push_back(channel.name);
  if (!is_wanted && result.size() < request.channels.size())
    return error{ec::invalid_data, "the venue lists what it was to end"};
  return result;
}

void coinbase_dialect::forget(std::string_view channel) {
  if (auto i = plain_.find(channel); i != plain_.end())
    plain_.erase(i);
}

// -- costs --------------------------------------------------------------------

rate_charges coinbase_dialect::cost_of_subscription() const {
  return coinbase_cost;
}

rate_charges coinbase_dialect::cost_of_heartbeat() const {
  return coinbase_cost;
}

rate_charges coinbase_dialect::cost_of_text() const {
  return coinbase_cost;
}

} // namespace zenws
