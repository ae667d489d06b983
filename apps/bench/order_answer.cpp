// SPDX-License-Identifier: BSD-3-Clause

#include "order_answer.hpp"

#include <array>
#include <cstdio>
#include <stdexcept>
#include <utility>

namespace zenws::bench {

namespace {

// What stands for the client's name of an order, and for the venue's names.
constexpr std::string_view id_mark = "??????????????";
constexpr std::string_view number_mark = "############";

// docs.deribit.com, private/buy.
std::string order_json(std::string_view state, std::string_view filled) {
  std::string result
    = R"({"web":false,"user_id":1,"time_in_force":"good_til_cancelled",)"
      R"("replaced":false,"reduce_only":false,"price":50000.5,"post_only":)"
      R"(false,"order_type":"limit","order_state":")";
  result.append(state).append(R"(","order_id":"USDC-)").append(number_mark);
  result.append(
    R"(","mmp":false,"max_show":20.0,"last_update_timestamp":1700000000000,)"
    R"("label":")");
  result.append(id_mark).append(
    R"(","is_liquidation":false,"instrument_name":"BTC-PERPETUAL",)"
    R"("filled_amount":)");
  result.append(filled).append(
    R"(,"direction":"buy","creation_timestamp":1700000000000,"contracts":2.0,)"
    R"("average_price":50000.5,"api":true,"amount":20.0})");
  return result;
}

std::string trade_json() {
  std::string result = R"({"trade_seq":1,"trade_id":"USDC-)";
  result.append(number_mark)
    .append(
      R"(","timestamp":1700000000000,"tick_direction":1,"state":"filled",)"
      R"("reduce_only":false,"price":50000.5,"post_only":false,"order_type":)"
      R"("limit","order_id":"USDC-)");
  result.append(number_mark)
    .append(
      R"(","matching_id":null,"mark_price":50000.5,"liquidity":"T","label":")");
  result.append(id_mark).append(
    R"(","instrument_name":"BTC-PERPETUAL","index_price":50000.5,)"
    R"("fee_currency":"BTC","fee":2E-7,"direction":"buy","contracts":2.0,)"
    R"("api":true,"amount":20.0})");
  return result;
}

std::vector<size_t> places_of(std::string_view mark, std::string_view text) {
  std::vector<size_t> result;
  for (auto i = text.find(mark); i != std::string_view::npos;
       i = text.find(mark, i + mark.size()))
    result.push_back(i);
  return result;
}

} // namespace

order_answer order_answer::open() {
  return order_answer{R"({"trades":[],"order":)" + order_json("open", "0.0")
                      + "}"};
}

order_answer order_answer::filled() {
  return order_answer{R"({"trades":[)" + trade_json() + R"(],"order":)"
                      + order_json("filled", "20.0") + "}"};
}

order_answer::order_answer(std::string text)
  : text_(std::move(text)),
    ids_(places_of(id_mark, text_)),
    numbers_(places_of(number_mark, text_)) {
  // nop
}

std::string_view order_answer::about(std::string_view id, uint64_t number) {
  if (id.size() != id_mark.size())
    throw std::logic_error{"the id of an order has another length"};
  std::array<char, number_mark.size() + 1> digits{};
  std::snprintf(digits.data(), digits.size(), "%012llu",
                static_cast<unsigned long long>(number % 1'000'000'000'000));
  for (auto i : ids_)
    text_.replace(i, id.size(), id);
  for (auto i : numbers_)
    text_.replace(i, number_mark.size(), digits.data());
  return text_;
}

} // namespace zenws::bench
