// SPDX-License-Identifier: BSD-3-Clause

// Messages of a venue, in each dialect. The first byte chooses the dialect.

#include "zenws/market/order_book.hpp"
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
  return 0;
}
