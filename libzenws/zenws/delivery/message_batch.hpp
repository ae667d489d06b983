// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/delivery/delivery_budget.hpp"
#include "zenws/delivery/slab.hpp"
#include "zenws/message.hpp"

#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace zenws {

/// One or more messages of one client in their order, as subscribers get them:
/// consecutive ones, or those of the channels that the subscriber has.
///
/// A batch is a reference: copying it copies no message. All subscribers of a
/// client share the bytes; they are reused once the last copy is gone, so copy
/// data that must live long. A batch counts against its subscriber's budget for
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

    /// @param selection indices into `owner`, or null for all of it.
    iterator(const slab* owner, const uint32_t* selection, size_t pos) noexcept
      : owner_(owner), selection_(selection), pos_(pos) {
      // nop
    }

    message_view operator*() const noexcept {
      auto index = selection_ != nullptr ? selection_[pos_] : pos_;
      auto& entry = owner_->begin()[index];
      return {entry.kind, entry.payload(), owner_->first_sequence + index,
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
    const uint32_t* selection_ = nullptr;
    size_t pos_ = 0;
  };

  using const_iterator = iterator;

  using value_type = message_view;

  // -- constructors, destructors, and assignment operators ------------------

  /// An empty batch of no client.
  message_batch() noexcept = default;

  /// Shares `content`, which must not be filled any further.
  /// @param budget charged with the footprint of `content`, may be null.
  /// @param selection ascending indices of the messages that are part of the
  ///                  batch; all if it is empty.
  explicit message_batch(shared_slab_ptr content,
                         std::shared_ptr<delivery_budget> budget = nullptr,
                         std::vector<uint32_t> selection = {});

  // -- messages ---------------------------------------------------------------

  iterator begin() const noexcept {
    return at(0);
  }

  iterator end() const noexcept {
    return at(size());
  }

  size_t size() const noexcept {
    if (!lease_)
      return 0;
    auto& selected = lease_->selection;
    return selected.empty() ? lease_->content->count() : selected.size();
  }

  bool empty() const noexcept {
    return size() == 0;
  }

  /// Sum of the payload sizes.
  size_t payload_bytes() const noexcept;

  // -- content ----------------------------------------------------------------

  /// The messages, and perhaps others that are not part of the batch; null if
  /// it is empty. For passing batches on.
  shared_slab_ptr content() const noexcept {
    return lease_ ? lease_->content : shared_slab_ptr{};
  }

  /// Indices into `content` of the messages of the batch; empty if it is all of
  /// them.
  std::span<const uint32_t> selection() const noexcept {
    return lease_ ? std::span<const uint32_t>{lease_->selection}
                  : std::span<const uint32_t>{};
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
    return empty() ? 0 : (*begin()).sequence;
  }

  /// Time at which the bytes were read from the socket.
  std::chrono::system_clock::time_point received_at() const noexcept {
    return lease_ ? lease_->content->received_at
                  : std::chrono::system_clock::time_point{};
  }

  /// Changes the origin and the numbers of the messages; those of other batches
  /// stay.
  /// @param first_sequence number of the first message of `content`.
  void renumber(uint64_t client_id, uint64_t epoch, uint64_t first_sequence);

private:
  // One subscriber's share of the slab, charged to its budget.
  struct lease : boost::intrusive_ref_counter<lease> {
    lease(shared_slab_ptr ptr, std::shared_ptr<delivery_budget> account,
          std::vector<uint32_t> indices)
      : content(std::move(ptr)),
        budget(std::move(account)),
        selection(std::move(indices)) {
      if (budget != nullptr)
        budget->charge(content->footprint());
    }

    ~lease() {
      if (budget != nullptr)
        budget->release(content->footprint());
    }

    shared_slab_ptr content;
    std::shared_ptr<delivery_budget> budget;
    std::vector<uint32_t> selection;
  };

  iterator at(size_t pos) const noexcept {
    if (!lease_)
      return {};
    auto& selected = lease_->selection;
    return {&*lease_->content, selected.empty() ? nullptr : selected.data(),
            pos};
  }

  boost::intrusive_ptr<lease> lease_;
};

} // namespace zenws
