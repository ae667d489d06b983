// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/testing/virtual_market.hpp"

#include "zenws/actors/caf/caf_compat.hpp"
#include "zenws/config_problem.hpp"
#include "zenws/recording/recording.hpp"

#include <caf/event_based_actor.hpp>

#include <fstream>
#include <memory>
#include <stdexcept>
#include <utility>

namespace zenws::testing {

error write_recording(const std::string& path,
                      const std::vector<timed_message>& messages) {
  std::ofstream out{path, std::ios::binary};
  recorded_entry entry;
  entry.epoch = 1;
  for (auto& x : messages) {
    entry.at = std::chrono::sys_days{std::chrono::year{2026} / 1 / 1} + x.after;
    ++entry.sequence;
    entry.data = x.text;
    out << write_line(entry) << '\n';
  }
  if (!out.flush())
    return error{ec::recording_failed, "cannot write " + path};
  return {};
}

virtual_market::virtual_market(caf::actor_system& sys, replay_options options)
  : sys_(sys) {
  if (!caf_compat::has_virtual_time(sys))
    throw std::invalid_argument{
      "a virtual_market needs CAF's deterministic test scheduler"};
  auto source = spawn_replay(sys, std::move(options));
  if (!source)
    throw std::invalid_argument{caf_compat::to_text(source.error())};
  source_ = std::move(*source);
}

virtual_market::~virtual_market() {
  caf::anon_send_exit(source_, caf::exit_reason::user_shutdown);
  run();
}

void virtual_market::run() {
  caf_compat::run_all(sys_);
}

caf::expected<replay_summary> virtual_market::play() {
  auto result = std::make_shared<caf::expected<replay_summary>>(
    make_error(error{ec::recording_failed, "it does not end"}));
  auto is_over = std::make_shared<bool>(false);
  auto ask = [=](caf::event_based_actor* self, const replay_actor& source) {
    auto over = [=](auto& answer) {
      *result = std::move(answer);
      *is_over = true;
    };
    self->request(source, caf::infinite, start_replay{})
      .then([over](replay_summary& x) { over(x); },
            [over](caf::error& x) { over(x); });
  };
  sys_.spawn(ask, source_);
  run();
  while (!*is_over && caf_compat::pass_to_next_timer(sys_))
    run();
  return std::move(*result);
}

} // namespace zenws::testing
