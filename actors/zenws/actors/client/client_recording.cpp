#include "zenws/actors/client/client.hpp"
#include "zenws/actors/recording/recording_tape.hpp"

/// What a client has written down.
namespace zenws {

void client::attach_tape() {
  if (!state_->tape)
    return;
  state_->tape->on_failure(
    [weak = caf::weak_actor_ptr{ctrl()}](const error& why) {
      if (auto self = weak.lock())
        caf_compat::deliver(self, nullptr, detail::recorder_trouble{why},
                            nullptr);
    });
}

void client::detach_tape() {
  if (!state_->tape)
    return;
  // The recording goes on: a supervisor has things to add.
  state_->tape->on_failure(nullptr);
}

void client::tape(const slab_ptr& messages, uint32_t first, uint32_t last) {
  if (state_->tape)
    state_->tape->put(messages, first, last);
}

void client::tape(recorded_direction where, recorded_type what,
                  std::string_view data) {
  if (!state_->tape)
    return;
  recorded_header head;
  head.at = std::chrono::system_clock::now();
  head.direction = where;
  head.type = what;
  head.epoch = session_.epoch();
  head.sequence = state_->next_sequence;
  state_->tape->put(head, data);
}

void client::tape_close(recorded_direction where, uint16_t code,
                        std::string_view reason) {
  if (state_->tape)
    tape(where, recorded_type::close, close_to_json(code, reason));
}

void client::tape(const client_event& what) {
  if (state_->tape)
    state_->tape->put(what);
}

} // namespace zenws
