// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/actors/desk/internal/order_desk.hpp"

#include <algorithm>
#include <utility>

namespace zenws {

namespace {

// Before the channels of the account are asked for once more.
constexpr std::chrono::seconds channel_pause{1};

// Returns whether news of the account were lost, or may have been until now.
bool misses_messages(event_kind kind) noexcept {
  return kind == event_kind::messages_dropped
         || kind == event_kind::channel_lost
         || kind == event_kind::channel_restored
         || kind == event_kind::channel_revoked;
}

} // namespace

// -- constructors, destructors, and assignment operators ----------------------

order_desk::order_desk(caf::actor_config& cfg, order_desk_options options,
                       trading::order_ledger ledger,
                       std::unique_ptr<trading::order_journal> journal,
                       desk_memory_ptr memory)
  : super(cfg),
    options_(std::move(options)),
    venue_(make_dialect(options_.dialect)),
    journal_(std::move(journal)),
    logic_(options_.desk, std::move(ledger), *venue_->orders()),
    memory_(std::move(memory)) {
  if (options_.mode == desk_mode::paper)
    paper_.emplace(logic_.ledger(), instruments());
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
  for (auto& watcher : memory_->watchers) {
    caf_compat::monitor(*this, watcher);
    greet(watcher);
  }
  if (paper_)
    begin_on_paper();
  else
    logic_.begin_anew(now(), actions_);
  if (memory_->halt)
    logic_.halt(*memory_->halt, now(), actions_);
  publish_gates();
  (void) follow_up();
  open_market();
  join(account());
  if (channels() != account())
    join(channels());
  return {
    [this](const place_order& x) { return place(x); },
    [this](const amend_order& x) { return amend(x); },
    [this](const cancel_order& x) { return cancel(x); },
    [this](const cancel_orders& x) { return cancel_all(x); },
    [this](const halt_trading& x) { return halt(x); },
    [this](const resume_trading&) { return resume(); },
    [this](const reconcile_orders&) { return reconcile(); },
    [this](const watch_desk& x) { return watch(x); },
    [this](const get_orders& x) { return orders(x); },
    [this](const get_positions&) { return positions(); },
    [this](const get_desk_report&) { return report(); },
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
    [this](const detail::desk_paper_due&) { answer_on_paper(); },
    [this](const detail::desk_join_due& x) { join(x.client); },
    [this](const detail::desk_due&) {
      armed_ = false;
      logic_.expired(now(), actions_);
      (void) follow_up();
    },
  };
}

void order_desk::before_end() {
  options_.stats->traded.set(0);
  journal_ = nullptr; // the next desk may have it
  // Those of the next desk; without this they would keep what is left of this.
  for (auto& watcher : memory_->watchers)
    caf_compat::demonitor(*this, watcher.address());
  memory_ = nullptr; // the next desk may have it
  options_ = {};
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
  trading::account_updates news; // on paper
  for (auto& update : batch) {
    if (auto* terms = std::get_if<market::instrument_state>(&update))
      logic_.learn(*terms);
    auto i = books_.find(market::instrument_of(update).view());
    if (i == books_.end())
      continue;
    auto& [book, time] = i->second;
    if (book.apply(update) != market::book_outcome::unrelated)
      time = clock::now();
    if (paper_)
      paper_->received(update, book, news);
  }
  if (news.empty())
    return;
  logic_.told(news, now(), actions_);
  (void) follow_up();
}

void order_desk::handle(const client_event& event) {
  auto from = caf::actor_cast<caf::actor_addr>(current_sender());
  auto is_account = from == account().address();
  auto is_channels = from == channels().address();
  if (!is_account && !is_channels)
    return; // books tell by themselves that they are lost
  if (event.kind == event_kind::ended)
    return quit(make_error(event.reason));
  if (is_channels && !paper_ && misses_messages(event.kind))
    logic_.lost_messages(now(), actions_);
  auto was_ready = is_ready();
  auto is_up = event.state == client_state::ready;
  if (is_account)
    account_is_ready_ = is_up;
  auto channels_were_ready = channels_are_ready_;
  if (is_channels)
    channels_are_ready_ = is_up;
  if (was_ready && !is_ready()) {
    ++attempt_;
    venue_->connected();
    logic_.disconnected(now(), actions_);
  }
  if (channels_were_ready && !channels_are_ready_)
    logic_.lost_messages(now(), actions_);
  if (!was_ready && is_ready())
    open_channels();
  (void) follow_up();
}

// -- account ------------------------------------------------------------------

std::vector<market::instrument_name> order_desk::instruments() const {
  std::vector<market::instrument_name> result;
  for (auto& [name, limits] : options_.desk.instruments)
    if (auto known = market::instrument_name::make(name))
      result.push_back(*known);
  return result;
}

// For no channels so far, which means: for events.
void order_desk::join(const client_actor& client) {
  request(client, caf::infinite,
          subscribe_channels{{}, caf_compat::handle_to(*this)})
    .then([](const channel_report&) {},
          [this, client](const caf::error&) {
            caf_compat::tell_later(*this, channel_pause,
                                   detail::desk_join_due{client});
          });
}

// The client keeps the channels over its connections; they are asked for again
// to know when they are back.
void order_desk::open_channels() {
  auto attempt = ++attempt_;
  std::vector<channel_spec> wanted;
  if (!paper_)
    wanted = venue_->orders()->channels(instruments());
  channel_names_.clear();
  for (auto& channel : wanted)
    channel_names_.push_back(channel.name);
  if (wanted.empty())
    return channels_opened();
  request(channels(), caf::infinite,
          subscribe_channels{std::move(wanted), caf_compat::handle_to(*this)})
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
  caf_compat::tell_later(*this, channel_pause,
                         detail::desk_channels_due{attempt_});
}

void order_desk::open_market() {
  std::vector<std::string> names;
  for (auto& [name, limits] : options_.desk.instruments)
    names.push_back(name);
  auto self = caf::actor_cast<market_subscriber>(caf_compat::handle_to(*this));
  std::vector<market::data_kind> kinds{market::data_kind::instruments,
                                       market::data_kind::book};
  if (paper_)
    kinds.push_back(market::data_kind::trades);
  // Apart: venues that do not tell the terms have books all the same.
  for (auto kind : kinds)
    request(options_.market, caf::infinite,
            subscribe_market{.instruments = names,
                             .kinds = {kind},
                             .subscriber = self,
                             .pace = options_.pace})
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
  publish();
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
  if (paper_)
    return send_on_paper(x);
  auto patience = options_.desk.lifetime + options_.desk.margin;
  request(account(), caf::infinite,
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
  if (paper_)
    return renew_on_paper();
  caf_compat::tell(*this, channels(), renew_channels{channel_names_});
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
  publish_gates();
}

void order_desk::carry_out(const desk_action::tell_failure& x, const error&) {
  tell_watchers(desk_request_failed{x.purpose, x.order, x.reason});
}

template <class T>
void order_desk::tell_watchers(const T& news) {
  for (auto& watcher : memory_->watchers)
    tell(watcher, news);
}

void order_desk::arm() {
  auto due = logic_.wake_at();
  if (!due || std::exchange(armed_, true))
    return;
  auto delay
    = std::chrono::ceil<std::chrono::milliseconds>(*due - clock::now());
  // A time that comes nearer later is seen a second late, at most.
  caf_compat::tell_later(*this,
                         std::clamp(delay, std::chrono::milliseconds{1},
                                    std::chrono::milliseconds{1'000}),
                         detail::desk_due{});
}

trading::desk_time order_desk::now() const {
  using namespace std::chrono;
  return {clock::now(), floor<milliseconds>(system_clock::now())};
}

} // namespace zenws
