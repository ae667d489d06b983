// SPDX-License-Identifier: BSD-3-Clause

#include "order_desk.hpp"

#include "zenws/session/send_outcome.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <cstdlib>
#include <utility>

namespace zenws::engine {

namespace {

using std::chrono::milliseconds;

// Time after which an answer of the client itself is not expected any more.
constexpr std::chrono::seconds patience{10};

// Parameters of a request, written member by member.
class params_writer {
public:
  params_writer() {
    out_.StartObject();
  }

  params_writer& text(std::string_view name, std::string_view value) {
    write(name);
    write(value);
    return *this;
  }

  params_writer& number(std::string_view name, const std::string& value) {
    write(name);
    out_.RawValue(value.data(), value.size(), rapidjson::kNumberType);
    return *this;
  }

  std::string finish() {
    out_.EndObject();
    return {buffer_.GetString(), buffer_.GetSize()};
  }

private:
  void write(std::string_view text) {
    out_.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
  }

  rapidjson::StringBuffer buffer_;
  rapidjson::Writer<rapidjson::StringBuffer> out_{buffer_};
};

call instrument_call(const char* method, const std::string& instrument) {
  return {.method = method,
          .params
          = params_writer{}.text("instrument_name", instrument).finish()};
}

call order_call(const decision& choice, const instrument_terms& terms,
                const std::string& label) {
  auto valid_until = std::chrono::system_clock::now() + order_desk::lifetime;
  auto since_1970
    = std::chrono::duration_cast<milliseconds>(valid_until.time_since_epoch());
  call result;
  result.method = choice.contracts > 0 ? "private/buy" : "private/sell";
  result.params = params_writer{}
                    .text("instrument_name", choice.instrument)
                    .number("amount",
                            amount_of(terms, std::abs(choice.contracts)))
                    .text("type", "market")
                    .text("label", label)
                    .number("valid_until", std::to_string(since_1970.count()))
                    .finish();
  // Without an answer by then, the venue is asked for the order.
  result.answer_within = order_desk::lifetime + order_desk::clock_margin;
  return result;
}

call state_call(const instrument_terms& terms, const std::string& label) {
  return {.method = "private/get_order_state_by_label",
          .params = params_writer{}
                      .text("currency", terms.currency)
                      .text("label", label)
                      .finish()};
}

} // namespace

order_desk::order_desk(caf::event_based_actor& self, market_view& view,
                       order_ledger_ptr ledger,
                       growing_pause::time_point opens_at)
  : self_(self), view_(view), ledger_(std::move(ledger)), opens_at_(opens_at) {
  ledger_->begin_incarnation();
  for (auto& name : view_.instruments()) {
    instruments_.emplace(name, instrument_state{});
    view_.suspend(name);
  }
}

// -- properties ---------------------------------------------------------------

std::string order_desk::hindrance() const {
  for (auto& [name, entry] : instruments_)
    if (entry.next != step::none)
      return name + ": "
             + (entry.problem.empty() ? "the venue is asked how it stands"
                                      : entry.problem);
  return {};
}

// -- transitions --------------------------------------------------------------

void order_desk::carry_out(const client_actor& client, const decision& choice) {
  auto expires = self_.clock().now() + lifetime + clock_margin;
  auto label = ledger_->sent(choice, expires);
  auto& terms = instruments_.at(choice.instrument).terms;
  self_.request(client, patience, order_call(choice, terms, label))
    .then([=, this](const rpc_result&) { settle(ledger_->acked(label)); },
          [=, this](const caf::error& reason) { failed(label, reason); });
}

void order_desk::tick(const client_actor& client) {
  for (auto& x : instruments_)
    if (!x.second.is_asking && x.second.pause.is_over(self_.clock().now()))
      advance(client, x);
  reconcile(client);
}

// -- before the first decision ------------------------------------------------

void order_desk::advance(const client_actor& client, instrument_entry& entry) {
  auto& [name, to] = entry;
  switch (to.next) {
    case step::terms:
      return ask(client, entry, instrument_call("public/get_instrument", name),
                 [&to = to](std::string_view json) -> error {
                   auto terms = read_terms(json);
                   if (!terms)
                     return terms.error();
                   to.terms = *terms;
                   to.next = step::open_orders;
                   return {};
                 });
    case step::open_orders:
      if (self_.clock().now() < opens_at_)
        return;
      return ask(client, entry,
                 instrument_call("private/get_open_orders_by_instrument", name),
                 [=, this, &entry](std::string_view json) {
                   return cancel_own(client, entry, json);
                 });
    case step::doubts:
      if (!ledger_->has_open(name))
        to.next = step::position;
      return;
    case step::position:
      return ask(client, entry, instrument_call("private/get_position", name),
                 [this, &name = name,
                  &to = to](std::string_view json) -> error {
                   auto contracts = read_position(to.terms, json);
                   if (!contracts)
                     return contracts.error();
                   to.next = step::none;
                   view_.held(name, *contracts);
                   view_.settled(name);
                   return {};
                 });
    case step::patience:
      to.next = step::none;
      return view_.settled(name);
    case step::none:
      return;
  }
}

void order_desk::ask(const client_actor& client, instrument_entry& about,
                     call command, const answer_fun& answered) {
  about.second.is_asking = true;
  auto method = command.method;
  self_.request(client, patience, std::move(command))
    .then(
      [=, this, &about](const rpc_result& answer) {
        about.second.is_asking = false;
        if (auto problem = answered(answer.json))
          return hinder(about, method + ": " + to_string(problem));
        about.second.problem.clear();
        about.second.pause.reset();
      },
      [=, this, &about](const caf::error& reason) {
        about.second.is_asking = false;
        hinder(about, method + ": " + caf_compat::to_text(reason));
      });
}

// Orders of this run that rest at the venue are of no use: the strategy that
// wanted them has ended. They are looked for again until there are none.
error order_desk::cancel_own(const client_actor& client,
                             instrument_entry& entry, std::string_view orders) {
  auto found = elements_of(orders);
  if (!found)
    return found.error();
  entry.second.next = step::doubts;
  for (auto& x : *found) {
    auto label = find_member(x.text, "label").string();
    auto id = find_member(x.text, "order_id").string();
    if (!label || !id || !ledger_->is_own(*label))
      continue;
    entry.second.next = step::open_orders;
    ask(client, entry,
        {.method = "private/cancel",
         .params = params_writer{}.text("order_id", *id).finish()},
        [](std::string_view) { return error{}; });
  }
  return {};
}

void order_desk::hinder(instrument_entry& entry, std::string problem) {
  auto pause = entry.second.pause.begin(self_.clock().now());
  view_.complain(entry.first + ": " + problem + "; asked again in "
                 + std::to_string(pause.count()) + " ms");
  entry.second.problem = std::move(problem);
}

// -- outcome of orders --------------------------------------------------------

void order_desk::reconcile(const client_actor& client) {
  for (auto& [label, instrument] : ledger_->doubtful(self_.clock().now())) {
    auto i = instruments_.find(instrument);
    if (i == instruments_.end() || i->second.next == step::terms
        || !i->second.pause.is_over(self_.clock().now())
        || !asking_.insert(label).second)
      continue;
    self_.request(client, patience, state_call(i->second.terms, label))
      .then(
        [this, label = label, instrument = instrument](const rpc_result& x) {
          asking_.erase(label);
          told(label, instrument, x.json);
        },
        [this, label = label, i](const caf::error& reason) {
          asking_.erase(label);
          hinder(*i, label + ": " + caf_compat::to_text(reason));
        });
  }
}

void order_desk::notified(std::string_view text) {
  auto envelope = scan(text, layouts::deribit);
  std::string memory;
  if (!envelope
      || !envelope->channel.resolved(memory).starts_with("user.orders."))
    return;
  // Only raw channels bring orders one by one.
  if (envelope->data.kind == json_kind::object)
    return notified_of(envelope->data);
  if (auto orders = elements_of(envelope->data.text))
    for (auto& x : *orders)
      notified_of(x);
}

void order_desk::notified_of(const json_value& order) {
  auto label = find_member(order.text, "label").string();
  if (!label)
    return;
  auto was_unknown = ledger_->is_unknown(*label);
  auto choice = ledger_->acked(*label);
  if (was_unknown && choice)
    doubt(choice->instrument);
  else
    settle(choice);
}

void order_desk::failed(const std::string& label, const caf::error& reason) {
  auto text = caf_compat::to_text(reason);
  switch (outcome_of(caf_compat::code_of(reason))) {
    case send_outcome::not_sent:
      return drop(ledger_->kept_back(label), text);
    case send_outcome::refused:
    case send_outcome::try_later:
      return drop(ledger_->refused(label), text);
    case send_outcome::unknown:
      return ledger_->lost_sight(label);
  }
}

void order_desk::told(const std::string& label, const std::string& instrument,
                      std::string_view orders) {
  auto found = elements_of(orders);
  if (!found || !ledger_->is_unknown(label))
    return;
  if (found->empty())
    ledger_->absent(label);
  else
    ledger_->acked(label);
  doubt(instrument);
}

void order_desk::settle(const std::optional<decision>& choice) {
  if (!choice)
    return;
  auto& to = instruments_.at(choice->instrument);
  to.pause.reset();
  if (to.next == step::none)
    view_.settled(choice->instrument);
}

void order_desk::drop(const std::optional<decision>& choice,
                      const std::string& reason) {
  if (!choice)
    return;
  view_.dropped(*choice);
  auto& to = instruments_.at(choice->instrument);
  to.next = step::patience;
  to.problem = reason;
  auto pause = to.pause.begin(self_.clock().now());
  view_.complain("order for " + choice->instrument + ": " + reason
                 + "; the next one in " + std::to_string(pause.count())
                 + " ms at the earliest");
}

void order_desk::doubt(const std::string& instrument) {
  auto i = instruments_.find(instrument);
  if (i == instruments_.end() || i->second.next != step::none)
    return;
  view_.suspend(instrument);
  i->second.next = step::position;
}

} // namespace zenws::engine
