// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/deribit/deribit_user_channels.hpp"

#include "zenws/sim/deribit/deribit_account.hpp"
#include "zenws/sim/deribit/deribit_order_text.hpp"
#include "zenws/sim/market/notification.hpp"
#include "zenws/sim/orders/symbol.hpp"

#include <algorithm>
#include <cctype>

namespace zenws::sim {

namespace {

using notice = std::optional<std::string>;

// Parts of the name of a channel; an instrument, or a kind and a currency, or
// a currency alone.
struct user_channel {
  std::string_view content;
  std::string_view instrument;
  std::string_view kind;
  std::string_view currency;
  std::string_view interval;
};

// Cuts the text before the next dot off.
std::string_view cut_part(std::string_view& text) {
  auto dot = std::min(text.find('.'), text.size());
  auto result = text.substr(0, dot);
  text.remove_prefix(std::min(dot + 1, text.size()));
  return result;
}

std::optional<user_channel> parse(std::string_view channel) {
  if (cut_part(channel) != "user" || channel.ends_with('.'))
    return std::nullopt;
  user_channel result;
  result.content = cut_part(channel);
  auto first = cut_part(channel);
  auto second = cut_part(channel);
  auto third = cut_part(channel);
  if (first.empty() || !channel.empty())
    return std::nullopt;
  if (result.content == "portfolio") {
    result.currency = first;
    return second.empty() ? std::optional{result} : std::nullopt;
  }
  if (third.empty()) {
    result.instrument = first;
    result.interval = second;
  } else {
    result.kind = first;
    result.currency = second;
    result.interval = third;
  }
  return result;
}

std::string upper_case(std::string_view text) {
  std::string result;
  for (auto c : text)
    result += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return result;
}

template <size_t N>
bool is_one_of(std::string_view x, const std::string_view (&all)[N]) {
  return std::ranges::find(all, x) != std::end(all);
}

bool is_currency(std::string_view x) {
  constexpr std::string_view all[] = {"ANY", "BTC",  "ETH",
                                      "SOL", "USDC", "USDT"};
  return is_one_of(upper_case(x), all);
}

bool covers_currency(std::string_view wanted, const order& entry) {
  return wanted == "any"
         || upper_case(wanted) == settlement_currency(entry.instrument);
}

bool covers(const user_channel& channel, const order& entry) {
  if (!channel.instrument.empty())
    return channel.instrument == entry.instrument;
  return (channel.kind.empty() || channel.kind == "any"
          || channel.kind == "future")
         && covers_currency(channel.currency, entry);
}

// -- notifications ------------------------------------------------------------

bool tells_order(const order_change& x) noexcept {
  return x.part != told_part::fills_only;
}

// docs.deribit.com, user.orders.{instrument_name}.raw: one order at a time,
// a list of them with other intervals.
notice order_notice(std::string_view name, const user_channel& channel,
                    const order_change& change) {
  if (!tells_order(change))
    return std::nullopt;
  return notification(name, [&](json_writer& out) {
    if (channel.interval == "raw")
      write_order(out, change.entry);
    else
      write_orders(out, {change.entry});
  });
}

notice trade_notice(std::string_view name, const user_channel&,
                    const order_change& change) {
  if (change.fills.empty())
    return std::nullopt;
  return notification(name, [&](json_writer& out) {
    write_fills(out, change.fills);
  });
}

// docs.deribit.com, user.changes.{instrument_name}.{interval}.
notice change_notice(std::string_view name, const user_channel&,
                     const order_change& change) {
  return notification(name, [&](json_writer& out) {
    out.begin_object();
    out.member("instrument_name", change.entry.instrument);
    out.key("trades");
    write_fills(out, change.fills);
    out.key("positions").begin_array();
    if (change.held && change.held->instrument == change.entry.instrument)
      write_position(out, *change.held, change.fills.back().price);
    out.end_array();
    out.key("orders");
    write_orders(out, tells_order(change) ? std::vector{change.entry}
                                          : std::vector<order>{});
    out.end_object();
  });
}

// docs.deribit.com, user.portfolio.{currency}. Nothing is set aside as margin.
notice portfolio_notice(std::string_view name, const user_channel&,
                        const order_change& change) {
  if (change.funds.currency.empty())
    return std::nullopt;
  return notification(name, [&](json_writer& out) {
    auto total = change.funds.total;
    out.begin_object();
    out.member("currency", change.funds.currency);
    for (auto member : {"balance", "equity", "margin_balance",
                        "available_funds", "available_withdrawal_funds"})
      out.member(member, total);
    for (auto member : {"initial_margin", "maintenance_margin"})
      out.member(member, 0.0);
    out.member("margin_model", "segregated_sm");
    out.member("cross_collateral_enabled", false);
    out.member("portfolio_margining_enabled", false);
    out.end_object();
  });
}

struct content_kind {
  std::string_view name;
  notice (*word)(std::string_view, const user_channel&, const order_change&);
};

constexpr content_kind contents[] = {
  {"orders", order_notice},
  {"trades", trade_notice},
  {"changes", change_notice},
  {"portfolio", portfolio_notice},
};

const content_kind* find_content(std::string_view name) {
  auto i = std::ranges::find(contents, name, &content_kind::name);
  return i != std::end(contents) ? i : nullptr;
}

} // namespace

bool is_user_channel(std::string_view channel, const quote_fun& quote) {
  constexpr std::string_view kinds[] = {"any", "future", "option", "spot"};
  constexpr std::string_view intervals[] = {"raw", "100ms"};
  auto parsed = parse(channel);
  if (!parsed || find_content(parsed->content) == nullptr)
    return false;
  if (parsed->content == "portfolio")
    return is_currency(parsed->currency);
  if (!is_one_of(parsed->interval, intervals))
    return false;
  if (!parsed->instrument.empty())
    return quote(parsed->instrument).has_value();
  return is_one_of(parsed->kind, kinds) && is_currency(parsed->currency);
}

std::optional<std::string> user_notification(std::string_view channel,
                                             const order_change& change) {
  auto parsed = parse(channel);
  if (!parsed || !covers(*parsed, change.entry))
    return std::nullopt;
  auto* content = find_content(parsed->content);
  return content != nullptr ? content->word(channel, *parsed, change)
                            : std::nullopt;
}

} // namespace zenws::sim
