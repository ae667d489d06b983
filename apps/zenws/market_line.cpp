// SPDX-License-Identifier: BSD-3-Clause

#include "market_line.hpp"

#include "message_line.hpp"
#include "output.hpp"

#include <boost/json.hpp>

#include <utility>

namespace zenws::tool {

namespace {

using namespace market;
namespace json = boost::json;

std::string time_of(venue_time time) {
  return time == venue_time{} ? std::string{} : to_text(time);
}

json::value text_of(decimal value) {
  return json::string{to_string(value)};
}

json::value text_of(const std::optional<decimal>& value) {
  return value ? text_of(*value) : json::value{};
}

json::value level_of(const std::optional<price_level>& level) {
  if (!level)
    return nullptr;
  return {{"price", text_of(level->price)}, {"amount", text_of(level->amount)}};
}

template <class T>
json::object beginning(const char* type, const T& x) {
  json::object result{{"type", type}, {"instrument", x.instrument.view()}};
  if (auto time = time_of(x.time); !time.empty())
    result["time"] = time;
  return result;
}

std::string_view name_of(level_action action) {
  switch (action) {
    case level_action::create:
      return "create";
    case level_action::change:
      return "change";
    case level_action::remove:
      return "remove";
    default:
      return "set";
  }
}

// One overload for each alternative of `update`.

json::object object_of(const trade& x) {
  auto result = beginning("trade", x);
  result["price"] = text_of(x.price);
  result["amount"] = text_of(x.amount);
  result["direction"] = to_string(x.direction);
  result["kind"] = to_string(x.kind);
  result["sequence"] = x.sequence;
  result["is_late"] = x.is_late;
  return result;
}

json::object object_of(const trade_gap& x) {
  auto result = beginning("trade_gap", x);
  result["after"] = x.after;
  result["before"] = x.before;
  return result;
}

json::object object_of(const char* type, const book_update& x) {
  auto result = beginning(type, x);
  result["sequence"] = x.sequence;
  json::array levels;
  for (auto& level : x.levels)
    levels.push_back({{"side", level.side == book_side::bid ? "bid" : "ask"},
                      {"action", name_of(level.action)},
                      {"price", text_of(level.price)},
                      {"amount", text_of(level.amount)}});
  result["levels"] = std::move(levels);
  return result;
}

json::object object_of(const book_snapshot& x) {
  return object_of("book_snapshot", x);
}

json::object object_of(const book_change& x) {
  return object_of("book_change", x);
}

json::object object_of(const book_lost& x) {
  auto result = beginning("book_lost", x);
  result["cause"] = to_string(x.cause);
  return result;
}

json::object object_of(const quote& x) {
  auto result = beginning("quote", x);
  result["bid"] = level_of(x.bid);
  result["ask"] = level_of(x.ask);
  return result;
}

json::object object_of(const ticker& x) {
  auto result = beginning("ticker", x);
  result["bid"] = level_of(x.bid);
  result["ask"] = level_of(x.ask);
  result["last_price"] = text_of(x.last_price);
  result["mark_price"] = text_of(x.mark_price);
  result["index_price"] = text_of(x.index_price);
  result["funding_rate"] = text_of(x.funding_rate);
  result["open_interest"] = text_of(x.open_interest);
  return result;
}

json::object object_of(const instrument_state& x) {
  auto result = beginning("instrument", x);
  result["state"] = to_string(x.state);
  result["kind"] = to_string(x.kind);
  result["unit"] = to_string(x.unit);
  result["base"] = x.base.view();
  result["quote"] = x.quote.view();
  result["tick"] = text_of(x.tick);
  result["lot"] = text_of(x.lot);
  result["min_amount"] = text_of(x.min_amount);
  result["contract_size"] = text_of(x.contract_size);
  return result;
}

// -- text ---------------------------------------------------------------------

std::string beside(const std::optional<price_level>& bid,
                   const std::optional<price_level>& ask) {
  auto text = [](const std::optional<price_level>& x) {
    return x ? to_string(x->price) + " x " + to_string(x->amount) : "-";
  };
  return text(bid) + " / " + text(ask);
}

std::string labeled(const char* label, const std::optional<decimal>& value) {
  return value ? ", " + std::string{label} + ' ' + to_string(*value) : "";
}

std::string line_of(const trade& x) {
  auto style = x.direction == trade_direction::buy    ? color::green
               : x.direction == trade_direction::sell ? color::red
                                                      : color::plain;
  return painted(style, std::string{to_string(x.direction)} + ' '
                          + to_string(x.amount) + " at " + to_string(x.price))
         + (x.kind == trade_kind::regular
              ? ""
              : " (" + std::string{to_string(x.kind)} + ')');
}

std::string line_of(const trade_gap& x) {
  return painted(color::yellow, "trades between " + std::to_string(x.after)
                                  + " and " + std::to_string(x.before)
                                  + " are missing");
}

std::string line_of(const quote& x) {
  return "quote " + beside(x.bid, x.ask);
}

std::string line_of(const ticker& x) {
  return "ticker " + beside(x.bid, x.ask) + labeled("last", x.last_price)
         + labeled("mark", x.mark_price) + labeled("index", x.index_price)
         + labeled("funding", x.funding_rate);
}

std::string line_of(const instrument_state& x) {
  return "is " + std::string{to_string(x.state)} + ", "
         + std::string{to_string(x.kind)} + labeled("tick", x.tick)
         + labeled("lot", x.lot);
}

std::string line_of(const book_update&) {
  return {};
}

std::string line_of(const book_lost&) {
  return {};
}

} // namespace

std::string to_json(const update& x, uint64_t epoch) {
  auto result = std::visit([](auto& y) { return object_of(y); }, x);
  result["epoch"] = epoch;
  return json::serialize(result);
}

std::optional<std::string> market_text::line_of(const update& x) {
  std::optional<std::string> text;
  if (kind_of(x) == data_kind::book)
    text = line_of_book(x);
  else
    text = std::visit([](auto& y) { return tool::line_of(y); }, x);
  if (!text)
    return std::nullopt;
  auto time = std::visit([](auto& y) { return time_of(y.time); }, x);
  auto name = painted(color::bold, instrument_of(x).view());
  return (time.empty() ? "" : painted(color::dim, time) + ' ') + name + ' '
         + *text;
}

std::optional<std::string> market_text::line_of_book(const update& x) {
  std::string name{instrument_of(x).view()};
  auto& shown = books_[name];
  shown.book.apply(x);
  auto* lost = std::get_if<book_lost>(&x);
  auto line = lost != nullptr
                ? "no book for now: " + std::string{to_string(lost->cause)}
              : shown.book.is_valid()
                ? "book " + beside(shown.book.best_bid(), shown.book.best_ask())
                : std::string{};
  if (line.empty() || line == shown.line)
    return std::nullopt;
  shown.line = line;
  return line;
}

} // namespace zenws::tool
