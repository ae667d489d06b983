// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/connection/internal/frame_walk.hpp"
#include "zenws/delivery/slab.hpp"

#include <boost/asio/buffer.hpp>

#include <cstddef>
#include <memory>
#include <string_view>

namespace zenws::internal {

/// The slab that a connection reads into: messages found so far, bytes not
/// used yet, room for more. Holds no memory while it is empty.
class receive_buffer {
public:
  // -- constructors, destructors, and assignment operators --------------------

  explicit receive_buffer(std::shared_ptr<slab_pool> pool);

  // -- reading ----------------------------------------------------------------

  /// Returns whether a read of full size is worthwhile without `renew`.
  bool has_room() noexcept;

  /// Moves the unused bytes to a new slab of full size.
  /// @pre the messages have been taken
  void renew();

  /// @pre `has_room()` or `renew` has been called
  boost::asio::mutable_buffer room() const noexcept {
    return {slab_->data() + end_, slab_->capacity() - end_};
  }

  /// Adds `n` bytes that a read has put into `room()`.
  void commit(size_t n) noexcept {
    end_ += n;
  }

  // -- using bytes ------------------------------------------------------------

  std::string_view unused() const noexcept {
    return slab_ ? std::string_view{slab_->data() + pos_, end_ - pos_}
                 : std::string_view{};
  }

  bool empty() const noexcept {
    return pos_ == end_;
  }

  void consume(size_t n) noexcept {
    pos_ += n;
  }

  /// Changes an unused byte.
  /// @pre `index < unused().size()`
  void replace(size_t index, char c) noexcept {
    slab_->data()[pos_ + index] = c;
  }

  /// Makes messages of the frames in front, as far as `walk_frames` goes.
  /// @pre `!empty()`
  walk_end walk(size_t max_payload) noexcept;

  // -- messages ---------------------------------------------------------------

  /// Adds a message that came another way.
  /// @returns `false` if the messages must be taken first.
  bool add(std::string_view payload, message_kind kind);

  /// Returns whether the messages should be taken before another is added, for
  /// want of room or because those that were added are much already.
  bool full() const noexcept;

  /// Returns the messages found so far, or null if there are none. Keeps no
  /// more memory than the unused bytes need, unless they begin a large frame.
  slab_ptr take_messages();

  /// Forgets everything.
  void clear() noexcept {
    hold(slab_ptr{});
  }

private:
  void hold(slab_ptr fresh) noexcept;

  // Moves the unused bytes to the front of a new slab of at least `bytes`.
  void carry_over(size_t bytes);

  // Returns whether the frame at `pos_`, still incomplete, can end in this
  // slab.
  bool frame_fits() const noexcept;

  std::shared_ptr<slab_pool> pool_;
  slab_ptr slab_;
  size_t pos_ = 0;
  size_t end_ = 0;
};

} // namespace zenws::internal
