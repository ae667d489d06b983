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

  /// Places and fills orders, one after the other.
  void place_many(order_ledger& ledger, order_journal& to) {
    for (uint64_t i = 0; i < many; ++i) {
      order_ledger::news told;
      auto key = ledger.place(buy("1"), now, told);
      if (to.write(ledger, std::exchange(told, {})))
        _exit(1);
      ledger.apply(order_report{.order = key,
                                .state = venue_order_state::filled,
                                .filled = number("1")},
                   told);
      if (to.write(ledger, told))
        _exit(1);
    }
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
