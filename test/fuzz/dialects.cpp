// SPDX-License-Identifier: BSD-3-Clause

// Messages of a venue, in each dialect. The first byte chooses the dialect.

#include "zenws/venue/binance/binance_market.hpp"
#include "zenws/venue/deribit/deribit_market.hpp"
#include "zenws/venue/dialect.hpp"

#include <cstdint>
#include <string_view>

using namespace zenws;

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
  market::update update;
  if (auto content = scan(text, layouts::deribit))
    (void) market::deribit::decode(*content, update);
  if (auto content = scan(text, layouts::binance))
    (void) market::binance::decode(*content, update);
  return 0;
}
