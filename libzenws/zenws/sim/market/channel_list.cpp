// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/market/channel_list.hpp"

#include "zenws/sim/net/connection.hpp"

#include <memory>

namespace zenws::sim {

void channel_list::add(const std::string& channel, connection& subscriber) {
  subscribers_[channel].push_back(&subscriber);
}

void channel_list::remove(const std::string& channel, connection& subscriber) {
  auto i = subscribers_.find(channel);
  if (i == subscribers_.end())
    return;
  std::erase(i->second, &subscriber);
  if (i->second.empty())
    subscribers_.erase(i);
}

// Encodes once, except for connections with compression. Works on a copy of the
// list, since a subscriber may leave while it is being told.
void channel_list::publish(const std::string& channel, std::string_view text) {
  auto i = subscribers_.find(channel);
  if (i == subscribers_.end())
    return;
  auto frame
    = std::make_shared<const std::string>(encode_frame(opcode::text, text));
  auto receivers = i->second;
  for (auto* subscriber : receivers)
    if (subscriber->compresses())
      subscriber->send(opcode::text, text);
    else
      subscriber->send(frame);
}

} // namespace zenws::sim
