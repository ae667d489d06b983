// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/actors/client/internal/client_tape.hpp"

#include <chrono>
#include <utility>

namespace zenws {

void client_tape::attach(caf::weak_actor_ptr client) const {
  if (!tape_)
    return;
  tape_->on_failure([client = std::move(client)](const error& reason) {
    if (auto self = client.lock())
      caf_compat::deliver(self, nullptr, detail::recorder_trouble{reason},
                          nullptr);
  });
}

void client_tape::detach() const {
  if (tape_)
    tape_->on_failure(nullptr);
}

void client_tape::put(const shared_slab_ptr& messages, uint32_t first,
                      uint32_t last) const {
  if (tape_)
    tape_->put(messages, first, last);
}

void client_tape::put(const shared_slab_ptr& messages) const {
  put(messages, 0, static_cast<uint32_t>(messages->count()));
}

void client_tape::put(recorded_direction direction, recorded_type type,
                      std::string_view data) const {
  if (!tape_)
    return;
  recorded_header head;
  head.at = std::chrono::system_clock::now();
  head.direction = direction;
  head.type = type;
  head.epoch = position_.epoch;
  head.sequence = position_.next_sequence;
  tape_->put(head, data);
}

void client_tape::put_close(recorded_direction direction, uint16_t code,
                            std::string_view reason) const {
  if (tape_)
    put(direction, recorded_type::close, close_to_json(code, reason));
}

void client_tape::put(const client_event& event) const {
  if (tape_)
    tape_->put(event);
}

} // namespace zenws
