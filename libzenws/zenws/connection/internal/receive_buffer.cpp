// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/connection/internal/receive_buffer.hpp"

#include "zenws/connection/internal/frame_header.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace zenws::internal {

namespace {

// A few slabs' worth: decompression can enlarge the bytes of one read a
// thousandfold.
constexpr size_t max_added_bytes = 4 * slab_pool::read_size;

// Of an incomplete frame: more comes soon, for which such a rest would have to
// be copied once again.
constexpr size_t large_rest = 4 * 1024;

} // namespace

// -- constructors, destructors, and assignment operators ----------------------

receive_buffer::receive_buffer(std::shared_ptr<slab_pool> pool)
  : pool_(std::move(pool)) {
  // nop
}

// -- reading ------------------------------------------------------------------

bool receive_buffer::has_room() noexcept {
  if (slab_ && slab_->count() == 0 && empty())
    pos_ = end_ = 0;
  return slab_ && slab_->capacity() == slab_pool::read_size
         && end_ < slab_->capacity() && frame_fits();
}

void receive_buffer::renew() {
  carry_over(slab_pool::read_size);
}

// -- using bytes --------------------------------------------------------------

walk_end receive_buffer::walk(size_t max_payload) noexcept {
  auto [end, used] = walk_frames(slab_->data() + pos_, end_ - pos_, max_payload,
                                 *slab_);
  pos_ += used;
  return end;
}

// -- messages -----------------------------------------------------------------

bool receive_buffer::full() const noexcept {
  return slab_
         && (slab_->index_full()
             || slab_->footprint() - slab_->capacity() > max_added_bytes);
}

bool receive_buffer::add(std::string_view payload, message_kind kind) {
  if (slab_ && slab_->index_full())
    return false;
  if (!slab_)
    hold(pool_->acquire(0));
  slab_->add_detached(payload, kind);
  return true;
}

slab_ptr receive_buffer::take_messages() {
  if (!slab_)
    return {};
  auto full = slab_;
  auto rest = unused().size();
  if (rest == 0)
    clear();
  else if (rest >= large_rest && full->count() > 0)
    carry_over(slab_pool::read_size);
  else if (full->count() > 0 || full->capacity() > 4 * rest)
    carry_over(0);
  if (full->count() == 0)
    return {};
  full->received_at = std::chrono::system_clock::now();
  return pool_->compact(std::move(full));
}

// -- private ------------------------------------------------------------------

void receive_buffer::hold(slab_ptr fresh) noexcept {
  slab_ = std::move(fresh);
  pos_ = end_ = 0;
}

void receive_buffer::carry_over(size_t bytes) {
  auto rest = unused();
  auto fresh = pool_->acquire(std::max(bytes, rest.size()));
  if (!rest.empty())
    std::memcpy(fresh->data(), rest.data(), rest.size());
  auto end = rest.size();
  hold(std::move(fresh));
  end_ = end;
}

bool receive_buffer::frame_fits() const noexcept {
  if (pos_ == 0 || empty())
    return true;
  auto head = scan_header(slab_->data() + pos_, end_ - pos_);
  return head.header_bytes + head.payload_bytes <= slab_->capacity() - pos_;
}

} // namespace zenws::internal
