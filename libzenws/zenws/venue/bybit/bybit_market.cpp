// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/venue/bybit/bybit_market.hpp"

#include "zenws/market/internal/market_reader.hpp"
#include "zenws/market/internal/sides.hpp"

#include <algorithm>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace zenws {

namespace {

using namespace market;

using internal::into;
using internal::market_reader;
using internal::member;
using internal::side_draft;

using enum internal::presence;

// -- topics -------------------------------------------------------------------

constexpr std::string_view book_topic = "orderbook.";
constexpr std::string_view quote_topic = "orderbook.1.";
constexpr std::string_view ticker_topic = "tickers.";

/// Kind of the data of a topic, if zenws has a type for it. Not of
/// "orderbook.rpi.{symbol}", whose levels have two amounts.
std::optional<data_kind> kind_of(std::string_view topic) noexcept {
  if (topic.starts_with(quote_topic))
    return data_kind::quotes;
  if (topic.starts_with(book_topic)) {
    auto depth = topic.substr(book_topic.size());
    auto is_number = !depth.empty() && depth[0] >= '0' && depth[0] <= '9';
    return is_number ? std::optional{data_kind::book} : std::nullopt;
  }
  // The second name is an old one, as in "trade.linear.BTCUSDT".
  if (topic.starts_with("publicTrade.") || topic.starts_with("trade."))
    return data_kind::trades;
  if (topic.starts_with(ticker_topic))
    return data_kind::ticker;
  return std::nullopt;
}

// -- messages -----------------------------------------------------------------

enum class message_type : uint8_t { none, snapshot, delta };

/// What a message has beside its data.
struct frame {
  message_type type = message_type::none;

  /// When the message was made, and when the matching engine made its content.
  venue_time sent{};
  venue_time matched{};

  /// Number of the matching engine; 0 if there is none.
  uint64_t cross_sequence = 0;

  venue_time time() const noexcept {
    return matched != venue_time{} ? matched : sent;
  }
};

message_type read_type(market_reader& in) {
  auto name = in.text();
  if (name == "snapshot")
    return message_type::snapshot;
  if (name != "delta")
    in.complain("is neither snapshot nor delta");
  return message_type::delta;
}

template <class Target>
void read_cross_sequence(market_reader& in, Target& to) {
  to.cross_sequence = 0;
  if (in.peek() != json_kind::null)
    to.cross_sequence = in.integer();
  else
    in.skip();
}

template <class Fun>
struct frame_draft : frame {
  Fun read_data;
};

template <class Fun>
constexpr member<frame_draft<Fun>> frame_members[] = {
  {"id"},
  {"topic"},
  {"type", [](auto& in, auto& to) { to.type = read_type(in); }},
  {"ts", into<&frame::sent>},
  {"data", [](auto&, auto& to) { to.read_data(); }, required},
  {"cts", into<&frame::matched>},
  {"cs", read_cross_sequence},
};

/// Reads a message.
/// @param read_data reads the value of "data".
template <class Fun>
frame read_frame(market_reader& in, Fun read_data) {
  frame_draft<Fun> result{{}, read_data};
  in.read_object<frame_members<Fun>>(result);
  return result;
}

// -- books --------------------------------------------------------------------

/// Reads [price, amount].
level_change read_level(market_reader& in, book_side side) {
  level_change result{.side = side};
  in.enter_array();
  in.expect_element();
  result.price = in.number(result.price_places);
  in.expect_element();
  result.amount = in.number(result.amount_places);
  in.leave_array();
  return result;
}

struct book_draft {
  update_list* out;
  book_change* content;
  uint64_t cross_sequence = 0;
};

template <book_side Side>
void read_side(market_reader& in, book_draft& to) {
  in.each_element(
    [&] { to.out->add_level(*to.content, read_level(in, Side)); });
}

constexpr member<book_draft> book_members[] = {
  {"s", into<&book_draft::content, &book_change::instrument>, required},
  {"b", read_side<book_side::bid>, required},
  {"a", read_side<book_side::ask>, required},
  {"u", into<&book_draft::content, &book_change::sequence>, required},
  {"seq", read_cross_sequence},
};

/// Reads a book as a change, whatever it is.
/// @returns what it has beside its levels.
frame read_book(market_reader& in, update_list& out) {
  book_draft draft{&out, &out.add<book_change>()};
  auto result = read_frame(in, [&] { in.read_object<book_members>(draft); });
  result.cross_sequence = draft.cross_sequence;
  auto& to = *draft.content;
  to.first_sequence = to.sequence;
  to.time = result.time();
  in.require(result.type != message_type::none, "type");
  return result;
}

/// docs/v5/websocket/public/orderbook: "Occasionally, you'll receive "u"=1,
/// which is a snapshot data due to the restart of the service."
bool is_snapshot(const frame& of, const book_update& book) noexcept {
  return of.type == message_type::snapshot || book.sequence == 1;
}

void decode_book(market_reader& in, update_list& out) {
  auto of = read_book(in, out);
  if (is_snapshot(of, *book_update_of(out[out.size() - 1])))
    out.make_snapshot();
}

// -- quotes -------------------------------------------------------------------

bool is_better(const level_change& x, const price_level& than) noexcept {
  return x.side == book_side::bid ? x.price > than.price : x.price < than.price;
}

std::optional<price_level>& side_of(quote& x, book_side side) noexcept {
  return side == book_side::bid ? x.bid : x.ask;
}

void take_snapshot(std::span<const level_change> levels, quote& to) {
  to.bid = to.ask = std::nullopt;
  for (auto& x : levels)
    if (auto& best = side_of(to, x.side);
        !x.amount.is_zero() && (!best || is_better(x, *best)))
      best = price_level{x.price, x.amount};
}

/// A book of one level has the price that came last, unless it was removed.
void take_change(std::span<const level_change> levels, quote& to) {
  for (auto& x : levels) {
    auto& best = side_of(to, x.side);
    if (!x.amount.is_zero())
      best = price_level{x.price, x.amount};
    else if (best && best->price == x.price)
      best = std::nullopt;
  }
}

// -- trades -------------------------------------------------------------------

trade_direction read_direction(market_reader& in) {
  auto name = in.text();
  if (name == "Sell")
    return trade_direction::sell;
  if (name != "Buy")
    in.complain("is neither Buy nor Sell");
  return trade_direction::buy;
}

void read_is_block(market_reader& in, trade& to) {
  if (in.peek() == json_kind::null)
    in.skip();
  else if (in.boolean())
    to.kind = trade_kind::block;
}

constexpr member<trade> trade_members[] = {
  {"T", into<&trade::time>},
  {"s", into<&trade::instrument>, required},
  {"S", [](auto& in, auto& to) { to.direction = read_direction(in); },
   required},
  {"v", into<&trade::amount>, required},
  {"p", into<&trade::price>, required},
  {"L"},
  {"i"},
  {"BT", read_is_block},
  {"RPI"},
  {"seq"},
  // Of options.
  {"mP"},
  {"iP"},
  {"mIv"},
  {"iv"},
};

void decode_trades(market_reader& in, update_list& out) {
  read_frame(in, [&] {
    in.each_element([&] { in.read_object<trade_members>(out.add<trade>()); });
  });
}

// -- tickers ------------------------------------------------------------------

enum ticker_value : uint8_t {
  bid_price,
  bid_amount,
  ask_price,
  ask_amount,
  last_price,
  mark_price,
  index_price,
  funding_rate,
  open_interest,
};

struct ticker_draft {
  instrument_name instrument{};
  bybit_market::ticker_values values{};
  std::array<bool, std::tuple_size_v<bybit_market::ticker_values>> is_there{};

  /// Whether no other topic has the best prices.
  bool brings_quotes = false;
};

template <ticker_value Value>
void read_value(market_reader& in, ticker_draft& to) {
  to.values[Value] = in.optional_number();
  to.is_there[Value] = true;
}

template <ticker_value Value>
void read_best(market_reader& in, ticker_draft& to) {
  read_value<Value>(in, to);
  to.brings_quotes = true;
}

constexpr member<ticker_draft> ticker_members[] = {
  {"symbol", into<&ticker_draft::instrument>, required},
  {"tickDirection"},
  {"price24hPcnt"},
  {"lastPrice", read_value<last_price>},
  {"prevPrice24h"},
  {"highPrice24h"},
  {"lowPrice24h"},
  {"prevPrice1h"},
  {"markPrice", read_value<mark_price>},
  {"indexPrice", read_value<index_price>},
  {"openInterest", read_value<open_interest>},
  {"openInterestValue"},
  {"turnover24h"},
  {"volume24h"},
  {"deliveryTime"},
  {"basisRate"},
  {"deliveryFeeRate"},
  {"predictedDeliveryPrice"},
  {"basis"},
  {"basisRateYear"},
  {"fundingIntervalHour"},
  {"fundingCap"},
  {"nextFundingTime"},
  {"fundingRate", read_value<funding_rate>},
  {"bid1Price", read_value<bid_price>},
  {"bid1Size", read_value<bid_amount>},
  {"ask1Price", read_value<ask_price>},
  {"ask1Size", read_value<ask_amount>},
  {"preOpenPrice"},
  {"preQty"},
  {"curPreListingPhase"},
  // Of spot.
  {"usdIndexPrice"},
  // Of options and spreads, which have other names for the best prices.
  {"bidPrice", read_best<bid_price>},
  {"bidSize", read_best<bid_amount>},
  {"bidIv"},
  {"askPrice", read_best<ask_price>},
  {"askSize", read_best<ask_amount>},
  {"askIv"},
  {"markPriceIv"},
  {"underlyingPrice"},
  {"totalVolume"},
  {"totalTurnover"},
  {"delta"},
  {"gamma"},
  {"vega"},
  {"theta"},
  {"change24h"},
};

std::optional<price_level> side_of(const bybit_market::ticker_values& values,
                                   ticker_value price, ticker_value amount) {
  return side_draft{values[price], values[amount]}.finish();
}

ticker make_ticker(const instrument_name& instrument, const frame& of,
                   const bybit_market::ticker_values& values) {
  return {.instrument = instrument,
          .time = of.time(),
          .sequence = of.cross_sequence,
          .bid = side_of(values, bid_price, bid_amount),
          .ask = side_of(values, ask_price, ask_amount),
          .last_price = values[last_price],
          .mark_price = values[mark_price],
          .index_price = values[index_price],
          .funding_rate = values[funding_rate],
          .open_interest = values[open_interest]};
}

// -- instruments --------------------------------------------------------------

/// How the venue offers the books and trades of an instrument.
enum class product : uint8_t { futures_or_spot, option, spread };

/// The venue has an address for each product; here only the name tells which
/// one it is: "BTC-27MAR26-60000-C-USDT" is an option, "SOLUSDT_SOL/USDT" a
/// spread (docs/v5/enum, "symbol"; docs/v5/spread).
product product_of(std::string_view instrument) noexcept {
  if (instrument.find('/') != std::string_view::npos)
    return product::spread;
  return std::ranges::count(instrument, '-') >= 3 ? product::option
                                                  : product::futures_or_spot;
}

std::span<const uint32_t> depths_of(product what) noexcept {
  static constexpr uint32_t usual[] = {50, 200, 1'000};
  static constexpr uint32_t of_options[] = {25, 100};
  static constexpr uint32_t of_spreads[] = {25};
  switch (what) {
    case product::option:
      return of_options;
    case product::spread:
      return of_spreads;
    default:
      return usual;
  }
}

uint32_t depth_for(const market_wish& wish) noexcept {
  auto depths = depths_of(product_of(wish.instrument));
  for (auto depth : depths)
    if (wish.depth != 0 && wish.depth <= depth)
      return depth;
  return depths.back();
}

/// "publicTrade.{symbol}"; "option uses baseCoin, e.g., publicTrade.BTC"
/// (docs/v5/websocket/public/trade).
std::string trades_topic(const std::string& instrument) {
  auto is_option = product_of(instrument) == product::option;
  return "publicTrade."
         + (is_option ? instrument.substr(0, instrument.find('-'))
                      : instrument);
}

template <class Map>
auto& obtain(Map& map, const instrument_name& instrument) {
  auto i = map.find(instrument);
  if (i != map.end()) [[likely]]
    return i->second;
  if (map.size() >= bybit_market::max_instruments)
    map.erase(map.begin());
  return map[instrument];
}

template <class Map>
void drop(Map& map, std::string_view instrument) {
  if (auto name = instrument_name::make(instrument))
    map.erase(*name);
}

} // namespace

// -- properties ---------------------------------------------------------------

book_rules bybit_market::rules_of_books(const market_wish&) const {
  return {.numbering = sequence_rule::consecutive};
}

trade_numbering bybit_market::numbering_of_trades() const noexcept {
  return trade_numbering::none;
}

// -- channels -----------------------------------------------------------------

result<std::vector<channel_spec>>
bybit_market::channels(const market_wish& wish) const {
  if (wish.kind == data_kind::instruments)
    return error{ec::not_supported,
                 "Bybit tells the terms of instruments over REST only"};
  if (wish.instrument.empty())
    return error{ec::not_supported, "Bybit wants the instruments by name"};
  auto from_ticker
    = wish.kind == data_kind::ticker
      || (wish.kind == data_kind::quotes
          && product_of(wish.instrument) != product::futures_or_spot);
  channel_spec result;
  if (from_ticker)
    result.name = std::string{ticker_topic} + wish.instrument;
  else if (wish.kind == data_kind::quotes)
    result.name = std::string{quote_topic} + wish.instrument;
  else if (wish.kind == data_kind::trades)
    result.name = trades_topic(wish.instrument);
  else
    result.name = std::string{book_topic} + std::to_string(depth_for(wish))
                  + '.' + wish.instrument;
  return std::vector{std::move(result)};
}

void bybit_market::forget(std::string_view channel) {
  if (channel.starts_with(ticker_topic))
    drop(tickers_, channel.substr(ticker_topic.size()));
  else if (channel.starts_with(quote_topic))
    drop(quotes_, channel.substr(quote_topic.size()));
}

// -- messages -----------------------------------------------------------------

error bybit_market::decode(const envelope& message, update_list& out) {
  std::string memory;
  auto topic = message.channel.resolved(memory);
  auto kind = kind_of(topic);
  if (!kind)
    return {};
  if (*kind == data_kind::quotes)
    return decode_quote(message, out);
  if (*kind == data_kind::ticker)
    return decode_ticker(message, topic.substr(ticker_topic.size()), out);
  market_reader in{message.root};
  if (*kind == data_kind::book)
    decode_book(in, out);
  else
    decode_trades(in, out);
  return in.problem();
}

void bybit_market::forget_values() noexcept {
  tickers_.clear();
  quotes_.clear();
}

// The same page: "Linear, inverse, spot level 1 data has snapshot message
// only". Changes are taken as well, as there were some.
error bybit_market::decode_quote(const envelope& message, update_list& out) {
  market_reader in{message.root};
  auto size = out.size();
  auto of = read_book(in, out);
  auto book = *book_update_of(out[size]);
  auto problem = in.problem();
  out.shrink(size);
  if (problem) {
    quotes_.erase(book.instrument);
    return problem;
  }
  auto renews = is_snapshot(of, book);
  if (!renews && !quotes_.contains(book.instrument))
    return {}; // the other side is not known
  auto& known = obtain(quotes_, book.instrument);
  known.instrument = book.instrument;
  known.time = book.time;
  known.sequence = of.cross_sequence;
  if (renews)
    take_snapshot(book.levels, known);
  else
    take_change(book.levels, known);
  out.add(known);
  return {};
}

error bybit_market::decode_ticker(const envelope& message,
                                  std::string_view instrument,
                                  update_list& out) {
  market_reader in{message.root};
  ticker_draft draft;
  auto of = read_frame(in, [&] { in.read_object<ticker_members>(draft); });
  in.require(of.type != message_type::none, "type");
  if (auto problem = in.problem()) {
    drop(tickers_, instrument); // what it would have changed is not known
    return problem;
  }
  auto is_whole = of.type == message_type::snapshot
                  || tickers_.contains(draft.instrument);
  auto& known = obtain(tickers_, draft.instrument);
  if (of.type == message_type::snapshot)
    known = {};
  for (size_t i = 0; i < known.size(); ++i)
    if (draft.is_there[i])
      known[i] = draft.values[i];
  auto& result = out.add(make_ticker(draft.instrument, of, known));
  if (draft.brings_quotes && is_whole) {
    quote best{.instrument = result.instrument,
               .time = result.time,
               .sequence = result.sequence,
               .bid = result.bid,
               .ask = result.ask};
    out.add(best);
  }
  return {};
}

} // namespace zenws
