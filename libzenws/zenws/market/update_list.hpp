// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/market/update.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace zenws::market {

/// Market data on its way from a message to subscribers, with the levels of its
/// books.
///
/// A reader of messages keeps one list and fills it again and again: once it
/// has grown, decoding does not allocate. Levels stay where they are until
/// `clear`. Not thread-safe.
class update_list {
public:
  // -- constructors, destructors, and assignment operators --------------------

  update_list() = default;

  update_list(update_list&& other) noexcept
    : updates_(std::move(other.updates_)),
      chunks_(std::move(other.chunks_)),
      free_(std::exchange(other.free_, {})) {
    // nop
  }

  update_list& operator=(update_list&& other) noexcept {
    updates_ = std::move(other.updates_);
    chunks_ = std::move(other.chunks_);
    free_ = std::exchange(other.free_, {});
    return *this;
  }

  // -- properties -------------------------------------------------------------

  size_t size() const noexcept {
    return updates_.size();
  }

  bool empty() const noexcept {
    return updates_.empty();
  }

  auto begin() const noexcept {
    return updates_.begin();
  }

  auto end() const noexcept {
    return updates_.end();
  }

  const update& operator[](size_t index) const noexcept {
    return updates_[index];
  }

  update& operator[](size_t index) noexcept {
    return updates_[index];
  }

  /// Returns the number of levels of all books together.
  size_t num_levels() const noexcept;

  // -- modifiers --------------------------------------------------------------

  /// Adds an update and returns it, to be filled. Valid until the next one is
  /// added.
  template <class T>
  T& add() {
    return *std::get_if<T>(&updates_.emplace_back(std::in_place_type<T>));
  }

  /// Same, filled already.
  template <class T>
  T& add(const T& x) {
    return *std::get_if<T>(&updates_.emplace_back(x));
  }

  /// Turns the change that was added last into a snapshot.
  void make_snapshot() {
    book_update content = *std::get_if<book_change>(&updates_.back());
    updates_.back() = book_snapshot{content};
  }

  /// Adds a level to a book of this list. The levels of the book move if there
  /// are others behind them.
  void add_level(book_update& to, const level_change& level) {
    auto known = to.levels.size();
    if (free_.empty() || (known > 0 && &to.levels.back() + 1 != free_.data()))
      [[unlikely]]
      make_room(to);
    free_.front() = level;
    to.levels = {known == 0 ? free_.data() : to.levels.data(), known + 1};
    free_ = free_.subspan(1);
  }

  /// Adds a copy of an update of another list, with its levels.
  void add_copy(const update& x);

  /// Inserts an update without levels before another one.
  void insert(size_t index, const update& x) {
    updates_.insert(updates_.begin() + static_cast<std::ptrdiff_t>(index), x);
  }

  /// Removes all updates from `size` on, for example those of a message that
  /// turned out to be unreadable.
  void shrink(size_t size) noexcept {
    updates_.erase(updates_.begin() + static_cast<std::ptrdiff_t>(size),
                   updates_.end());
  }

  /// Removes everything but the memory.
  void clear() noexcept;

private:
  static constexpr size_t first_chunk = 256;

  struct chunk {
    std::unique_ptr<level_change[]> levels;
    size_t size;
  };

  void make_room(book_update& to);

  std::vector<update> updates_;
  std::vector<chunk> chunks_;
  std::span<level_change> free_;
};

} // namespace zenws::market
