#include "trading_engine/feed_parser.hpp"

#include <rapidjson/document.h>
#include <rapidjson/error/en.h>

#include <charconv>

namespace zenws::engine {

namespace {

using json = rapidjson::Value;

constexpr unsigned parse_flags = rapidjson::kParseIterativeFlag
                                 | rapidjson::kParseNumbersAsStringsFlag
                                 | rapidjson::kParseValidateEncodingFlag;

std::string_view text_of(const json& x) {
  return {x.GetString(), x.GetStringLength()};
}

/// Reads members of a message; keeps the first thing that was wrong.
class reader {
public:
  const std::optional<feed_error>& problem() const noexcept {
    return problem_;
  }

  void complain(feed_fault fault, std::string_view member) {
    if (!problem_)
      problem_ = feed_error{fault, std::string{member}};
  }

  /// Returns null without complaint if there is no such member.
  static const json* find(const json& object, const char* name) {
    if (!object.IsObject())
      return nullptr;
    auto i = object.FindMember(name);
    return i == object.MemberEnd() ? nullptr : &i->value;
  }

  std::string text(const json& object, const char* name) {
    auto* value = find(object, name);
    if (value && value->IsString())
      return std::string{text_of(*value)};
    complain(feed_fault::bad_shape, name);
    return {};
  }

  template <class Integer>
  Integer integer(const json& object, const char* name) {
    auto digits = text(object, name);
    Integer result = 0;
    auto* last = digits.data() + digits.size();
    auto [end, ec] = std::from_chars(digits.data(), last, result);
    if (ec != std::errc{} || end != last)
      complain(feed_fault::bad_number, name);
    return result;
  }

  decimal number(const json* value, const char* name) {
    if (!value || !value->IsString()) {
      complain(feed_fault::bad_shape, name);
      return {};
    }
    auto result = decimal::parse(text_of(*value));
    if (!result)
      complain(feed_fault::bad_number, name);
    return result.value_or(decimal{});
  }

  /// A price of a ticker: 0 and null stand for none.
  std::optional<decimal> price(const json& object, const char* name) {
    auto* value = find(object, name);
    if (value && value->IsNull())
      return std::nullopt;
    auto result = number(value, name);
    return result.is_zero() ? std::nullopt : std::optional{result};
  }

private:
  std::optional<feed_error> problem_;
};

// -- market data --------------------------------------------------------------

level_action action_of(const json& x, reader& in) {
  auto name = x.IsString() ? text_of(x) : std::string_view{};
  if (name == "change")
    return level_action::change;
  if (name == "delete")
    return level_action::remove;
  if (name != "new")
    in.complain(feed_fault::bad_shape, "action");
  return level_action::create;
}

void read_levels(const json& data, const char* name, book_side side, reader& in,
                 std::vector<level_change>& out) {
  auto* levels = reader::find(data, name);
  if (!levels || !levels->IsArray())
    return in.complain(feed_fault::bad_shape, name);
  for (const auto& level : levels->GetArray()) {
    if (!level.IsArray() || level.Size() != 3)
      return in.complain(feed_fault::bad_shape, name);
    out.push_back({side, action_of(level[0], in), in.number(&level[1], "price"),
                   in.number(&level[2], "amount")});
  }
}

feed_message read_book(std::string channel, const json& data, reader& in) {
  book_update result;
  result.channel = std::move(channel);
  result.instrument = in.text(data, "instrument_name");
  result.change_id = in.integer<uint64_t>(data, "change_id");
  auto type = in.text(data, "type");
  if (type == "change") {
    result.kind = update_kind::change;
    result.prev_change_id = in.integer<uint64_t>(data, "prev_change_id");
  } else if (type != "snapshot") {
    in.complain(feed_fault::bad_shape, "type");
  }
  read_levels(data, "bids", book_side::bid, in, result.levels);
  read_levels(data, "asks", book_side::ask, in, result.levels);
  return result;
}

trade read_trade(const json& x, reader& in) {
  trade result;
  result.sequence = in.integer<uint64_t>(x, "trade_seq");
  result.price = in.number(reader::find(x, "price"), "price");
  result.amount = in.number(reader::find(x, "amount"), "amount");
  auto direction = in.text(x, "direction");
  if (direction == "sell")
    result.direction = trade_direction::sell;
  else if (direction != "buy")
    in.complain(feed_fault::bad_shape, "direction");
  return result;
}

feed_message read_trades(std::string channel, const json& data, reader& in) {
  trade_list result{std::move(channel), {}};
  if (!data.IsArray())
    in.complain(feed_fault::bad_shape, "data");
  else
    for (const auto& x : data.GetArray())
      result.trades.push_back(read_trade(x, in));
  return result;
}

feed_message read_ticker(std::string channel, const json& data, reader& in) {
  ticker result;
  result.channel = std::move(channel);
  result.instrument = in.text(data, "instrument_name");
  result.best_bid = in.price(data, "best_bid_price");
  result.best_ask = in.price(data, "best_ask_price");
  return result;
}

feed_message read_data(const json& params, reader& in) {
  auto channel = in.text(params, "channel");
  auto* data = reader::find(params, "data");
  if (!data) {
    in.complain(feed_fault::bad_shape, "data");
    return unknown_message{};
  }
  if (channel.starts_with("book."))
    return read_book(std::move(channel), *data, in);
  if (channel.starts_with("trades."))
    return read_trades(std::move(channel), *data, in);
  if (channel.starts_with("ticker."))
    return read_ticker(std::move(channel), *data, in);
  return unknown_message{std::move(channel)};
}

// -- everything else ----------------------------------------------------------

feed_message read_notification(const json& doc, reader& in) {
  auto method = in.text(doc, "method");
  auto* params = reader::find(doc, "params");
  if (!params || !params->IsObject()) {
    in.complain(feed_fault::bad_shape, "params");
    return unknown_message{};
  }
  if (method == "subscription")
    return read_data(*params, in);
  if (method != "heartbeat")
    return unknown_message{std::move(method)};
  auto type = in.text(*params, "type");
  if (type == "test_request")
    return test_request{};
  return venue_heartbeat{};
}

feed_message read_refusal(const json& doc, const json& error, reader& in) {
  refusal result;
  if (auto* id = reader::find(doc, "id"); id && !id->IsNull())
    result.id = in.integer<uint64_t>(doc, "id");
  result.code = in.integer<int64_t>(error, "code");
  result.message = in.text(error, "message");
  return result;
}

feed_message read_answer(const json& doc, const json& result, reader& in) {
  auto id = in.integer<uint64_t>(doc, "id");
  if (!result.IsArray())
    return plain_answer{id};
  channels_answer answer{id, {}};
  for (const auto& x : result.GetArray()) {
    if (!x.IsString())
      return plain_answer{id};
    answer.channels.emplace_back(text_of(x));
  }
  return answer;
}

feed_message read(const json& doc, reader& in) {
  if (reader::find(doc, "method"))
    return read_notification(doc, in);
  if (auto* error = reader::find(doc, "error"))
    return read_refusal(doc, *error, in);
  if (auto* result = reader::find(doc, "result"))
    return read_answer(doc, *result, in);
  return unknown_message{};
}

} // namespace

std::string_view to_string(feed_fault what) noexcept {
  switch (what) {
    case feed_fault::too_big:
      return "too_big";
    case feed_fault::bad_json:
      return "bad_json";
    case feed_fault::bad_shape:
      return "bad_shape";
    case feed_fault::bad_number:
      return "bad_number";
  }
  return "unknown";
}

feed_message parse_feed(std::string_view text) {
  if (text.size() > max_feed_text)
    return feed_error{feed_fault::too_big, std::to_string(text.size())};
  rapidjson::Document doc;
  doc.Parse<parse_flags>(text.data(), text.size());
  if (doc.HasParseError())
    return feed_error{feed_fault::bad_json,
                      std::string{GetParseError_En(doc.GetParseError())}
                        + " at byte " + std::to_string(doc.GetErrorOffset())};
  if (!doc.IsObject())
    return feed_error{feed_fault::bad_shape, "not an object"};
  reader in;
  auto result = read(doc, in);
  if (in.problem())
    return *in.problem();
  return result;
}

} // namespace zenws::engine
