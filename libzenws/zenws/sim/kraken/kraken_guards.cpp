// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/kraken/kraken_guards.hpp"

#include "zenws/sim/clocks.hpp"

namespace zenws::sim {

void kraken_guards::set(const std::string& account,
                        std::chrono::seconds timeout) {
  timers_.erase(account);
  if (timeout.count() == 0)
    return;
  auto& timer = timers_.try_emplace(account, executor_).first->second;
  timer.expires_after(timeout.count() * cfg_.guard_second);
  timer.async_wait([this, account](auto ec) {
    if (!ec)
      expired(account);
  });
}

// docs.kraken.com, "Cancel on Disconnect": it is off then, until the next
// request. The words of the reason are not documented.
void kraken_guards::expired(const std::string& account) {
  timers_.erase(account);
  events_.publish(
    store_.cancel_if(wall_clock(), "Cancel all orders after timeout",
                     [&](const order& x) { return x.account == account; }));
}

} // namespace zenws::sim
