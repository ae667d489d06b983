// SPDX-License-Identifier: BSD-3-Clause

// Messages of a venue, in each dialect. The first byte chooses the dialect.

#include "zenws/market/order_book.hpp"
#include "zenws/trading/order_ledger.hpp"
#include "zenws/venue/dialect.hpp"

#include <cstdint>
#include <string_view>

using namespace zenws;

namespace {

// Market data as a message, and as the answer to each question.
void decode(market_protocol& venue, const envelope& content,
            std::string_view text) {
  market_wish wish{market::data_kind::book, "a"};
  market::order_book book{venue.rules_of_books(wish)};
  market::update_list updates;
  if (!venue.decode(content, updates))
    for (auto& x : updates)
      (void) book.apply(x);
  for (auto& question :
       {venue.ask_book(wish), venue.ask_trades({}),
        venue.ask_instruments({market::data_kind::instruments, "a"})})
    if (question)
      (void) venue.read_answer(*question, "a", text, updates);
}

// News of orders as a message, and as the answer to each request, all of which
// a ledger takes.
void decode(order_protocol& venue, const envelope& content,
            std::string_view text) {
  auto name = market::instrument_name::make("a").value();
  venue.learn({.instrument = name,
               .state = market::trading_state::open,
               .kind = market::instrument_kind::perpetual});
  trading::order_ledger ledger{{.owner = "a"}};
  trading::order_ledger::news news;
  auto key = ledger.place({.instrument = name}, {}, news);
  auto take = [&](const trading::account_updates& updates) {
    for (auto& x : updates)
      ledger.apply(x, news);
  };
  trading::account_updates updates;
  if (!venue.decode(content, updates))
    take(updates);
  for (auto& request :
       {venue.cancel(key, {}), venue.ask_order(key, {}),
        venue.ask_open_orders(name, {}), venue.ask_fills(name, {}, {}),
        venue.ask_position(name, {})}) {
    updates.clear();
    if (request && !venue.read_answer(*request, text, updates))
      take(updates);
  }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0)
    return 0;
  auto names = dialect_names();
  auto uut = make_dialect(names[data[0] % names.size()]);
  std::string_view text{reinterpret_cast<const char*>(data) + 1, size - 1};
  uut->connected();
  subscription_request request{.number = 1,
                               .channels = {{.name = "a"}, {.name = "b:c"}}};
  (void) uut->subscription(request, 1);
  auto message = uut->read(text);
  if (message.kind == inbound_kind::answer) {
    (void) uut->judge(message);
    (void) uut->read_grants(request, message);
    (void) to_error(uut->judge(message));
    (void) uut->read_login(message);
  }
  if (auto* venue = uut->market())
    decode(*venue, message.content, text);
  if (auto* venue = uut->orders())
    decode(*venue, message.content, text);
  return 0;
}
