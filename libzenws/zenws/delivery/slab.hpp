// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/message.hpp"

#include <boost/smart_ptr/intrusive_ptr.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

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
/// One thread fills a slab, by a `slab_ptr`; a `shared_slab_ptr` may be read
/// and released by any thread. Never copied.
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

  /// Adds a message by a copy of it, behind those that were appended before.
  /// For slabs whose messages are all added like this.
  /// @pre `!index_full()`, and room for it
  void append(std::string_view payload, message_kind kind) noexcept;

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

  /// Returns whether there is more than one reference.
  bool is_shared() const noexcept {
    return refs_.load(std::memory_order_acquire) > 1;
  }

  friend void intrusive_ptr_add_ref(const slab* ptr) noexcept {
    ptr->refs_.fetch_add(1, std::memory_order_relaxed);
  }

  friend void intrusive_ptr_release(const slab* ptr) noexcept {
    if (ptr->refs_.fetch_sub(1, std::memory_order_acq_rel) == 1)
      const_cast<slab*>(ptr)->recycle(); // nobody else reads it
  }

private:
  struct detached_block;

  slab(char* data, size_t capacity, slab_entry* index,
       size_t max_count) noexcept;

  ~slab();

  void recycle() noexcept;

  void clear() noexcept;

  mutable std::atomic<uint32_t> refs_ = 0;
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

/// A slab that is being filled.
using slab_ptr = boost::intrusive_ptr<slab>;

/// A slab that is shared.
using shared_slab_ptr = boost::intrusive_ptr<const slab>;

/// Hands out slabs in a few size classes and takes them back for reuse.
///
/// `acquire` belongs to one thread (the loop); slabs come back from any
/// thread, without a lock. Keeps a bounded number of free slabs, and after a
/// burst frees, by and by, those that have not been needed since. Slabs may
/// outlive every other owner of the pool.
class slab_pool : public std::enable_shared_from_this<slab_pool> {
public:
  // -- constants --------------------------------------------------------------

  /// Bytes that one read may bring at most: 64 KiB of payloads, whose size is
  /// often a power of two, and their headers.
  static constexpr size_t read_size = 64 * 1024 + 64;

  /// Calls of `acquire` after which half of what none of them needed is freed.
  static constexpr size_t trim_period = 4096;

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

  /// Returns the number of slabs that are kept for reuse.
  size_t kept() const noexcept;

private:
  friend class slab;

  static constexpr size_t num_classes = 4;

  struct free_list {
    slab* local = nullptr; // owner's, no synchronization
    std::atomic<slab*> returned{nullptr};
    std::atomic<size_t> kept{0};
    size_t spare = 0; // the least that was kept since the last trim

    slab* pop() noexcept;
  };

  slab_pool() = default;

  static void destroy(slab* ptr) noexcept;

  void give_back(slab* ptr) noexcept;

  void trim() noexcept;

  free_list lists_[num_classes];
  size_t until_trim_ = trim_period;
};

} // namespace zenws
