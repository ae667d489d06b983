// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/actors/client/internal/client.hpp"

#include <utility>

// Connecting, and events of connections.

namespace zenws {

// -- implementation of connection_listener ------------------------------------

void client::on_phase(connection&, client_state phase,
                      std::string_view address) {
  io_loop::turn guard{home()};
  session_.entered(phase, address, actions_);
  follow();
}

void client::on_open(connection& source, std::string_view) {
  io_loop::turn guard{home()};
  if (is_successor(source)) {
    successor_->is_open = true;
    session_.successor_opened(clock::now(), actions_);
    return follow();
  }
  current_->is_open = true;
  // The login and the restore must be read in spite of slow subscribers.
  paused_until_ = std::nullopt;
  state_->front.subscribers.shed_congested();
  unclaimed_.clear();
  session_.opened(clock::now(), actions_);
  follow();
}

void client::on_messages(connection& source, slab_ptr messages) {
  io_loop::turn guard{home()};
  if (is_successor(source))
    hold_back(std::move(messages));
  else
    deliver(std::move(messages));
}

void client::on_pong(connection& source, std::string_view payload) {
  io_loop::turn guard{home()};
  tape().put(recorded_direction::in, recorded_type::pong, payload);
  if (!is_successor(source)) {
    session_.pong(payload, clock::now(), actions_);
    follow();
  }
}

void client::on_ping(connection&) {
  io_loop::turn guard{home()};
  tape().put(recorded_direction::in, recorded_type::ping, {});
  session_.peer_pinged(clock::now());
  arm_timer();
}

void client::on_written(connection& source) {
  io_loop::turn guard{home()};
  ++state_->stats->sent_messages;
  publish_outbound();
  auto& from = is_successor(source) ? *successor_ : *current_;
  promises_.answer(from.unwritten.pop());
}

void client::on_closed(connection& source, error reason) {
  io_loop::turn guard{home()};
  auto gone = is_successor(source) ? successor_ : current_;
  gone->socket = nullptr;
  if (reason.refusal != nullptr && gone->has_credentials) {
    auto refusal = std::make_shared<upgrade_refusal>(*reason.refusal);
    refusal->sent_credentials = true;
    reason.refusal = std::move(refusal);
  }
  if (reason.close_code != 0)
    tape().put_close(recorded_direction::in, reason.close_code, reason.detail);
  lose(gone, std::move(reason));
}

// -- connections --------------------------------------------------------------

void client::lose(const connection_ptr& gone, error reason) {
  auto now = clock::now();
  if (gone == successor_) {
    end(successor_);
    session_.successor_lost(std::move(reason), now, actions_);
    follow();
  } else {
    end(current_);
    session_.lost(std::move(reason), now, jitter(), actions_);
    follow();
  }
}

void client::end(connection_ptr& which) {
  if (!which)
    return;
  auto gone = std::exchange(which, nullptr);
  if (auto socket = std::exchange(gone->socket, nullptr))
    socket->abandon();
  for (auto token : gone->unwritten.rest()) {
    if (token == 0)
      continue;
    ++state_->stats->failed_sends;
    promises_.answer(token, make_error(ec::disconnected));
  }
}

void client::choose_target(const connection_ptr& attempt, uint64_t number) {
  auto& spec = state_->spec;
  dial_parameters params{spec.config.url, spec.config.headers};
  auto use = [this, which = std::weak_ptr<client_connection>{attempt}](
               const result<dial_parameters>& answer) {
    if (auto alive = which.lock())
      dial(alive, answer);
  };
  if (spec.dial_actor)
    ask_provider<dial_parameters>(*this, spec.dial_actor,
                                  spec.config.handshake_timeout,
                                  get_dial_parameters{params, number}, use);
  else if (spec.provider)
    ask_provider<dial_parameters>(
      *this,
      [provider = spec.provider, params, number] {
        return provider(params, number);
      },
      use);
  else
    dial(attempt, params);
}

void client::dial(const connection_ptr& attempt,
                  const result<dial_parameters>& parameters) {
  auto target = parameters ? target_for(*parameters)
                           : result<dial_target>{parameters.error()};
  if (!target)
    return lose(attempt, target.error());
  for (auto& secret : target->url.secrets())
    state_->secrets->add(std::move(secret));
  for (auto& field : target->headers)
    state_->secrets->add(field.value);
  attempt->has_credentials = !target->headers.empty()
                             || target->url.target.find('?')
                                  != std::string::npos;
  auto socket = connection::dial(home().context(), home().slabs(),
                                 state_->spec.config, std::move(*target),
                                 *this);
  if (!socket)
    return lose(attempt, socket.error());
  attempt->socket = std::move(*socket);
}

result<dial_target>
client::target_for(const dial_parameters& parameters) const {
  auto& spec = state_->spec;
  if (spec.provider || spec.dial_actor) {
    auto checked = spec.config;
    checked.url = parameters.url;
    checked.headers = parameters.headers;
    if (auto problems = validate(checked); !problems.empty())
      return as_error(problems);
  }
  auto parsed = parse_url(parameters.url);
  if (!parsed)
    return parsed.error();
  return dial_target{std::move(*parsed), parameters.headers, state_->addresses};
}

} // namespace zenws
