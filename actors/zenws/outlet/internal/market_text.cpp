// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/json/internal/json_writer.hpp"
#include "zenws/outlet/internal/outlet_text.hpp"

#include <utility>

namespace zenws {

namespace {

using internal::json_writer;

void write_number(json_writer& out, std::string_view name, market::decimal x) {
  out.key(name).string(to_string(x));
}

void write_number(json_writer& out, std::string_view name,
                  const std::optional<market::decimal>& x) {
  if (x)
    write_number(out, name, *x);
}

void write_count(json_writer& out, std::string_view name, uint64_t x) {
  if (x > 0)
    out.key(name).number(x);
}

void write_time(json_writer& out, std::string_view name, market::venue_time x) {
  if (x != market::venue_time{})
    out.key(name).number(x.time_since_epoch().count());
}

void write_level(json_writer& out, market::decimal price,
                 market::decimal amount) {
  out.begin_array().string(to_string(price)).string(to_string(amount));
  out.end_array();
}

void write_level(json_writer& out, std::string_view name,
                 const std::optional<market::price_level>& x) {
  out.key(name);
  if (x)
    write_level(out, x->price, x->amount);
  else
    out.null();
}

// -- one kind each ------------------------------------------------------------

void write_content(json_writer& out, const market::trade& x) {
  out.key("type").string("trade");
  write_count(out, "venue_seq", x.sequence);
  write_count(out, "first_venue_seq", x.first_sequence);
  write_number(out, "price", x.price);
  write_number(out, "amount", x.amount);
  out.key("direction").string(to_string(x.direction));
  out.key("cause").string(to_string(x.kind));
  if (x.is_late)
    out.key("late").boolean(true);
}

void write_content(json_writer& out, const market::trade_gap& x) {
  out.key("type").string("gap");
  write_count(out, "after", x.after);
  write_count(out, "before", x.before);
  write_time(out, "since_us", x.since);
}

void write_side(json_writer& out, std::string_view name, market::book_side side,
                const market::book_update& x) {
  out.key(name).begin_array();
  for (auto& level : x.levels)
    if (level.side == side)
      write_level(out, level.price,
                  level.action == market::level_action::remove
                    ? market::decimal{}
                    : level.amount);
  out.end_array();
}

void write_book(json_writer& out, std::string_view type,
                const market::book_update& x) {
  out.key("type").string(type);
  write_count(out, "venue_seq", x.sequence);
  write_side(out, "bids", market::book_side::bid, x);
  write_side(out, "asks", market::book_side::ask, x);
}

void write_content(json_writer& out, const market::book_snapshot& x) {
  write_book(out, "snapshot", x);
}

void write_content(json_writer& out, const market::book_change& x) {
  write_book(out, "change", x);
}

void write_content(json_writer& out, const market::book_lost& x) {
  out.key("type").string("lost").key("cause").string(to_string(x.cause));
}

void write_content(json_writer& out, const market::quote& x) {
  out.key("type").string("quote");
  write_count(out, "venue_seq", x.sequence);
  write_level(out, "bid", x.bid);
  write_level(out, "ask", x.ask);
}

void write_content(json_writer& out, const market::ticker& x) {
  out.key("type").string("ticker");
  write_count(out, "venue_seq", x.sequence);
  write_level(out, "bid", x.bid);
  write_level(out, "ask", x.ask);
  write_number(out, "last_price", x.last_price);
  write_number(out, "mark_price", x.mark_price);
  write_number(out, "index_price", x.index_price);
  write_number(out, "funding_rate", x.funding_rate);
  write_number(out, "open_interest", x.open_interest);
}

void write_asset(json_writer& out, std::string_view name,
                 const market::asset_name& x) {
  if (!x.empty())
    out.key(name).lenient_string(x.view());
}

void write_content(json_writer& out, const market::instrument_state& x) {
  out.key("type").string("instrument").key("state").string(to_string(x.state));
  out.key("instrument_kind").string(to_string(x.kind));
  out.key("amount_unit").string(to_string(x.unit));
  out.key("inverse").boolean(x.is_inverse);
  write_asset(out, "base", x.base);
  write_asset(out, "quote", x.quote);
  write_asset(out, "settlement", x.settlement);
  write_number(out, "tick", x.tick);
  write_number(out, "lot", x.lot);
  write_number(out, "min_amount", x.min_amount);
  write_number(out, "contract_size", x.contract_size);
  write_number(out, "strike", x.strike);
  write_time(out, "expires_us", x.expires);
}

} // namespace

std::string outlet_update(const outlet_source& source, uint64_t epoch,
                          const market::update& update) {
  json_writer out;
  out.begin_object().key("client").lenient_string(source.name);
  out.key("instrument").lenient_string(market::instrument_of(update).view());
  out.key("kind").string(to_string(market::kind_of(update)));
  out.key("epoch").number(epoch);
  std::visit(
    [&](auto& x) {
      out.key("seq").number(x.message);
      write_time(out, "time_us", x.time);
      write_content(out, x);
    },
    update);
  out.end_object();
  auto result = out.take();
  return result ? std::move(*result) : std::string{"{}"};
}

} // namespace zenws
