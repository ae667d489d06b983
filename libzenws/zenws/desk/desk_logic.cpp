// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/desk/desk_logic.hpp"

#include "zenws/desk/internal/traded_instrument.hpp"
#include "zenws/internal/enum_names.hpp"
#include "zenws/market/exact_sum.hpp"

#include <algorithm>
#include <utility>

namespace zenws::trading {

namespace {

using market::decimal;

// Fills are asked for from some time before the connection was lost: clocks
// differ, and messages may have been on their way.
constexpr std::chrono::minutes overlap{1};

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

// -- constructors, destructors, and assignment operators ----------------------

desk_logic::desk_logic(desk_config cfg, order_ledger ledger,
                       order_protocol& venue)
  : cfg_(std::move(cfg)), ledger_(std::move(ledger)), venue_(venue) {
  for (auto& [name, limits] : cfg_.instruments)
    instruments_.emplace(name,
                         std::make_unique<instrument>(name, limits, cfg_));
  for (auto& terms : cfg_.terms)
    learn(terms);
  missed_until_ = ledger_.last_number();
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
  missed_until_ = ledger_.last_number();
  order_ledger::news news;
  ledger_.begin_anew(arrival_of(at), news);
  tell(news, out);
}

void desk_logic::connected(desk_time at, desk_actions& out) {
  is_connected_ = true;
  guard(at, out);
  if (renewed_after_) // they have not begun anew since
    out.emplace_back(desk_action::renew_channels{});
  for (auto& [name, about] : instruments_)
    begin_reconciling(*about, at, out);
}

void desk_logic::disconnected(desk_time at, desk_actions& out) {
  if (!std::exchange(is_connected_, false))
    return;
  quiet_since_ = at.wall - overlap;
  next_guard_.reset();
  renewed_after_.reset();
  // The channels begin anew with the next connection: what they do not tell
  // then is over.
  if (venue_.lookup() == order_lookup::snapshot)
    renewed_after_ = ledger_.last_number();
  for (auto& [name, about] : instruments_) {
    about->claimed.reset();
    set_state(*about, desk_state::disconnected, {}, out);
  }
}

void desk_logic::learn(const market::instrument_state& terms) {
  venue_.learn(terms);
  if (auto* about = find(terms.instrument.view())) {
    about->terms = terms;
    know_untold_position(*about);
  }
}

void desk_logic::know_untold_position(instrument& about) {
  if (!about.position(ledger_) && !venue_.tells_position(about.name()))
    about.told({}, market::decimal{}); // what others hold is not known
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
  send(desk_request::amend, std::move(*content), order->key, out, complete);
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
  next_sweep_ = at.now + cfg_.first_pause;
  for (auto& [name, about] : instruments_)
    about->gate.halt(reason.empty() ? "the kill switch was thrown" : reason);
  for (auto& [name, about] : instruments_)
    if (auto problem = cancel_all(name, at, out))
      out.emplace_back(desk_action::tell_failure{desk_request::cancel_all,
                                                 {.instrument = about->name()},
                                                 std::move(problem)});
}

// Orders may be open again after the kill switch was thrown: it could not be
// carried out for lack of a connection, was refused, or an order came late.
void desk_logic::sweep(desk_time at, desk_actions& out) {
  next_sweep_ = at.now + cfg_.first_pause;
  for (auto* order : ledger_.open_orders())
    if (auto problem = cancel(order->key.id, at, out))
      out.emplace_back(desk_action::tell_failure{
        desk_request::cancel, order->key, std::move(problem)});
}

void desk_logic::reset() noexcept {
  is_halted_ = false;
  for (auto& [name, about] : instruments_)
    about->gate.reset();
}

void desk_logic::reconcile(desk_time at, desk_actions& out) {
  if (!is_connected_)
    return;
  renew_channels(out);
  for (auto& [name, about] : instruments_)
    begin_reconciling(*about, at, out);
}

// -- messages and answers -----------------------------------------------------

error desk_logic::received(const envelope& message, bool begins, desk_time at,
                           desk_actions& out) {
  account_updates updates;
  if (auto problem = venue_.decode(message, updates)) {
    // One message is no reason to cancel all orders.
    if (venue_.lookup() != order_lookup::cancel)
      doubt_orders(at);
    ask_again(at, out);
    return problem;
  }
  told(updates, at, out);
  if (begins && venue_.tells_open_orders(message))
    told_open_orders(updates, at, out);
  return {};
}

void desk_logic::answered(uint64_t token, std::string_view json, desk_time at,
                          desk_actions& out) {
  auto request = take_pending(token);
  if (!request)
    return;
  account_updates updates;
  // What cannot be read may mean anything.
  if (auto problem = venue_.read_answer(request->content, json, updates))
    return take_failure(token, *request, problem, refusal_meaning::other, at,
                        out);
  take_answer_of(token, *request, updates, at, out);
}

void desk_logic::answered(uint64_t token, const account_updates& updates,
                          desk_time at, desk_actions& out) {
  if (auto request = take_pending(token))
    take_answer_of(token, *request, updates, at, out);
}

void desk_logic::failed(uint64_t token, const error& reason,
                        const std::optional<rpc_error>& refusal, desk_time at,
                        desk_actions& out) {
  auto request = take_pending(token);
  if (!request)
    return;
  auto meaning = refusal_meaning::other;
  if (refusal && venue_.is_absence(*refusal))
    meaning = refusal_meaning::absent;
  else if (refusal && venue_.is_over(*refusal))
    meaning = refusal_meaning::over;
  take_failure(token, *request, reason, meaning, at, out);
}

void desk_logic::lost_messages(desk_time at, desk_actions& out) {
  doubt_orders(at);
  ask_again(at, out);
}

void desk_logic::ask_again(desk_time at, desk_actions& out) {
  quiet_since_ = at.wall - overlap;
  missed_until_ = ledger_.last_number();
  for (auto& [name, about] : instruments_)
    about->position_is_certain = false;
  if (!is_connected_)
    return;
  // One question at a time, however many messages are lost.
  if (!renewed_after_)
    renew_channels(out);
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
  if (is_halted_ && !ledger_.open_orders().empty())
    earlier(next_sweep_);
  for (auto& [name, about] : instruments_) {
    if (about->next && about->asked == 0)
      earlier(about->pause.until());
    if (about->claimed)
      earlier(certain_at(*about));
  }
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
  settle_positions(at);
  if (is_halted_ && next_sweep_ <= at.now)
    sweep(at, out);
  ask_orders(at, out);
}

// -- utilities ----------------------------------------------------------------

void desk_logic::tell(order_ledger::news& news, desk_actions& out) {
  for (auto& x : news)
    out.emplace_back(desk_action::tell{std::move(x)});
  news.clear();
}

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
                          const order_key& order, desk_actions& out,
                          const amend_request& change) {
  auto token = ++last_token_;
  pending_.emplace(token,
                   pending{purpose, content, order, ledger_.last_number(),
                           ledger_.position(order.instrument.view())});
  out.emplace_back(
    desk_action::send{token, purpose, std::move(content), order, change});
  return token;
}

std::optional<desk_logic::pending> desk_logic::take_pending(uint64_t token) {
  auto i = pending_.find(token);
  if (i == pending_.end())
    return std::nullopt;
  auto result = std::move(i->second);
  pending_.erase(i);
  return result;
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
