// SPDX-License-Identifier: BSD-3-Clause

#include "decode_rivals.hpp"
#include "rival_values.hpp"

#include <rapidjson/document.h>

#include <string>
#include <vector>

namespace zenws::bench {

namespace {

using namespace market;

using node = rapidjson::Value;

std::string_view text_of(const node& x) {
  return {x.GetString(), x.GetStringLength()};
}

const node* find(const node& object, const char* name) {
  auto i = object.FindMember(name);
  return i != object.MemberEnd() ? &i->value : nullptr;
}

std::string_view text(const node& object, const char* name) {
  return text_of(object[name]);
}

std::optional<decimal> optional_number(const node& object, const char* name) {
  auto* value = find(object, name);
  if (value == nullptr || value->IsNull())
    return std::nullopt;
  return number_of(text_of(*value));
}

// -- Deribit ------------------------------------------------------------------

void read_side(const node& levels, book_side side, book_update& to,
               update_list& out) {
  for (auto& x : levels.GetArray()) {
    level_change level{.side = side};
    level.action = action_of(text_of(x[0]));
    level.price = number_of(text_of(x[1]), level.price_places);
    level.amount = number_of(text_of(x[2]), level.amount_places);
    out.add_level(to, level);
  }
}

void read_deribit_book(const node& data, update_list& out) {
  auto& to = out.add<book_change>();
  to.instrument = name_of(text(data, "instrument_name"));
  to.time = time_of(text(data, "timestamp"));
  to.sequence = to.first_sequence = integer_of(text(data, "change_id"));
  if (auto* previous = find(data, "prev_change_id");
      previous != nullptr && previous->IsString())
    to.previous = integer_of(text_of(*previous));
  read_side(data["bids"], book_side::bid, to, out);
  read_side(data["asks"], book_side::ask, to, out);
  if (text(data, "type") == "snapshot")
    out.make_snapshot();
}

void read_deribit_trades(const node& data, update_list& out) {
  for (auto& x : data.GetArray()) {
    auto& to = out.add<trade>();
    to.instrument = name_of(text(x, "instrument_name"));
    to.time = time_of(text(x, "timestamp"));
    to.sequence = integer_of(text(x, "trade_seq"));
    to.price = number_of(text(x, "price"));
    to.amount = number_of(text(x, "amount"));
    to.direction = direction_of(text(x, "direction"));
    if (find(x, "liquidation") != nullptr)
      to.kind = trade_kind::liquidation;
    else if (find(x, "block_trade_id") != nullptr)
      to.kind = trade_kind::block;
  }
}

void read_deribit_ticker(const node& data, update_list& out) {
  auto& to = out.add<ticker>();
  to.instrument = name_of(text(data, "instrument_name"));
  to.time = time_of(text(data, "timestamp"));
  to.last_price = optional_number(data, "last_price");
  to.mark_price = optional_number(data, "mark_price");
  to.index_price = optional_number(data, "index_price");
  to.funding_rate = optional_number(data, "current_funding");
  to.open_interest = optional_number(data, "open_interest");
  touch{optional_number(data, "best_bid_price"),
        optional_number(data, "best_bid_amount"),
        optional_number(data, "best_ask_price"),
        optional_number(data, "best_ask_amount")}
    .write(to);
}

bool read_deribit(const node& root, update_list& out) {
  auto* params = find(root, "params");
  if (params == nullptr || find(*params, "channel") == nullptr)
    return false;
  auto channel = text(*params, "channel");
  auto& data = (*params)["data"];
  if (channel.starts_with("book."))
    read_deribit_book(data, out);
  else if (channel.starts_with("trades."))
    read_deribit_trades(data, out);
  else if (channel.starts_with("ticker."))
    read_deribit_ticker(data, out);
  else
    return false;
  return true;
}

// -- Binance ------------------------------------------------------------------

void read_binance_side(const node& levels, book_side side, book_update& to,
                       update_list& out) {
  for (auto& x : levels.GetArray()) {
    level_change level{.side = side};
    level.price = number_of(text_of(x[0]), level.price_places);
    level.amount = number_of(text_of(x[1]), level.amount_places);
    out.add_level(to, level);
  }
}

void read_binance_book(const node& data, update_list& out) {
  auto& to = out.add<book_change>();
  to.instrument = name_of(text(data, "s"));
  to.time = time_of(text(data, find(data, "T") != nullptr ? "T" : "E"));
  to.first_sequence = integer_of(text(data, "U"));
  to.sequence = integer_of(text(data, "u"));
  if (auto* previous = find(data, "pu"))
    to.previous = integer_of(text_of(*previous));
  read_binance_side(data["b"], book_side::bid, to, out);
  read_binance_side(data["a"], book_side::ask, to, out);
}

void read_binance_trade(const node& data, const char* id, update_list& out) {
  auto& to = out.add<trade>();
  to.instrument = name_of(text(data, "s"));
  to.time = time_of(text(data, "T"));
  to.sequence = integer_of(text(data, id));
  to.price = number_of(text(data, "p"));
  to.amount = number_of(text(data, "q"));
  to.direction = data["m"].GetBool() ? trade_direction::sell
                                     : trade_direction::buy;
}

void read_binance_quote(const node& data, update_list& out) {
  auto& to = out.add<market::quote>();
  to.instrument = name_of(text(data, "s"));
  if (auto* time = find(data, "T"))
    to.time = time_of(text_of(*time));
  to.sequence = integer_of(text(data, "u"));
  touch{optional_number(data, "b"), optional_number(data, "B"),
        optional_number(data, "a"), optional_number(data, "A")}
    .write(to);
}

bool read_binance(const node& root, update_list& out) {
  auto* stream = find(root, "stream");
  if (stream == nullptr)
    return false;
  auto name = text_of(*stream);
  name.remove_prefix(std::min(name.find('@'), name.size()));
  auto& data = root["data"];
  if (name == "@depth" || name.starts_with("@depth@"))
    read_binance_book(data, out);
  else if (name == "@aggTrade")
    read_binance_trade(data, "a", out);
  else if (name == "@trade")
    read_binance_trade(data, "t", out);
  else if (name == "@bookTicker")
    read_binance_quote(data, out);
  else
    return false;
  return true;
}

// -- the rival ----------------------------------------------------------------

class rapidjson_decoder final : public decode_rival {
public:
  explicit rapidjson_decoder(bool (*read)(const node&, update_list&))
    : read_(read) {
    // nop
  }

  void load(const recording& source) override {
    texts_ = source.messages;
  }

  // In place means in a copy: parsing destroys the text.
  bool decode(size_t index, update_list& out) override {
    constexpr auto flags = rapidjson::kParseInsituFlag
                           | rapidjson::kParseNumbersAsStringsFlag;
    out.clear();
    copy_.assign(texts_[index]);
    pool_.Clear();
    rapidjson::Document root{&pool_};
    root.ParseInsitu<flags>(copy_.data());
    return !root.HasParseError() && root.IsObject() && read_(root, out);
  }

private:
  bool (*read_)(const node&, update_list&);
  std::vector<std::string_view> texts_;
  std::string copy_;
  rapidjson::MemoryPoolAllocator<> pool_;
};

} // namespace

std::unique_ptr<decode_rival> rapidjson_rival(std::string_view dialect) {
  if (dialect == "deribit")
    return std::make_unique<rapidjson_decoder>(read_deribit);
  if (dialect == "binance")
    return std::make_unique<rapidjson_decoder>(read_binance);
  return nullptr;
}

} // namespace zenws::bench
