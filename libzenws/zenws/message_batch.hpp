#pragma once

#include "zenws/delivery_budget.hpp"
#include "zenws/message.hpp"
#include "zenws/slab.hpp"

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <string_view>
#include <utility>

namespace zenws {

/// One or more consecutive messages of one client, as subscribers get them.
///
/// A batch is a reference: copying it copies no message. All subscribers of a
/// client share the bytes; they are reused once the last copy is gone, so take
/// out what must live long. A batch counts against its subscriber's budget for
/// as long as any copy of it lives. Any thread may read and release it.
class message_batch {
public:
  // -- member types -----------------------------------------------------------

  class iterator {
  public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = message_view;
    using difference_type = std::ptrdiff_t;
    using pointer = void;
    using reference = message_view;

    iterator() noexcept = default;

    iterator(const slab* owner, const slab_entry* pos) noexcept
      : owner_(owner), pos_(pos) {
      // nop
    }

    message_view operator*() const noexcept {
      auto index = static_cast<uint64_t>(pos_ - owner_->begin());
      return {pos_->kind, pos_->payload(), owner_->first_sequence + index,
              owner_->received_at};
    }

    iterator& operator++() noexcept {
      ++pos_;
      return *this;
    }

    iterator operator++(int) noexcept {
      auto before = *this;
      ++pos_;
      return before;
    }

    bool operator==(const iterator& other) const noexcept {
      return pos_ == other.pos_;
    }

  private:
    const slab* owner_ = nullptr;
    const slab_entry* pos_ = nullptr;
  };

  using const_iterator = iterator;

  using value_type = message_view;

  // -- constructors, destructors, and assignment operators ------------------

  /// An empty batch of no client.
  message_batch() noexcept = default;

  /// Shares `content`, which must not be filled any further.
  /// @param budget charged with the footprint of `content`, may be null.
  explicit message_batch(slab_ptr content,
                         std::shared_ptr<delivery_budget> budget = nullptr);

  message_batch(const message_batch& other) noexcept : lease_(other.lease_) {
    if (lease_ != nullptr)
      lease_->refs.fetch_add(1, std::memory_order_relaxed);
  }

  message_batch(message_batch&& other) noexcept
    : lease_(std::exchange(other.lease_, nullptr)) {
    // nop
  }

  message_batch& operator=(message_batch other) noexcept {
    std::swap(lease_, other.lease_);
    return *this;
  }

  ~message_batch() {
    if (lease_ != nullptr
        && lease_->refs.fetch_sub(1, std::memory_order_acq_rel) == 1)
      delete lease_;
  }

  // -- messages ---------------------------------------------------------------

  iterator begin() const noexcept {
    return lease_ ? iterator{&*lease_->content, lease_->content->begin()}
                  : iterator{};
  }

  iterator end() const noexcept {
    return lease_ ? iterator{&*lease_->content, lease_->content->end()}
                  : iterator{};
  }

  size_t size() const noexcept {
    return lease_ ? lease_->content->count() : 0;
  }

  bool empty() const noexcept {
    return size() == 0;
  }

  /// Sum of the payload sizes.
  size_t payload_bytes() const noexcept {
    return lease_ ? lease_->content->payload_bytes() : 0;
  }

  // -- origin -----------------------------------------------------------------

  /// Which client received the messages.
  uint64_t client_id() const noexcept {
    return lease_ ? lease_->content->client_id : 0;
  }

  /// Counts the client's successful connections, from 1. Messages of different
  /// epochs may have a gap between them.
  uint64_t epoch() const noexcept {
    return lease_ ? lease_->content->epoch : 0;
  }

  /// Sequence number of the first message.
  uint64_t first_sequence() const noexcept {
    return lease_ ? lease_->content->first_sequence : 0;
  }

  /// When the bytes were read from the socket.
  std::chrono::system_clock::time_point received_at() const noexcept {
    return lease_ ? lease_->content->received_at
                  : std::chrono::system_clock::time_point{};
  }

private:
  // What one subscriber holds: its share of the slab, charged to its budget.
  struct lease {
    lease(slab_ptr ptr, std::shared_ptr<delivery_budget> account)
      : content(std::move(ptr)), budget(std::move(account)) {
      if (budget != nullptr)
        budget->charge(content->footprint());
    }

    ~lease() {
      if (budget != nullptr)
        budget->release(content->footprint());
    }

    std::atomic<uint32_t> refs{1};
    slab_ptr content;
    std::shared_ptr<delivery_budget> budget;
  };

  lease* lease_ = nullptr;
};

} // namespace zenws
