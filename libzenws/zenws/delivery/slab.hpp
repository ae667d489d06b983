// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/message.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace zenws {

class slab_pool;

/// Place of a message in a slab.
struct slab_entry {
  const char* data;
  uint32_t size;
  message_kind kind;

  std::string_view payload() const noexcept {
    return {data, size};
  }
};

/// A block of memory that bytes are read into and that subscribers get unmoved:
/// the bytes plus an index of the messages found in them.
///
/// One thread fills a slab; once shared it is read-only and may be read and
/// released by any thread. Never copied, always handled by `slab_ptr`.
class slab {
public:
  friend class slab_pool;

  // -- constructors, destructors, and assignment operators ------------------

  slab(const slab&) = delete;

  slab& operator=(const slab&) = delete;

  // -- filling ----------------------------------------------------------------

  char* data() noexcept {
    return data_;
  }

  size_t capacity() const noexcept {
    return capacity_;
  }

  /// Returns whether the index has room for another message.
  bool index_full() const noexcept {
    return count_ == max_count_;
  }

  /// Adds a message whose payload lies in this slab.
  /// @pre `!index_full()`
  void add(const char* payload, size_t size, message_kind kind) noexcept {
    index_[count_++] = {payload, static_cast<uint32_t>(size), kind};
    payload_bytes_ += size;
  }

  /// Adds a message that lies elsewhere; the bytes become part of the slab.
  /// @pre `!index_full()`
  void add_detached(std::string_view payload, message_kind kind);

  // -- properties -------------------------------------------------------------

  const slab_entry* begin() const noexcept {
    return index_;
  }

  const slab_entry* end() const noexcept {
    return index_ + count_;
  }

  size_t count() const noexcept {
    return count_;
  }

  /// Returns whether `pos` points into the memory that bytes are read into.
  bool holds(const char* pos) const noexcept {
    return std::less_equal<>{}(data_, pos)
           && std::less<>{}(pos, data_ + capacity_);
  }

  /// Sum of the payload sizes.
  size_t payload_bytes() const noexcept {
    return payload_bytes_;
  }

  /// Bytes of memory that stay in use for as long as the slab lives.
  size_t footprint() const noexcept {
    return capacity_ + detached_bytes_;
  }

  // -- numbering --------------------------------------------------------------

  uint64_t client_id = 0;
  uint64_t epoch = 0;
  uint64_t first_sequence = 0;
  std::chrono::system_clock::time_point received_at;

  // -- reference counting -----------------------------------------------------

  void ref() noexcept {
    refs_.fetch_add(1, std::memory_order_relaxed);
  }

  void deref() noexcept {
    if (refs_.fetch_sub(1, std::memory_order_acq_rel) == 1)
      recycle();
  }

private:
  struct detached_block;

  slab(char* data, size_t capacity, slab_entry* index,
       size_t max_count) noexcept;

  ~slab();

  void recycle() noexcept;

  void clear() noexcept;

  std::atomic<uint32_t> refs_ = 1;
  uint32_t count_ = 0;
  uint32_t max_count_;
  uint32_t size_class_ = 0;
  size_t capacity_;
  size_t payload_bytes_ = 0;
  size_t detached_bytes_ = 0;
  char* data_;
  slab_entry* index_;
  detached_block* detached_ = nullptr;
  std::shared_ptr<slab_pool> home_;
  slab* next_free_ = nullptr;
};

/// Counts a reference to a slab.
class slab_ptr {
public:
  slab_ptr() noexcept = default;

  /// Takes over one reference.
  explicit slab_ptr(slab* ptr) noexcept : ptr_(ptr) {
    // nop
  }

  slab_ptr(const slab_ptr& other) noexcept : ptr_(other.ptr_) {
    if (ptr_ != nullptr)
      ptr_->ref();
  }

  slab_ptr(slab_ptr&& other) noexcept
    : ptr_(std::exchange(other.ptr_, nullptr)) {
    // nop
  }

  slab_ptr& operator=(slab_ptr other) noexcept {
    std::swap(ptr_, other.ptr_);
    return *this;
  }

  ~slab_ptr() {
    if (ptr_ != nullptr)
      ptr_->deref();
  }

  slab* operator->() const noexcept {
    return ptr_;
  }

  slab& operator*() const noexcept {
    return *ptr_;
  }

  explicit operator bool() const noexcept {
    return ptr_ != nullptr;
  }

private:
  slab* ptr_ = nullptr;
};

/// Hands out slabs in a few size classes and takes them back for reuse.
///
/// `acquire` belongs to one thread (the loop); slabs come back from any
/// thread, without a lock. Keeps a bounded number of free slabs. Slabs may
/// outlive every other owner of the pool.
class slab_pool : public std::enable_shared_from_this<slab_pool> {
public:
  // -- constants --------------------------------------------------------------

  /// Bytes that one read may bring at most, and the largest frame that the
  /// fast path takes.
  static constexpr size_t read_size = 64 * 1024;

  // -- constructors, destructors, and assignment operators ------------------

  static std::shared_ptr<slab_pool> make();

  slab_pool(const slab_pool&) = delete;

  slab_pool& operator=(const slab_pool&) = delete;

  ~slab_pool();

  // -- slabs ------------------------------------------------------------------

  /// Returns whether the largest class has room for so much.
  static bool fits(size_t bytes, size_t count) noexcept;

  /// Returns an empty slab with room for `bytes` (at most `read_size`) and
  /// `count` messages, or of the largest class if there is no such class.
  slab_ptr acquire(size_t bytes, size_t count = 0);

  /// Moves the messages of a sparsely filled slab into one of a smaller class,
  /// so that a message that is kept does not pin a whole read buffer.
  /// Returns `full` itself where moving does not pay.
  slab_ptr compact(slab_ptr full);

  /// Returns a slab of its own memory, outside any pool.
  static slab_ptr make_unpooled(size_t bytes, size_t count);

private:
  friend class slab;

  static constexpr size_t num_classes = 4;

  struct free_list {
    slab* local = nullptr; // owner's, no synchronization
    std::atomic<slab*> returned{nullptr};
    std::atomic<size_t> kept{0};
  };

  slab_pool() = default;

  void give_back(slab* ptr) noexcept;

  free_list lists_[num_classes];
};

} // namespace zenws
