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

using internal::into;
using internal::market_reader;
using internal::member;
using internal::side_draft;

using enum internal::presence;

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

// -- times --------------------------------------------------------------------

/// When the venue sent something (E), and when its matching engine made it (T).
struct times {
  venue_time sent{};
  venue_time matched{};

  venue_time best() const noexcept {
    return matched != venue_time{} ? matched : sent;
  }
};

// -- books --------------------------------------------------------------------

struct book_draft {
  update_list* out;
  book_change* content;
  times time{};
  std::optional<uint64_t> first_id{};
  std::optional<uint64_t> id{};
  bool has_bids = false;
  bool has_asks = false;
};

template <book_side Side>
void read_levels(market_reader& in, book_draft& to) {
  (Side == book_side::bid ? to.has_bids : to.has_asks) = true;
  in.each_element([&] {
    level_change level{.side = Side};
    in.enter_array();
    in.expect_element();
    level.price = in.number(level.price_places);
    in.expect_element();
    level.amount = in.number(level.amount_places);
    in.leave_array();
    to.out->add_level(*to.content, level);
  });
}

/// Partial books of the spot market, and answers, have other names for the
/// same, and no symbol.
constexpr member<book_draft> book_members[] = {
  {"e"},
  {"E", into<&book_draft::time, &times::sent>},
  {"T", into<&book_draft::time, &times::matched>},
  {"s", into<&book_draft::content, &book_change::instrument>},
  {"U", into<&book_draft::first_id>},
  {"u", into<&book_draft::id>},
  {"pu", into<&book_draft::content, &book_change::previous>},
  {"b", read_levels<book_side::bid>},
  {"a", read_levels<book_side::ask>},
  {"lastUpdateId", into<&book_draft::id>},
  {"bids", read_levels<book_side::bid>},
  {"asks", read_levels<book_side::ask>},
};

/// Whether a message shows the book or what has changed.
enum class book_form : uint8_t { change, snapshot };

void read_book(market_reader& in, book_form form, const instrument_name& about,
               update_list& out) {
  book_draft draft{&out, &out.add<book_change>()};
  auto& to = *draft.content;
  to.instrument = about;
  in.read_object<book_members>(draft);
  in.require(!to.instrument.empty(), "s");
  in.require(draft.id.has_value(), "u");
  in.require(draft.first_id || form == book_form::snapshot, "U");
  in.require(draft.has_bids, "b");
  in.require(draft.has_asks, "a");
  to.time = draft.time.best();
  to.sequence = draft.id.value_or(0);
  to.first_sequence = draft.first_id.value_or(0);
  if (form == book_form::snapshot) {
    to.first_sequence = to.sequence;
    to.previous = std::nullopt;
    out.make_snapshot();
  }
}

// -- trades -------------------------------------------------------------------

struct trade_draft {
  trade* content;
  times time{};
};

template <auto Member>
constexpr auto into_trade = into<&trade_draft::content, Member>;

/// The buyer was there first, so the seller took.
void read_buyer_is_maker(market_reader& in, trade_draft& to) {
  to.content->direction = in.boolean() ? trade_direction::sell
                                       : trade_direction::buy;
}

/// Reads member X of USD-M futures.
void read_kind(market_reader& in, trade_draft& to) {
  auto name = in.text();
  if (name == "MARKET")
    to.content->kind = trade_kind::regular;
  else if (name == "INSURANCE_FUND")
    to.content->kind = trade_kind::insurance_fund;
  else if (name == "NA")
    to.content->kind = trade_kind::placeholder;
  else
    to.content->kind = trade_kind::other;
}

constexpr member<trade_draft> trade_members[] = {
  {"e"},
  {"E", into<&trade_draft::time, &times::sent>},
  {"T", into<&trade_draft::time, &times::matched>},
  {"s", into_trade<&trade::instrument>},
  {"t", into_trade<&trade::sequence>, required},
  {"p", into_trade<&trade::price>, required},
  {"q", into_trade<&trade::amount>, required},
  {"b"},
  {"a"},
  {"X", read_kind},
  {"m", read_buyer_is_maker, required},
  {"M"},
};

constexpr member<trade_draft> aggregate_trade_members[] = {
  {"e"},
  {"E", into<&trade_draft::time, &times::sent>},
  {"s", into_trade<&trade::instrument>},
  {"a", into_trade<&trade::sequence>, required},
  {"p", into_trade<&trade::price>, required},
  {"q", into_trade<&trade::amount>, required},
  {"f"},
  {"l"},
  {"T", into<&trade_draft::time, &times::matched>},
  {"X", read_kind},
  {"m", read_buyer_is_maker, required},
  {"M"},
};

/// web-socket-api.md, "Historical trades".
constexpr member<trade_draft> old_trade_members[] = {
  {"id", into_trade<&trade::sequence>, required},
  {"price", into_trade<&trade::price>, required},
  {"qty", into_trade<&trade::amount>, required},
  {"quoteQty"},
  {"time", into<&trade_draft::time, &times::matched>},
  {"isBuyerMaker", read_buyer_is_maker, required},
  {"isBestMatch"},
};

template <const auto& Members>
void read_trade(market_reader& in, trade& to) {
  trade_draft draft{&to};
  in.read_object<Members>(draft);
  in.require(!to.instrument.empty(), "s");
  to.time = draft.time.best();
  if (to.price.is_zero() || to.amount.is_zero())
    to.kind = trade_kind::placeholder;
}

/// Reads the answer to a question for missing trades.
template <const auto& Members>
void read_old_trades(market_reader& in, const instrument_name& about,
                     update_list& out) {
  in.each_element([&] {
    auto& to = out.add<trade>();
    to.instrument = about;
    to.is_late = true;
    read_trade<Members>(in, to);
  });
}

// -- quotes -------------------------------------------------------------------

struct quote_draft : internal::sides_draft<market::quote> {
  using sides_draft::sides_draft;
  times time{};
};

template <auto Member>
constexpr auto into_quote = into<&quote_draft::content, Member>;

/// Null says that there are no orders, silence does not.
constexpr member<quote_draft> quote_members[] = {
  {"e"},
  {"u", into_quote<&market::quote::sequence>},
  {"s", into_quote<&market::quote::instrument>, required},
  {"ps"},
  {"b", into<&quote_draft::bid, &side_draft::price>, required},
  {"B", into<&quote_draft::bid, &side_draft::amount>, required},
  {"a", into<&quote_draft::ask, &side_draft::price>, required},
  {"A", into<&quote_draft::ask, &side_draft::amount>, required},
  {"T", into<&quote_draft::time, &times::matched>},
  {"E", into<&quote_draft::time, &times::sent>},
};

void read_quote(market_reader& in, market::quote& to) {
  quote_draft draft{to};
  in.read_object<quote_members>(draft);
  draft.finish();
  to.time = draft.time.best();
}

// -- tickers ------------------------------------------------------------------

using ticker_draft = internal::sides_draft<ticker>;

template <auto Member>
constexpr auto into_ticker = into<&ticker_draft::content, Member>;

/// Of 24 hours; that of futures has no best prices.
constexpr member<ticker_draft> day_ticker_members[] = {
  {"e"},
  {"E", into_ticker<&ticker::time>},
  {"s", into_ticker<&ticker::instrument>, required},
  {"p"},
  {"P"},
  {"w"},
  {"x"},
  {"c", into_ticker<&ticker::last_price>},
  {"Q"},
  {"b", into<&ticker_draft::bid, &side_draft::price>},
  {"B", into<&ticker_draft::bid, &side_draft::amount>},
  {"a", into<&ticker_draft::ask, &side_draft::price>},
  {"A", into<&ticker_draft::ask, &side_draft::amount>},
  {"o"},
  {"h"},
  {"l"},
  {"v"},
  {"q"},
  {"O"},
  {"C"},
  {"F"},
  {"L"},
  {"n"},
};

void read_day_ticker(market_reader& in, ticker& to) {
  ticker_draft draft{to};
  in.read_object<day_ticker_members>(draft);
  draft.finish();
}

/// What only futures have. P is another price, T the time of the next funding.
constexpr member<ticker> mark_price_members[] = {
  {"e"},
  {"E", into<&ticker::time>},
  {"s", into<&ticker::instrument>, required},
  {"p", into<&ticker::mark_price>},
  {"P"},
  {"i", into<&ticker::index_price>},
  {"r", into<&ticker::funding_rate>},
  {"T"},
};

void read_ticker(market_reader& in, topic about, update_list& out) {
  auto& to = out.add<ticker>();
  if (about == topic::day_ticker)
    read_day_ticker(in, to);
  else
    in.read_object<mark_price_members>(to);
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
      read_trade<trade_members>(in, out.add<trade>());
      return in.problem();
    case topic::aggregate_trade:
      read_trade<aggregate_trade_members>(in, out.add<trade>());
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

void binance_market::forget_values() noexcept {
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
    read_old_trades<old_trade_members>(in, *about, out);
  else if (question.method == "trades.aggregate")
    read_old_trades<aggregate_trade_members>(in, *about, out);
  else
    internal::read_binance_instruments(in, out);
  return in.problem();
}

} // namespace zenws
