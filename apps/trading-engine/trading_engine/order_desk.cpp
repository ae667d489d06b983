#include "trading_engine/order_desk.hpp"

#include "zenws/send_outcome.hpp"

#include <cstdlib>
#include <utility>

namespace zenws::engine {

namespace {

using std::chrono::milliseconds;

/// When to stop believing in an answer of the client itself.
constexpr std::chrono::seconds patience{10};

call order_call(const decision& what, const std::string& label) {
  auto valid_until = std::chrono::system_clock::now() + order_desk::lifetime;
  auto since_1970
    = std::chrono::duration_cast<milliseconds>(valid_until.time_since_epoch());
  call result;
  result.method = what.contracts > 0 ? "private/buy" : "private/sell";
  result.params
    = R"({"instrument_name":")" + what.instrument + R"(","amount":)"
      + std::to_string(std::abs(what.contracts) * order_desk::contract_size)
      + R"(,"type":"market","label":")" + label + R"(","valid_until":)"
      + std::to_string(since_1970.count()) + '}';
  // Whoever gets no answer by then may ask what became of the order.
  result.answer_within = order_desk::lifetime + order_desk::clock_margin;
  return result;
}

/// The currency of "BTC-PERPETUAL" is BTC.
call state_call(const std::string& instrument, const std::string& label) {
  call result;
  result.method = "private/get_order_state_by_label";
  result.params = R"({"currency":")"
                  + instrument.substr(0, instrument.find('-'))
                  + R"(","label":")" + label + R"("})";
  return result;
}

} // namespace

order_desk::order_desk(caf::event_based_actor& self, market_view& view,
                       std::string run)
  : self_(self), view_(view), ledger_(std::move(run)) {
  // nop
}

// -- transitions --------------------------------------------------------------

void order_desk::carry_out(const client_actor& client, const decision& what) {
  auto expires = self_.clock().now() + lifetime + clock_margin;
  auto label = ledger_.sent(what, expires);
  self_.request(client, patience, order_call(what, label))
    .then([=, this](const rpc_result&) { settle(ledger_.acked(label)); },
          [=, this](const caf::error& why) { failed(label, why); });
}

void order_desk::reconcile(const client_actor& client) {
  for (auto& [label, instrument] : ledger_.doubtful(self_.clock().now())) {
    if (!asking_.insert(label).second)
      continue;
    self_.request(client, patience, state_call(instrument, label))
      .then(
        [this, label = label](const rpc_result& answer) {
          asking_.erase(label);
          told(label, answer.json);
        },
        // It is asked again with the next look at the clock.
        [this, label = label](const caf::error&) { asking_.erase(label); });
  }
}

void order_desk::notified(std::string_view text) {
  auto what = scan(text, layouts::deribit);
  if (!what || !what->channel.text.starts_with("user.orders."))
    return;
  if (auto label = find_member(what->data.text, "label").string())
    settle(ledger_.acked(*label));
}

// -- what follows -------------------------------------------------------------

void order_desk::failed(const std::string& label, const caf::error& why) {
  switch (outcome_of(seam::code_of(why))) {
    case send_outcome::not_sent:
      return drop(ledger_.kept_back(label));
    case send_outcome::refused:
    case send_outcome::try_later:
      return drop(ledger_.refused(label));
    case send_outcome::unknown:
      return ledger_.lost_sight(label);
  }
}

void order_desk::told(const std::string& label, std::string_view orders) {
  auto found = elements_of(orders);
  if (!found)
    return;
  if (found->empty())
    drop(ledger_.absent(label));
  else
    settle(ledger_.acked(label));
}

void order_desk::settle(const std::optional<decision>& what) {
  if (what)
    view_.settled(what->instrument);
}

void order_desk::drop(const std::optional<decision>& what) {
  if (what)
    view_.dropped(*what);
}

} // namespace zenws::engine
