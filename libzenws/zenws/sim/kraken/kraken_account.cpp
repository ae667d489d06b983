// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/kraken/kraken_account.hpp"

#include <algorithm>
#include <utility>

namespace zenws::sim {

namespace {

struct order_method {
  std::string_view name;
  void (kraken_orders::*run)(kraken_call&, const std::string& account);
};

constexpr order_method order_methods[] = {
  {"add_order", &kraken_orders::add},
  {"amend_order", &kraken_orders::amend},
  {"cancel_order", &kraken_orders::cancel},
  {"cancel_all", &kraken_orders::cancel_all},
  {"cancel_all_orders_after", &kraken_orders::cancel_all_after},
};

} // namespace

kraken_account::kraken_account(kraken_tokens& tokens, kraken_orders orders)
  : tokens_(tokens), orders_(std::move(orders)) {
  // nop
}

// The venue's words for a token that it does not know. Those for a request
// without one are not documented.
std::optional<std::string> kraken_account::account_of(kraken_call& call) const {
  auto token = text_member(call.params(), "token");
  if (token.empty()) {
    call.refuse("EGeneral:Invalid arguments:token");
    return std::nullopt;
  }
  auto result = tokens_.account_of(token, call.now.steady);
  if (!result)
    call.refuse("ESession:Invalid session");
  return result;
}

bool kraken_account::handle(kraken_call& call) {
  auto i = std::ranges::find(order_methods, call.method(), &order_method::name);
  if (i == std::end(order_methods))
    return false;
  if (auto account = account_of(call))
    (orders_.*i->run)(call, *account);
  return true;
}

bool kraken_account::read_channel(kraken_call& call,
                                  kraken_channel& out) const {
  out.kind = text_member(call.params(), "channel");
  if (out.kind != "executions" && out.kind != "balances") {
    call.refuse("Subscription name invalid");
    return false;
  }
  auto account = account_of(call);
  if (!account)
    return false;
  out.account = std::move(*account);
  out.token = text_member(call.params(), "token");
  out.tells_orders = call.flag("snap_orders", true);
  out.tells_trades = call.flag("snap_trades", false);
  return true;
}

} // namespace zenws::sim
