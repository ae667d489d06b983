// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/config/server_config.hpp"
#include "zenws/sim/json/json_reader.hpp"
#include "zenws/sim/orders/market_quote.hpp"
#include "zenws/sim/orders/order_matcher.hpp"
#include "zenws/sim/orders/order_store.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zenws::sim {

/// The market as OKX's sessions see it.
struct okx_market {
  /// Returns the market's own name of an instrument, nothing if there is none.
  std::function<std::optional<std::string>(const std::string&)> instrument;
  /// Returns the best prices of the market's own instrument.
  quote_fun quote;
  /// Returns the name of the instrument with an `instIdCode`, nothing if there
  /// is none.
  std::function<std::optional<std::string>(uint64_t code)> named;
};

/// The operations on orders of one session, in OKX's manner.
class okx_orders {
public:
  /// A request and when it came.
  struct request {
    const json& content;
    const std::string& account;
    /// Since the Unix epoch.
    std::chrono::milliseconds time;
  };

  struct outcome {
    std::string answer;
    /// Orders that are new or changed.
    std::vector<order_change> changes;
  };

  okx_orders(const okx_config& cfg, order_store& store, uint64_t connection,
             okx_market around);

  /// Returns whether `op` is one of `order`, `batch-orders`, `cancel-order`,
  /// `batch-cancel-orders`, `amend-order`, `batch-amend-orders`.
  static bool knows(std::string_view op);

  outcome run(const request& query);

  /// Returns an answer without rows.
  static std::string refusal(const json& request, std::string_view code,
                             std::string_view message);

private:
  // Result for one argument.
  struct row {
    std::string id{};
    std::string label{};
    std::string tag{};
    std::string_view code = "0";
    std::string_view message{};

    bool succeeded() const noexcept {
      return code == "0";
    }

    // Returns this with a reason to fail.
    row with(std::string_view reason, std::string_view text) const {
      auto result = *this;
      result.code = reason;
      result.message = text;
      return result;
    }
  };

  struct operation;

  static const operation* find_operation(std::string_view op);
  row place(const json& arg, const request& query, outcome& out);
  row read_instrument(const json& arg, order& out) const;
  row read_terms(const json& arg, order& out);
  row read_type(const json& arg, order& out) const;
  row reduce(order& draft) const;
  row check_size(const order& draft) const;
  row cancel(const json& arg, const request& query, outcome& out);
  row amend(const json& arg, const request& query, outcome& out);
  void arrive(order& entry, const request& query, outcome& out);
  market_quote quote_of(const order& entry) const;
  order* find_open(const json& arg, const request& query);
  static std::string answer(const json& request, const std::vector<row>& rows,
                            std::chrono::milliseconds time);

  const okx_config& cfg_;
  order_store& store_;
  order_matcher matcher_;
  uint64_t connection_;
  okx_market market_;
};

} // namespace zenws::sim
