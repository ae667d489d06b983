// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/venue/coinbase/coinbase_market.hpp"

#include "zenws/market/internal/market_reader.hpp"
#include "zenws/market/internal/sides.hpp"
#include "zenws/market/internal/time_text.hpp"
#include "zenws/venue/coinbase/coinbase_channel.hpp"

#include <algorithm>
#include <charconv>
#include <span>
#include <string>

namespace zenws {

namespace {

using namespace market;

using internal::into;
using internal::market_reader;
using internal::member;
using internal::side_draft;

using enum internal::presence;

// -- values -------------------------------------------------------------------

decimal positive(market_reader& in, decimal x) {
  if (x <= decimal{})
    in.complain("is not a positive number");
  return x;
}

decimal not_negative(market_reader& in, decimal x) {
  if (x < decimal{})
    in.complain("is negative");
  return x;
}

/// Reads a number of which zero means that there is none.
std::optional<decimal> read_unless_zero(market_reader& in) {
  auto result = in.optional_number();
  if (result && *result < decimal{})
    in.complain("is negative");
  if (result && result->is_zero())
    return std::nullopt;
  return result;
}

template <auto... Path>
constexpr auto into_unless_zero = [](auto& in, auto& to) {
  internal::value_at<Path...>(to) = read_unless_zero(in);
};

/// Reads the time of the message itself.
error read_sent_time(const json_value& value, venue_time& out) {
  if (!value || value.is_null())
    return {};
  std::string memory;
  auto time = internal::parse_time(value.resolved(memory));
  if (!time)
    return {ec::invalid_data, "\"timestamp\" is not a time"};
  out = *time;
  return {};
}

// -- events -------------------------------------------------------------------

struct event_draft {
  update_list* out;

  /// Time of the message.
  venue_time sent;

  bool is_snapshot = false;
};

template <class Draft>
void read_type(market_reader& in, Draft& to) {
  auto name = in.text();
  if (name != "snapshot" && name != "update")
    in.complain("is neither snapshot nor update");
  to.is_snapshot = name == "snapshot";
}

/// Reads the elements of a list.
template <auto Read, class Draft>
void each(market_reader& in, Draft& to) {
  in.each_element([&] { Read(in, to); });
}

// -- books --------------------------------------------------------------------

book_side read_book_side(market_reader& in) {
  auto name = in.text();
  if (name == "bid")
    return book_side::bid;
  if (name != "offer")
    in.complain("is neither bid nor offer");
  return book_side::ask;
}

struct book_draft : event_draft {
  book_change* content;
  level_change level{};
  venue_time latest{};
};

/// Reads the time of a change by the venue's engine. Snapshots may have the
/// epoch there, or another time that makes no sense: it is left out then.
void keep_latest_time(market_reader& in, book_draft& to) {
  if (in.peek() != json_kind::string)
    return in.skip();
  auto time = internal::parse_time(in.text());
  if (time && *time > to.latest)
    to.latest = *time;
}

void read_price(market_reader& in, book_draft& to) {
  to.level.price = positive(in, in.number(to.level.price_places));
}

void read_amount(market_reader& in, book_draft& to) {
  to.level.amount = not_negative(in, in.number(to.level.amount_places));
}

constexpr member<book_draft> level_members[] = {
  {"side", [](auto& in, auto& to) { to.level.side = read_book_side(in); },
   required},
  {"event_time", keep_latest_time},
  {"price_level", read_price, required},
  {"new_quantity", read_amount, required},
};

void read_level(market_reader& in, book_draft& to) {
  to.level = {};
  in.read_object<level_members>(to);
  to.out->add_level(*to.content, to.level);
}

constexpr member<book_draft> book_members[] = {
  {"type", read_type, required},
  {"product_id", into<&book_draft::content, &book_change::instrument>,
   required},
  {"updates", each<read_level>, required},
};

void read_book(market_reader& in, const event_draft& of) {
  book_draft draft{of, &of.out->add<book_change>()};
  in.read_object<book_members>(draft);
  draft.content->time = draft.latest == venue_time{} ? of.sent : draft.latest;
  if (draft.is_snapshot)
    of.out->make_snapshot();
}

// -- trades -------------------------------------------------------------------

/// The venue tells the side of the maker: a trade at the best ask has "SELL".
trade_direction read_maker(market_reader& in) {
  auto maker = in.text();
  if (maker == "BUY")
    return trade_direction::sell;
  if (maker == "SELL")
    return trade_direction::buy;
  // Of some trades of futures it does not tell.
  if (maker != "UNKNOWN_ORDER_SIDE")
    in.complain("is neither BUY nor SELL");
  return trade_direction::unknown;
}

/// Returns 0 for a name that is no number.
uint64_t read_number_of_trade(market_reader& in) {
  if (in.peek() != json_kind::string)
    return in.integer();
  auto text = in.text();
  uint64_t result = 0;
  auto last = text.data() + text.size();
  auto [end, ec] = std::from_chars(text.data(), last, result);
  return ec == std::errc{} && end == last ? result : 0;
}

constexpr member<trade> trade_members[] = {
  {"trade_id",
   [](auto& in, auto& to) { to.sequence = read_number_of_trade(in); },
   required},
  {"product_id", into<&trade::instrument>, required},
  {"price", [](auto& in, auto& to) { to.price = positive(in, in.number()); },
   required},
  {"size",
   [](auto& in, auto& to) { to.amount = not_negative(in, in.number()); },
   required},
  {"side", [](auto& in, auto& to) { to.direction = read_maker(in); }, required},
  {"time", into<&trade::time>},
};

void read_trade(market_reader& in, event_draft& to) {
  in.read_object<trade_members>(to.out->add<trade>());
}

constexpr member<event_draft> trades_members[] = {
  {"type", read_type, required},
  {"trades", each<read_trade>, required},
};

/// Puts trades in their order: the venue tells the latest first.
void put_in_order(std::span<update> trades) {
  auto of = [](const update& x) -> const trade& {
    return *std::get_if<trade>(&x);
  };
  auto is_numbered = std::ranges::all_of(trades, [&](const update& x) {
    return of(x).sequence != 0;
  });
  auto before = [&](const update& x, const update& y) {
    return is_numbered ? of(x).sequence < of(y).sequence
                       : of(x).time < of(y).time;
  };
  if (std::ranges::is_sorted(trades, before))
    return;
  std::ranges::reverse(trades);
  if (!std::ranges::is_sorted(trades, before))
    std::ranges::sort(trades, before);
}

void read_trades(market_reader& in, event_draft& to) {
  auto& out = *to.out;
  auto first = out.size();
  in.read_object<trades_members>(to);
  if (out.size() == first)
    return;
  std::span<update> trades{&out[first], out.size() - first};
  if (to.is_snapshot)
    for (auto& x : trades)
      std::get_if<trade>(&x)->is_late = true;
  put_in_order(trades);
}

// -- tickers ------------------------------------------------------------------

struct ticker_draft : internal::sides_draft<ticker> {
  using sides_draft::sides_draft;

  bool has_best = false;
};

template <auto Side, auto Value>
void read_best(market_reader& in, ticker_draft& to) {
  to.has_best = true;
  into_unless_zero<Side, Value>(in, to);
}

constexpr member<ticker_draft> ticker_members[] = {
  {"type"},
  {"product_id", into<&ticker_draft::content, &ticker::instrument>, required},
  {"price", into_unless_zero<&ticker_draft::content, &ticker::last_price>},
  {"volume_24_h"},
  {"low_24_h"},
  {"high_24_h"},
  {"low_52_w"},
  {"high_52_w"},
  {"price_percent_chg_24_h"},
  {"best_bid", read_best<&ticker_draft::bid, &side_draft::price>},
  {"best_bid_quantity", read_best<&ticker_draft::bid, &side_draft::amount>},
  {"best_ask", read_best<&ticker_draft::ask, &side_draft::price>},
  {"best_ask_quantity", read_best<&ticker_draft::ask, &side_draft::amount>},
};

/// Batches of tickers tell no best prices, and so bring no quotes.
void read_ticker(market_reader& in, event_draft& to) {
  auto& result = to.out->add<ticker>();
  result.time = to.sent;
  ticker_draft draft{result};
  in.read_object<ticker_members>(draft);
  draft.finish();
  if (draft.has_best)
    to.out->add(market::quote{.instrument = result.instrument,
                              .time = to.sent,
                              .bid = result.bid,
                              .ask = result.ask});
}

constexpr member<event_draft> tickers_members[] = {
  {"type"},
  {"tickers", each<read_ticker>, required},
};

// -- instruments --------------------------------------------------------------

trading_state state_of_product(internal::word name) noexcept {
  if (name == "online")
    return trading_state::open;
  if (name == "offline")
    return trading_state::halted;
  if (name == "internal")
    return trading_state::pending;
  if (name == "delisted")
    return trading_state::closed;
  return trading_state::unknown;
}

/// A future may be a perpetual: the channel does not tell.
void read_product_type(market_reader& in, instrument_state& to) {
  auto name = in.text();
  if (name == "SPOT") {
    to.kind = instrument_kind::spot;
    to.unit = amount_unit::base;
  } else if (name == "FUTURE") {
    to.kind = instrument_kind::future;
    to.unit = amount_unit::contracts;
  }
}

constexpr member<instrument_state> product_members[] = {
  {"product_type", read_product_type},
  {"id", into<&instrument_state::instrument>, required},
  {"base_currency", into<&instrument_state::base>},
  {"quote_currency", into<&instrument_state::quote>},
  {"base_min_size", into_unless_zero<&instrument_state::min_amount>},
  {"base_increment", into_unless_zero<&instrument_state::lot>},
  {"quote_increment", into_unless_zero<&instrument_state::tick>},
  {"display_name"},
  {"status",
   [](auto& in, auto& to) { to.state = state_of_product(in.text()); }},
  {"status_message"},
  {"min_market_funds"},
};

void read_product(market_reader& in, event_draft& to) {
  auto& product = to.out->add<instrument_state>();
  product.time = to.sent;
  in.read_object<product_members>(product);
}

constexpr member<event_draft> products_members[] = {
  {"type"},
  {"products", each<read_product>, required},
};

// -- channels -----------------------------------------------------------------

/// Kind of the data of a channel, if zenws has a type for it.
std::optional<data_kind> kind_of_channel(const json_value& channel) {
  std::string memory;
  auto name = coinbase_kind_of(channel.resolved(memory));
  if (name == "level2")
    return data_kind::book;
  if (name == "market_trades")
    return data_kind::trades;
  if (name == "ticker" || name == "ticker_batch")
    return data_kind::ticker;
  if (name == "status")
    return data_kind::instruments;
  return std::nullopt;
}

} // namespace

// -- properties ---------------------------------------------------------------

book_rules coinbase_market::rules_of_books(const market_wish&) const {
  return {.numbering = sequence_rule::unnumbered};
}

trade_numbering coinbase_market::numbering_of_trades() const noexcept {
  return trade_numbering::consecutive;
}

// -- channels -----------------------------------------------------------------

result<std::vector<channel_spec>>
coinbase_market::channels(const market_wish& wish) const {
  if (wish.instrument.empty())
    return error{ec::not_supported, "Coinbase wants the products by name"};
  if (auto problem = check_coinbase_product(wish.instrument))
    return problem;
  auto kind = [&] {
    switch (wish.kind) {
      case data_kind::trades:
        return "market_trades:";
      case data_kind::book:
        return "level2:";
      case data_kind::instruments:
        return "status:";
      default:
        return "ticker:";
    }
  }();
  return std::vector<channel_spec>{{.name = kind + wish.instrument}};
}

// -- messages -----------------------------------------------------------------

error coinbase_market::decode(const envelope& message, update_list& out) {
  auto kind = kind_of_channel(message.channel);
  if (!kind)
    return {};
  venue_time sent{};
  if (auto problem = read_sent_time(message.params, sent))
    return problem;
  market_reader in{message.data};
  in.each_element([&] {
    event_draft event{&out, sent};
    switch (*kind) {
      case data_kind::book:
        read_book(in, event);
        break;
      case data_kind::trades:
        read_trades(in, event);
        break;
      case data_kind::instruments:
        in.read_object<products_members>(event);
        break;
      default:
        in.read_object<tickers_members>(event);
    }
  });
  return in.problem();
}

} // namespace zenws
