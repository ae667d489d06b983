// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

namespace zenws::market {

/// The levels of one side of an `order_book`, sorted by a key, in flat memory.
///
/// The best level has the largest key and the last position: nearly all changes
/// happen there, so that an insertion moves few levels. Keys lie apart from the
/// rest, as a search reads nothing else. Memory is kept. Not thread-safe.
class book_levels {
public:
  // -- member types -----------------------------------------------------------

  /// Contents of a level besides its key.
  struct content {
    int64_t amount_mantissa = 0;
    int8_t amount_exponent = 0;
    int8_t price_exponent = 0;
    uint8_t price_places = 0;
    uint8_t amount_places = 0;
  };

  // -- properties -------------------------------------------------------------

  size_t size() const noexcept {
    return end_ - begin_;
  }

  bool empty() const noexcept {
    return begin_ == end_;
  }

  /// @pre `position < size()`, as below
  int64_t key(size_t position) const noexcept {
    return keys_[begin_ + position];
  }

  const content& operator[](size_t position) const noexcept {
    return contents_[begin_ + position];
  }

  content& operator[](size_t position) noexcept {
    return contents_[begin_ + position];
  }

  /// Returns the position of the first level whose key is not less; `size()` if
  /// there is none.
  size_t lower_bound(int64_t key) const noexcept {
    auto first = keys_.data() + begin_;
    auto result = first;
    auto count = size();
    if (count >= near && key > first[count - near]) [[likely]] {
      // Without branches, as nobody can predict them.
      result += count - near + 1;
      for (auto half = near / 2; half > 0; half /= 2)
        result += half * static_cast<size_t>(result[half - 1] < key);
      return static_cast<size_t>(result - first);
    }
    while (count > 0) {
      auto half = count / 2;
      result += (count - half) * static_cast<size_t>(result[half] < key);
      count = half;
    }
    return static_cast<size_t>(result - first);
  }

  /// Returns whether a level has this key.
  /// @param position as `lower_bound` returned for it.
  bool has(size_t position, int64_t key) const noexcept {
    return position < size() && keys_[begin_ + position] == key;
  }

  // -- modifiers --------------------------------------------------------------

  /// Changes a key, and not the order.
  void set_key(size_t position, int64_t key) noexcept {
    keys_[begin_ + position] = key;
  }

  /// Adds a level before that of a position and returns it, to be filled.
  content& insert(size_t position, int64_t key) {
    if (begin_ == 0 || end_ + few >= keys_.size()) [[unlikely]]
      make_room();
    auto at = begin_ + position;
    if (position >= size() / 2) [[likely]] {
      move_best(at, at + 1, end_ - at);
      ++end_;
    } else {
      move(begin_, begin_ - 1, position);
      --begin_;
      --at;
    }
    keys_[at] = key;
    return contents_[at];
  }

  /// Adds a level that is better than all others.
  content& push_back(int64_t key) {
    return insert(size(), key);
  }

  void erase(size_t position) noexcept {
    auto at = begin_ + position;
    if (position >= size() / 2) [[likely]] {
      move_best(at + 1, at, end_ - at - 1);
      --end_;
    } else {
      move(begin_, begin_ + 1, position);
      ++begin_;
    }
  }

  /// Removes the worst level.
  /// @pre there is one
  void drop_worst() noexcept {
    ++begin_;
  }

  void clear() noexcept {
    begin_ = keys_.size() / 4;
    end_ = begin_;
  }

private:
  /// Levels at the end that are searched first, a power of 2.
  static constexpr size_t near = 32;

  /// Levels that are moved together; so many are free behind the end.
  static constexpr size_t few = 12;

  /// Moves the levels up to the end.
  void move_best(size_t from, size_t to, size_t count) noexcept {
    if (count > few) [[unlikely]]
      return move(from, to, count);
    move_few(keys_.data() + from, keys_.data() + to);
    move_few(contents_.data() + from, contents_.data() + to);
  }

  /// Always moves the same number, with elements behind the end: loops of other
  /// numbers have branches that nobody can predict.
  template <class T>
  static void move_few(const T* from, T* to) noexcept {
    std::array<T, few> copy;
    std::memcpy(copy.data(), from, sizeof(copy));
    std::memcpy(to, copy.data(), sizeof(copy));
  }

  void move(size_t from, size_t to, size_t count) noexcept {
    move(keys_.data() + from, keys_.data() + to, count);
    move(contents_.data() + from, contents_.data() + to, count);
  }

  /// Moves levels down in pieces: for large ones, glibc takes instructions that
  /// are slow where source and destination overlap.
  template <class T>
  static void move(const T* from, T* to, size_t count) noexcept {
    constexpr size_t piece = 2048 / sizeof(T);
    if (to < from)
      for (; count > piece; from += piece, to += piece, count -= piece)
        std::memmove(to, from, piece * sizeof(T));
    std::memmove(to, from, count * sizeof(T));
  }

  /// Makes room at both ends, so much that it lasts for long.
  void make_room();

  /// All memory; the levels lie between `begin_` and `end_`.
  std::vector<int64_t> keys_;
  std::vector<content> contents_;
  size_t begin_ = 0;
  size_t end_ = 0;
};

} // namespace zenws::market
