// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/clocks.hpp"
#include "zenws/sim/json/json_reader.hpp"
#include "zenws/sim/json/json_writer.hpp"
#include "zenws/sim/kraken/kraken_channel.hpp"
#include "zenws/sim/kraken/kraken_text.hpp"
#include "zenws/sim/orders/order_change.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zenws::sim {

/// First message of a channel.
enum class kraken_start : uint8_t { snapshot, next_change };

/// A new time for `cancel_all_orders_after`.
struct kraken_guard {
  std::string account{};
  std::chrono::seconds timeout{0};
};

/// Result of a request of a client of Kraken.
struct kraken_outcome {
  struct subscription {
    kraken_channel channel{};
    kraken_start start = kraken_start::snapshot;
  };

  /// To be sent in this order.
  std::vector<std::string> answers{};
  std::vector<subscription> subscribed{};
  std::vector<kraken_channel> unsubscribed{};
  /// Orders that are new or changed.
  std::vector<order_change> changes{};
  std::optional<kraken_guard> guard{};
};

/// A request while it is being answered.
struct kraken_call {
  const json& request;
  const moment& now;
  kraken_outcome outcome{};

  // -- parameters -------------------------------------------------------------

  const json& params() const;

  std::string_view method() const;

  /// Returns a boolean parameter, `otherwise` if there is none.
  bool flag(const char* name, bool otherwise) const;

  // -- answers ----------------------------------------------------------------

  /// Answers with the members that `write` writes, the id and the times.
  template <class Fun>
  void answer(std::string_view method, Fun write) {
    json_writer out;
    out.begin_object();
    out.member("method", method);
    write(out);
    auto time = kraken_time(now.wall);
    out.member("time_in", time);
    out.member("time_out", time);
    if (auto* id = find(request, "req_id"); id && id->IsInt64())
      out.key("req_id").copy(*id);
    out.end_object();
    outcome.answers.push_back(out.text());
  }

  /// Answers with an object, whose members `write` writes.
  template <class Fun>
  void succeed(Fun write) {
    answer(method(), [&](json_writer& out) {
      out.key("result").begin_object();
      write(out);
      out.end_object();
      out.member("success", true);
    });
  }

  void refuse(std::string_view reason, std::string_view symbol = {});

  void grant(const kraken_channel& channel);
};

} // namespace zenws::sim
