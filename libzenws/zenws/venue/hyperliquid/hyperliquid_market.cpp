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

using internal::market_reader;
using internal::side_draft;

// -- books and quotes ---------------------------------------------------------

/// Reads {"px":"84143.0","sz":"10.25","n":36}.
level_change read_level(market_reader& in, book_side side) {
  level_change result{.side = side};
  auto has_price = false;
  auto has_amount = false;
  in.each_member([&](internal::word name) {
    if (name == "px") {
      has_price = true;
      result.price = in.number(result.price_places);
    } else if (name == "sz") {
      has_amount = true;
      result.amount = in.number(result.amount_places);
    } else {
      in.skip();
    }
  });
  in.require(has_price, "px");
  in.require(has_amount, "sz");
  return result;
}

/// Reads bids and asks, the best first.
void read_levels(market_reader& in, book_update& to, update_list& out) {
  in.enter_array();
  for (auto side : {book_side::bid, book_side::ask}) {
    in.expect_element();
    in.each_element([&] { out.add_level(to, read_level(in, side)); });
  }
  in.leave_array();
}

void read_book(market_reader& in, update_list& out) {
  auto& to = out.add<book_snapshot>();
  auto has_levels = false;
  in.each_member([&](internal::word name) {
    if (name == "coin") {
      to.instrument = in.instrument();
    } else if (name == "time") {
      to.time = in.time();
    } else if (name == "levels") {
      has_levels = true;
      read_levels(in, to, out);
    } else {
      in.skip();
    }
  });
  in.require(!to.instrument.empty(), "coin");
  in.require(has_levels, "levels");
}

/// Null if there are no orders on a side.
std::optional<price_level> read_best(market_reader& in, book_side side) {
  in.expect_element();
  if (in.peek() == json_kind::null) {
    in.skip();
    return std::nullopt;
  }
  auto level = read_level(in, side);
  return side_draft{level.price, level.amount}.finish();
}

void read_quote(market_reader& in, market::quote& to) {
  auto has_sides = false;
  in.each_member([&](internal::word name) {
    if (name == "coin") {
      to.instrument = in.instrument();
    } else if (name == "time") {
      to.time = in.time();
    } else if (name == "bbo") {
      has_sides = true;
      in.enter_array();
      to.bid = read_best(in, book_side::bid);
      to.ask = read_best(in, book_side::ask);
      in.leave_array();
    } else {
      in.skip();
    }
  });
  in.require(!to.instrument.empty(), "coin");
  in.require(has_sides, "bbo");
}

// -- trades -------------------------------------------------------------------

/// "Notation": "B = Bid = Buy, A = Ask = Short. Side is aggressing side for
/// trades."
trade_direction read_direction(market_reader& in) {
  auto side = in.text();
  if (side == "A")
    return trade_direction::sell;
  if (side != "B")
    in.complain("is neither A nor B");
  return trade_direction::buy;
}

void read_trade(market_reader& in, trade& to) {
  auto has_price = false;
  auto has_amount = false;
  auto has_direction = false;
  in.each_member([&](internal::word name) {
    if (name == "coin") {
      to.instrument = in.instrument();
    } else if (name == "side") {
      has_direction = true;
      to.direction = read_direction(in);
    } else if (name == "px") {
      has_price = true;
      to.price = in.number();
    } else if (name == "sz") {
      has_amount = true;
      to.amount = in.number();
    } else if (name == "time") {
      to.time = in.time();
    } else if (name == "tid") {
      to.sequence = in.integer();
    } else {
      in.skip();
    }
  });
  in.require(!to.instrument.empty(), "coin");
  in.require(has_direction, "side");
  in.require(has_price, "px");
  in.require(has_amount, "sz");
}

// -- tickers ------------------------------------------------------------------

/// Reads the context of an asset. "Perpetuals", "Retrieve perpetuals asset
/// contexts"; that of the spot market has neither funding nor open interest.
/// "Funding": the rate is that of the hour.
void read_context(market_reader& in, ticker& to) {
  in.each_member([&](internal::word name) {
    if (name == "markPx")
      to.mark_price = in.optional_number();
    else if (name == "oraclePx")
      to.index_price = in.optional_number();
    else if (name == "funding")
      to.funding_rate = in.optional_number();
    else if (name == "openInterest")
      to.open_interest = in.optional_number();
    else
      in.skip();
  });
}

void read_ticker(market_reader& in, ticker& to) {
  auto has_context = false;
  in.each_member([&](internal::word name) {
    if (name == "coin") {
      to.instrument = in.instrument();
    } else if (name == "ctx") {
      has_context = true;
      read_context(in, to);
    } else {
      in.skip();
    }
  });
  in.require(!to.instrument.empty(), "coin");
  in.require(has_context, "ctx");
}

// -- instruments --------------------------------------------------------------

/// "Tick and lot size": "Sizes are rounded to the szDecimals of that asset."
decimal read_lot(market_reader& in) {
  constexpr uint64_t most = 18;
  auto places = in.integer();
  if (places > most) {
    in.complain("is out of range");
    places = 0;
  }
  return *decimal::make(1, -static_cast<int>(places));
}

asset_name asset_of(const instrument_name& name) {
  return asset_name::make(name.view()).value_or(asset_name{});
}

/// Reads an element of the universe of `meta`.
void read_perpetual(market_reader& in, instrument_state& to) {
  to.kind = instrument_kind::perpetual;
  to.unit = amount_unit::base;
  to.state = trading_state::open;
  in.each_member([&](internal::word name) {
    if (name == "name")
      to.instrument = in.instrument();
    else if (name == "szDecimals")
      to.lot = read_lot(in);
    else if (name == "isDelisted")
      to.state = in.boolean() ? trading_state::closed : trading_state::open;
    else
      in.skip();
  });
  to.base = asset_of(to.instrument);
  in.require(!to.instrument.empty(), "name");
  in.require(to.lot.has_value(), "szDecimals");
}

struct token {
  asset_name name{};
  decimal lot{};
};

using tokens_by_index = std::map<uint64_t, token>;

void read_token(market_reader& in, tokens_by_index& out) {
  token result;
  std::optional<uint64_t> index;
  auto has_lot = false;
  in.each_member([&](internal::word name) {
    if (name == "name") {
      result.name = in.asset();
    } else if (name == "szDecimals") {
      has_lot = true;
      result.lot = read_lot(in);
    } else if (name == "index") {
      index = in.integer();
    } else {
      in.skip();
    }
  });
  in.require(index.has_value(), "index");
  in.require(has_lot, "szDecimals");
  if (index)
    out[*index] = result;
}

/// Reads an element of the universe of `spotMeta`, which names its two tokens
/// by their indexes. It does not tell whether the pair trades.
void read_pair(market_reader& in, const tokens_by_index& tokens,
               instrument_state& to) {
  auto has_tokens = false;
  auto next_token = [&]() -> token {
    in.expect_element();
    auto i = tokens.find(in.integer());
    if (i != tokens.end())
      return i->second;
    in.complain("has an unknown token");
    return {};
  };
  to.kind = instrument_kind::spot;
  to.unit = amount_unit::base;
  in.each_member([&](internal::word name) {
    if (name == "name") {
      to.instrument = in.instrument();
    } else if (name == "tokens") {
      has_tokens = true;
      in.enter_array();
      auto base = next_token();
      to.base = base.name;
      to.lot = base.lot;
      to.quote = next_token().name;
      in.leave_array();
    } else {
      in.skip();
    }
  });
  in.require(!to.instrument.empty(), "name");
  in.require(has_tokens, "tokens");
}

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
  in.each_element([&] { read_token(in, tokens); });
  if (auto problem = in.problem())
    return problem;
  return read_universe(find_member(answer, "universe"), instrument, out,
                       [&](market_reader& pairs, instrument_state& to) {
                         read_pair(pairs, tokens, to);
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
    read_book(in, out);
  } else if (is("trades")) {
    in.each_element([&] {
      auto& to = out.add<trade>();
      to.is_late = trades_are_late_;
      read_trade(in, to);
    });
  } else if (is("bbo")) {
    read_quote(in, out.add<market::quote>());
  } else if (is("activeAssetCtx") || is("activeSpotAssetCtx")) {
    read_ticker(in, out.add<ticker>());
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
