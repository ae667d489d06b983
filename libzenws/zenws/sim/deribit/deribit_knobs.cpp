// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/deribit/deribit_knobs.hpp"

namespace zenws::sim {

void deribit_knobs::fill_order(deribit_call& call) {
  turn(call, "sim/fill_order");
}

void deribit_knobs::trigger_order(deribit_call& call) {
  turn(call, "sim/trigger_order");
}

void deribit_knobs::follow_market(deribit_call& call) {
  turn(call, "sim/follow_market");
}

void deribit_knobs::tell_fills(deribit_call& call) {
  turn(call, "sim/tell_fills");
}

void deribit_knobs::turn(deribit_call& call, std::string_view name) {
  auto done = knobs_.turn(name, call.params, call.received_ms());
  using enum knob_outcome::verdict;
  if (done.result == no_such_order)
    return call.error(10004, "order_not_found");
  if (done.result == bad_parameter)
    return call.bad_param(done.parameter, done.reason);
  call.outcome.changes = std::move(done.changes);
  call.outcome.fills = done.fills;
  call.ok();
}

} // namespace zenws::sim
