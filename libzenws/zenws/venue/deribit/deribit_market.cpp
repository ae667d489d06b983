// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/venue/deribit/deribit_market.hpp"

#include "zenws/json/internal/json_writer.hpp"
#include "zenws/market/internal/market_reader.hpp"
#include "zenws/market/internal/sides.hpp"

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

// -- books --------------------------------------------------------------------

level_action read_action(market_reader& in) {
  auto name = in.text();
  if (name == "change")
    return level_action::change;
  if (name == "delete")
    return level_action::remove;
  if (name != "new")
    in.complain("has an unknown action");
  return level_action::create;
}

/// Reads ["new", price, amount], or [price, amount] of a grouped book.
level_change read_level(market_reader& in, book_side side) {
  level_change result{.side = side};
  in.enter_array();
  in.expect_element();
  if (in.peek() == json_kind::string) {
    result.action = read_action(in);
    in.expect_element();
  }
  result.price = in.number(result.price_places);
  in.expect_element();
  result.amount = in.number(result.amount_places);
  in.leave_array();
  return result;
}

/// @returns whether it is a snapshot.
bool read_is_snapshot(market_reader& in) {
  auto name = in.text();
  if (name != "snapshot" && name != "change")
    in.complain("is neither snapshot nor change");
  return name != "change";
}

struct book_draft {
  update_list* out;
  book_change* content;

  /// Grouped books have no type: each message shows all there is to see.
  bool is_snapshot = true;
};

template <book_side Side>
void read_side(market_reader& in, book_draft& to) {
  in.each_element(
    [&] { to.out->add_level(*to.content, read_level(in, Side)); });
}

constexpr member<book_draft> book_members[] = {
  {"type", [](auto& in, auto& to) { to.is_snapshot = read_is_snapshot(in); }},
  {"timestamp", into<&book_draft::content, &book_change::time>},
  {"prev_change_id",
   internal::into_unless_null<&book_draft::content, &book_change::previous>},
  {"instrument_name", into<&book_draft::content, &book_change::instrument>,
   required},
  {"change_id", into<&book_draft::content, &book_change::sequence>, required},
  {"bids", read_side<book_side::bid>, required},
  {"asks", read_side<book_side::ask>, required},
};

void read_book(market_reader& in, update_list& out) {
  book_draft draft{&out, &out.add<book_change>()};
  in.read_object<book_members>(draft);
  auto& to = *draft.content;
  to.first_sequence = to.sequence;
  in.require(draft.is_snapshot || to.previous, "prev_change_id");
  if (draft.is_snapshot)
    out.make_snapshot();
}

// -- trades -------------------------------------------------------------------

/// Reads a member that only such trades have.
template <trade_kind Kind>
void mark(market_reader& in, trade& to) {
  if (in.peek() != json_kind::null)
    to.kind = Kind;
  in.skip();
}

constexpr member<trade> trade_members[] = {
  {"trade_seq", into<&trade::sequence>, required},
  {"trade_id"},
  {"timestamp", into<&trade::time>},
  {"tick_direction"},
  {"price", into<&trade::price>, required},
  {"mark_price"},
  {"iv"},
  {"instrument_name", into<&trade::instrument>, required},
  {"index_price"},
  {"direction", into<&trade::direction>, required},
  {"amount", into<&trade::amount>, required},
  {"liquidation", mark<trade_kind::liquidation>},
  {"block_trade_id", mark<trade_kind::block>},
};

void read_trades(market_reader& in, update_list& out) {
  in.each_element([&] { in.read_object<trade_members>(out.add<trade>()); });
}

/// Answer of `public/get_last_trades_by_instrument`.
constexpr member<update_list> old_trades_members[] = {
  {"trades", read_trades, required},
  {"has_more"},
};

// -- quotes and tickers -------------------------------------------------------

using quote_draft = internal::sides_draft<market::quote>;

constexpr member<quote_draft> quote_members[] = {
  {"timestamp", into<&quote_draft::content, &market::quote::time>},
  {"instrument_name", into<&quote_draft::content, &market::quote::instrument>,
   required},
  {"best_bid_price", into<&quote_draft::bid, &side_draft::price>},
  {"best_bid_amount", into<&quote_draft::bid, &side_draft::amount>},
  {"best_ask_price", into<&quote_draft::ask, &side_draft::price>},
  {"best_ask_amount", into<&quote_draft::ask, &side_draft::amount>},
};

void read_quote(market_reader& in, market::quote& to) {
  quote_draft draft{to};
  in.read_object<quote_members>(draft);
  draft.finish();
}

using ticker_draft = internal::sides_draft<ticker>;

template <auto Member>
constexpr auto into_ticker = into<&ticker_draft::content, Member>;

constexpr member<ticker_draft> ticker_members[] = {
  {"underlying_price"},
  {"underlying_index"},
  {"timestamp", into_ticker<&ticker::time>},
  {"stats"},
  {"state"},
  {"settlement_price"},
  {"open_interest", into_ticker<&ticker::open_interest>},
  {"min_price"},
  {"max_price"},
  {"mark_price", into_ticker<&ticker::mark_price>},
  {"mark_iv"},
  {"last_price", into_ticker<&ticker::last_price>},
  {"interest_value"},
  {"interest_rate"},
  {"instrument_name", into_ticker<&ticker::instrument>, required},
  {"index_price", into_ticker<&ticker::index_price>},
  {"greeks"},
  {"funding_8h"},
  {"estimated_delivery_price"},
  {"delivery_price"},
  {"current_funding", into_ticker<&ticker::funding_rate>},
  {"best_bid_price", into<&ticker_draft::bid, &side_draft::price>},
  {"best_bid_amount", into<&ticker_draft::bid, &side_draft::amount>},
  {"best_ask_price", into<&ticker_draft::ask, &side_draft::price>},
  {"best_ask_amount", into<&ticker_draft::ask, &side_draft::amount>},
  {"bid_iv"},
  {"ask_iv"},
};

void read_ticker(market_reader& in, ticker& to) {
  ticker_draft draft{to};
  in.read_object<ticker_members>(draft);
  draft.finish();
}

// -- instruments --------------------------------------------------------------

// docs.deribit.com, "instrument.state.{kind}.{currency}" and
// public/get_instrument, member `state`.
trading_state state_of(internal::word name) noexcept {
  if (name == "open" || name == "started")
    return trading_state::open;
  if (name == "created")
    return trading_state::pending;
  if (name == "halted" || name == "locked" || name == "inactive")
    return trading_state::halted;
  if (name == "settled" || name == "closed" || name == "terminated"
      || name == "deactivated" || name == "archivized")
    return trading_state::closed;
  return trading_state::unknown;
}

instrument_kind kind_of(internal::word name) noexcept {
  if (name == "future")
    return instrument_kind::future;
  if (name == "option")
    return instrument_kind::option;
  if (name == "spot")
    return instrument_kind::spot;
  if (name == "future_combo" || name == "option_combo")
    return instrument_kind::combination;
  return instrument_kind::other;
}

struct instrument_draft {
  instrument_state* content;
  bool is_perpetual = false;
  std::optional<bool> is_active{};
};

template <auto Member>
constexpr auto into_instrument = into<&instrument_draft::content, Member>;

/// The channel of states has the name and the state only.
constexpr member<instrument_draft> instrument_members[] = {
  {"timestamp", into_instrument<&instrument_state::time>},
  {"state",
   [](auto& in, auto& to) { to.content->state = state_of(in.text()); }},
  {"instrument_name", into_instrument<&instrument_state::instrument>, required},
  {"kind", [](auto& in, auto& to) { to.content->kind = kind_of(in.text()); }},
  {"is_active", [](auto& in, auto& to) { to.is_active = in.boolean(); }},
  {"base_currency", into_instrument<&instrument_state::base>},
  {"quote_currency", into_instrument<&instrument_state::quote>},
  {"settlement_currency", into_instrument<&instrument_state::settlement>},
  {"instrument_type",
   [](auto& in, auto& to) {
     to.content->is_inverse = in.text() == "reversed";
   }},
  {"settlement_period",
   [](auto& in, auto& to) { to.is_perpetual = in.text() == "perpetual"; }},
  {"tick_size", into_instrument<&instrument_state::tick>},
  {"contract_size", into_instrument<&instrument_state::contract_size>},
  {"min_trade_amount", into_instrument<&instrument_state::min_amount>},
  {"strike", into_instrument<&instrument_state::strike>},
  {"expiration_timestamp", into_instrument<&instrument_state::expires>},
};

/// Reads an instrument as `public/get_instrument` or its channel tells it.
void read_instrument(market_reader& in, instrument_state& to) {
  instrument_draft draft{&to};
  in.read_object<instrument_members>(draft);
  if (draft.is_perpetual) { // "expires" in the year 3000
    to.kind = instrument_kind::perpetual;
    to.expires = {};
  }
  if (to.state == trading_state::unknown && draft.is_active)
    to.state = *draft.is_active ? trading_state::open : trading_state::closed;
  // docs.deribit.com, public/buy: "For perpetual and inverse futures the amount
  // is in USD units. For options and linear futures it is the underlying base
  // currency coin." Amounts are multiples of the smallest one.
  auto in_quote = to.is_inverse
                  && (to.kind == instrument_kind::perpetual
                      || to.kind == instrument_kind::future);
  if (to.contract_size) {
    to.unit = in_quote ? amount_unit::quote : amount_unit::base;
    to.lot = to.min_amount;
  }
}

// -- channels -----------------------------------------------------------------

/// Kind of the data of a channel, if zenws has a type for it.
std::optional<data_kind> kind_of(const json_value& channel) {
  std::string memory;
  auto name = channel.resolved(memory);
  if (name.starts_with("book."))
    return data_kind::book;
  if (name.starts_with("trades."))
    return data_kind::trades;
  if (name.starts_with("quote."))
    return data_kind::quotes;
  if (name.starts_with("ticker."))
    return data_kind::ticker;
  if (name.starts_with("instrument.state."))
    return data_kind::instruments;
  return std::nullopt;
}

/// docs.deribit.com, "book.{instrument_name}.{group}.{depth}.{interval}".
std::string grouped(uint32_t depth) {
  for (auto offered : {1, 10, 20})
    if (depth <= static_cast<uint32_t>(offered))
      return ".none." + std::to_string(offered);
  return {};
}

} // namespace

// -- properties ---------------------------------------------------------------

book_rules deribit_market::rules_of_books(const market_wish&) const {
  return {.numbering = sequence_rule::chained};
}

trade_numbering deribit_market::numbering_of_trades() const noexcept {
  return trade_numbering::consecutive;
}

// -- channels -----------------------------------------------------------------

result<std::vector<channel_spec>>
deribit_market::channels(const market_wish& wish) const {
  if (wish.kind == data_kind::instruments)
    return std::vector<channel_spec>{{.name = "instrument.state.any.any"}};
  if (wish.instrument.empty())
    return error{ec::not_supported, "Deribit wants the instruments by name"};
  channel_spec result;
  auto is_raw = wish.pace == market_pace::fastest;
  auto interval = is_raw ? ".raw" : ".100ms";
  switch (wish.kind) {
    case data_kind::trades:
      result.name = "trades." + wish.instrument + interval;
      break;
    case data_kind::ticker:
      result.name = "ticker." + wish.instrument + interval;
      break;
    case data_kind::quotes:
      is_raw = false;
      result.name = "quote." + wish.instrument;
      break;
    default:
      if (auto group = wish.depth != 0 ? grouped(wish.depth) : std::string{};
          !group.empty()) {
        is_raw = false;
        result.name = "book." + wish.instrument + group + ".100ms";
      } else {
        result.name = "book." + wish.instrument + interval;
      }
  }
  if (is_raw)
    result.access = channel_access::authenticated_only;
  return std::vector{std::move(result)};
}

// -- messages -----------------------------------------------------------------

error deribit_market::decode(const envelope& message, update_list& out) {
  auto kind = message.method.is("subscription") ? kind_of(message.channel)
                                                : std::nullopt;
  if (!kind)
    return {};
  market_reader in{message.data};
  switch (*kind) {
    case data_kind::book:
      read_book(in, out);
      break;
    case data_kind::trades:
      read_trades(in, out);
      break;
    case data_kind::quotes:
      read_quote(in, out.add<market::quote>());
      break;
    case data_kind::ticker:
      read_ticker(in, out.add<ticker>());
      break;
    case data_kind::instruments:
      read_instrument(in, out.add<instrument_state>());
  }
  return in.problem();
}

// -- questions ----------------------------------------------------------------

result<market_query> deribit_market::ask_trades(const trade_gap& gap) const {
  internal::json_writer params;
  params.begin_object();
  params.key("instrument_name").string(gap.instrument.view());
  params.key("start_seq").number(gap.after + 1);
  params.key("end_seq").number(gap.before - 1);
  params.key("count").number(1000);
  params.key("sorting").string("asc");
  auto text = params.end_object().take();
  if (!text)
    return text.error();
  return market_query{"public/get_last_trades_by_instrument", std::move(*text)};
}

result<market_query>
deribit_market::ask_instruments(const market_wish& wish) const {
  internal::json_writer params;
  params.begin_object();
  if (wish.instrument.empty())
    params.key("currency").string("any");
  else
    params.key("instrument_name").string(wish.instrument, "the instrument");
  auto text = params.end_object().take();
  if (!text)
    return text.error();
  return market_query{wish.instrument.empty() ? "public/get_instruments"
                                              : "public/get_instrument",
                      std::move(*text)};
}

error deribit_market::read_answer(const market_query& question,
                                  std::string_view, std::string_view result,
                                  update_list& out) {
  market_reader in{result};
  if (question.method == "public/get_last_trades_by_instrument")
    in.read_object<old_trades_members>(out);
  else if (question.method == "public/get_instruments")
    in.each_element([&] { read_instrument(in, out.add<instrument_state>()); });
  else
    read_instrument(in, out.add<instrument_state>());
  return in.problem();
}

} // namespace zenws
