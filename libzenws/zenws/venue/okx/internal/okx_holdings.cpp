// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/venue/okx/internal/okx_holdings.hpp"

#include "zenws/market/exact_sum.hpp"
#include "zenws/venue/internal/account_values.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

namespace zenws::internal {

// -- pages --------------------------------------------------------------------

void okx_pages::take(const json_value& message) {
  is_complete_ = false;
  // Older messages do not say what they are: they are not sure to have all.
  is_update_ = !find_member(message.text, "eventType").is("snapshot");
  if (is_update_)
    return;
  auto page = find_member(message.text, "curPage").integer().value_or(0);
  if (page == 1) {
    ++snapshot_;
    next_page_ = 1;
  }
  if (next_page_ == 0 || page != static_cast<int64_t>(next_page_)) {
    next_page_ = 0; // a page is missing
    return;
  }
  ++next_page_;
  if (find_member(message.text, "lastPage").text != "true")
    return;
  is_complete_ = true;
  next_page_ = 0;
}

// -- rows ---------------------------------------------------------------------

namespace okx_holding_rows {

namespace {

using enum presence;

using market::decimal;

enum class position_side : uint8_t { unknown, net, long_side, short_side };

position_side side_of(word name) noexcept {
  using enum position_side;
  if (name == "net")
    return net;
  if (name == "long")
    return long_side;
  return name == "short" ? short_side : unknown;
}

bool is_contract(word type) noexcept {
  return type == "SWAP" || type == "FUTURES" || type == "OPTION";
}

decimal magnitude(decimal x) noexcept {
  return x.mantissa() < 0 ? negative(x) : x;
}

struct position_draft {
  okx_position content{};
  position_side side = position_side::unknown;
};

/// okx.com/docs-v5, "Positions channel".
constexpr member<position_draft> position_members[] = {
  {"adl"},
  {"availPos"},
  {"avgPx", into<&position_draft::content, &okx_position::average_price>},
  {"cTime"},
  {"ccy"},
  {"deltaBS"},
  {"deltaPA"},
  {"gammaBS"},
  {"gammaPA"},
  {"hedgedPos"},
  {"imr"},
  {"instId", into<&position_draft::content, &okx_position::instrument>,
   required},
  {"instType",
   [](auto& in, auto& to) { to.content.is_contract = is_contract(in.text()); },
   required},
  {"interest"},
  {"idxPx"},
  {"last"},
  {"usdPx"},
  {"bePx"},
  {"lever"},
  {"liab"},
  {"liabCcy"},
  {"liqPx"},
  {"markPx"},
  {"margin"},
  {"mgnMode"},
  {"mgnRatio"},
  {"mmr"},
  {"notionalUsd"},
  {"optVal"},
  {"pTime"},
  {"pendingCloseOrdLiabVal"},
  {"pos", into<&position_draft::content, &okx_position::amount>, required},
  {"baseBorrowed"},
  {"baseInterest"},
  {"quoteBorrowed"},
  {"quoteInterest"},
  {"posCcy"},
  {"posId", [](auto& in, auto& to) { to.content.id = in.optional_text(); },
   required},
  {"posSide", [](auto& in, auto& to) { to.side = side_of(in.text()); },
   required},
  {"spotInUseAmt"},
  {"clSpotInUseAmt"},
  {"maxSpotInUseAmt"},
  {"bizRefId"},
  {"bizRefType"},
  {"spotInUseCcy"},
  {"thetaBS"},
  {"thetaPA"},
  {"tradeId"},
  {"uTime", [](auto& in, auto& to) { to.content.time = in.optional_time(); }},
  {"upl"},
  {"uplLastPx"},
  {"uplRatio"},
  {"uplRatioLastPx"},
  {"vegaBS"},
  {"vegaPA"},
  {"realizedPnl"},
  {"pnl"},
  {"fee"},
  {"fundingFee"},
  {"liqPenalty"},
  {"nonSettleAvgPx"},
  {"settledPnl"},
  {"closeOrderAlgo"},
};

/// "Positive pos means long position and negative pos means short position" for
/// net; else posSide tells.
okx_position read_position(market_reader& in) {
  position_draft draft;
  in.read_object<position_members>(draft);
  auto& result = draft.content;
  if (result.is_contract && draft.side == position_side::unknown)
    in.complain("posSide", "is none of net, long and short");
  if (draft.side == position_side::long_side)
    result.amount = magnitude(result.amount);
  else if (draft.side == position_side::short_side)
    result.amount = negative(magnitude(result.amount));
  return std::move(result);
}

using trading::balance;

/// okx.com/docs-v5, "Account channel". Currencies with names that are too long
/// are left out.
constexpr member<balance> balance_members[] = {
  {"accAvgPx"},
  {"autoLendMtAmt"},
  {"autoLendStatus"},
  {"availBal", into<&balance::available>},
  {"availEq"},
  {"borrowFroz"},
  {"cashBal", into<&balance::total>, required},
  {"ccy", into<&balance::currency>, required},
  {"clSpotInUseAmt"},
  {"coinUsdPrice"},
  {"colBorrAutoConversion"},
  {"colRes"},
  {"collateralEnabled"},
  {"collateralRestrict"},
  {"crossLiab"},
  {"disEq"},
  {"eq"},
  {"eqUsd"},
  {"fixedBal"},
  {"frozenBal"},
  {"frpType"},
  {"imr"},
  {"interest"},
  {"isoEq"},
  {"isoLiab"},
  {"isoUpl"},
  {"liab"},
  {"maxLoan"},
  {"maxSpotInUseAmt"},
  {"mgnRatio"},
  {"mmr"},
  {"notionalLever"},
  {"openAvgPx"},
  {"ordFrozen"},
  {"rewardBal"},
  {"smtSyncEq"},
  {"spotBal"},
  {"spotCopyTradingEq"},
  {"spotInUseAmt"},
  {"spotIsoBal"},
  {"spotUpl"},
  {"spotUplRatio"},
  {"stgyEq"},
  {"totalPnl"},
  {"totalPnlRatio"},
  {"twap"},
  {"uTime", [](auto& in, auto& to) { to.time = in.optional_time(); }},
  {"upl"},
  {"uplLiab"},
};

using balance_list = std::vector<balance>;

constexpr member<balance_list> account_members[] = {
  {"adjEq"},
  {"availEq"},
  {"borrowFroz"},
  {"delta"},
  {"deltaLever"},
  {"deltaNeutralStatus"},
  {"details",
   [](auto& in, auto& to) {
     in.each_element(
       [&] { in.template read_object<balance_members>(to.emplace_back()); });
   },
   required},
  {"imr"},
  {"isoEq"},
  {"mgnRatio"},
  {"mmr"},
  {"notionalUsd"},
  {"notionalUsdForBorrow"},
  {"notionalUsdForFutures"},
  {"notionalUsdForOption"},
  {"notionalUsdForSwap"},
  {"ordFroz"},
  {"totalEq"},
  {"uTime"},
  {"upl"},
};

} // namespace

} // namespace okx_holding_rows

// -- positions ----------------------------------------------------------------

void okx_holdings::watch(const market::instrument_name& instrument) {
  positions_[instrument].is_watched = true;
}

error okx_holdings::read_positions(const envelope& message,
                                   trading::account_updates& out) {
  std::vector<okx_position> rows;
  market_reader in{message.data};
  in.each_element([&] { rows.push_back(okx_holding_rows::read_position(in)); });
  if (auto problem = in.problem())
    return problem;
  std::erase_if(rows, [](auto& x) { return !x.is_contract; });
  position_pages_.take(message.root);
  for (auto& x : rows)
    apply(x);
  if (position_pages_.is_update())
    return tell_news(rows, out);
  // What earlier pages did not tell, later ones may.
  return position_pages_.is_complete() ? tell_all(out) : error{};
}

void okx_holdings::apply(const okx_position& x) {
  auto& to = positions_[x.instrument];
  to.is_news = true;
  to.time = std::max(to.time, x.time);
  auto known = std::ranges::find(to.parts, x.id, &part::id);
  if (x.amount.is_zero()) {
    if (known != to.parts.end())
      to.parts.erase(known);
    return;
  }
  if (known == to.parts.end())
    known = to.parts.insert(known, part{.id = x.id});
  known->amount = x.amount;
  known->average_price = x.average_price;
  known->snapshot = position_pages_.snapshot();
}

error okx_holdings::tell_news(const std::vector<okx_position>& rows,
                              trading::account_updates& out) {
  for (auto& x : rows) {
    auto i = positions_.find(x.instrument);
    if (i == positions_.end() || !std::exchange(i->second.is_news, false))
      continue;
    if (auto problem = tell(i->first, i->second, out))
      return problem;
    if (i->second.parts.empty() && !i->second.is_watched)
      positions_.erase(i);
  }
  return {};
}

error okx_holdings::tell_all(trading::account_updates& out) {
  auto is_gone = [this](const part& x) {
    return x.snapshot != position_pages_.snapshot();
  };
  for (auto i = positions_.begin(); i != positions_.end();) {
    auto& [instrument, x] = *i;
    std::erase_if(x.parts, is_gone);
    x.is_news = false;
    if (auto problem = tell(instrument, x, out))
      return problem;
    auto is_over = x.parts.empty() && !x.is_watched;
    i = is_over ? positions_.erase(i) : std::next(i);
  }
  return {};
}

error okx_holdings::tell(const market::instrument_name& instrument,
                         const holding& x, trading::account_updates& out) {
  market::exact_sum sum;
  for (auto& each : x.parts)
    sum.add(each.amount);
  auto amount = sum.value();
  if (!amount)
    return {ec::invalid_data, "the positions in "
                                + std::string{instrument.view()}
                                + " have no sum that can be kept"};
  trading::position result{
    .instrument = instrument, .amount = *amount, .time = x.time};
  if (x.parts.size() == 1)
    result.average_price = x.parts.front().average_price;
  out.emplace_back(result);
  return {};
}

// -- balances -----------------------------------------------------------------

error okx_holdings::read_balances(const envelope& message,
                                  trading::account_updates& out) {
  std::vector<trading::balance> rows;
  market_reader in{message.data};
  in.each_element(
    [&] { in.read_object<okx_holding_rows::account_members>(rows); });
  if (auto problem = in.problem())
    return problem;
  std::erase_if(rows, [](auto& x) { return x.currency.empty(); });
  balance_pages_.take(message.root);
  for (auto& x : rows) {
    auto known = std::ranges::find(currencies_, x.currency, &currency::name);
    if (known == currencies_.end())
      known = currencies_.insert(known, currency{.name = x.currency});
    known->snapshot = balance_pages_.snapshot();
    out.emplace_back(x);
  }
  if (balance_pages_.is_complete())
    tell_missing_balances(out);
  return {};
}

void okx_holdings::tell_missing_balances(trading::account_updates& out) {
  auto is_gone = [this](const currency& x) {
    return x.snapshot != balance_pages_.snapshot();
  };
  for (auto& x : currencies_)
    if (is_gone(x))
      out.emplace_back(
        trading::balance{.currency = x.name, .available = market::decimal{}});
  std::erase_if(currencies_, is_gone);
}

} // namespace zenws::internal
