// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/venue/hyperliquid/hyperliquid_market.hpp"

#include "zenws/json/internal/json_writer.hpp"
#include "zenws/market/internal/market_reader.hpp"
#include "zenws/market/internal/sides.hpp"

#include <map>
#include <string>

namespace zenws {

namespace {

using namespace market;

using internal::into;
using internal::market_reader;
using internal::member;
using internal::side_draft;

using enum internal::presence;

// -- books and quotes ---------------------------------------------------------

constexpr member<level_change> level_members[] = {
  {"px", [](auto& in, auto& to) { to.price = in.number(to.price_places); },
   required},
  {"sz", [](auto& in, auto& to) { to.amount = in.number(to.amount_places); },
   required},
  {"n"},
};

struct book_draft {
  update_list* out;
  book_snapshot* content;
};

/// Reads bids and asks, the best first.
void read_levels(market_reader& in, book_draft& to) {
  in.enter_array();
  for (auto side : {book_side::bid, book_side::ask}) {
    in.expect_element();
    in.each_element([&] {
      level_change level{.side = side};
      in.read_object<level_members>(level);
      to.out->add_level(*to.content, level);
    });
  }
  in.leave_array();
}

constexpr member<book_draft> book_members[] = {
  {"coin", into<&book_draft::content, &book_snapshot::instrument>, required},
  {"time", into<&book_draft::content, &book_snapshot::time>},
  {"levels", read_levels, required},
};

/// Null if there are no orders on a side.
std::optional<price_level> read_best(market_reader& in) {
  in.expect_element();
  if (in.peek() == json_kind::null) {
    in.skip();
    return std::nullopt;
  }
  level_change level;
  in.read_object<level_members>(level);
  return side_draft{level.price, level.amount}.finish();
}

void read_sides(market_reader& in, market::quote& to) {
  in.enter_array();
  to.bid = read_best(in);
  to.ask = read_best(in);
  in.leave_array();
}

constexpr member<market::quote> quote_members[] = {
  {"coin", into<&market::quote::instrument>, required},
  {"time", into<&market::quote::time>},
  {"bbo", read_sides, required},
};

// -- trades -------------------------------------------------------------------

/// "Notation": "B = Bid = Buy, A = Ask = Short. Side is aggressing side for
/// trades."
void read_direction(market_reader& in, trade& to) {
  auto side = in.text();
  if (side != "A" && side != "B")
    in.complain("is neither A nor B");
  to.direction = side == "A" ? trade_direction::sell : trade_direction::buy;
}

constexpr member<trade> trade_members[] = {
  {"coin", into<&trade::instrument>, required},
  {"side", read_direction, required},
  {"px", into<&trade::price>, required},
  {"sz", into<&trade::amount>, required},
  {"time", into<&trade::time>},
  {"hash"},
  {"tid", into<&trade::sequence>},
  {"users"},
};

// -- tickers ------------------------------------------------------------------

/// Context of an asset. "Perpetuals", "Retrieve perpetuals asset contexts";
/// that of the spot market has neither funding nor open interest. "Funding":
/// the rate is that of the hour.
constexpr member<ticker> context_members[] = {
  {"funding", into<&ticker::funding_rate>},
  {"openInterest", into<&ticker::open_interest>},
  {"prevDayPx"},
  {"dayNtlVlm"},
  {"premium"},
  {"oraclePx", into<&ticker::index_price>},
  {"markPx", into<&ticker::mark_price>},
  {"midPx"},
  {"impactPxs"},
  {"circulatingSupply"},
  {"coin"},
  {"totalSupply"},
  {"dayBaseVlm"},
};

void read_context(market_reader& in, ticker& to) {
  in.read_object<context_members>(to);
}

constexpr member<ticker> ticker_members[] = {
  {"coin", into<&ticker::instrument>, required},
  {"ctx", read_context, required},
};

// -- instruments --------------------------------------------------------------

/// "Tick and lot size": "Sizes are rounded to the szDecimals of that asset."
template <class T>
void read_lot(market_reader& in, T& to) {
  constexpr uint64_t most = 18;
  auto places = in.integer();
  if (places > most) {
    in.complain("is out of range");
    places = 0;
  }
  to.lot = *decimal::make(1, -static_cast<int>(places));
}

asset_name asset_of(const instrument_name& name) {
  return asset_name::make(name.view()).value_or(asset_name{});
}

void read_is_delisted(market_reader& in, instrument_state& to) {
  to.state = in.boolean() ? trading_state::closed : trading_state::open;
}

/// Element of the universe of `meta`.
constexpr member<instrument_state> perpetual_members[] = {
  {"szDecimals", read_lot, required},
  {"name", into<&instrument_state::instrument>, required},
  {"maxLeverage"},
  {"marginTableId"},
  {"onlyIsolated"},
  {"isDelisted", read_is_delisted},
  {"marginMode"},
  {"growthMode"},
  {"lastGrowthModeChangeTime"},
};

void read_perpetual(market_reader& in, instrument_state& to) {
  to.kind = instrument_kind::perpetual;
  to.unit = amount_unit::base;
  to.state = trading_state::open;
  in.read_object<perpetual_members>(to);
  to.base = asset_of(to.instrument);
}

struct token {
  uint64_t index = 0;
  asset_name name{};
  decimal lot{};
};

using tokens_by_index = std::map<uint64_t, token>;

constexpr member<token> token_members[] = {
  {"name", into<&token::name>},
  {"szDecimals", read_lot, required},
  {"weiDecimals"},
  {"index", into<&token::index>, required},
  {"tokenId"},
  {"isCanonical"},
  {"evmContract"},
  {"fullName"},
  {"deployerTradingFeeShare"},
};

struct pair_draft {
  const tokens_by_index* tokens;
  instrument_state* content;
};

token read_token_index(market_reader& in, const tokens_by_index& tokens) {
  in.expect_element();
  auto i = tokens.find(in.integer());
  if (i != tokens.end())
    return i->second;
  in.complain("has an unknown token");
  return {};
}

void read_tokens_of_pair(market_reader& in, pair_draft& to) {
  in.enter_array();
  auto base = read_token_index(in, *to.tokens);
  to.content->base = base.name;
  to.content->lot = base.lot;
  to.content->quote = read_token_index(in, *to.tokens).name;
  in.leave_array();
}

/// Element of the universe of `spotMeta`, which names its two tokens by their
/// indexes. It does not tell whether the pair trades.
constexpr member<pair_draft> pair_members[] = {
  {"tokens", read_tokens_of_pair, required},
  {"name", into<&pair_draft::content, &instrument_state::instrument>, required},
  {"index"},
  {"isCanonical"},
};

/// Reads the elements of a list; keeps those of one instrument only if there is
/// a name.
template <class Read>
error read_universe(const json_value& list, std::string_view instrument,
                    update_list& out, Read read) {
  market_reader in{list};
  in.each_element([&] {
    instrument_state found;
    read(in, found);
    if (instrument.empty() || found.instrument == instrument)
      out.add(found);
  });
  return in.problem();
}

error read_meta(std::string_view answer, std::string_view instrument,
                update_list& out) {
  // The first token is USDC ("Spot", "Retrieve spot metadata").
  asset_name settlement;
  if (find_member(answer, "collateralToken").integer() == 0)
    settlement = *asset_name::make("USDC");
  return read_universe(find_member(answer, "universe"), instrument, out,
                       [&](market_reader& in, instrument_state& to) {
                         read_perpetual(in, to);
                         to.settlement = settlement;
                       });
}

error read_spot_meta(std::string_view answer, std::string_view instrument,
                     update_list& out) {
  tokens_by_index tokens;
  market_reader in{find_member(answer, "tokens")};
  in.each_element([&] {
    token found;
    in.read_object<token_members>(found);
    tokens[found.index] = found;
  });
  if (auto problem = in.problem())
    return problem;
  return read_universe(find_member(answer, "universe"), instrument, out,
                       [&](market_reader& pairs, instrument_state& to) {
                         to.kind = instrument_kind::spot;
                         to.unit = amount_unit::base;
                         pair_draft draft{&tokens, &to};
                         pairs.read_object<pair_members>(draft);
                       });
}

// -- channels -----------------------------------------------------------------

constexpr uint32_t fast_depth = 5;

bool is_fast(const market_wish& wish) noexcept {
  return wish.depth == 0 ? wish.pace == market_pace::fastest
                         : wish.depth <= fast_depth;
}

result<channel_spec> fast_book(const std::string& coin) {
  internal::json_writer out;
  out.begin_object();
  out.key("type").string("l2Book");
  out.key("coin").string(coin, "the instrument");
  out.key("fast").boolean(true);
  auto text = out.end_object().take();
  if (!text)
    return text.error();
  return channel_spec{.name = "l2Book:" + coin + ":fast",
                      .arguments = std::move(*text)};
}

} // namespace

// -- properties ---------------------------------------------------------------

book_rules hyperliquid_market::rules_of_books(const market_wish&) const {
  return {.numbering = sequence_rule::unnumbered};
}

trade_numbering hyperliquid_market::numbering_of_trades() const noexcept {
  return trade_numbering::none;
}

// -- channels -----------------------------------------------------------------

result<std::vector<channel_spec>>
hyperliquid_market::channels(const market_wish& wish) const {
  if (wish.kind == data_kind::instruments)
    return error{ec::not_supported, "Hyperliquid tells them if it is asked"};
  if (wish.instrument.empty())
    return error{ec::not_supported,
                 "Hyperliquid wants the instruments by name"};
  auto named = [&](const char* type) {
    return std::vector{channel_spec{.name = type + (':' + wish.instrument)}};
  };
  switch (wish.kind) {
    case data_kind::trades:
      return named("trades");
    case data_kind::quotes:
      return named("bbo");
    case data_kind::ticker:
      return named("activeAssetCtx");
    default:
      if (!is_fast(wish))
        return named("l2Book");
      auto book = fast_book(wish.instrument);
      if (!book)
        return book.error();
      return std::vector{std::move(*book)};
  }
}

// -- messages -----------------------------------------------------------------

error hyperliquid_market::decode(const envelope& message, update_list& out) {
  auto is = [&](std::string_view name) { return message.channel.is(name); };
  market_reader in{message.data};
  if (is("l2Book")) {
    book_draft draft{&out, &out.add<book_snapshot>()};
    in.read_object<book_members>(draft);
  } else if (is("trades")) {
    in.each_element([&] {
      auto& to = out.add<trade>();
      to.is_late = trades_are_late_;
      in.read_object<trade_members>(to);
    });
  } else if (is("bbo")) {
    in.read_object<quote_members>(out.add<market::quote>());
  } else if (is("activeAssetCtx") || is("activeSpotAssetCtx")) {
    in.read_object<ticker_members>(out.add<ticker>());
  } else {
    return {};
  }
  return in.problem();
}

// -- questions ----------------------------------------------------------------

result<market_query>
hyperliquid_market::ask_instruments(const market_wish& wish) const {
  auto& name = wish.instrument;
  auto colon = name.find(':');
  internal::json_writer params;
  params.begin_object();
  if (name.starts_with('#'))
    return error{ec::not_supported, "outcomes have no terms of instruments"};
  if (name.starts_with('@') || name.find('/') != std::string::npos)
    params.key("type").string("spotMeta");
  else
    params.key("type").string("meta");
  if (colon != std::string::npos)
    params.key("dex").string(name.substr(0, colon), "the instrument");
  auto text = params.end_object().take();
  if (!text)
    return text.error();
  return market_query{"info", std::move(*text)};
}

error hyperliquid_market::read_answer(const market_query& question,
                                      std::string_view instrument,
                                      std::string_view result,
                                      update_list& out) {
  if (find_member(question.params, "type").is("spotMeta"))
    return read_spot_meta(result, instrument, out);
  return read_meta(result, instrument, out);
}

} // namespace zenws
