// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/venue/binance/binance_market.hpp"

#include "zenws/internal/ascii.hpp"
#include "zenws/json/internal/json_writer.hpp"
#include "zenws/market/internal/market_reader.hpp"
#include "zenws/market/internal/sides.hpp"
#include "zenws/venue/binance/internal/binance_instruments.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

namespace zenws {

namespace {

using namespace market;

using internal::market_reader;
using internal::side_draft;

// -- topics -------------------------------------------------------------------

enum class topic : uint8_t {
  other,
  depth,
  partial_depth,
  trade,
  aggregate_trade,
  book_ticker,
  day_ticker,
  mark_price
};

/// Returns the part of the name of a stream that says what it is: "depth5" of
/// "btcusdt@depth5@100ms", "!ticker" of "!ticker@arr".
std::string_view subject_of(std::string_view stream) noexcept {
  if (!stream.starts_with('!')) {
    auto at = stream.find('@');
    if (at == stream.npos)
      return {};
    stream.remove_prefix(at + 1);
  }
  return stream.substr(0, stream.find('@'));
}

topic topic_of_stream(std::string_view stream) noexcept {
  auto name = subject_of(stream);
  if (name.starts_with("depth")) {
    name.remove_prefix(5);
    if (name.empty())
      return topic::depth;
    return internal::is_digit(name.front()) ? topic::partial_depth
                                            : topic::other;
  }
  if (name == "trade")
    return topic::trade;
  if (name == "aggTrade")
    return topic::aggregate_trade;
  if (name == "bookTicker" || name == "!bookTicker")
    return topic::book_ticker;
  if (name == "ticker" || name == "!ticker")
    return topic::day_ticker;
  if (name == "markPrice" || name == "!markPrice")
    return topic::mark_price;
  return topic::other;
}

topic topic_of_event(std::string_view name) noexcept {
  if (name == "depthUpdate")
    return topic::depth;
  if (name == "trade")
    return topic::trade;
  if (name == "aggTrade")
    return topic::aggregate_trade;
  if (name == "bookTicker")
    return topic::book_ticker;
  if (name == "24hrTicker")
    return topic::day_ticker;
  if (name == "markPriceUpdate")
    return topic::mark_price;
  return topic::other;
}

topic topic_of(const envelope& message) {
  std::string memory;
  if (message.channel)
    return topic_of_stream(message.channel.resolved(memory));
  if (message.event)
    return topic_of_event(message.event.resolved(memory));
  // The book tickers of the spot market have no event.
  return message.instrument ? topic::book_ticker : topic::other;
}

/// Returns the symbol of a stream: "btcusdt@depth5" is about "BTCUSDT".
instrument_name instrument_of(const json_value& stream) {
  std::array<char, instrument_name::max_size> symbol;
  std::string memory;
  auto name = stream.resolved(memory);
  name = name.substr(0, name.find('@'));
  if (name.size() > symbol.size())
    return {};
  auto to_upper = [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  };
  std::transform(name.begin(), name.end(), symbol.begin(), to_upper);
  return instrument_name::make({symbol.data(), name.size()}).value();
}

// -- members ------------------------------------------------------------------

/// Picks the time of the matching engine (T) rather than that of sending (E).
class time_reader {
public:
  /// @returns `false` for any other member.
  bool read(market_reader& in, internal::word name, venue_time& to) {
    if (name == "T") {
      to = in.time();
      final_ = true;
      return true;
    }
    if (name != "E")
      return false;
    auto sent = in.time();
    if (!final_)
      to = sent;
    return true;
  }

private:
  bool final_ = false;
};

// -- books --------------------------------------------------------------------

void read_levels(market_reader& in, book_side side, book_change& to,
                 update_list& out) {
  in.each_element([&] {
    level_change level{.side = side};
    in.enter_array();
    in.expect_element();
    level.price = in.number(level.price_places);
    in.expect_element();
    level.amount = in.number(level.amount_places);
    in.leave_array();
    out.add_level(to, level);
  });
}

/// Whether a message shows the book or what has changed.
enum class book_form : uint8_t { change, snapshot };

/// Partial books of the spot market, and answers, have other names for the
/// same.
void read_book(market_reader& in, book_form form, const instrument_name& about,
               update_list& out) {
  auto& to = out.add<book_change>();
  to.instrument = about;
  time_reader time;
  auto has_id = false;
  auto has_first_id = false;
  auto has_bids = false;
  auto has_asks = false;
  in.each_member([&](internal::word name) {
    if (name == "b" || name == "bids") {
      has_bids = true;
      read_levels(in, book_side::bid, to, out);
    } else if (name == "a" || name == "asks") {
      has_asks = true;
      read_levels(in, book_side::ask, to, out);
    } else if (name == "u" || name == "lastUpdateId") {
      has_id = true;
      to.sequence = in.integer();
    } else if (name == "U") {
      has_first_id = true;
      to.first_sequence = in.integer();
    } else if (name == "pu") {
      to.previous = in.integer();
    } else if (name == "s") {
      to.instrument = in.instrument();
    } else if (!time.read(in, name, to.time)) {
      in.skip();
    }
  });
  in.require(!to.instrument.empty(), "s");
  in.require(has_id, "u");
  in.require(has_first_id || form == book_form::snapshot, "U");
  in.require(has_bids, "b");
  in.require(has_asks, "a");
  if (form == book_form::snapshot) {
    to.first_sequence = to.sequence;
    to.previous = std::nullopt;
    out.make_snapshot();
  }
}

// -- trades -------------------------------------------------------------------

/// Names of the members of a trade.
struct trade_names {
  std::string_view id;
  std::string_view price = "p";
  std::string_view amount = "q";
  std::string_view time = "T";
  std::string_view buyer_is_maker = "m";
};

constexpr trade_names in_trades{.id = "t"};

constexpr trade_names in_aggregate_trades{.id = "a"};

// web-socket-api.md, "Historical trades".
constexpr trade_names in_history{.id = "id",
                                 .price = "price",
                                 .amount = "qty",
                                 .time = "time",
                                 .buyer_is_maker = "isBuyerMaker"};

/// Reads member X of USD-M futures.
trade_kind read_kind(market_reader& in) {
  auto name = in.text();
  if (name == "MARKET")
    return trade_kind::regular;
  if (name == "INSURANCE_FUND")
    return trade_kind::insurance_fund;
  if (name == "NA")
    return trade_kind::placeholder;
  return trade_kind::other;
}

void read_trade(market_reader& in, const trade_names& names, trade& to) {
  auto has_id = false;
  auto has_price = false;
  auto has_amount = false;
  auto has_direction = false;
  auto has_time = false;
  in.each_member([&](internal::word name) {
    if (name == names.price) {
      has_price = true;
      to.price = in.number();
    } else if (name == names.amount) {
      has_amount = true;
      to.amount = in.number();
    } else if (name == names.buyer_is_maker) {
      // The buyer was there first, so the seller took.
      has_direction = true;
      to.direction = in.boolean() ? trade_direction::sell
                                  : trade_direction::buy;
    } else if (name == names.id) {
      has_id = true;
      to.sequence = in.integer();
    } else if (name == names.time) {
      has_time = true;
      to.time = in.time();
    } else if (name == "E") {
      auto sent = in.time();
      if (!has_time)
        to.time = sent;
    } else if (name == "X") {
      to.kind = read_kind(in);
    } else if (name == "s") {
      to.instrument = in.instrument();
    } else {
      in.skip();
    }
  });
  in.require(!to.instrument.empty(), "s");
  in.require(has_id, names.id);
  in.require(has_price, names.price);
  in.require(has_amount, names.amount);
  in.require(has_direction, names.buyer_is_maker);
  if (to.price.is_zero() || to.amount.is_zero())
    to.kind = trade_kind::placeholder;
}

/// Reads the answer to a question for missing trades.
void read_old_trades(market_reader& in, const trade_names& names,
                     const instrument_name& about, update_list& out) {
  in.each_element([&] {
    auto& to = out.add<trade>();
    to.instrument = about;
    to.is_late = true;
    read_trade(in, names, to);
  });
}

// -- quotes -------------------------------------------------------------------

/// The best prices, while they are being read.
struct sides_draft {
  side_draft bid;
  side_draft ask;

  /// @returns `false` for any other member.
  bool read(market_reader& in, internal::word name) {
    if (name == "b")
      bid.price = in.optional_number();
    else if (name == "B")
      bid.amount = in.optional_number();
    else if (name == "a")
      ask.price = in.optional_number();
    else if (name == "A")
      ask.amount = in.optional_number();
    else
      return false;
    return true;
  }
};

void read_quote(market_reader& in, market::quote& to) {
  // Null says that there are no orders, silence does not.
  constexpr std::array<std::string_view, 4> needed{"b", "B", "a", "A"};
  std::array<bool, needed.size()> has{};
  time_reader time;
  sides_draft sides;
  in.each_member([&](internal::word name) {
    if (sides.read(in, name)) {
      auto index = std::find(needed.begin(), needed.end(), name);
      has[static_cast<size_t>(index - needed.begin())] = true;
    } else if (name == "u") {
      to.sequence = in.integer();
    } else if (name == "s") {
      to.instrument = in.instrument();
    } else if (!time.read(in, name, to.time)) {
      in.skip();
    }
  });
  to.bid = sides.bid.finish();
  to.ask = sides.ask.finish();
  in.require(!to.instrument.empty(), "s");
  for (size_t i = 0; i < needed.size(); ++i)
    in.require(has[i], needed[i]);
}

// -- tickers ------------------------------------------------------------------

/// Reads a ticker of 24 hours, of which futures have no best prices.
void read_day_ticker(market_reader& in, ticker& to) {
  sides_draft sides;
  in.each_member([&](internal::word name) {
    if (name == "c")
      to.last_price = in.optional_number();
    else if (name == "E")
      to.time = in.time();
    else if (name == "s")
      to.instrument = in.instrument();
    else if (!sides.read(in, name))
      in.skip();
  });
  to.bid = sides.bid.finish();
  to.ask = sides.ask.finish();
  in.require(!to.instrument.empty(), "s");
}

/// Reads what only futures have. Member P is another price, T the time of the
/// next funding.
void read_mark_price(market_reader& in, ticker& to) {
  in.each_member([&](internal::word name) {
    if (name == "p")
      to.mark_price = in.optional_number();
    else if (name == "i")
      to.index_price = in.optional_number();
    else if (name == "r")
      to.funding_rate = in.optional_number();
    else if (name == "E")
      to.time = in.time();
    else if (name == "s")
      to.instrument = in.instrument();
    else
      in.skip();
  });
  in.require(!to.instrument.empty(), "s");
}

void read_ticker(market_reader& in, topic about, update_list& out) {
  auto& to = out.add<ticker>();
  if (about == topic::day_ticker)
    read_day_ticker(in, to);
  else
    read_mark_price(in, to);
}

/// Adds to a ticker the figures of which a message says nothing.
void complete(ticker& news, topic about, const ticker& known) {
  if (about == topic::day_ticker) {
    news.mark_price = known.mark_price;
    news.index_price = known.index_price;
    news.funding_rate = known.funding_rate;
  } else {
    news.bid = known.bid;
    news.ask = known.ask;
    news.last_price = known.last_price;
  }
}

// -- channels and questions ---------------------------------------------------

/// Returns whether a partial book has as many levels as are wanted ("Partial
/// Book Depth Streams").
constexpr bool is_partial(uint32_t depth) noexcept {
  return depth > 0 && depth <= 20;
}

std::string depth_stream(uint32_t depth) {
  if (!is_partial(depth))
    return "@depth@100ms";
  for (auto offered : {5u, 10u})
    if (depth <= offered)
      return "@depth" + std::to_string(offered) + "@100ms";
  return "@depth20@100ms";
}

result<market_query> question(std::string method,
                              internal::json_writer& params) {
  auto text = params.end_object().take();
  if (!text)
    return text.error();
  return market_query{std::move(method), std::move(*text), true};
}

} // namespace

// -- properties ---------------------------------------------------------------

book_rules binance_market::rules_of_books(const market_wish& wish) const {
  if (is_partial(wish.depth))
    return {};
  return {.numbering = sequence_rule::ranges, .ask_for_snapshot = true};
}

trade_numbering binance_market::numbering_of_trades() const noexcept {
  return trade_numbering::consecutive;
}

result<std::vector<channel_spec>>
binance_market::channels(const market_wish& wish) const {
  if (wish.kind == data_kind::instruments)
    return error{ec::not_supported, "Binance tells instruments if asked"};
  if (wish.instrument.empty())
    return error{ec::not_supported, "Binance wants the instruments by name"};
  // "All symbols for streams are lowercase"; those beyond ASCII have no case.
  auto symbol = internal::to_lower(wish.instrument);
  std::vector<channel_spec> result;
  auto add = [&](std::string_view stream) {
    result.push_back({.name = symbol + std::string{stream}});
  };
  switch (wish.kind) {
    case data_kind::trades:
      add("@trade");
      break;
    case data_kind::quotes:
      add("@bookTicker");
      break;
    case data_kind::ticker:
      add("@ticker");
      add("@markPrice@1s");
      break;
    default:
      add(depth_stream(wish.depth));
  }
  return result;
}

// -- messages -----------------------------------------------------------------

error binance_market::decode(const envelope& message, update_list& out) {
  auto about = topic_of(message);
  if (about == topic::other || message.kind() == envelope_kind::answer)
    return {};
  auto first = out.size();
  market_reader in{message.channel ? message.data : message.root};
  switch (about) {
    case topic::depth:
      read_book(in, book_form::change, {}, out);
      return in.problem();
    case topic::partial_depth:
      read_book(in, book_form::snapshot, instrument_of(message.channel), out);
      return in.problem();
    case topic::trade:
      read_trade(in, in_trades, out.add<trade>());
      return in.problem();
    case topic::aggregate_trade:
      read_trade(in, in_aggregate_trades, out.add<trade>());
      return in.problem();
    case topic::book_ticker:
      read_quote(in, out.add<market::quote>());
      return in.problem();
    default:
      break;
  }
  if (in.peek() == json_kind::array)
    in.each_element([&] { read_ticker(in, about, out); });
  else
    read_ticker(in, about, out);
  if (auto problem = in.problem())
    return problem;
  for (auto i = first; i < out.size(); ++i) {
    auto& news = *std::get_if<ticker>(&out[i]);
    if (tickers_.size() == max_tickers && !tickers_.contains(news.instrument))
      tickers_.clear();
    auto& known = tickers_[news.instrument];
    complete(news, about, known);
    known = news;
  }
  return {};
}

void binance_market::reset() noexcept {
  tickers_.clear();
}

// -- questions ----------------------------------------------------------------

result<market_query> binance_market::ask_book(const market_wish& wish) const {
  if (is_partial(wish.depth))
    return error{ec::not_supported, "the channel brings the book"};
  constexpr uint32_t usual_limit = 1'000;
  constexpr uint32_t max_limit = 5'000;
  internal::json_writer params;
  params.begin_object();
  params.key("symbol").string(wish.instrument, "the instrument");
  params.key("limit").number(std::clamp(wish.depth, usual_limit, max_limit));
  return question("depth", params);
}

result<market_query> binance_market::ask_trades(const trade_gap& gap) const {
  if (gap.before <= gap.after || gap.before - gap.after == 1)
    return error{ec::not_supported, "the gap has no numbers"};
  constexpr uint64_t max_limit = 1'000;
  internal::json_writer params;
  params.begin_object();
  params.key("symbol").string(gap.instrument.view(), "the instrument");
  params.key("fromId").number(gap.after + 1);
  params.key("limit").number(std::min(gap.before - gap.after - 1, max_limit));
  return question("trades.historical", params);
}

result<market_query>
binance_market::ask_instruments(const market_wish& wish) const {
  internal::json_writer params;
  params.begin_object();
  if (!wish.instrument.empty())
    params.key("symbol").string(wish.instrument, "the instrument");
  params.key("showPermissionSets").boolean(false);
  return question("exchangeInfo", params);
}

error binance_market::read_answer(const market_query& question,
                                  std::string_view instrument,
                                  std::string_view result, update_list& out) {
  auto about = instrument_name::make(instrument);
  if (!about)
    return {ec::invalid_data, "the name of the instrument is too long"};
  market_reader in{result};
  if (question.method == "depth")
    read_book(in, book_form::snapshot, *about, out);
  else if (question.method == "trades.historical")
    read_old_trades(in, in_history, *about, out);
  else if (question.method == "trades.aggregate")
    read_old_trades(in, in_aggregate_trades, *about, out);
  else
    internal::read_binance_instruments(in, out);
  return in.problem();
}

} // namespace zenws
