#include "zenws/testing/fake_clients.hpp"

#include "zenws/actors/caf/stable_address.hpp"

#include <algorithm>
#include <cstring>
#include <set>
#include <stdexcept>
#include <utility>

namespace zenws::testing {

struct fake_clients::fake {
  uint64_t id;
  durable_state_ptr state{}; // null if it does not run
  caf::actor_clock* clock;
  caf::actor_clock::time_point since{}; // in the state that it is in
  caf::actor_addr incarnation{};
  size_t incarnations = 0;
  std::vector<std::string> sent{};
  std::map<std::string, std::set<caf::actor>> channels{};
  std::vector<caf::response_promise> waiting_for_ready{};

  client_event event(event_kind kind) const {
    return state->event(kind, state->stats->state);
  }

  void tell(const client_event& what) {
    state->subscribers.deliver(what, {state->address, nullptr});
    if (state->events && what.kind == event_kind::state_changed)
      state->events->publish(what, nullptr);
  }

  void publish_state(client_state value) {
    auto now = clock->now();
    auto& stats = *state->stats;
    if (stats.state == client_state::ready)
      stats.was_ready_for(now - since);
    since = now;
    stats.state = value;
    stats.epoch = state->epoch;
  }
};

// -- the actor ----------------------------------------------------------------

class fake_clients::incarnation
  : public caf_compat::answering_actor<client_actor::base> {
public:
  using super = caf_compat::answering_actor<client_actor::base>;

  incarnation(caf::actor_config& cfg, std::shared_ptr<fake> what,
              const call_responder* answer_call)
    : super(cfg), fake_(std::move(what)), answer_call_(answer_call) {
    // nop
  }

  const char* name() const override {
    return "zenws.testing.client";
  }

  behavior_type make_behavior() override {
    caf_compat::on_down(*this,
                        [this](const caf::actor_addr& who, const caf::error&) {
                          fake_->state->subscribers.remove(who);
                        });
    for (auto& x : fake_->state->subscribers.list())
      monitor(x);
    fake_->publish_state(client_state::connecting);
    fake_->tell(fake_->event(event_kind::state_changed));
    return {
      [this](send_text& what) { return send(std::move(what.payload)); },
      [this](send_binary& what) { return send(std::move(what.payload)); },
      [this](const get_status&) { return status(); },
      [this](const await_ready&) -> caf::result<uint64_t> {
        if (is_ready())
          return fake_->state->epoch;
        fake_->waiting_for_ready.push_back(make_response_promise());
        return caf::delegated<uint64_t>{};
      },
      [this](const close_client&) { quit(); },
      [this](const subscribe& what) {
        add(what.subscriber, what.options);
        fake_->tell(fake_->event(event_kind::state_changed));
      },
      [this](const unsubscribe& what) -> caf::result<void> {
        if (!fake_->state->subscribers.remove(what.subscriber.address()))
          return make_error(ec::not_found);
        return caf::unit;
      },
      [this](const call& what) -> caf::result<rpc_result> {
        if (!is_ready())
          return make_error(ec::not_connected);
        fake_->sent.push_back(what.method);
        if (!*answer_call_)
          return make_error(ec::not_supported);
        auto answer = (*answer_call_)(what);
        if (!answer)
          return make_error(answer.error());
        return rpc_result{*answer};
      },
      [this](const subscribe_channels& what) {
        add(what.subscriber, what.options);
        channel_report report;
        for (auto& x : what.channels) {
          fake_->channels[x.name].insert(what.subscriber);
          report.outcomes.push_back({x.name, outcome_kind::granted});
        }
        return report;
      },
      [this](const unsubscribe_channels& what) {
        for (auto& x : what.channels)
          fake_->channels[x].erase(what.subscriber);
        std::erase_if(fake_->channels,
                      [](auto& x) { return x.second.empty(); });
      },
      [](const renew_channels&) {},
      [](const get_heartbeat_health&) { return heartbeat_health{}; },
      [this](const get_state_metrics&) {
        state_metrics result;
        result.state = fake_->state->stats->state;
        result.epoch = fake_->state->epoch;
        return result;
      },
    };
  }

  void on_exit() override {
    fake_->publish_state(client_state::stopped);
    auto why = fail_state() ? fail_state() : make_error(ec::client_stopped);
    for (auto& promise : std::exchange(fake_->waiting_for_ready, {}))
      caf_compat::answer(promise, why);
    auto& state = *fake_->state;
    state.last_error = reason_of(state.last_error, fail_state());
    // Otherwise a supervisor decides whether this is the end.
    if (!state.address)
      state.tell_end(state.last_error,
                     {caf::strong_actor_ptr{ctrl()}, context()});
  }

  // As a client does: a kill would end the supervisor, which is linked to it.
  bool cleanup(caf::error&& reason, caf::execution_unit* unit) override {
    if (reason == caf::exit_reason::kill)
      return super::cleanup(make_error(error{ec::client_crashed, "killed"}),
                            unit);
    return super::cleanup(std::move(reason), unit);
  }

protected:
  void leave_unread() override {
    if (auto address = fake_->state->address)
      stable_address::take_back(address, ctrl(),
                                [this] { return close_mailbox(); });
    else
      super::leave_unread();
    fake_->state.reset();
  }

private:
  bool is_ready() const {
    return fake_->state->stats->state == client_state::ready;
  }

  caf::result<void> send(std::string payload) {
    if (!is_ready())
      return make_error(ec::not_connected);
    fake_->sent.push_back(std::move(payload));
    return caf::unit;
  }

  void add(const caf::actor& who, subscription_options options) {
    monitor(who);
    fake_->state->subscribers.add(who, options);
  }

  client_status status() const {
    client_status result;
    result.id = fake_->state->id;
    result.name = fake_->state->spec.name;
    result.state = fake_->state->stats->state;
    result.epoch = fake_->state->epoch;
    result.channels = static_cast<uint32_t>(fake_->channels.size());
    return result;
  }

  std::shared_ptr<fake> fake_;
  const call_responder* answer_call_;
};

// -- constructors, destructors, and assignment operators ----------------------

fake_clients::fake_clients(caf::actor_system& sys)
  : system_(sys), events_(std::make_shared<event_stream>()) {
  // nop
}

fake_clients::~fake_clients() {
  events_->clear();
}

// -- starting -----------------------------------------------------------------

client_actor fake_clients::connect(client_spec spec) {
  durable_state_ptr state{new durable_state(std::move(spec))};
  state->events = events_;
  auto result = spawn_incarnation(std::move(state));
  caf_compat::start(result);
  return result;
}

client_actor fake_clients::spawn_incarnation(durable_state_ptr state) {
  auto& x = fakes_[state->spec.name];
  if (!x || x->id != state->id)
    x = std::make_shared<fake>(
      fake{.id = state->id, .clock = &system_.clock()});
  x->state = std::move(state);
  ++x->incarnations;
  auto result = system_.spawn<incarnation, caf::lazy_init>(x, &answer_call_);
  x->incarnation = result.address();
  return result;
}

// -- what happens to a client -------------------------------------------------

fake_clients::fake& fake_clients::running(const std::string& name) {
  auto i = fakes_.find(name);
  if (i == fakes_.end() || !i->second->state)
    throw std::logic_error{"no client runs by the name of " + name};
  return *i->second;
}

void fake_clients::enter(const std::string& name, client_state state,
                         error reason) {
  auto& x = running(name);
  if (state == client_state::ready)
    ++x.state->epoch;
  x.publish_state(state);
  auto what = x.event(event_kind::state_changed);
  what.reason = std::move(reason);
  x.tell(what);
  if (state == client_state::ready)
    for (auto& promise : std::exchange(x.waiting_for_ready, {}))
      caf_compat::answer(promise, x.state->epoch);
}

void fake_clients::receive(const std::string& name,
                           const std::vector<std::string>& texts) {
  auto& x = running(name);
  size_t bytes = 1;
  for (auto& text : texts)
    bytes += text.size();
  auto batch = slab_pool::make_unpooled(bytes, texts.size());
  auto* pos = batch->data();
  for (auto& text : texts) {
    std::memcpy(pos, text.data(), text.size());
    batch->add(pos, text.size(), message_kind::text);
    pos += text.size();
  }
  auto& state = *x.state;
  batch->client_id = state.id;
  batch->epoch = state.epoch;
  batch->first_sequence = state.next_sequence;
  state.next_sequence += texts.size();
  state.stats->messages = state.next_sequence - 1;
  state.subscribers.deliver(batch, x.event(event_kind::state_changed),
                            {state.address, nullptr});
}

void fake_clients::fail(const std::string& name, error reason) {
  auto& x = running(name);
  x.state->last_error = reason;
  if (auto who = caf::actor_cast<caf::strong_actor_ptr>(x.incarnation))
    caf_compat::deliver(
      who, nullptr, caf::exit_msg{x.incarnation, make_error(reason)}, nullptr);
}

void fake_clients::answer_calls(call_responder handler) {
  answer_call_ = std::move(handler);
}

// -- what was asked of it -----------------------------------------------------

std::vector<std::string> fake_clients::sent(const std::string& name) const {
  auto i = fakes_.find(name);
  return i == fakes_.end() ? std::vector<std::string>{} : i->second->sent;
}

std::vector<std::string> fake_clients::channels(const std::string& name) const {
  std::vector<std::string> result;
  if (auto i = fakes_.find(name); i != fakes_.end())
    for (auto& [channel, subscribers] : i->second->channels)
      result.push_back(channel);
  return result;
}

size_t fake_clients::incarnations(const std::string& name) const {
  auto i = fakes_.find(name);
  return i == fakes_.end() ? 0 : i->second->incarnations;
}

bool fake_clients::is_running(const std::string& name) const {
  auto i = fakes_.find(name);
  return i != fakes_.end() && i->second->state;
}

// -- implementation of client_runtime --------------------------------------------

caf::actor_system& fake_clients::system() noexcept {
  return system_;
}

const event_stream_ptr& fake_clients::events() noexcept {
  return events_;
}

caf::error fake_clients::adopt(durable_state& client,
                               const client_actor& address,
                               const std::string& supervisor) {
  return make_error(
    registry_->add(registration_of(client, address, supervisor)));
}

const client_registry_ptr& fake_clients::shared_registry() noexcept {
  return registry_;
}

} // namespace zenws::testing
