// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/delivery/delivery_budget.hpp"
#include "zenws/market/update_list.hpp"

#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace zenws {

/// Market data that all subscribers of a client share: updates and the levels
/// of their books in one block of memory. Never changes once it is made.
class market_block : public boost::intrusive_ref_counter<market_block> {
public:
  // -- constructors, destructors, and assignment operators --------------------

  /// Copies all of `content`.
  explicit market_block(const market::update_list& content);

  market_block(const market_block&) = delete;

  market_block& operator=(const market_block&) = delete;

  ~market_block();

  // -- properties -------------------------------------------------------------

  const market::update* begin() const noexcept {
    return updates_;
  }

  const market::update* end() const noexcept {
    return updates_ + size_;
  }

  size_t size() const noexcept {
    return size_;
  }

  /// Bytes of memory that stay in use for as long as the block lives.
  size_t footprint() const noexcept {
    return footprint_;
  }

  // -- origin -----------------------------------------------------------------

  uint64_t client_id = 0;
  uint64_t epoch = 0;
  std::chrono::system_clock::time_point received_at{};

private:
  friend class market_batch;

  size_t size_;
  size_t footprint_;
  market::update* updates_;
};

using market_block_ptr = boost::intrusive_ptr<const market_block>;

/// Which updates of a block belong to a batch: ascending indices, shared by the
/// subscribers that want the same. Null for all of them.
using market_selection = std::shared_ptr<const std::vector<uint32_t>>;

/// Market data of one client in its order, as subscribers get it: the updates
/// that they have asked for.
///
///     for (auto& update : batch)
///       if (auto* x = std::get_if<zenws::market::trade>(&update))
///         std::cout << to_string(x->price);
///
/// A batch is a reference: copying it copies no data. It counts against its
/// subscriber's budget for as long as any copy of it lives, so copy data that
/// must live long. Any thread may read and release it.
class market_batch {
public:
  // -- member types -----------------------------------------------------------

  class iterator {
  public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = market::update;
    using difference_type = std::ptrdiff_t;
    using pointer = const market::update*;
    using reference = const market::update&;

    iterator() noexcept = default;

    /// @param selection indices into `updates`, or null for all of them.
    iterator(const market::update* updates, const uint32_t* selection,
             size_t pos) noexcept
      : updates_(updates), selection_(selection), pos_(pos) {
      // nop
    }

    reference operator*() const noexcept {
      return updates_[selection_ != nullptr ? selection_[pos_] : pos_];
    }

    pointer operator->() const noexcept {
      return &**this;
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
    const market::update* updates_ = nullptr;
    const uint32_t* selection_ = nullptr;
    size_t pos_ = 0;
  };

  using const_iterator = iterator;

  using value_type = market::update;

  // -- constructors, destructors, and assignment operators --------------------

  /// An empty batch of no client.
  market_batch() noexcept = default;

  /// @param budget charged with the footprint of `content`, may be null.
  explicit market_batch(market_block_ptr content,
                        std::shared_ptr<delivery_budget> budget = nullptr,
                        market_selection selection = nullptr);

  // -- updates ----------------------------------------------------------------

  iterator begin() const noexcept {
    return at(0);
  }

  iterator end() const noexcept {
    return at(size());
  }

  size_t size() const noexcept;

  bool empty() const noexcept {
    return size() == 0;
  }

  // -- content ----------------------------------------------------------------

  /// The updates, and perhaps others that are not part of the batch; null if
  /// it is empty. For passing batches on.
  market_block_ptr content() const noexcept {
    return lease_ ? lease_->content : market_block_ptr{};
  }

  // -- origin -----------------------------------------------------------------

  /// Which client received the data.
  uint64_t client_id() const noexcept {
    return lease_ ? lease_->content->client_id : 0;
  }

  /// Counts the client's successful connections, from 1.
  uint64_t epoch() const noexcept {
    return lease_ ? lease_->content->epoch : 0;
  }

  /// Time at which the bytes were read from the socket.
  std::chrono::system_clock::time_point received_at() const noexcept {
    return lease_ ? lease_->content->received_at
                  : std::chrono::system_clock::time_point{};
  }

  /// Changes the origin, and the numbers of the client's messages; those of
  /// other batches stay.
  /// @param from the message that gets the number `to`; later ones follow it,
  ///             earlier ones have no number any more.
  void renumber(uint64_t client_id, uint64_t epoch, uint64_t from, uint64_t to);

private:
  // One subscriber's share of the block, charged to its budget.
  struct lease : boost::intrusive_ref_counter<lease> {
    lease(market_block_ptr ptr, std::shared_ptr<delivery_budget> account,
          market_selection indices);

    ~lease();

    market_block_ptr content;
    std::shared_ptr<delivery_budget> budget;
    market_selection selection;
  };

  iterator at(size_t pos) const noexcept;

  boost::intrusive_ptr<lease> lease_;
};

} // namespace zenws
