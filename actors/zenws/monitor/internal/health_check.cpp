// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/monitor/internal/health_check.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <utility>

namespace zenws::monitoring {

// -- constructors, destructors, and assignment operators ----------------------

health_check::health_check(std::shared_ptr<boost::asio::io_context> context,
                           runtime& host, caf::actor scheduled)
  : context_(std::move(context)),
    host_(host),
    scheduled_(std::move(scheduled)),
    timer_(*context_),
    is_asked_(host.num_loops() + 1) {
  // nop
}

void health_check::run(handler f) {
  waiting_.push_back(std::move(f));
  if (waiting_.size() > 1)
    return;
  timer_.expires_after(patience);
  timer_.async_wait([weak = weak_from_this()](boost::system::error_code x) {
    if (auto self = weak.lock(); self && !x)
      self->finish();
  });
  for (size_t part = 0; part < is_asked_.size(); ++part)
    ask(part);
}

void health_check::close() {
  timer_.cancel();
  waiting_.clear();
}

void health_check::ask(size_t part) {
  if (is_asked_[part])
    return;
  is_asked_[part] = true;
  auto tell = [context = context_, weak = weak_from_this(), part] {
    boost::asio::post(*context, [weak, part] {
      if (auto self = weak.lock())
        self->answered(part);
    });
  };
  if (part < host_.num_loops())
    return boost::asio::post(host_.loop(part).context(), tell);
  auto deliver = [tell](bool&&) { tell(); };
  caf_compat::anon_send(
    scheduled_, check_scheduler{std::make_shared<collection<bool>>(deliver)});
}

void health_check::answered(size_t part) {
  is_asked_[part] = false;
  if (std::ranges::none_of(is_asked_, std::identity{}))
    finish();
}

void health_check::finish() {
  timer_.cancel();
  std::string problem;
  for (size_t part = 0; part < is_asked_.size(); ++part)
    if (is_asked_[part])
      problem += (part < host_.num_loops() ? "I/O loop " + std::to_string(part)
                                           : "the scheduler of actors")
                 + " does not answer\n";
  for (auto& f : std::exchange(waiting_, {}))
    f(problem);
}

} // namespace zenws::monitoring
