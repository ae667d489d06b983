// SPDX-License-Identifier: BSD-3-Clause

// What a desk asks its venue, and what it makes of the answers.

#include "zenws/desk/desk_logic.hpp"

#include "zenws/desk/internal/traded_instrument.hpp"
#include "zenws/session/send_outcome.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace zenws::trading {

namespace {

desk_request next_step(desk_request step) noexcept {
  return step == desk_request::ask_open_orders ? desk_request::ask_fills
                                               : desk_request::ask_position;
}

std::vector<order_report> reports_in(const account_updates& updates) {
  std::vector<order_report> result;
  for (auto& x : updates)
    if (auto* report = std::get_if<order_report>(&x))
      result.push_back(*report);
  return result;
}

} // namespace

// -- questions ----------------------------------------------------------------

void desk_logic::begin_reconciling(instrument& about, desk_time at,
                                   desk_actions& out) {
  set_state(about, desk_state::reconciling, {}, out);
  about.next = desk_request::ask_open_orders;
  about.asked = 0;
  about.asks_again = false;
  about.claimed.reset();
  about.pause.reset();
  advance(about, at, out);
}

void desk_logic::advance(instrument& about, desk_time at, desk_actions& out) {
  constexpr desk_request steps[] = {desk_request::ask_open_orders,
                                    desk_request::ask_fills,
                                    desk_request::ask_position};
  for (auto step : steps)
    if (step >= about.next.value_or(desk_request::ask_position) && about.next
        && try_question(step, about, at, out)) {
      about.next = step;
      return;
    }
  if (std::exchange(about.asks_again, false)) {
    about.next = desk_request::ask_open_orders;
    about.pause.begin(at.now);
    return;
  }
  about.next.reset();
  about.pause.reset();
  know_untold_position(about);
  set_state(about, desk_state::trading, {}, out);
}

// Venues answer what they can.
bool desk_logic::try_question(desk_request question, instrument& about,
                              desk_time at, desk_actions& out) {
  auto make = [&]() -> result<order_call> {
    switch (question) {
      case desk_request::ask_open_orders:
        return venue_.ask_open_orders(about.name(), request_at(at));
      case desk_request::ask_fills:
        if (quiet_since_ == market::venue_time{})
          return error{ec::not_supported}; // nothing was missed
        return venue_.ask_fills(about.name(), quiet_since_, request_at(at));
      default:
        return venue_.ask_position(about.name(), request_at(at));
    }
  };
  auto content = make();
  if (!content)
    return false;
  about.asked = send(question, std::move(*content),
                     {.instrument = about.name()}, out);
  return true;
}

void desk_logic::doubt_orders(desk_time at) {
  for (auto* order : ledger_.open_orders())
    if (!venue_.ask_open_orders(order->key.instrument, request_at(at)))
      ledger_.doubt(order->key.id);
}

void desk_logic::renew_channels(desk_actions& out) {
  if (venue_.lookup() != order_lookup::snapshot)
    return;
  renewed_after_ = ledger_.last_number();
  out.emplace_back(desk_action::renew_channels{});
}

void desk_logic::ask_orders(desk_time at, desk_actions& out) {
  auto due = ledger_.due_questions(at.now);
  if (due.empty())
    return;
  if (venue_.lookup() == order_lookup::snapshot)
    return renew_channels(out);
  for (auto& key : due) {
    // This question would be the end of an order that is known to be open.
    if (venue_.lookup() == order_lookup::cancel
        && !ledger_.is_in_question(key.id)) {
      ledger_.clear_doubt(key.id);
      continue;
    }
    auto content = venue_.lookup() == order_lookup::query
                     ? venue_.ask_order(key, request_at(at))
                     : venue_.cancel(key, request_at(at));
    if (content)
      send(desk_request::ask_order, std::move(*content), key, out);
  }
}

void desk_logic::guard(desk_time at, desk_actions& out) {
  next_guard_.reset();
  if (cfg_.guard.count() == 0 || venue_.departure() == departure_rule::none)
    return;
  auto content = venue_.guard(cfg_.guard, request_at(at));
  if (!content)
    return;
  send(desk_request::guard, std::move(*content), {}, out);
  if (venue_.departure() == departure_rule::cancel_after)
    next_guard_ = at.now + std::chrono::milliseconds{cfg_.guard} / 3;
}

// -- facts --------------------------------------------------------------------

void desk_logic::told(const account_updates& updates, desk_time at,
                      desk_actions& out) {
  order_ledger::news news;
  for (auto& update : updates) {
    if (auto* x = std::get_if<position>(&update)) {
      take_position(*x, at, out);
    } else if (auto* y = std::get_if<balance>(&update)) {
      out.emplace_back(desk_action::tell_balance{*y});
    } else {
      take_order_news(update, at, news);
      tell(news, out);
    }
  }
}

void desk_logic::take_order_news(const account_update& update, desk_time at,
                                 order_ledger::news& out) {
  auto* report = std::get_if<order_report>(&update);
  auto& key = report != nullptr ? report->order : std::get<fill>(update).order;
  auto* about = find(key.instrument.view());
  auto before = ledger_.position(key.instrument.view());
  ledger_.apply(update, out);
  if (about == nullptr || ledger_.position(key.instrument.view()) == before)
    return;
  about->traded_at = at.now;
  about->claimed.reset(); // it is from before
}

// A position that the venue tells may be from before an order that has been
// answered since, or ahead of a fill. It is certain once nothing has happened
// for a while, and until then only better than nothing.
void desk_logic::take_position(const position& news, desk_time at,
                               desk_actions& out) {
  out.emplace_back(desk_action::tell_position{news});
  auto* about = find(news.instrument.view());
  if (about == nullptr)
    return;
  if (!about->position_is_certain)
    about->told(news.amount, ledger_.position(news.instrument.view()));
  about->claimed = news.amount;
  about->claimed_at = at.now;
  settle_positions(at);
}

desk_logic::time_point desk_logic::certain_at(const instrument& about) const {
  auto is_idle = ledger_.open_amounts_of(about.name().view()).orders() == 0;
  auto since = is_idle ? about.traded_at
                       : std::max(about.traded_at, about.claimed_at);
  return since + cfg_.margin;
}

void desk_logic::settle_positions(desk_time at) {
  for (auto& [name, about] : instruments_) {
    if (!about->claimed || certain_at(*about) > at.now)
      continue;
    about->told(*std::exchange(about->claimed, std::nullopt),
                ledger_.position(name));
    about->position_is_certain = true;
  }
}

void desk_logic::told_open_orders(const account_updates& updates, desk_time at,
                                  desk_actions& out) {
  if (!renewed_after_)
    return;
  auto asked_after = *std::exchange(renewed_after_, std::nullopt);
  std::set<client_order_id> told;
  for (auto& report : reports_in(updates))
    if (auto* order = ledger_.find(report.order))
      told.insert(order->key.id);
  order_ledger::news news;
  for (auto* order : ledger_.open_orders()) {
    auto id = order->key.id;
    if (told.contains(id))
      ledger_.clear_doubt(id);
    else if (ledger_.number_of(id) <= asked_after)
      ledger_.absent(id, at.now, news);
    else // it may have ended while the channels were away
      ledger_.doubt(id);
  }
  tell(news, out);
}

void desk_logic::take_answer_of(uint64_t token, const pending& request,
                                const account_updates& updates, desk_time at,
                                desk_actions& out) {
  told(updates, at, out);
  take_answer(request, updates, at, out);
  auto* about = find(request.order.instrument.view());
  if (about != nullptr && about->asked == token)
    question_answered(*about, request, updates, at, out);
}

void desk_logic::take_answer(const pending& request,
                             const account_updates& updates, desk_time at,
                             desk_actions& out) {
  order_ledger::news news;
  auto& id = request.order.id;
  auto name = request.order.instrument.view();
  switch (request.purpose) {
    case desk_request::place:
      if (updates.empty())
        ledger_.acknowledged(id, news);
      break;
    case desk_request::ask_order:
      if (!updates.empty())
        ledger_.clear_doubt(id);
      else if (venue_.lookup() == order_lookup::query)
        ledger_.absent(id, at.now, news);
      break;
    case desk_request::ask_open_orders:
      ledger_.all_open(name, reports_in(updates), request.last_number, news);
      break;
    default:
      break;
  }
  tell(news, out);
}

// Goes on with what the venue still has to tell about an instrument.
void desk_logic::question_answered(instrument& about, const pending& request,
                                   const account_updates& updates, desk_time at,
                                   desk_actions& out) {
  about.asked = 0;
  about.pause.reset();
  if (request.purpose != desk_request::ask_position) {
    about.next = next_step(request.purpose);
  } else if (ledger_.position(about.name().view()) == request.position) {
    for (auto& x : updates)
      if (auto* told = std::get_if<position>(&x);
          told != nullptr && told->instrument == about.name())
        about.told(told->amount, request.position);
    about.position_is_certain = true;
    about.next.reset();
  } // else there was a fill, and the answer may be from before it or after it
  advance(about, at, out);
}

// An order that is not open there is over, or never was; of one that nothing
// was told of, the channels would have told if they missed nothing.
bool desk_logic::is_gone(const client_order_id& id) const noexcept {
  auto* order = ledger_.find(id);
  auto was_told = order != nullptr && order->state != order_state::unknown;
  return was_told || ledger_.number_of(id) > missed_until_;
}

// Questions are free unless they cancel what they ask for.
bool desk_logic::may_be_over(refusal_meaning meaning) const noexcept {
  return meaning != refusal_meaning::other
         || venue_.lookup() != order_lookup::cancel;
}

void desk_logic::take_failure(uint64_t token, const pending& request,
                              const error& reason, refusal_meaning meaning,
                              desk_time at, desk_actions& out) {
  order_ledger::news news;
  auto& id = request.order.id;
  auto outcome = outcome_of(reason.code);
  switch (request.purpose) {
    case desk_request::place:
      if (outcome == send_outcome::not_sent)
        ledger_.kept_back(id, to_string(reason), news);
      else if (outcome == send_outcome::unknown)
        ledger_.lost(id, arrival_of(at), news);
      else
        ledger_.refused(id, to_string(reason), news);
      break;
    case desk_request::amend:
    case desk_request::cancel:
      if (outcome == send_outcome::unknown)
        ledger_.lost(id, arrival_of(at), news);
      else if (outcome == send_outcome::refused && may_be_over(meaning))
        ledger_.doubt(id);
      break;
    case desk_request::ask_order:
      if (meaning == refusal_meaning::absent
          || (meaning == refusal_meaning::over && is_gone(id)))
        ledger_.absent(id, at.now, news);
      break;
    default:
      break;
  }
  tell(news, out);
  if (request.purpose == desk_request::amend
      || request.purpose == desk_request::cancel
      || request.purpose == desk_request::cancel_all
      || request.purpose == desk_request::guard)
    out.emplace_back(
      desk_action::tell_failure{request.purpose, request.order, reason});
  auto* about = find(request.order.instrument.view());
  if (about != nullptr && about->asked == token) {
    about->asked = 0;
    about->pause.begin(at.now);
    set_state(*about, desk_state::reconciling, reason, out);
  }
}

} // namespace zenws::trading
