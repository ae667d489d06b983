// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/venue/okx/okx_market.hpp"

#include "zenws/market/internal/market_reader.hpp"
#include "zenws/market/internal/sides.hpp"
#include "zenws/venue/okx/internal/okx_checksum.hpp"

#include <iterator>
#include <limits>
#include <string>
#include <utility>

namespace zenws {

enum class okx_market::ticker_part : uint8_t {
  trades_and_quotes,
  mark_price,
  index_price,
  funding_rate,
  open_interest,
};

namespace {

using namespace market;

using internal::into;
using internal::market_reader;
using internal::member;
using internal::side_draft;

using enum internal::presence;

} // namespace

// Not the only file with such names.
namespace okx_messages {

namespace {

// -- values -------------------------------------------------------------------

decimal read_amount(market_reader& in, uint8_t& places) {
  auto result = in.number(places);
  if (result.mantissa() < 0)
    in.complain("is negative");
  return result;
}

decimal read_amount(market_reader& in) {
  uint8_t places = 0;
  return read_amount(in, places);
}

/// Instrument of the argument of a message; empty if there is none.
instrument_name instrument_in(const envelope& message) {
  std::string memory;
  auto name = instrument_name::make(message.instrument.resolved(memory));
  return name.value_or(instrument_name{});
}

// -- books --------------------------------------------------------------------

/// Reads ["411.8", "10", "0", "4"]: price, amount, something deprecated and the
/// number of orders.
level_change read_level(market_reader& in, book_side side) {
  level_change result{.side = side};
  in.enter_array();
  in.expect_element();
  result.price = in.number(result.price_places);
  in.expect_element();
  result.amount = read_amount(in, result.amount_places);
  in.leave_array();
  return result;
}

/// Reads a number of 32 bits. "Its value is fixed to 0": there is none.
std::optional<uint32_t> read_checksum(market_reader& in) {
  using limits = std::numeric_limits<int32_t>;
  if (in.peek() == json_kind::null) {
    in.skip();
    return std::nullopt;
  }
  auto value = in.signed_integer();
  if (value < limits::min() || value > limits::max())
    in.complain("is not a checksum");
  if (value == 0)
    return std::nullopt;
  return static_cast<uint32_t>(value);
}

struct book_draft {
  update_list* out;
  book_change* content;
  std::optional<uint64_t> number{};

  /// -1 if the venue says that there is none.
  std::optional<int64_t> previous{};
};

template <book_side Side>
void read_side(market_reader& in, book_draft& to) {
  in.each_element(
    [&] { to.out->add_level(*to.content, read_level(in, Side)); });
}

void read_previous(market_reader& in, book_draft& to) {
  to.previous = in.signed_integer();
  if (*to.previous < -1)
    in.complain("is not a number of a message");
}

constexpr member<book_draft> book_members[] = {
  {"asks", read_side<book_side::ask>, required},
  {"bids", read_side<book_side::bid>, required},
  {"instId"}, // in "books5" only
  {"ts", into<&book_draft::content, &book_change::time>},
  {"checksum",
   [](auto& in, auto& to) { to.content->checksum = read_checksum(in); }},
  {"prevSeqId", read_previous},
  {"seqId", into<&book_draft::number>},
};

/// Reads the content of a book. Messages from before 2023 have no numbers.
void read_book(market_reader& in, update_list& out, book_change& to,
               bool is_snapshot) {
  book_draft draft{&out, &to};
  in.read_object<book_members>(draft);
  to.sequence = draft.number.value_or(0);
  to.first_sequence = to.sequence;
  in.require(!to.instrument.empty(), "instId");
  if (is_snapshot)
    return;
  if (draft.previous >= 0)
    to.previous = static_cast<uint64_t>(*draft.previous);
  in.require(draft.number || !draft.previous, "seqId");
  in.require(to.previous || !draft.number, "prevSeqId");
}

enum class book_action : uint8_t { snapshot, update, unknown };

/// Channels whose messages are all snapshots have no action.
book_action action_of(const envelope& message) {
  auto action = find_member(message.root.text, "action");
  if (!action || action.is("snapshot"))
    return book_action::snapshot;
  return action.is("update") ? book_action::update : book_action::unknown;
}

error decode_book(const envelope& message, book_action action,
                  update_list& out) {
  if (action == book_action::unknown)
    return {ec::invalid_data, "\"action\" is neither snapshot nor update"};
  auto instrument = instrument_in(message);
  market_reader in{message.data};
  in.each_element([&] {
    auto& to = out.add<book_change>();
    to.instrument = instrument;
    auto is_snapshot = action == book_action::snapshot;
    read_book(in, out, to, is_snapshot);
    if (is_snapshot)
      out.make_snapshot();
  });
  return in.problem();
}

// -- quotes -------------------------------------------------------------------

/// Reads a side of one level at most.
template <auto Side>
void read_best(market_reader& in, quote& to) {
  side_draft best;
  in.each_element([&] {
    auto level = read_level(in, book_side::bid);
    if (!best.price) {
      best.price = level.price;
      best.amount = level.amount;
    }
  });
  to.*Side = best.finish();
}

constexpr member<quote> quote_members[] = {
  {"asks", read_best<&quote::ask>, required},
  {"bids", read_best<&quote::bid>, required},
  {"ts", into<&quote::time>},
  {"seqId", into<&quote::sequence>},
};

error decode_quotes(const envelope& message, update_list& out) {
  auto instrument = instrument_in(message);
  market_reader in{message.data};
  in.each_element([&] {
    auto& to = out.add<quote>();
    to.instrument = instrument;
    in.read_object<quote_members>(to);
    in.require(!to.instrument.empty(), "instId");
  });
  return in.problem();
}

// -- trades -------------------------------------------------------------------

/// Reads where the order came from that was there before: 0 and 1 (Enhanced
/// Liquidity Program) are orders of the book.
trade_kind read_kind(market_reader& in) {
  auto source = in.value();
  auto is_known = source.is_null() || source.text == "0" || source.text == "1";
  return is_known ? trade_kind::regular : trade_kind::other;
}

/// A trade and how many the venue reports as one.
struct trade_draft {
  trade* content;
  uint64_t count = 1;
};

template <auto Member>
constexpr auto into_trade = into<&trade_draft::content, Member>;

constexpr member<trade_draft> trade_members[] = {
  {"instId", into_trade<&trade::instrument>, required},
  {"tradeId", into_trade<&trade::sequence>, required},
  {"px", into_trade<&trade::price>, required},
  {"sz", [](auto& in, auto& to) { to.content->amount = read_amount(in); },
   required},
  {"side", into_trade<&trade::direction>, required},
  {"ts", into_trade<&trade::time>},
  {"count", into<&trade_draft::count>},
  {"source", [](auto& in, auto& to) { to.content->kind = read_kind(in); }},
  {"seqId"},
};

void read_trade(market_reader& in, trade& to) {
  trade_draft draft{&to};
  in.read_object<trade_members>(draft);
  if (draft.count == 0 || draft.count - 1 > to.sequence)
    in.complain("count", "does not fit the tradeId");
  else
    to.first_sequence = to.sequence - (draft.count - 1);
}

error decode_trades(const envelope& message, update_list& out) {
  market_reader in{message.data};
  in.each_element([&] { read_trade(in, out.add<trade>()); });
  return in.problem();
}

// -- tickers ------------------------------------------------------------------

using ticker_draft = internal::sides_draft<ticker>;

template <auto Member>
constexpr auto into_ticker = into<&ticker_draft::content, Member>;

using ticker_figure = std::optional<decimal> ticker::*;

template <ticker_figure Figure, ticker_figure Needed>
constexpr auto needed_if = Figure == Needed ? required : optional;

/// Members of all channels of a ticker: they share no figures.
/// @tparam Needed the figure that a channel is about.
template <ticker_figure Needed>
constexpr member<ticker_draft> ticker_members[] = {
  {"instType"},
  {"instId", into_ticker<&ticker::instrument>, required},
  // "tickers"
  {"last", into_ticker<&ticker::last_price>,
   needed_if<&ticker::last_price, Needed>},
  {"lastSz"},
  {"askPx", into<&ticker_draft::ask, &side_draft::price>},
  {"askSz", into<&ticker_draft::ask, &side_draft::amount>},
  {"bidPx", into<&ticker_draft::bid, &side_draft::price>},
  {"bidSz", into<&ticker_draft::bid, &side_draft::amount>},
  {"open24h"},
  {"high24h"},
  {"low24h"},
  {"sodUtc0"},
  {"sodUtc8"},
  {"volCcy24h"},
  {"vol24h"},
  // "mark-price"
  {"markPx", into_ticker<&ticker::mark_price>,
   needed_if<&ticker::mark_price, Needed>},
  // "index-tickers", which has prices of 24 hours, too
  {"idxPx", into_ticker<&ticker::index_price>,
   needed_if<&ticker::index_price, Needed>},
  // "funding-rate"
  {"formulaType"},
  {"fundingRate", into_ticker<&ticker::funding_rate>,
   needed_if<&ticker::funding_rate, Needed>},
  {"fundingTime"},
  {"impactValue"},
  {"interestRate"},
  {"method"},
  {"maxFundingRate"},
  {"minFundingRate"},
  {"nextFundingRate"},
  {"nextFundingTime"},
  {"premium"},
  {"settFundingRate"},
  {"settState"},
  // "open-interest"
  {"oi", into_ticker<&ticker::open_interest>,
   needed_if<&ticker::open_interest, Needed>},
  {"oiCcy"},
  {"oiUsd"},
  {"ts", into_ticker<&ticker::time>},
};

template <ticker_figure Needed>
void read_ticker(market_reader& in, ticker& to) {
  ticker_draft draft{to};
  in.read_object<ticker_members<Needed>>(draft);
  draft.finish();
}

// -- instruments --------------------------------------------------------------

// okx.com/docs-v5, "Instruments channel". Orders that are `post_only` do not
// meet each other.
trading_state state_of(internal::word name) noexcept {
  if (name == "live")
    return trading_state::open;
  if (name == "preopen")
    return trading_state::pending;
  if (name == "suspend" || name == "post_only" || name == "rebase"
      || name == "settling" || name == "test")
    return trading_state::halted;
  if (name == "expired")
    return trading_state::closed;
  return trading_state::unknown;
}

instrument_kind kind_of(std::string_view type) noexcept {
  if (type == "SPOT" || type == "MARGIN")
    return instrument_kind::spot;
  if (type == "SWAP")
    return instrument_kind::perpetual;
  if (type == "FUTURES")
    return instrument_kind::future;
  if (type == "OPTION")
    return instrument_kind::option;
  return instrument_kind::other;
}

bool is_derivative(instrument_kind kind) noexcept {
  return kind == instrument_kind::perpetual || kind == instrument_kind::future
         || kind == instrument_kind::option;
}

/// Values that need others to be understood.
struct contract_terms {
  std::optional<decimal> value{};
  std::optional<decimal> multiplier{};
  asset_name currency{};
  bool is_inverse = false;
  bool is_linear = false;
};

/// Returns the value of a contract times its multiplier, if that can be kept.
std::optional<decimal> size_of(const contract_terms& x) {
  if (!x.value || !x.multiplier)
    return x.value;
  int64_t mantissa = 0;
  if (__builtin_mul_overflow(x.value->mantissa(), x.multiplier->mantissa(),
                             &mantissa))
    return std::nullopt;
  return decimal::make(mantissa,
                       x.value->exponent() + x.multiplier->exponent());
}

/// Currencies of contracts are told by other names than those of pairs: the
/// value of a linear contract or an option is in the base currency, that of an
/// inverse one in the currency of the price.
void add_contract(const contract_terms& x, instrument_state& to) {
  to.unit = amount_unit::contracts;
  to.contract_size = size_of(x);
  auto is_option = to.kind == instrument_kind::option;
  to.is_inverse = x.is_inverse
                  || (is_option && !x.currency.empty()
                      && x.currency == to.settlement);
  if (to.base.empty() && (x.is_linear || is_option))
    to.base = x.currency;
  if (x.is_inverse) {
    if (to.base.empty())
      to.base = to.settlement;
    if (to.quote.empty())
      to.quote = x.currency;
  }
}

/// Members that `okx_market` needs for itself.
struct instrument_draft {
  instrument_state content{};
  instrument_name index{};
  bool is_like_perpetual = false;
  contract_terms contract{};
};

void read_contract_type(market_reader& in, instrument_draft& to) {
  auto type = in.text();
  to.contract.is_inverse = type == "inverse";
  to.contract.is_linear = type == "linear";
}

void read_index(market_reader& in, instrument_draft& to) {
  auto name = instrument_name::make(in.text());
  to.index = name.value_or(instrument_name{});
}

template <auto Member>
constexpr auto into_state = into<&instrument_draft::content, Member>;

template <auto Member>
constexpr auto into_contract = into<&instrument_draft::contract, Member>;

constexpr member<instrument_draft> instrument_members[] = {
  {"alias"},
  {"auctionEndTime"},
  {"baseCcy", into_state<&instrument_state::base>},
  {"category"},
  {"contTdSwTime"},
  {"ctMult", into_contract<&contract_terms::multiplier>},
  {"ctType", read_contract_type},
  {"ctVal", into_contract<&contract_terms::value>},
  {"ctValCcy", into_contract<&contract_terms::currency>},
  {"expTime",
   [](auto& in, auto& to) { to.content.expires = in.optional_time(); }},
  {"futureSettlement"},
  {"groupId"},
  {"instCategory"},
  {"instFamily"},
  {"instId", into_state<&instrument_state::instrument>, required},
  {"instIdCode", internal::into_unless_null<&instrument_draft::content,
                                            &instrument_state::code>},
  {"instType", [](auto& in, auto& to) { to.content.kind = kind_of(in.text()); },
   required},
  {"lever"},
  {"listTime"},
  {"lotSz", into_state<&instrument_state::lot>},
  {"maxIcebergSz"},
  {"maxLmtAmt"},
  {"maxLmtSz"},
  {"maxMktAmt"},
  {"maxMktSz"},
  {"maxStopSz"},
  {"maxTriggerSz"},
  {"maxTwapSz"},
  {"minSz", into_state<&instrument_state::min_amount>},
  {"openType"},
  {"optType"},
  {"preMktSwTime"},
  {"quoteCcy", into_state<&instrument_state::quote>},
  {"ruleType",
   [](auto& in, auto& to) { to.is_like_perpetual = in.text() == "xperp"; }},
  {"settleCcy", into_state<&instrument_state::settlement>},
  {"state", [](auto& in, auto& to) { to.content.state = state_of(in.text()); },
   required},
  {"stk", into_state<&instrument_state::strike>},
  {"tickSz", into_state<&instrument_state::tick>},
  {"tradeQuoteCcyList"},
  {"uly", read_index},
  {"upcChg"},
};

instrument_draft read_instrument(market_reader& in) {
  instrument_draft result;
  in.read_object<instrument_members>(result);
  auto& to = result.content;
  if (is_derivative(to.kind))
    add_contract(result.contract, to);
  else if (to.kind == instrument_kind::spot)
    to.unit = amount_unit::base;
  return result;
}

// -- channels -----------------------------------------------------------------

channel_spec channel_of(std::string_view channel, std::string_view instrument) {
  return {.name = std::string{channel} + ':' + std::string{instrument}};
}

/// Margin has the instruments of spot.
std::vector<channel_spec> channels_of_instruments() {
  std::vector<channel_spec> result;
  for (std::string_view type : {"SPOT", "SWAP", "FUTURES", "OPTION"})
    result.push_back({.name = "instruments-" + std::string{type},
                      .arguments = R"({"channel":"instruments","instType":")"
                                   + std::string{type} + R"("})"});
  return result;
}

bool wants_small_snapshots(const market_wish& wish) noexcept {
  return wish.depth > 0 && wish.depth <= 5 && wish.pace == market_pace::usual;
}

channel_spec channel_of_book(const market_wish& wish) {
  if (wants_small_snapshots(wish))
    return channel_of("books5", wish.instrument);
  if (wish.pace == market_pace::usual)
    return channel_of("books", wish.instrument);
  auto is_small = wish.depth > 0 && wish.depth <= 50;
  auto result = channel_of(is_small ? "books50-l2-tbt" : "books-l2-tbt",
                           wish.instrument);
  result.access = channel_access::authenticated_only;
  return result;
}

} // namespace

} // namespace okx_messages

// -- properties ---------------------------------------------------------------

book_rules okx_market::rules_of_books(const market_wish& wish) const {
  if (okx_messages::wants_small_snapshots(wish))
    return {};
  return {.numbering = sequence_rule::chained,
          .checksum = internal::okx_checksum};
}

trade_numbering okx_market::numbering_of_trades() const noexcept {
  return trade_numbering::consecutive;
}

// -- channels -----------------------------------------------------------------

result<std::vector<channel_spec>>
okx_market::channels(const market_wish& wish) const {
  if (wish.kind == data_kind::instruments)
    return okx_messages::channels_of_instruments();
  if (wish.instrument.empty())
    return error{ec::not_supported, "OKX wants the instruments by name"};
  switch (wish.kind) {
    case data_kind::trades:
      return std::vector{okx_messages::channel_of("trades", wish.instrument)};
    case data_kind::quotes:
      return std::vector{okx_messages::channel_of("bbo-tbt", wish.instrument)};
    case data_kind::ticker:
      return channels_of_ticker(wish.instrument);
    default:
      return std::vector{okx_messages::channel_of_book(wish)};
  }
}

bool okx_market::may_be_refused(std::string_view channel) const noexcept {
  auto part = part_of(channel.substr(0, channel.find(':')));
  return part && *part != ticker_part::trades_and_quotes;
}

std::vector<channel_spec>
okx_market::channels_of_ticker(const std::string& instrument) const {
  std::vector result{okx_messages::channel_of("tickers", instrument)};
  auto about = find_terms(instrument);
  auto is_open = about == nullptr || about->kind == instrument_kind::other;
  if (is_open || okx_messages::is_derivative(about->kind)) {
    result.push_back(okx_messages::channel_of("mark-price", instrument));
    result.push_back(okx_messages::channel_of("open-interest", instrument));
  }
  if (is_open || about->has_funding)
    result.push_back(okx_messages::channel_of("funding-rate", instrument));
  if (about != nullptr && !about->index.empty())
    result.push_back(
      okx_messages::channel_of("index-tickers", about->index.view()));
  return result;
}

const okx_market::terms*
okx_market::find_terms(std::string_view instrument) const {
  auto name = instrument_name::make(instrument);
  auto i = name ? terms_.find(*name) : terms_.end();
  return i != terms_.end() ? &i->second : nullptr;
}

// -- messages -----------------------------------------------------------------

std::optional<okx_market::ticker_part>
okx_market::part_of(std::string_view channel) noexcept {
  if (channel == "tickers")
    return ticker_part::trades_and_quotes;
  if (channel == "mark-price")
    return ticker_part::mark_price;
  if (channel == "index-tickers")
    return ticker_part::index_price;
  if (channel == "funding-rate")
    return ticker_part::funding_rate;
  if (channel == "open-interest")
    return ticker_part::open_interest;
  return std::nullopt;
}

error okx_market::decode(const envelope& message, update_list& out) {
  std::string memory;
  auto channel = message.channel.resolved(memory);
  if (channel == "books" || channel == "books-l2-tbt"
      || channel == "books50-l2-tbt")
    return okx_messages::decode_book(message, okx_messages::action_of(message),
                                     out);
  if (channel == "trades" || channel == "trades-all")
    return okx_messages::decode_trades(message, out);
  if (channel == "bbo-tbt")
    return okx_messages::decode_quotes(message, out);
  if (channel == "books5")
    return okx_messages::decode_book(message,
                                     okx_messages::book_action::snapshot, out);
  if (channel == "instruments")
    return decode_instruments(message, out);
  if (auto part = part_of(channel))
    return *part == ticker_part::index_price
             ? decode_index(message, out)
             : decode_ticker(*part, message, out);
  return {};
}

error okx_market::decode_ticker(ticker_part part, const envelope& message,
                                update_list& out) {
  static constexpr void (*readers[])(market_reader&, ticker&)
    = {okx_messages::read_ticker<&ticker::last_price>,
       okx_messages::read_ticker<&ticker::mark_price>,
       okx_messages::read_ticker<&ticker::index_price>,
       okx_messages::read_ticker<&ticker::funding_rate>,
       okx_messages::read_ticker<&ticker::open_interest>};
  auto first = out.size();
  market_reader in{message.data};
  in.each_element(
    [&] { readers[static_cast<size_t>(part)](in, out.add<ticker>()); });
  if (auto problem = in.problem())
    return problem;
  for (auto i = first; i < out.size(); ++i)
    complete(part, *std::get_if<ticker>(&out[i]));
  return {};
}

// Takes what other channels have brought, and keeps what is new.
void okx_market::complete(ticker_part part, ticker& x) {
  auto known = tickers_.find(x.instrument);
  if (known == tickers_.end()) {
    if (tickers_.size() < max_tickers)
      tickers_.emplace(x.instrument, x);
    return;
  }
  known->second.time = x.time;
  assign(part, x, known->second);
  x = known->second;
}

void okx_market::assign(ticker_part part, const ticker& from,
                        ticker& to) noexcept {
  switch (part) {
    case ticker_part::trades_and_quotes:
      to.bid = from.bid;
      to.ask = from.ask;
      to.last_price = from.last_price;
      break;
    case ticker_part::mark_price:
      to.mark_price = from.mark_price;
      break;
    case ticker_part::index_price:
      to.index_price = from.index_price;
      break;
    case ticker_part::funding_rate:
      to.funding_rate = from.funding_rate;
      break;
    case ticker_part::open_interest:
      to.open_interest = from.open_interest;
  }
}

error okx_market::decode_index(const envelope& message, update_list& out) {
  indices_.clear();
  market_reader in{message.data};
  in.each_element([&] {
    okx_messages::read_ticker<&ticker::index_price>(in,
                                                    indices_.emplace_back());
  });
  if (auto problem = in.problem())
    return problem;
  for (auto& index : indices_)
    for (auto& [instrument, known] : tickers_)
      if (concerns(ticker_part::index_price, index.instrument, instrument)) {
        known.time = index.time;
        assign(ticker_part::index_price, index, known);
        out.add(known);
      }
  return {};
}

error okx_market::decode_instruments(const envelope& message,
                                     update_list& out) {
  market_reader in{message.data};
  in.each_element([&] {
    auto next = okx_messages::read_instrument(in);
    auto has_funding = next.content.kind == instrument_kind::perpetual
                       || next.is_like_perpetual;
    if (!next.content.instrument.empty())
      remember(next.content, {next.content.kind, has_funding, next.index});
    out.add(next.content);
  });
  return in.problem();
}

void okx_market::remember(const instrument_state& instrument,
                          const terms& about) {
  if (instrument.state == trading_state::closed) {
    terms_.erase(instrument.instrument);
    tickers_.erase(instrument.instrument);
  } else if (terms_.size() < max_terms
             || terms_.contains(instrument.instrument)) {
    terms_.insert_or_assign(instrument.instrument, about);
  }
}

// -- called by the dialect ----------------------------------------------------

void okx_market::forget_values() noexcept {
  tickers_.clear();
}

void okx_market::forget(std::string_view channel) {
  auto colon = channel.find(':');
  if (colon == std::string_view::npos)
    return;
  auto part = part_of(channel.substr(0, colon));
  auto name = instrument_name::make(channel.substr(colon + 1));
  if (!part || !name)
    return;
  const ticker nothing;
  for (auto i = tickers_.begin(); i != tickers_.end();) {
    auto& [instrument, known] = *i;
    if (concerns(*part, *name, instrument))
      assign(*part, nothing, known);
    auto is_empty = known
                    == ticker{.instrument = instrument, .time = known.time};
    i = is_empty ? tickers_.erase(i) : std::next(i);
  }
}

// Returns whether messages about `subject` are part of an instrument's ticker.
bool okx_market::concerns(ticker_part part, const instrument_name& subject,
                          const instrument_name& instrument) const {
  if (part != ticker_part::index_price)
    return instrument == subject;
  auto about = terms_.find(instrument);
  return about != terms_.end() && about->second.index == subject;
}

} // namespace zenws
