// SPDX-License-Identifier: BSD-3-Clause

#include "scenario.hpp"

#include <iomanip>
#include <iostream>
#include <sstream>
#include <utility>

namespace zenws::demo {

namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds patience{10};

constexpr const char* venue_name = "venue";
constexpr const char* control_name = "control";
constexpr const char* control_path = "/control";

// Time of each step, in percent of the length.
constexpr std::pair<step, int> timetable[] = {
  {step::cut, 20}, {step::crash, 40}, {step::stall, 60},   {step::resume, 80},
  {step::gap, 85}, {step::halt, 95},  {step::finish, 100},
};

// Of the simulator, see docs/exchange-sim.md.
result<credentials> demo_account() {
  return credentials{.key = "demo", .secret = "demo-secret"};
}

} // namespace

scenario::scenario(caf::actor_config& cfg, supervisor_actor desk,
                   client_supervisor_actor supervisor,
                   engine::engine_options trading, demo_plan plan,
                   caf::actor listener)
  : super(cfg),
    desk_(std::move(desk)),
    supervisor_(std::move(supervisor)),
    plan_(std::move(plan)),
    listener_(std::move(listener)),
    started_at_(clock().now()),
    restored_at_(started_at_) {
  summary_.source = plan_.source;
  trader_ = spawn<engine::engine, caf::linked>(std::move(trading),
                                               caf::actor{this});
}

const char* scenario::name() const {
  return "zenws.demo_scenario";
}

caf::behavior scenario::make_behavior() {
  start_control();
  return {
    [this](const client_event& event) { handle(event); },
    [this](const engine::feed_restored& event) { handle(event); },
    [this](const engine::subscription_refused& refusal) { handle(refusal); },
    [this](const message_batch& answers) { handle(answers); },
    [this](const engine::engine_report& report) { handle(report); },
    [this](const detail::step_due& event) { perform(event.next); },
    [this](const end_early&) {
      interrupted_ = true;
      finish();
    },
  };
}

void scenario::on_exit() {
  // Breaks the cycle between engine and scenario.
  trader_ = nullptr;
  venue_ = nullptr;
  control_ = nullptr;
}

// -- setup --------------------------------------------------------------------

// TLS is verified against the simulator's own authority. A short heartbeat
// finds a silent peer within two seconds.
client_spec scenario::spec_of(std::string name, std::string_view path) const {
  client_spec result;
  result.name = std::move(name);
  result.config.url = plan_.url + std::string{path};
  result.config.tls.ca_file = plan_.ca_file;
  result.config.heartbeat.interval = milliseconds{500};
  result.config.heartbeat.max_missed = 2;
  return result;
}

client_spec scenario::venue_spec() const {
  auto result = spec_of(venue_name, plan_.path);
  auto& venue = result.config.venue;
  venue.dialect = "deribit";
  // A recording answers no renewal.
  if (plan_.source == data_source::recording)
    result.feed.book_silence = milliseconds{0};
  venue.login = login_mode::required;
  venue.on_login
    = {{"private/enable_cancel_on_disconnect", R"({"scope":"connection"})"}};
  result.credentials = demo_account;
  return result;
}

void scenario::start_control() {
  request(supervisor_, patience,
          start_client{spec_of(control_name, control_path)})
    .then(
      [this](client_actor& client) {
        control_ = std::move(client);
        send(control_, subscribe{caf::actor{this}, {}});
        start_venue();
      },
      [this](const caf::error& reason) { fail(caf_compat::to_text(reason)); });
}

void scenario::start_venue() {
  request(supervisor_, patience, start_client{venue_spec()})
    .then(
      [this](client_actor& client) {
        venue_ = std::move(client);
        subscription_options events;
        events.content = subscription_content::events;
        send(venue_, subscribe{caf::actor{this}, events});
        send(trader_, engine::attach_client{venue_});
        schedule_steps();
      },
      [this](const caf::error& reason) { fail(caf_compat::to_text(reason)); });
}

void scenario::schedule_steps() {
  for (auto [next, percent] : timetable)
    later(plan_.length * percent / 100, next);
}

// -- steps --------------------------------------------------------------------

void scenario::later(milliseconds delay, step next) {
  delayed_send(this, delay, detail::step_due{next});
}

void scenario::perform(step next) {
  switch (next) {
    case step::cut:
      say(">>> The simulator falls silent, an order is sent, and the TCP "
          "connection is reset.");
      expect_recovery();
      later(milliseconds{100}, step::order);
      later(milliseconds{300}, step::drop);
      return command("stall");
    case step::order:
      for (auto instrument : {"BTC-PERPETUAL", "ETH-PERPETUAL"})
        send(trader_, engine::trade_now{{instrument, 1}});
      return;
    case step::drop:
      return command("drop");
    case step::crash:
      say(">>> The client actor is killed while an order is on its way.");
      expect_recovery();
      perform(step::order);
      return caf::anon_send_exit(venue_, caf::exit_reason::kill);
    case step::stall:
      say(">>> The simulator falls silent but keeps the connection open; an "
          "order is sent.");
      expect_recovery();
      later(milliseconds{100}, step::order);
      return command("stall");
    case step::resume:
      say(">>> The simulator answers on old connections again.");
      return command("resume");
    case step::gap:
      // A recording cannot be changed.
      if (plan_.source == data_source::recording)
        return;
      say(">>> The simulator leaves out changes of the order books.");
      return command("gap");
    case step::halt:
      say("The engine decides no more.");
      return send(trader_, engine::halt{});
    case step::finish:
      return finish();
  }
}

void scenario::command(std::string_view fault) {
  command_simulator(R"({"fault":")" + std::string{fault} + R"(","path":")"
                    + plan_.path + R"("})");
}

void scenario::command_simulator(std::string text) {
  request(control_, patience, send_text{std::move(text)})
    .then(
      [] {
        // nop
      },
      [this](const caf::error& reason) {
        say("The simulator cannot be commanded: "
            + caf_compat::to_text(reason));
      });
}

void scenario::expect_recovery() {
  if (std::exchange(awaits_recovery_, true))
    ++summary_.unhealed_faults;
  faulty_epoch_ = epoch_;
}

void scenario::finish() {
  if (std::exchange(awaits_recovery_, false))
    ++summary_.unhealed_faults;
  request(trader_, patience, engine::get_report{})
    .then(
      [this](const engine::engine_report& report) {
        count(report);
        // Its answer ends the demo.
        command_simulator(R"({"count":"orders"})");
      },
      [this](const caf::error& reason) { fail(caf_compat::to_text(reason)); });
}

// -- observer -----------------------------------------------------------------

void scenario::handle(const client_event& event) {
  say(describe(event));
  if (event.kind == event_kind::gave_up)
    return fail(explain(event.reason).remedy);
  if (event.client != venue_name)
    return;
  if (event.kind == event_kind::restarted) {
    restarted_ = true;
    ++summary_.restarts;
  }
  if (event.state != client_state::ready || event.epoch == epoch_)
    return;
  // Epochs count from 1: each later one is due to a reconnect, unless there was
  // a restart.
  if (!std::exchange(restarted_, false) && event.epoch > 1)
    ++summary_.reconnects;
  epoch_ = event.epoch;
}

void scenario::handle(const engine::feed_restored& event) {
  restored_at_ = clock().now();
  if (event.epoch > faulty_epoch_)
    awaits_recovery_ = false;
  say("All is restored and data flows (epoch " + std::to_string(event.epoch)
      + ").");
  show_tree();
}

void scenario::handle(const engine::subscription_refused& refusal) {
  say("The venue refuses " + refusal.name + ": " + refusal.reason);
}

void scenario::handle(const message_batch& answers) {
  for (auto answer : answers) {
    if (auto problem = find_member(answer.payload, "error"))
      say("The simulator refuses: " + printable(problem.text));
    auto orders = find_member(answer.payload, "orders").integer();
    if (!orders)
      continue;
    auto duplicates = find_member(answer.payload, "duplicates").integer();
    summary_.orders_at_venue = static_cast<uint64_t>(*orders);
    summary_.duplicates = static_cast<uint64_t>(duplicates.value_or(0));
    end();
  }
}

void scenario::handle(const engine::engine_report& report) {
  say("  " + engine::live_line(report));
  auto gaps = report.market.gaps_detected;
  if (auto more = gaps - std::exchange(gaps_reported_, gaps); more > 0)
    say("The engine has noticed " + std::to_string(more)
        + (more == 1 ? " gap" : " gaps") + " and had the books renewed.");
}

void scenario::show_tree() {
  request(desk_, patience, get_tree{})
    .then([this](const tree_node& tree) { say(to_text(tree)); },
          [this](const caf::error& reason) {
            say("no tree: " + caf_compat::to_text(reason));
          });
}

void scenario::count(const engine::engine_report& report) {
  auto age = duration_cast<milliseconds>(clock().now() - restored_at_);
  auto inactive = inactive_subscriptions(report, plan_.expected, age);
  for (auto& name : inactive)
    say("Not active: " + name);
  const auto& market = report.market;
  say("gaps detected and healed: " + std::to_string(market.gaps_detected)
      + ", books lost by unreadable messages: "
      + std::to_string(market.unreadable)
      + ", gaps in trades: " + std::to_string(market.trade_gaps));
  const auto& orders = report.orders;
  say("orders: " + std::to_string(orders.sent) + " sent, "
      + std::to_string(orders.acked) + " acknowledged, "
      + std::to_string(orders.refused) + " refused, "
      + std::to_string(orders.absent) + " never arrived; "
      + std::to_string(orders.ever_unknown)
      + " had to be asked for after a fault");
  if (!report.last_problem.empty())
    say("Last problem: " + report.last_problem);
  summary_.messages = market.updates;
  summary_.gaps = open_gaps(report, plan_.source);
  summary_.lost_subscriptions = inactive.size();
  summary_.orders_sent = orders.sent;
  summary_.orders_acked = orders.acked;
  summary_.orders_unknown = orders.sent - orders.acked - orders.refused
                            - orders.absent;
}

void scenario::end() {
  say("the venue has " + std::to_string(summary_.orders_at_venue)
      + " orders of this run");
  summary_.complete = !interrupted_;
  send(listener_, summary_);
}

void scenario::fail(const std::string& reason) {
  say("The demo ends early: " + reason);
  send(listener_, summary_);
}

void scenario::say(std::string_view text) const {
  auto age = clock().now() - started_at_;
  std::ostringstream line;
  line << std::fixed << std::setprecision(2) << std::setw(6)
       << std::chrono::duration<double>{age}.count() << "  ";
  auto indent = '\n' + std::string(line.str().size(), ' ');
  for (auto c : text.substr(0, text.find_last_not_of('\n') + 1))
    if (c == '\n')
      line << indent;
    else
      line << c;
  std::cout << line.str() << std::endl;
}

} // namespace zenws::demo
