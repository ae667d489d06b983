// SPDX-License-Identifier: BSD-3-Clause

#include "flood_sink.hpp"

#include <stdexcept>
#include <utility>

namespace zenws::bench {

namespace {

constexpr std::chrono::seconds flood_patience{120};

} // namespace

// -- flood_progress -----------------------------------------------------------

void flood_progress::begin() {
  if (!begun_.exchange(true))
    meter_.start();
}

void flood_progress::end() {
  if (left_.fetch_sub(1) > 1 || settled_.exchange(true))
    return;
  meter_.stop();
  result_.set_value(meter_);
}

void flood_progress::fail(const std::string& reason) {
  if (!settled_.exchange(true))
    result_.set_exception(std::make_exception_ptr(std::runtime_error{reason}));
}

meter flood_progress::wait() {
  auto result = result_.get_future();
  if (result.wait_for(flood_patience) != std::future_status::ready)
    throw std::runtime_error{"the flood does not arrive"};
  return result.get();
}

// -- flood_sink ---------------------------------------------------------------

flood_sink::flood_sink(caf::actor_config& cfg, flood_progress_ptr progress,
                       const flood_order& order, uint64_t first_sequence)
  : super(cfg),
    progress_(std::move(progress)),
    received_(order.count, order.size),
    next_sequence_(first_sequence) {
  // nop
}

flood_sink::behavior_type flood_sink::make_behavior() {
  return {
    [this](const message_batch& batch) {
      try {
        take(batch);
      } catch (const std::exception& ex) {
        progress_->fail(ex.what());
      }
    },
    [this](const client_event& event) {
      if (event.reason)
        progress_->fail(describe(event));
    },
  };
}

void flood_sink::take(const message_batch& batch) {
  if (received_.count() == 0)
    progress_->begin();
  if (batch.first_sequence() != next_sequence_)
    throw std::runtime_error{"message " + std::to_string(batch.first_sequence())
                             + " instead of " + std::to_string(next_sequence_)};
  next_sequence_ += batch.size();
  for (auto msg : batch)
    received_.take(msg.payload);
  if (received_.complete()) {
    received_.finish();
    progress_->end();
  }
}

// -- typed_flood_sink ---------------------------------------------------------

typed_flood_sink::typed_flood_sink(caf::actor_config& cfg,
                                   flood_progress_ptr progress, uint64_t last)
  : super(cfg), progress_(std::move(progress)), last_(last) {
  // nop
}

typed_flood_sink::behavior_type typed_flood_sink::make_behavior() {
  return {
    [this](const market_batch& batch) {
      try {
        take(batch);
      } catch (const std::exception& ex) {
        progress_->fail(ex.what());
      }
    },
    [this](const client_event& event) {
      if (event.reason)
        progress_->fail(describe(event));
    },
  };
}

void typed_flood_sink::take(const market_batch& batch) {
  progress_->begin();
  for (auto& x : batch) {
    auto* book = market::book_update_of(x);
    if (book == nullptr || book->levels.empty()
        || book->levels.front().price.mantissa() != 600'005)
      throw std::runtime_error{"another update than a book's"};
    if (seen_ != 0 && book->message != seen_ + 1)
      throw std::runtime_error{"message " + std::to_string(book->message)
                               + " instead of " + std::to_string(seen_ + 1)};
    seen_ = book->message;
  }
  if (seen_ == last_)
    progress_->end();
}

} // namespace zenws::bench
