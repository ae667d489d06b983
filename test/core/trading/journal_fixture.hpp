// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/trading/order_journal.hpp"

#include "support/temporary_folder.hpp"
#include "support/unit_test.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace zenws::journal_test {

using namespace std::chrono_literals;
using namespace zenws::market;
using namespace zenws::test_support;
using namespace zenws::trading;

inline decimal number(std::string_view text) {
  return decimal::parse(text).value();
}

inline order_request buy(std::string_view amount) {
  return {.instrument = instrument_name::make("X").value(),
          .amount = number(amount),
          .price = number("100.5"),
          .venue_members = R"({"tdMode":"cross"})"};
}

// Orders of which the log has no room.
constexpr uint64_t many = 5'000;

struct fixture {
  temporary_folder folder;
  std::string path = (folder.path() / "orders.db").string();
  order_ledger::time_point now{1h};
  order_ledger::news news;

  order_journal open(journal_mode mode = journal_mode::async,
                     std::string_view owner = "desk") {
    auto result = order_journal::open(path, mode, owner);
    if (!result)
      CAF_FAIL(to_string(result.error()));
    return std::move(*result);
  }

  error problem_of_opening(std::string_view owner = "desk") {
    auto result = order_journal::open(path, journal_mode::async, owner);
    return result ? error{} : result.error();
  }

  /// Has the venue fill an order of one.
  static void fill_order(order_ledger& ledger, const order_key& order,
                         order_ledger::news& told) {
    ledger.apply(order_report{.order = order,
                              .state = venue_order_state::filled,
                              .filled = number("1")},
                 told);
  }

  /// Places an order and fills it.
  /// @param sent called in between, once it may be sent.
  template <class Sent>
  void place_and_fill(order_ledger& ledger, order_journal& to, Sent sent) {
    order_ledger::news told;
    auto key = ledger.place(buy("1"), now, told);
    if (to.write(ledger, std::exchange(told, {})))
      _exit(1);
    sent(ledger.number_of(key.id));
    fill_order(ledger, key, told);
    if (to.write(ledger, told))
      _exit(1);
  }

  /// Places and fills orders, one after the other.
  void place_many(order_ledger& ledger, order_journal& to) {
    for (uint64_t i = 0; i < many; ++i)
      place_and_fill(ledger, to, [](uint64_t) {});
  }

  /// Checks what a process left behind that used `place_and_fill`.
  /// @param sent the last order that was sent.
  void check_what_is_left(uint64_t sent) {
    auto uut = open();
    auto ledger = load(uut);
    CAF_REQUIRE(ledger.last_number() >= sent);
    // All but the last one are filled, none twice.
    CAF_REQUIRE(ledger.open_orders().size() <= 1);
    // It is found out about before the next one: here, it was filled.
    for (auto* x : ledger.open_orders())
      fill_order(ledger, order_key{x->key}, news);
    CAF_REQUIRE(!uut.write(ledger, std::exchange(news, {})));
    CAF_REQUIRE(
      ledger.position("X")
      == decimal::make(static_cast<int64_t>(ledger.last_number()), 0));
  }

  /// Few orders that are over, to be quick.
  order_ledger load(order_journal& from) {
    auto result = from.load({.owner = "desk", .max_settled = 100});
    if (!result)
      CAF_FAIL(to_string(result.error()));
    return std::move(*result);
  }
};

/// What a process tells before it is killed: numbers of orders it has sent.
class child {
public:
  template <class Fun>
  explicit child(Fun run) {
    CAF_REQUIRE_EQUAL(pipe(pipe_.data()), 0);
    constexpr int page = 4096;
    CAF_REQUIRE_EQUAL(fcntl(pipe_[1], F_SETPIPE_SZ, page), page);
    id_ = fork();
    CAF_REQUIRE(id_ >= 0);
    if (id_ != 0) {
      close(pipe_[1]);
      return;
    }
    close(pipe_[0]);
    run([this](uint64_t x) {
      word told{x};
      if (write(pipe_[1], told.data(), sizeof(told)) != sizeof(told))
        _exit(1);
    });
    _exit(0);
  }

  ~child() {
    kill();
    close(pipe_[0]);
  }

  uint64_t next() {
    word result{};
    auto n = read(pipe_[0], result.data(), sizeof(result));
    return n == sizeof(result) ? result[0] : 0;
  }

  /// Kills the process after it has told so many numbers, each above the last.
  /// @param last the last one so far.
  /// @returns the last one.
  uint64_t kill_after(uint64_t count, uint64_t last) {
    for (; count > 0; --count) {
      auto told = next();
      CAF_REQUIRE_GREATER(told, last);
      last = told;
    }
    kill();
    while (auto told = next())
      last = told;
    return last;
  }

  void kill() {
    if (id_ <= 0)
      return;
    ::kill(id_, SIGKILL);
    waitpid(std::exchange(id_, 0), nullptr, 0);
  }

private:
  // A number. It is so long that few of them fit the pipe: a process that was
  // far ahead of who listens would make the test slow.
  using word = std::array<uint64_t, 64>;

  std::array<int, 2> pipe_{};
  pid_t id_ = 0;
};

} // namespace zenws::journal_test
