// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/kraken/kraken_order_text.hpp"

#include "zenws/sim/json/json_writer.hpp"
#include "zenws/sim/kraken/kraken_text.hpp"
#include "zenws/sim/orders/symbol.hpp"

#include <cmath>
#include <cstdio>

namespace zenws::sim {

namespace {

constexpr size_t told_fills = 50;

constexpr double first_balance = 1'000;

// Part of the value of a trade that is paid in its quote currency (kraken.com,
// "Fee schedule", the lowest tier).
double kraken_fee(const fill& x) {
  auto rate = x.role == fill_role::maker ? 0.0025 : 0.004;
  return std::round(x.price * x.amount * rate * 1e8) / 1e8;
}

/// Returns a letter and sixteen digits in three groups.
std::string grouped_id(char kind, uint64_t number) {
  char text[32];
  auto size
    = std::snprintf(text, sizeof(text), "%c%05u-%05u-%06u", kind,
                    static_cast<unsigned>(number / 100'000'000'000 % 100'000),
                    static_cast<unsigned>(number / 1'000'000 % 100'000),
                    static_cast<unsigned>(number % 1'000'000));
  return {text, static_cast<size_t>(size)};
}

/// Writes a message around the elements that `data` writes.
template <class Fun>
std::string numbered(std::string_view channel, const char* type,
                     uint64_t& sequence, Fun data) {
  json_writer out;
  out.begin_object();
  out.member("channel", channel);
  out.member("type", type);
  out.key("data").begin_array();
  data(out);
  out.end_array();
  out.member("sequence", ++sequence);
  out.end_object();
  return out.text();
}

// -- executions ---------------------------------------------------------------

const char* kraken_type(const order& x) {
  switch (x.type) {
    case order_type::market:
      return x.trigger_order_id.empty() ? "market" : "stop-loss";
    case order_type::stop_limit:
      return "stop-loss-limit";
    case order_type::stop_market:
      return "stop-loss";
    default:
      return x.trigger_order_id.empty() ? "limit" : "stop-loss-limit";
  }
}

const char* kraken_side(const order& x) {
  return x.direction == order_direction::buy ? "buy" : "sell";
}

const char* kraken_validity(const order& x) {
  switch (x.validity) {
    case order_validity::immediate_or_cancel:
      return "IOC";
    case order_validity::fill_or_kill:
      return "FOK";
    default:
      return "GTC";
  }
}

const char* open_status(const order& x) {
  if (x.state == order_state::untriggered)
    return "pending_new";
  if (x.state == order_state::triggered)
    return "triggered";
  return x.filled > 0 ? "partially_filled" : "new";
}

void write_event(json_writer& out, const order& x, const char* type,
                 const char* status, std::chrono::milliseconds time) {
  out.member("order_id", kraken_order_id(x));
  out.member("exec_type", type);
  out.member("order_status", status);
  if (!x.label.empty())
    out.member("cl_ord_id", x.label);
  out.member("timestamp", kraken_time(time));
}

void write_filled(json_writer& out, const order& x) {
  out.key("cum_qty").raw(eight_decimals(x.filled));
  out.key("cum_cost").raw(eight_decimals(x.filled_value));
  out.key("avg_price").raw(shortest_decimal(average_price(x)));
}

/// Writes what only the first message about an order has.
void write_terms(json_writer& out, const order& x) {
  out.member("symbol", kraken_symbol(x.instrument));
  out.key("order_qty").raw(eight_decimals(x.amount));
  out.member("time_in_force", kraken_validity(x));
  out.member("side", kraken_side(x));
  out.member("order_type", kraken_type(x));
  out.member("order_userref", int64_t{0});
  out.member("limit_price_type", "static");
  if (x.type == order_type::limit || x.type == order_type::stop_limit)
    out.key("limit_price").raw(shortest_decimal(x.price));
  out.key("stop_price").raw(shortest_decimal(x.trigger_price));
  if (x.post_only)
    out.member("post_only", true);
  out.member("fee_ccy_pref", "fciq");
  if (x.trigger_price <= 0)
    return;
  out.key("triggers").begin_object();
  out.member("reference", "last");
  out.key("price").raw(shortest_decimal(x.trigger_price));
  out.member("price_type", "static");
  auto waits = x.state == order_state::untriggered;
  out.member("status", waits ? "untriggered" : "triggered");
  out.end_object();
}

void write_trade_event(json_writer& out, const fill& x, const char* status) {
  out.begin_object();
  write_event(out, x.of, "trade", status, x.time);
  out.member("exec_id", grouped_id('T', x.number));
  out.member("trade_id", x.number);
  out.member("symbol", kraken_symbol(x.of.instrument));
  out.member("side", kraken_side(x.of));
  out.member("order_type", kraken_type(x.of));
  out.key("last_qty").raw(eight_decimals(x.amount));
  out.key("last_price").raw(shortest_decimal(x.price));
  out.member("liquidity_ind", x.role == fill_role::maker ? "m" : "t");
  out.key("cost").raw(eight_decimals(x.price * x.amount));
  out.key("fees").begin_array().begin_object();
  auto symbol = kraken_symbol(x.of.instrument);
  out.member("asset", symbol.substr(symbol.find('/') + 1));
  out.key("qty").raw(eight_decimals(kraken_fee(x)));
  out.end_object();
  out.end_array();
}

/// Tells the steps of one change, each by a message.
class execution_teller {
public:
  execution_teller(const order_change& change, uint64_t& sequence)
    : change_(change), entry_(change.entry), sequence_(sequence) {
    // nop
  }

  std::vector<std::string> tell() {
    if (change_.part != told_part::fills_only)
      tell_begin();
    for (auto& x : change_.fills)
      tell_fill(x);
    if (change_.part != told_part::fills_only)
      tell_end();
    return std::move(result_);
  }

private:
  template <class Fun>
  void event(const char* type, const char* status, Fun write) {
    result_.push_back(
      numbered("executions", "update", sequence_, [&](json_writer& out) {
        out.begin_object();
        write_event(out, entry_, type, status, entry_.updated);
        write(out);
        out.end_object();
      }));
  }

  bool is_new() const {
    if (change_.step != client_step::none)
      return change_.step == client_step::placed;
    // By a client of another venue.
    return is_alive(entry_) && entry_.filled == 0 && !entry_.replaced
           && entry_.trigger_order_id.empty();
  }

  void tell_begin() {
    if (is_new()) {
      event("pending_new", "pending_new",
            [&](json_writer& out) { write_terms(out, entry_); });
      if (entry_.state != order_state::untriggered)
        event("new", "new", [](json_writer&) {});
    } else if (change_.step == client_step::amended) {
      event("amended", open_status(entry_),
            [&](json_writer& out) { write_amendment(out); });
    } else if (entry_.state == order_state::triggered) {
      event("status", "triggered", [](json_writer&) {});
    } else if (entry_.state == order_state::open && entry_.filled == 0) {
      event("new", "new", [](json_writer&) {}); // of a stop
    }
  }

  void write_amendment(json_writer& out) const {
    write_filled(out, entry_);
    out.member("reason", "User requested");
    out.member("amended", true);
    out.key("order_qty").raw(eight_decimals(entry_.amount));
    out.key("limit_price").raw(shortest_decimal(entry_.price));
    out.member("limit_price_type", "static");
  }

  // docs.kraken.com, "Executions": even a fill of all that was left says
  // "partially_filled", and an event "filled" follows.
  void tell_fill(const fill& x) {
    result_.push_back(
      numbered("executions", "update", sequence_, [&](json_writer& out) {
        write_trade_event(out, x, "partially_filled");
        write_filled(out, x.of);
        out.end_object();
      }));
  }

  void tell_end() {
    if (entry_.state == order_state::filled)
      event("filled", "filled",
            [&](json_writer& out) { write_filled(out, entry_); });
    else if (entry_.state == order_state::cancelled
             || entry_.state == order_state::rejected)
      event("canceled", "canceled", [&](json_writer& out) {
        write_filled(out, entry_);
        if (entry_.reason.empty())
          return;
        out.member("cancel_reason", entry_.reason);
        out.member("reason", entry_.reason);
      });
  }

  const order_change& change_;
  const order& entry_;
  uint64_t& sequence_;
  std::vector<std::string> result_;
};

// -- balances -----------------------------------------------------------------

std::string base_asset(const order& x) {
  return base_currency(x.instrument);
}

std::string quote_asset(const order& x) {
  auto symbol = kraken_symbol(x.instrument);
  return symbol.substr(symbol.find('/') + 1);
}

struct ledger_change {
  std::string currency{};
  double amount = 0;
  double fee = 0;
};

/// Returns what a fill changes of each of its currencies.
std::vector<ledger_change> changes_by(const fill& x) {
  auto sign = x.of.direction == order_direction::buy ? 1 : -1;
  return {{base_asset(x.of), sign * x.amount},
          {quote_asset(x.of), -sign * x.price * x.amount, kraken_fee(x)}};
}

/// Returns a balance after the fill of that number, or after all.
double balance_after(const order_store& store, std::string_view account,
                     std::string_view currency, uint64_t last = UINT64_MAX) {
  auto result = first_balance;
  for (auto& x : store.fills())
    if (x.of.account == account && x.number <= last)
      for (auto& change : changes_by(x))
        if (change.currency == currency)
          result += change.amount - change.fee;
  return result;
}

void write_ledger_entry(json_writer& out, const order_store& store,
                        const fill& x, const ledger_change& change) {
  out.begin_object();
  auto kind = change.fee > 0 ? 'Q' : 'L';
  out.member("ledger_id", grouped_id(kind, x.number));
  out.member("ref_id", grouped_id('T', x.number));
  out.member("timestamp", kraken_time(x.time));
  out.member("type", "trade");
  out.member("asset", change.currency);
  out.member("asset_class", "currency");
  out.member("category", "trade");
  out.member("wallet_type", "spot");
  out.member("wallet_id", "main");
  out.key("amount").raw(eight_decimals(change.amount));
  out.key("fee").raw(eight_decimals(change.fee));
  out.key("balance").raw(eight_decimals(
    balance_after(store, x.of.account, change.currency, x.number)));
  out.end_object();
}

} // namespace

// -- ids ----------------------------------------------------------------------

std::string kraken_order_id(const order& x) {
  return grouped_id('O', x.trigger_order_id.empty()
                           ? number_of(x)
                           : number_of(x.trigger_order_id));
}

std::string kraken_amend_id(const order& x, std::chrono::milliseconds time) {
  return grouped_id('A',
                    number_of(x) + static_cast<uint64_t>(time.count()) * 1'000);
}

// -- messages -----------------------------------------------------------------

std::vector<std::string> kraken_executions(const order_change& x,
                                           uint64_t& sequence) {
  return execution_teller{x, sequence}.tell();
}

std::string
kraken_executions_snapshot(const order_store& store, const std::string& account,
                           kraken_snapshot_parts parts, uint64_t& sequence) {
  auto write = [&](json_writer& out) {
    size_t count = 0;
    auto& fills = store.fills();
    for (auto i = fills.rbegin();
         parts.trades && i != fills.rend() && count < told_fills; ++i)
      if (i->of.account == account) {
        write_trade_event(out, *i, "filled");
        out.end_object();
        ++count;
      }
    if (!parts.orders)
      return;
    for (auto& x : store.select([&](const order& y) {
           return is_alive(y) && y.account == account;
         })) {
      out.begin_object();
      auto waits = x.state == order_state::untriggered;
      write_event(out, x, waits ? "pending_new" : "new", open_status(x),
                  x.updated);
      write_terms(out, x);
      write_filled(out, x);
      out.end_object();
    }
  };
  return numbered("executions", "snapshot", sequence, write);
}

std::vector<std::string> kraken_balances(const order_store& store,
                                         const order_change& x,
                                         uint64_t& sequence) {
  std::vector<std::string> result;
  for (auto& made : x.fills)
    result.push_back(
      numbered("balances", "update", sequence, [&](json_writer& out) {
        for (auto& change : changes_by(made))
          write_ledger_entry(out, store, made, change);
      }));
  return result;
}

std::string kraken_balances_snapshot(const order_store& store,
                                     const std::string& account,
                                     const std::vector<std::string>& currencies,
                                     uint64_t& sequence) {
  return numbered("balances", "snapshot", sequence, [&](json_writer& out) {
    for (auto& currency : currencies) {
      auto text = eight_decimals(balance_after(store, account, currency));
      out.begin_object();
      out.member("asset", currency);
      out.member("asset_class", "currency");
      out.key("balance").raw(text);
      out.key("wallets").begin_array().begin_object();
      out.member("type", "spot");
      out.member("id", "main");
      out.key("balance").raw(text);
      out.end_object();
      out.end_array();
      out.end_object();
    }
  });
}

} // namespace zenws::sim
