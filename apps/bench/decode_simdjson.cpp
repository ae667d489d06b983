// SPDX-License-Identifier: BSD-3-Clause

#include "decode_rivals.hpp"
#include "rival_values.hpp"

#include <simdjson.h>

#include <vector>

namespace zenws::bench {

namespace {

using namespace market;

namespace ondemand = simdjson::ondemand;

// The digits of a number, whether it is written as one or as a string.
std::string_view digits_of(ondemand::value value) {
  std::string_view result = value.raw_json_token();
  auto is_digit = [](char c) {
    return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.'
           || c == 'e' || c == 'E';
  };
  if (result.starts_with('"'))
    result.remove_prefix(1);
  size_t size = 0;
  while (size < result.size() && is_digit(result[size]))
    ++size;
  return result.substr(0, size);
}

std::optional<decimal> optional_number(ondemand::value value) {
  auto digits = digits_of(value);
  if (digits.empty())
    return std::nullopt;
  return number_of(digits);
}

// -- Deribit ------------------------------------------------------------------

void read_side(ondemand::array levels, book_side side, book_update& to,
               update_list& out) {
  for (ondemand::array x : levels) {
    level_change level{.side = side};
    size_t index = 0;
    for (ondemand::value element : x) {
      if (index == 0)
        level.action = action_of(std::string_view{element});
      else if (index == 1)
        level.price = number_of(digits_of(element), level.price_places);
      else if (index == 2)
        level.amount = number_of(digits_of(element), level.amount_places);
      ++index;
    }
    out.add_level(to, level);
  }
}

void read_deribit_book(ondemand::object data, update_list& out) {
  auto& to = out.add<book_change>();
  auto is_snapshot = false;
  for (auto member : data) {
    std::string_view name = member.unescaped_key();
    if (name == "bids")
      read_side(member.value(), book_side::bid, to, out);
    else if (name == "asks")
      read_side(member.value(), book_side::ask, to, out);
    else if (name == "change_id")
      to.sequence = to.first_sequence = integer_of(digits_of(member.value()));
    else if (name == "prev_change_id") {
      auto digits = digits_of(member.value());
      if (!digits.empty())
        to.previous = integer_of(digits);
    } else if (name == "instrument_name")
      to.instrument = name_of(std::string_view{member.value()});
    else if (name == "timestamp")
      to.time = time_of(digits_of(member.value()));
    else if (name == "type")
      is_snapshot = std::string_view{member.value()} == "snapshot";
  }
  if (is_snapshot)
    out.make_snapshot();
}

void read_deribit_trades(ondemand::array data, update_list& out) {
  for (ondemand::object x : data) {
    auto& to = out.add<trade>();
    for (auto member : x) {
      std::string_view name = member.unescaped_key();
      if (name == "price")
        to.price = number_of(digits_of(member.value()));
      else if (name == "amount")
        to.amount = number_of(digits_of(member.value()));
      else if (name == "direction")
        to.direction = direction_of(std::string_view{member.value()});
      else if (name == "trade_seq")
        to.sequence = integer_of(digits_of(member.value()));
      else if (name == "timestamp")
        to.time = time_of(digits_of(member.value()));
      else if (name == "instrument_name")
        to.instrument = name_of(std::string_view{member.value()});
      else if (name == "liquidation")
        to.kind = trade_kind::liquidation;
      else if (name == "block_trade_id")
        to.kind = trade_kind::block;
    }
  }
}

void read_deribit_ticker(ondemand::object data, update_list& out) {
  auto& to = out.add<ticker>();
  touch sides;
  for (auto member : data) {
    std::string_view name = member.unescaped_key();
    if (name == "best_bid_price")
      sides.bid = optional_number(member.value());
    else if (name == "best_bid_amount")
      sides.bid_amount = optional_number(member.value());
    else if (name == "best_ask_price")
      sides.ask = optional_number(member.value());
    else if (name == "best_ask_amount")
      sides.ask_amount = optional_number(member.value());
    else if (name == "last_price")
      to.last_price = optional_number(member.value());
    else if (name == "mark_price")
      to.mark_price = optional_number(member.value());
    else if (name == "index_price")
      to.index_price = optional_number(member.value());
    else if (name == "current_funding")
      to.funding_rate = optional_number(member.value());
    else if (name == "open_interest")
      to.open_interest = optional_number(member.value());
    else if (name == "timestamp")
      to.time = time_of(digits_of(member.value()));
    else if (name == "instrument_name")
      to.instrument = name_of(std::string_view{member.value()});
  }
  sides.write(to);
}

bool read_deribit(ondemand::document& root, update_list& out) {
  ondemand::object params;
  if (root["params"].get_object().get(params))
    return false;
  std::string_view channel;
  if (params["channel"].get_string().get(channel))
    return false;
  if (channel.starts_with("book."))
    read_deribit_book(params["data"], out);
  else if (channel.starts_with("trades."))
    read_deribit_trades(params["data"], out);
  else if (channel.starts_with("ticker."))
    read_deribit_ticker(params["data"], out);
  else
    return false;
  return true;
}

// -- Binance ------------------------------------------------------------------

void read_binance_side(ondemand::array levels, book_side side, book_update& to,
                       update_list& out) {
  for (ondemand::array x : levels) {
    level_change level{.side = side};
    size_t index = 0;
    for (ondemand::value element : x) {
      if (index == 0)
        level.price = number_of(digits_of(element), level.price_places);
      else if (index == 1)
        level.amount = number_of(digits_of(element), level.amount_places);
      ++index;
    }
    out.add_level(to, level);
  }
}

void read_binance_book(ondemand::object data, update_list& out) {
  auto& to = out.add<book_change>();
  auto has_time = false;
  for (auto member : data) {
    std::string_view name = member.unescaped_key();
    if (name == "b")
      read_binance_side(member.value(), book_side::bid, to, out);
    else if (name == "a")
      read_binance_side(member.value(), book_side::ask, to, out);
    else if (name == "u")
      to.sequence = integer_of(digits_of(member.value()));
    else if (name == "U")
      to.first_sequence = integer_of(digits_of(member.value()));
    else if (name == "pu")
      to.previous = integer_of(digits_of(member.value()));
    else if (name == "s")
      to.instrument = name_of(std::string_view{member.value()});
    else if (name == "T" || (name == "E" && !has_time)) {
      has_time = name == "T";
      to.time = time_of(digits_of(member.value()));
    }
  }
}

void read_binance_trade(ondemand::object data, std::string_view id,
                        update_list& out) {
  auto& to = out.add<trade>();
  for (auto member : data) {
    std::string_view name = member.unescaped_key();
    if (name == "p")
      to.price = number_of(digits_of(member.value()));
    else if (name == "q")
      to.amount = number_of(digits_of(member.value()));
    else if (name == "m")
      to.direction = bool{member.value()} ? trade_direction::sell
                                          : trade_direction::buy;
    else if (name == id)
      to.sequence = integer_of(digits_of(member.value()));
    else if (name == "s")
      to.instrument = name_of(std::string_view{member.value()});
    else if (name == "T")
      to.time = time_of(digits_of(member.value()));
  }
}

void read_binance_quote(ondemand::object data, update_list& out) {
  auto& to = out.add<market::quote>();
  touch sides;
  for (auto member : data) {
    std::string_view name = member.unescaped_key();
    if (name == "b")
      sides.bid = optional_number(member.value());
    else if (name == "B")
      sides.bid_amount = optional_number(member.value());
    else if (name == "a")
      sides.ask = optional_number(member.value());
    else if (name == "A")
      sides.ask_amount = optional_number(member.value());
    else if (name == "u")
      to.sequence = integer_of(digits_of(member.value()));
    else if (name == "s")
      to.instrument = name_of(std::string_view{member.value()});
    else if (name == "T")
      to.time = time_of(digits_of(member.value()));
  }
  sides.write(to);
}

bool read_binance(ondemand::document& root, update_list& out) {
  std::string_view name;
  if (root["stream"].get_string().get(name))
    return false;
  name.remove_prefix(std::min(name.find('@'), name.size()));
  if (name == "@depth" || name.starts_with("@depth@"))
    read_binance_book(root["data"], out);
  else if (name == "@aggTrade")
    read_binance_trade(root["data"], "a", out);
  else if (name == "@trade")
    read_binance_trade(root["data"], "t", out);
  else if (name == "@bookTicker")
    read_binance_quote(root["data"], out);
  else
    return false;
  return true;
}

// -- the rival ----------------------------------------------------------------

class simdjson_decoder final : public decode_rival {
public:
  explicit simdjson_decoder(bool (*read)(ondemand::document&, update_list&))
    : read_(read) {
    // nop
  }

  void load(const recording& source) override {
    for (auto text : source.messages)
      texts_.emplace_back(text);
  }

  bool decode(size_t index, update_list& out) override {
    out.clear();
    try {
      ondemand::document root = parser_.iterate(texts_[index]);
      return read_(root, out);
    } catch (const simdjson::simdjson_error&) {
      return false;
    }
  }

private:
  bool (*read_)(ondemand::document&, update_list&);
  std::vector<simdjson::padded_string> texts_;
  ondemand::parser parser_;
};

} // namespace

std::unique_ptr<decode_rival> simdjson_rival(std::string_view dialect) {
  if (dialect == "deribit")
    return std::make_unique<simdjson_decoder>(read_deribit);
  if (dialect == "binance")
    return std::make_unique<simdjson_decoder>(read_binance);
  return nullptr;
}

} // namespace zenws::bench
