// SPDX-License-Identifier: BSD-3-Clause

#pragma once

/// @file
/// Subscribers of market data for tests.

#include "world.hpp"

#include "zenws/market/order_book.hpp"

#include <map>
#include <string>

namespace zenws::test_support {

/// Market data that a subscriber received, and the books made of it.
/// Thread-safe.
class market_inbox {
public:
  void put(const market_batch& batch, caf::actor_addr source = {}) {
    std::lock_guard guard{mtx_};
    source_ = std::move(source);
    batches_.push_back(batch);
    for (auto& x : batch) {
      updates_.push_back(x);
      auto& book = books_[std::string{market::instrument_of(x).view()}];
      auto outcome = book.apply(x);
      if (market::book_update_of(x) != nullptr
          && (outcome == market::book_outcome::gap
              || outcome == market::book_outcome::inconsistent))
        ++broken_;
      if (auto* quoted = std::get_if<market::ticker>(&x);
          quoted != nullptr && book.is_valid())
        check(*quoted, book);
    }
    changed_.notify_all();
  }

  void put(const client_event& event) {
    std::lock_guard guard{mtx_};
    events_.push_back(event);
    changed_.notify_all();
  }

  /// Waits until there are `n` updates of a type.
  template <class T>
  bool wait_for(size_t n) const {
    return wait([&] { return count<T>() >= n; });
  }

  /// Waits until there is one more update of a type than now.
  template <class T>
  bool wait_for_next() const {
    std::unique_lock guard{mtx_};
    auto before = count<T>();
    return changed_.wait_for(guard, patience,
                             [&] { return count<T>() > before; });
  }

  template <class Predicate>
  bool wait_for_event(Predicate pred) const {
    return wait([&] { return std::ranges::any_of(events_, pred); });
  }

  /// Returns all updates of a type so far. The levels of books are valid.
  template <class T>
  std::vector<T> all() const {
    std::lock_guard guard{mtx_};
    std::vector<T> result;
    for (auto& x : updates_)
      if (auto* item = std::get_if<T>(&x))
        result.push_back(*item);
    return result;
  }

  /// Returns all events so far.
  std::vector<client_event> events() const {
    std::lock_guard guard{mtx_};
    return events_;
  }

  /// Returns the number of updates that contradicted their book.
  size_t broken() const {
    std::lock_guard guard{mtx_};
    return broken_;
  }

  /// Returns the tickers that agree with the book before them, and those that
  /// do not: the simulator sends them together.
  std::pair<size_t, size_t> compared() const {
    std::lock_guard guard{mtx_};
    return {agreed_, disagreed_};
  }

  /// Returns who sent the last batch.
  caf::actor_addr source() const {
    std::lock_guard guard{mtx_};
    return source_;
  }

  market::order_book book(const std::string& instrument) const {
    std::lock_guard guard{mtx_};
    auto i = books_.find(instrument);
    return i != books_.end() ? i->second : market::order_book{};
  }

private:
  void check(const market::ticker& quoted, const market::order_book& book) {
    if (quoted.bid == book.best_bid() && quoted.ask == book.best_ask())
      ++agreed_;
    else
      ++disagreed_;
  }

  template <class T>
  size_t count() const {
    return static_cast<size_t>(std::ranges::count_if(updates_, [](auto& x) {
      return std::holds_alternative<T>(x);
    }));
  }

  template <class Predicate>
  bool wait(Predicate pred) const {
    std::unique_lock guard{mtx_};
    return changed_.wait_for(guard, patience, pred);
  }

  mutable std::mutex mtx_;
  mutable std::condition_variable changed_;
  std::vector<market_batch> batches_; // keep the levels alive
  std::vector<market::update> updates_;
  std::vector<client_event> events_;
  std::map<std::string, market::order_book> books_;
  caf::actor_addr source_;
  size_t broken_ = 0;
  size_t agreed_ = 0;
  size_t disagreed_ = 0;
};

using market_inbox_ptr = std::shared_ptr<market_inbox>;

/// Puts all that it receives into an inbox.
class market_collector : public market_subscriber::base {
public:
  market_collector(caf::actor_config& cfg, market_inbox_ptr to)
    : market_subscriber::base(cfg), to_(std::move(to)) {
    // nop
  }

  behavior_type make_behavior() override {
    return {
      [this](const market_batch& x) {
        to_->put(x, caf::actor_cast<caf::actor_addr>(current_sender()));
      },
      [this](const client_event& x) { to_->put(x); },
    };
  }

private:
  market_inbox_ptr to_;
};

} // namespace zenws::test_support
