// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE market_batch

#include "zenws/delivery/market_batch.hpp"
#include "zenws/delivery/market_codec.hpp"

#include "core/venue/market_check.hpp"
#include "support/seed.hpp"
#include "support/unit_test.hpp"

#include <random>

using namespace std::chrono_literals;
using namespace zenws;
using namespace zenws::market;
using namespace zenws::test_support;

namespace {

instrument_name name(std::string_view text) {
  return instrument_name::make(text).value();
}

/// One update of each kind, and two books.
update_list all_kinds() {
  update_list result;
  result.add(trade{.instrument = name("X"),
                   .time = venue_time{7us},
                   .message = 3,
                   .sequence = 5,
                   .price = number("10.50"),
                   .amount = number("-3"),
                   .direction = trade_direction::sell,
                   .kind = trade_kind::block,
                   .is_late = true});
  auto& book = result.add<book_change>();
  book.instrument = name("X");
  book.sequence = 9;
  book.previous = 8;
  book.checksum = 0xffff'ffff;
  result.add_level(book, {.side = book_side::ask,
                          .action = level_action::remove,
                          .price_places = 2,
                          .price = number("0.01")});
  result.add_level(book, {.price = number("-1e9"), .amount = number("7")});
  result.add(trade_gap{.instrument = name("Y"), .after = 1, .before = 5});
  auto& whole = result.add<book_snapshot>();
  whole.instrument = name("Y");
  result.add_level(whole, {.price = number("4"), .amount = number("1")});
  result.add(book_lost{.instrument = name("Y"), .cause = loss_cause::silent});
  result.add(market::quote{.instrument = name("X"),
                           .bid = price_level{number("1"), number("2")}});
  result.add(ticker{.instrument = name("X"), .funding_rate = number("-0.01")});
  result.add(instrument_state{.instrument = name("X"),
                              .state = trading_state::halted,
                              .base = *asset_name::make("BTC"),
                              .tick = number("0.5"),
                              .expires = venue_time{1us},
                              .code = 300});
  return result;
}

market_batch batch_of(const update_list& updates,
                      market_selection selection = nullptr) {
  boost::intrusive_ptr content{new market_block(updates)};
  content->client_id = 1;
  content->epoch = 2;
  content->received_at = std::chrono::system_clock::time_point{5ms};
  return market_batch{content, nullptr, std::move(selection)};
}

template <class Range>
std::string shown_all(const Range& updates) {
  decoded_message message;
  for (auto& x : updates)
    message.updates.add_copy(x);
  return shown(message);
}

} // namespace

CAF_TEST(a batch outlives the list that it was made of) {
  auto updates = all_kinds();
  auto expected = shown_all(updates);
  auto batch = batch_of(updates);
  updates.clear();
  for (int i = 0; i < 3; ++i) {
    auto& other = updates.add<book_change>();
    updates.add_level(other, {.price = number("99")});
  }
  CAF_CHECK_EQUAL(batch.size(), 8u);
  CAF_CHECK_EQUAL(shown_all(batch), expected);
}

CAF_TEST(a selection shows some updates only) {
  auto updates = all_kinds();
  auto selected = std::make_shared<const std::vector<uint32_t>>(
    std::vector<uint32_t>{1, 5});
  auto batch = batch_of(updates, selected);
  CAF_REQUIRE_EQUAL(batch.size(), 2u);
  CAF_CHECK(std::holds_alternative<book_change>(*batch.begin()));
  CAF_CHECK(std::holds_alternative<market::quote>(*std::next(batch.begin())));
}

CAF_TEST(a batch counts against its budget until its last copy is gone) {
  auto budget = std::make_shared<delivery_budget>(1'000'000);
  boost::intrusive_ptr<const market_block> content{
    new market_block(all_kinds())};
  {
    market_batch batch{content, budget};
    auto copy = batch;
    CAF_CHECK_EQUAL(budget->outstanding(), content->footprint());
    batch = {};
    CAF_CHECK_EQUAL(budget->outstanding(), content->footprint());
  }
  CAF_CHECK_EQUAL(budget->outstanding(), 0u);
}

CAF_TEST(an empty batch has nothing) {
  market_batch batch;
  CAF_CHECK(batch.empty());
  CAF_CHECK(batch.begin() == batch.end());
  CAF_CHECK_EQUAL(batch.epoch(), 0u);
}

CAF_TEST(another node reads what was written) {
  auto batch = batch_of(all_kinds());
  auto read = decode_market(encode_market(batch));
  CAF_REQUIRE(read);
  CAF_CHECK_EQUAL(shown_all(*read), shown_all(batch));
  CAF_CHECK_EQUAL(read->client_id(), 1u);
  CAF_CHECK_EQUAL(read->epoch(), 2u);
  CAF_CHECK(read->received_at() == batch.received_at());
  auto& first = std::get<trade>(*read->begin());
  CAF_CHECK_EQUAL(first.message, 3u);
  auto empty = decode_market(encode_market({}));
  CAF_REQUIRE(empty);
  CAF_CHECK(empty->empty());
}

CAF_TEST(a selection is all that another node gets) {
  auto selected
    = std::make_shared<const std::vector<uint32_t>>(std::vector<uint32_t>{2});
  auto read = decode_market(encode_market(batch_of(all_kinds(), selected)));
  CAF_REQUIRE(read);
  CAF_REQUIRE_EQUAL(read->size(), 1u);
  CAF_CHECK(std::holds_alternative<trade_gap>(*read->begin()));
}

CAF_TEST(parts and damaged bytes are no batch or another one) {
  auto bytes = encode_market(batch_of(all_kinds()));
  for (size_t size = 0; size < bytes.size(); ++size)
    CAF_CHECK(!decode_market(std::string_view{bytes}.substr(0, size)));
  CAF_CHECK(!decode_market(bytes + 'x'));
  std::mt19937_64 rng{choose_seed()};
  for (int i = 0; i < 100'000; ++i) {
    auto damaged = bytes;
    for (auto n = rng() % 4 + 1; n > 0; --n)
      damaged[rng() % damaged.size()] = static_cast<char>(rng());
    if (auto read = decode_market(damaged))
      for (auto& x : *read)
        if (auto* book = book_update_of(x))
          for (auto& level : book->levels)
            CAF_REQUIRE(level.side <= book_side::ask);
  }
}

CAF_TEST(a batch of another node gets numbers of this one) {
  update_list updates;
  for (uint64_t message : {0u, 9u, 10u, 12u})
    updates.add(trade{.instrument = name("X"), .message = message});
  auto numbers_of = [](const market_batch& batch) {
    std::vector<uint64_t> result;
    for (auto& x : batch)
      result.push_back(std::get<trade>(x).message);
    return result;
  };
  using numbers = std::vector<uint64_t>;
  auto uut = batch_of(updates);
  auto* before = &*uut.begin();
  uut.renumber(7, 3, 10, 100);
  CAF_CHECK_EQUAL(numbers_of(uut), (numbers{0, 0, 100, 102}));
  CAF_CHECK_EQUAL(uut.client_id(), 7u);
  CAF_CHECK_EQUAL(uut.epoch(), 3u);
  CAF_CHECK(&*uut.begin() == before);
  // What others have stays.
  auto other = uut;
  uut.renumber(8, 4, 100, 1);
  CAF_CHECK_EQUAL(numbers_of(other), (numbers{0, 0, 100, 102}));
  CAF_CHECK_EQUAL(other.client_id(), 7u);
  CAF_CHECK_EQUAL(numbers_of(uut), (numbers{0, 0, 1, 3}));
  market_batch empty;
  empty.renumber(1, 1, 1, 1);
  CAF_CHECK(empty.empty());
}
