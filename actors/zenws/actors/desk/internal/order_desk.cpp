// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/actors/desk/internal/order_desk.hpp"

#include <algorithm>
#include <utility>

namespace zenws {

namespace {

// Before the channels of the account are asked for once more.
constexpr std::chrono::seconds channel_pause{1};

std::vector<market::instrument_name>
instruments_of(const trading::desk_config& cfg) {
  std::vector<market::instrument_name> result;
  for (auto& [name, limits] : cfg.instruments)
    if (auto known = market::instrument_name::make(name))
      result.push_back(*known);
  return result;
}

// Returns what an order that is open is told as to somebody who comes later.
trading::order_event_kind event_of(trading::order_state state) noexcept {
  switch (state) {
    case trading::order_state::pending:
      return trading::order_event_kind::pending;
    case trading::order_state::partially_filled:
      return trading::order_event_kind::partially_filled;
    case trading::order_state::unknown:
      return trading::order_event_kind::unknown;
    default:
      return trading::order_event_kind::accepted;
  }
}

} // namespace

// -- constructors, destructors, and assignment operators ----------------------

order_desk::order_desk(caf::actor_config& cfg, order_desk_options options,
                       trading::order_ledger ledger,
                       std::unique_ptr<trading::order_journal> journal,
                       desk_watchers watchers)
  : super(cfg),
    options_(std::move(options)),
    venue_(make_dialect(options_.dialect)),
    journal_(std::move(journal)),
    logic_(options_.desk, std::move(ledger), *venue_->orders()),
    watchers_(std::move(watchers)) {
  for (auto& [name, limits] : options_.desk.instruments)
    books_.try_emplace(name);
}

// -- implementation of local_actor --------------------------------------------

const char* order_desk::name() const {
  return "zenws.order_desk";
}

order_desk::behavior_type order_desk::make_behavior() {
  caf_compat::log_unhandled(*this);
  caf_compat::on_down(*this,
                      [this](const caf::actor_addr& ended, const caf::error&) {
                        watcher_ended(ended);
                      });
  for (auto& watcher : *watchers_) {
    monitor(watcher);
    greet(watcher);
  }
  logic_.begin_anew(now(), actions_);
  (void) follow_up();
  open_market();
  join(options_.account);
  if (options_.channels != options_.account)
    join(options_.channels);
  return {
    [this](const place_order& x) { return place(x); },
    [this](const amend_order& x) { return amend(x); },
    [this](const cancel_order& x) { return cancel(x); },
    [this](const cancel_orders& x) { return cancel_all(x); },
    [this](const halt_trading& x) { return halt(x); },
    [this](const resume_trading&) -> caf::result<void> {
      logic_.reset();
      return caf::unit;
    },
    [this](const reconcile_orders&) { return reconcile(); },
    [this](const watch_desk& x) { return watch(x); },
    [this](const get_orders& x) { return orders(x); },
    [this](const get_positions&) { return positions(); },
    [this](const find_orders& x) { return find(x); },
    [this](const message_batch& x) { handle(x); },
    [this](const market_batch& x) { handle(x); },
    [this](const client_event& x) { handle(x); },
    [this](const detail::desk_channels_due& x) {
      if (x.attempt == attempt_) {
        open_channels();
        (void) follow_up();
      }
    },
    [this](const detail::desk_join_due& x) { join(x.client); },
    [this](const detail::desk_due&) {
      armed_ = false;
      logic_.expired(now(), actions_);
      (void) follow_up();
    },
  };
}

void order_desk::on_exit() {
  journal_ = nullptr;  // the next desk may have it
  watchers_ = nullptr; // the next desk may have them
  options_ = {};
}

// -- watchers and questions ---------------------------------------------------

caf::result<void> order_desk::watch(const watch_desk& request) {
  if (!request.watcher)
    return make_error(error{ec::invalid_config, "there is no watcher"});
  if (std::ranges::find(*watchers_, request.watcher) == watchers_->end()) {
    monitor(request.watcher);
    watchers_->push_back(request.watcher);
  }
  cancel_due_ = false;
  greet(request.watcher);
  return caf::unit;
}

void order_desk::greet(const desk_watcher& watcher) {
  for (auto& [name, limits] : options_.desk.instruments)
    caf_compat::tell(*this, watcher,
                     desk_state_changed{name, logic_.state_of(name)});
  for (auto* order : logic_.ledger().open_orders())
    caf_compat::tell(*this, watcher,
                     trading::order_event{.kind = event_of(order->state),
                                          .content = *order});
}

void order_desk::watcher_ended(const caf::actor_addr& watcher) {
  auto is_ended = [&](auto& x) { return x.address() == watcher; };
  if (std::erase_if(*watchers_, is_ended) == 0 || !watchers_->empty()
      || options_.when_unwatched == unwatched_orders::keep)
    return;
  cancel_due_ = true;
  if (is_ready())
    cancel_unwatched();
}

// One by one: the venue's own request would reach the orders of others as well.
void order_desk::cancel_unwatched() {
  cancel_due_ = false;
  for (auto* order : logic_.ledger().open_orders())
    (void) logic_.cancel(order->key.id, now(), actions_);
  (void) follow_up();
}

order_list order_desk::orders(const get_orders& request) const {
  order_list result;
  auto& ledger = logic_.ledger();
  for (auto* order : request.instrument.empty()
                       ? ledger.open_orders()
                       : ledger.open_orders(request.instrument))
    result.orders.push_back(*order);
  return result;
}

order_list order_desk::find(const find_orders& request) const {
  auto& ledger = logic_.ledger();
  auto found = ledger.placed_after(request.after);
  for (auto& id : request.ids)
    if (auto* order = ledger.find(id))
      found.push_back(order);
  std::ranges::sort(found, {}, [](auto* x) { return x->key.id; });
  auto repeated = std::ranges::unique(found);
  found.erase(repeated.begin(), repeated.end());
  order_list result;
  for (auto* order : found)
    result.orders.push_back(*order);
  return result;
}

position_list order_desk::positions() const {
  position_list result;
  for (auto& instrument : instruments_of(options_.desk))
    if (auto amount = logic_.position_of(instrument.view()))
      result.positions.push_back({.instrument = instrument, .amount = *amount});
  return result;
}

// -- messages and events ------------------------------------------------------

void order_desk::handle(const message_batch& batch) {
  for (auto message : batch) {
    if (message.kind != message_kind::text)
      continue;
    auto content = venue_->read(message.payload);
    if (content.kind != inbound_kind::data)
      continue;
    auto begins = venue_->begins_channel(content.channel, message.payload);
    // A message that cannot be read has the venue asked: nothing to add.
    (void) logic_.received(content.content, begins, now(), actions_);
  }
  (void) follow_up();
}

void order_desk::handle(const market_batch& batch) {
  for (auto& update : batch) {
    if (auto* terms = std::get_if<market::instrument_state>(&update)) {
      logic_.learn(*terms);
      continue;
    }
    auto i = books_.find(market::instrument_of(update).view());
    if (i == books_.end())
      continue;
    i->second.content.apply(update);
    i->second.time = clock::now();
  }
}

void order_desk::handle(const client_event& event) {
  auto from = caf::actor_cast<caf::actor_addr>(current_sender());
  auto is_account = from == options_.account.address();
  auto is_channels = from == options_.channels.address();
  if (!is_account && !is_channels)
    return; // books tell by themselves that they are lost
  if (event.kind == event_kind::ended)
    return quit(make_error(event.reason));
  if (event.kind == event_kind::messages_dropped)
    logic_.lost_messages(now(), actions_);
  auto was_ready = is_ready();
  auto is_up = event.state == client_state::ready;
  if (is_account)
    account_is_ready_ = is_up;
  if (is_channels)
    channels_are_ready_ = is_up;
  if (was_ready && !is_ready()) {
    ++attempt_;
    venue_->connected();
    logic_.disconnected(now(), actions_);
  } else if (!was_ready && is_ready()) {
    open_channels();
  }
  (void) follow_up();
}

// -- account ------------------------------------------------------------------

// For no channels so far, which means: for events.
void order_desk::join(const client_actor& client) {
  request(client, caf::infinite,
          subscribe_channels{{}, caf_compat::handle_to(*this)})
    .then([](const channel_report&) {},
          [this, client](const caf::error&) {
            delayed_send(this, channel_pause, detail::desk_join_due{client});
          });
}

// The client keeps the channels over its connections; they are asked for again
// to know when they are back.
void order_desk::open_channels() {
  auto attempt = ++attempt_;
  auto channels = venue_->orders()->channels(instruments_of(options_.desk));
  channel_names_.clear();
  for (auto& channel : channels)
    channel_names_.push_back(channel.name);
  if (channels.empty())
    return channels_opened();
  request(options_.channels, caf::infinite,
          subscribe_channels{std::move(channels), caf_compat::handle_to(*this)})
    .then(
      [this, attempt](const channel_report& report) {
        if (attempt != attempt_)
          return;
        if (!report.all_granted())
          return open_channels_later();
        channels_opened();
        (void) follow_up();
      },
      [this, attempt](const caf::error&) {
        if (attempt == attempt_)
          open_channels_later();
      });
}

void order_desk::channels_opened() {
  logic_.connected(now(), actions_);
  if (cancel_due_)
    cancel_unwatched();
}

void order_desk::open_channels_later() {
  delayed_send(this, channel_pause, detail::desk_channels_due{attempt_});
}

void order_desk::open_market() {
  std::vector<std::string> names;
  for (auto& [name, limits] : options_.desk.instruments)
    names.push_back(name);
  auto self = caf::actor_cast<market_subscriber>(caf_compat::handle_to(*this));
  // Apart: venues that do not tell the terms have books all the same.
  for (auto kind : {market::data_kind::instruments, market::data_kind::book})
    request(options_.market, caf::infinite,
            subscribe_market{
              .instruments = names, .kinds = {kind}, .subscriber = self})
      .then([](const market_report&) {}, [](const caf::error&) {});
}

// -- actions ------------------------------------------------------------------

error order_desk::follow_up() {
  error result;
  while (!actions_.empty()) {
    auto actions = std::exchange(actions_, {});
    auto problem = write_journal(actions);
    if (problem && !result)
      result = problem;
    for (auto& action : actions)
      std::visit([&](auto& x) { carry_out(x, problem); }, action);
    if (problem && !logic_.is_halted())
      logic_.halt("journal: " + problem.detail, now(), actions_);
  }
  arm();
  return result;
}

error order_desk::write_journal(const trading::desk_actions& actions) {
  if (journal_ == nullptr)
    return {};
  std::vector<trading::ledger_news> news;
  for (auto& action : actions)
    if (auto* x = std::get_if<desk_action::tell>(&action))
      news.push_back(x->news);
  return news.empty() ? error{} : journal_->write(logic_.ledger(), news);
}

void order_desk::carry_out(desk_action::send& x, const error& problem) {
  // What is not in the journal must not happen; cancellations do no harm.
  if (problem && x.purpose == trading::desk_request::place)
    return logic_.failed(x.token, problem, {}, now(), actions_);
  auto patience = options_.desk.lifetime + options_.desk.margin;
  request(options_.account, caf::infinite,
          call{std::move(x.content.method), std::move(x.content.params),
               patience})
    .then(
      [this, token = x.token](const rpc_result& answer) {
        logic_.answered(token, answer.json, now(), actions_);
        (void) follow_up();
      },
      [this, token = x.token](const caf::error& reason) {
        error told{caf_compat::code_of(reason), caf_compat::detail_of(reason)};
        logic_.failed(token, told, rpc_error_of(reason), now(), actions_);
        (void) follow_up();
      });
}

void order_desk::carry_out(const desk_action::renew_channels&, const error&) {
  caf_compat::tell(*this, options_.channels, renew_channels{channel_names_});
}

void order_desk::carry_out(const desk_action::tell& x, const error&) {
  std::visit([this](auto& news) { tell_watchers(news); }, x.news);
}

void order_desk::carry_out(const desk_action::tell_position& x, const error&) {
  tell_watchers(x.news);
}

void order_desk::carry_out(const desk_action::tell_balance& x, const error&) {
  tell_watchers(x.news);
}

void order_desk::carry_out(const desk_action::tell_state& x, const error&) {
  tell_watchers(
    desk_state_changed{std::string{x.instrument.view()}, x.state, x.reason});
}

void order_desk::carry_out(const desk_action::tell_failure& x, const error&) {
  tell_watchers(desk_request_failed{x.purpose, x.order, x.reason});
}

template <class T>
void order_desk::tell_watchers(const T& news) {
  for (auto& watcher : *watchers_)
    caf_compat::tell(*this, watcher, news);
}

void order_desk::arm() {
  auto due = logic_.wake_at();
  if (!due || std::exchange(armed_, true))
    return;
  auto delay
    = std::chrono::ceil<std::chrono::milliseconds>(*due - clock::now());
  // A time that comes nearer later is seen a second late, at most.
  delayed_send(this,
               std::clamp(delay, std::chrono::milliseconds{1},
                          std::chrono::milliseconds{1'000}),
               detail::desk_due{});
}

trading::desk_time order_desk::now() const {
  using namespace std::chrono;
  return {clock::now(), floor<milliseconds>(system_clock::now())};
}

} // namespace zenws
