// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/desk/desk_logic.hpp"

#include "zenws/desk/internal/traded_instrument.hpp"
#include "zenws/internal/enum_names.hpp"
#include "zenws/market/exact_sum.hpp"
#include "zenws/session/send_outcome.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace zenws::trading {

namespace {

using market::decimal;

// Fills are asked for from some time before the connection was lost: clocks
// differ, and messages may have been on their way.
constexpr std::chrono::minutes overlap{1};

desk_request next_step(desk_request step) noexcept {
  return step == desk_request::ask_open_orders ? desk_request::ask_fills
                                               : desk_request::ask_position;
}

// Returns what would rest of an order once it is changed.
order_request rest_of(const order& x, const amend_request& change) {
  auto result = x.terms;
  if (change.price)
    result.price = change.price;
  market::exact_sum rest;
  rest.add(change.amount.value_or(x.terms.amount));
  rest.subtract(x.filled);
  result.amount = rest.value().value_or(decimal{});
  return result;
}

std::vector<order_report> reports_in(const account_updates& updates) {
  std::vector<order_report> result;
  for (auto& x : updates)
    if (auto* report = std::get_if<order_report>(&x))
      result.push_back(*report);
  return result;
}

} // namespace

BOOST_DESCRIBE_ENUM(desk_state, disconnected, reconciling, trading)

std::string_view to_string(desk_state value) noexcept {
  return internal::enum_name(value);
}

BOOST_DESCRIBE_ENUM(desk_request, place, amend, cancel, cancel_all, guard,
                    ask_order, ask_open_orders, ask_fills, ask_position)

std::string_view to_string(desk_request value) noexcept {
  return internal::enum_name(value);
}

std::vector<config_problem> validate(const desk_config& cfg) {
  std::vector<config_problem> result;
  if (auto problem = order_numbers::check(cfg.ledger.owner))
    result.push_back({"owner", problem.detail});
  for (auto& [name, limits] : cfg.instruments) {
    if (name.empty() || name.size() > market::instrument_name::max_size)
      result.push_back({"instruments", "a name has 1 to 63 characters"});
    for (auto& problem : validate(limits, "instruments." + name))
      result.push_back(std::move(problem));
  }
  auto check_positive = [&](std::chrono::milliseconds x, const char* name) {
    if (x.count() <= 0)
      result.push_back({name, "must be positive"});
  };
  check_positive(cfg.lifetime, "lifetime");
  check_positive(cfg.margin, "margin");
  check_positive(cfg.first_pause, "first_pause");
  check_positive(cfg.longest_pause, "longest_pause");
  if (cfg.guard.count() < 0)
    result.push_back({"guard", "must not be negative"});
  return result;
}

// -- constructors, destructors, and assignment operators ----------------------

desk_logic::desk_logic(desk_config cfg, order_ledger ledger,
                       order_protocol& venue)
  : cfg_(std::move(cfg)), ledger_(std::move(ledger)), venue_(venue) {
  for (auto& [name, limits] : cfg_.instruments)
    instruments_.emplace(name,
                         std::make_unique<instrument>(name, limits, cfg_));
}

desk_logic::~desk_logic() = default;

// -- properties ---------------------------------------------------------------

desk_state desk_logic::state_of(std::string_view name) const noexcept {
  auto* about = find(name);
  return about != nullptr ? about->state : desk_state::disconnected;
}

std::optional<decimal> desk_logic::position_of(std::string_view name) const {
  auto* about = find(name);
  return about != nullptr ? about->position(ledger_) : std::nullopt;
}

const risk_gate& desk_logic::gate_of(std::string_view name) const {
  return find(name)->gate;
}

// -- connection ---------------------------------------------------------------

void desk_logic::begin_anew(desk_time at, desk_actions& out) {
  if (ledger_.last_number() == 0)
    return;
  // Nobody knows how long ago the last one was told of.
  quiet_since_ = at.wall - std::chrono::hours{23};
  order_ledger::news news;
  ledger_.begin_anew(arrival_of(at), news);
  tell(news, out);
}

void desk_logic::connected(desk_time at, desk_actions& out) {
  is_connected_ = true;
  guard(at, out);
  reconcile(at, out);
}

void desk_logic::disconnected(desk_time at, desk_actions& out) {
  if (!std::exchange(is_connected_, false))
    return;
  quiet_since_ = at.wall - overlap;
  next_guard_.reset();
  renewed_after_.reset();
  for (auto& [name, about] : instruments_)
    set_state(*about, desk_state::disconnected, {}, out);
}

void desk_logic::learn(const market::instrument_state& terms) {
  venue_.learn(terms);
  if (auto* about = find(terms.instrument.view()))
    about->terms = terms;
}

// -- requests -----------------------------------------------------------------

result<order_key> desk_logic::place(const order_request& order,
                                    const book_view& view, desk_time at,
                                    desk_actions& out) {
  auto* about = find(order.instrument.view());
  if (about == nullptr)
    return error{ec::not_found, "the desk does not trade "
                                  + std::string{order.instrument.view()}};
  if (about->state != desk_state::trading)
    return error{ec::not_connected,
                 "the desk is " + std::string{to_string(about->state)}};
  auto id = ledger_.next_id();
  auto content = venue_.place(order, id, request_at(at));
  if (!content)
    return content.error();
  if (auto refusal = about->gate.check(order, about->view(ledger_, view),
                                       at.now))
    return refusal;
  order_ledger::news news;
  auto key = ledger_.place(order, arrival_of(at), news);
  tell(news, out);
  send(desk_request::place, std::move(*content), key, out);
  return key;
}

error desk_logic::amend(const client_order_id& id, const amend_request& change,
                        const book_view& view, desk_time at,
                        desk_actions& out) {
  auto* order = ledger_.find(id);
  auto* about = order != nullptr ? find(order->key.instrument.view()) : nullptr;
  if (about == nullptr || is_final(order->state))
    return {ec::not_found, "there is no such open order"};
  if (about->state != desk_state::trading)
    return {ec::not_connected,
            "the desk is " + std::string{to_string(about->state)}};
  auto complete = change;
  complete.order = order->key;
  complete.side = order->terms.side;
  complete.post_only = order->terms.post_only;
  auto content = venue_.amend(complete, request_at(at));
  if (!content)
    return content.error();
  // As if the rest were canceled, and placed anew.
  if (auto refusal = about->gate.check(
        rest_of(*order, change), about->view(ledger_, view, order), at.now))
    return refusal;
  send(desk_request::amend, std::move(*content), order->key, out);
  return {};
}

error desk_logic::cancel(const client_order_id& id, desk_time at,
                         desk_actions& out) {
  auto* order = ledger_.find(id);
  if (order == nullptr || is_final(order->state))
    return {ec::not_found, "there is no such open order"};
  if (!is_connected_)
    return error{ec::not_connected};
  auto content = venue_.cancel(order->key, request_at(at));
  if (!content)
    return content.error();
  send(desk_request::cancel, std::move(*content), order->key, out);
  return {};
}

error desk_logic::cancel_all(std::string_view name, desk_time at,
                             desk_actions& out) {
  auto about = market::instrument_name::make(name);
  if (!about)
    return {ec::not_found, "the name of the instrument is too long"};
  if (!is_connected_)
    return error{ec::not_connected};
  auto content = venue_.cancel_all(*about, request_at(at));
  if (content) {
    send(desk_request::cancel_all, std::move(*content), {.instrument = *about},
         out);
    return {};
  }
  auto open = name.empty() ? ledger_.open_orders() : ledger_.open_orders(name);
  error first;
  for (auto* order : open)
    if (auto problem = cancel(order->key.id, at, out); problem && !first)
      first = std::move(problem);
  return first;
}

void desk_logic::halt(const std::string& reason, desk_time at,
                      desk_actions& out) {
  is_halted_ = true;
  for (auto& [name, about] : instruments_)
    about->gate.halt(reason.empty() ? "the kill switch was thrown" : reason);
  for (auto& [name, about] : instruments_)
    if (auto problem = cancel_all(name, at, out))
      out.emplace_back(desk_action::tell_failure{desk_request::cancel_all,
                                                 {.instrument = about->name()},
                                                 std::move(problem)});
}

void desk_logic::reset() noexcept {
  is_halted_ = false;
  for (auto& [name, about] : instruments_)
    about->gate.reset();
}

void desk_logic::reconcile(desk_time at, desk_actions& out) {
  if (!is_connected_)
    return;
  for (auto& [name, about] : instruments_)
    begin_reconciling(*about, at, out);
}

// -- messages and answers -----------------------------------------------------

error desk_logic::received(const envelope& message, bool begins, desk_time at,
                           desk_actions& out) {
  account_updates updates;
  if (auto problem = venue_.decode(message, updates)) {
    lost_messages(at, out);
    return problem;
  }
  take(updates, out);
  if (begins && venue_.tells_open_orders(message))
    take_open_orders(updates, at, out);
  return {};
}

void desk_logic::answered(uint64_t token, std::string_view json, desk_time at,
                          desk_actions& out) {
  auto i = pending_.find(token);
  if (i == pending_.end())
    return;
  auto request = std::move(i->second);
  pending_.erase(i);
  account_updates updates;
  // What cannot be read may mean anything.
  if (auto problem = venue_.read_answer(request.content, json, updates))
    return take_failure(token, request, problem, false, at, out);
  take(updates, out);
  take_answer(request, updates, at, out);
  auto* about = find(request.order.instrument.view());
  if (about != nullptr && about->asked == token)
    question_answered(*about, request, updates, at, out);
}

void desk_logic::failed(uint64_t token, const error& reason,
                        const std::optional<rpc_error>& refusal, desk_time at,
                        desk_actions& out) {
  auto i = pending_.find(token);
  if (i == pending_.end())
    return;
  auto request = std::move(i->second);
  pending_.erase(i);
  auto is_absence = refusal && venue_.is_absence(*refusal);
  take_failure(token, request, reason, is_absence, at, out);
}

void desk_logic::lost_messages(desk_time at, desk_actions& out) {
  quiet_since_ = at.wall - overlap;
  if (!is_connected_)
    return;
  // One question at a time, however many messages are lost.
  for (auto& [name, about] : instruments_)
    if (about->next)
      about->asks_again = true;
    else
      begin_reconciling(*about, at, out);
}

// -- time ---------------------------------------------------------------------

std::optional<desk_logic::time_point> desk_logic::wake_at() const {
  if (!is_connected_)
    return std::nullopt;
  auto result = next_guard_;
  auto earlier = [&](time_point x) {
    result = std::min(result.value_or(x), x);
  };
  if (auto due = ledger_.next_question())
    earlier(*due);
  for (auto& [name, about] : instruments_)
    if (about->next && about->asked == 0)
      earlier(about->pause.until());
  return result;
}

void desk_logic::expired(desk_time at, desk_actions& out) {
  if (!is_connected_)
    return;
  if (next_guard_ && *next_guard_ <= at.now)
    guard(at, out);
  for (auto& [name, about] : instruments_)
    if (about->next && about->asked == 0 && about->pause.is_over(at.now))
      advance(*about, at, out);
  ask_orders(at, out);
}

// -- questions ----------------------------------------------------------------

void desk_logic::begin_reconciling(instrument& about, desk_time at,
                                   desk_actions& out) {
  set_state(about, desk_state::reconciling, {}, out);
  about.next = desk_request::ask_open_orders;
  about.asked = 0;
  about.asks_again = false;
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

void desk_logic::ask_orders(desk_time at, desk_actions& out) {
  auto due = ledger_.due_questions(at.now);
  if (due.empty())
    return;
  if (venue_.lookup() == order_lookup::snapshot) {
    renewed_after_ = ledger_.last_number();
    out.emplace_back(desk_action::renew_channels{});
    return;
  }
  for (auto& key : due) {
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
    next_guard_ = at.now + cfg_.guard / 3;
}

// -- facts --------------------------------------------------------------------

void desk_logic::take(const account_updates& updates, desk_actions& out) {
  order_ledger::news news;
  for (auto& update : updates) {
    ledger_.apply(update, news);
    tell(news, out);
    if (auto* x = std::get_if<position>(&update))
      take_position(*x, out);
    else if (auto* y = std::get_if<balance>(&update))
      out.emplace_back(desk_action::tell_balance{*y});
  }
}

void desk_logic::take_position(const position& news, desk_actions& out) {
  out.emplace_back(desk_action::tell_position{news});
  auto* about = find(news.instrument.view());
  if (about == nullptr)
    return;
  // With an order under way, it may be from before a fill or after it.
  auto is_known = about->position(ledger_).has_value();
  if (!is_known || ledger_.open_orders(news.instrument.view()).empty())
    about->told(news.amount, ledger_.position(news.instrument.view()));
}

void desk_logic::take_open_orders(const account_updates& updates, desk_time at,
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
    if (ledger_.number_of(id) <= asked_after && !told.contains(id))
      ledger_.absent(id, at.now, news);
    else
      ledger_.clear_doubt(id);
  }
  tell(news, out);
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
    about.next.reset();
  } // else there was a fill, and the answer may be from before it or after it
  advance(about, at, out);
}

void desk_logic::take_failure(uint64_t token, const pending& request,
                              const error& reason, bool is_absence,
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
      else if (outcome == send_outcome::refused)
        ledger_.doubt(id); // it may be over
      break;
    case desk_request::ask_order:
      if (is_absence)
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

void desk_logic::tell(order_ledger::news& news, desk_actions& out) {
  for (auto& x : news)
    out.emplace_back(desk_action::tell{std::move(x)});
  news.clear();
}

// -- utilities ----------------------------------------------------------------

desk_logic::instrument* desk_logic::find(std::string_view name) const noexcept {
  auto i = instruments_.find(name);
  return i != instruments_.end() ? i->second.get() : nullptr;
}

request_time desk_logic::request_at(desk_time at) const noexcept {
  return {at.wall, cfg_.lifetime};
}

desk_logic::time_point desk_logic::arrival_of(desk_time at) const noexcept {
  return at.now + cfg_.lifetime + cfg_.margin;
}

uint64_t desk_logic::send(desk_request purpose, order_call content,
                          const order_key& order, desk_actions& out) {
  auto token = ++last_token_;
  pending_.emplace(token,
                   pending{purpose, content, order, ledger_.last_number(),
                           ledger_.position(order.instrument.view())});
  out.emplace_back(desk_action::send{token, purpose, std::move(content)});
  return token;
}

void desk_logic::set_state(instrument& about, desk_state state,
                           const error& reason, desk_actions& out) {
  if (about.state == state && !reason)
    return;
  about.state = state;
  if (state == desk_state::disconnected) {
    about.next.reset();
    about.asked = 0;
  }
  out.emplace_back(desk_action::tell_state{about.name(), state, reason});
}

} // namespace zenws::trading
