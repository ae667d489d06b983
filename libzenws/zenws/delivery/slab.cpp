// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/delivery/slab.hpp"

#include <algorithm>
#include <cstring>
#include <new>
#include <type_traits>
#include <utility>

namespace zenws {

namespace {

struct size_class {
  size_t bytes;
  size_t messages;
  size_t keep; // free slabs kept for reuse
};

// The index has an entry per 32 bytes of data: twice the need of the densest
// feeds. A slab whose index is full before its bytes are used is handed on
// early, which costs a copy and loses nothing.
constexpr size_class classes[] = {
  {512, 16, 4096},
  {4 * 1024, 128, 512},
  {16 * 1024, 512, 128},
  {slab_pool::read_size, 2048, 64},
};

constexpr uint32_t unpooled = 0xffffffff;

// Compacting copies; above this share of the slab it does not pay.
constexpr size_t compact_limit = slab_pool::read_size / 4;

} // namespace

// The entries live in raw memory behind the data.
static_assert(std::is_trivially_copyable_v<slab_entry>);
static_assert(std::is_trivially_destructible_v<slab_entry>);
static_assert(16 % alignof(slab_entry) == 0
              && sizeof(slab) % alignof(slab_entry) == 0);

// -- slab ---------------------------------------------------------------------

struct slab::detached_block {
  detached_block* next;
  char* bytes() noexcept {
    return reinterpret_cast<char*>(this + 1);
  }
};

slab::slab(char* data, size_t capacity, slab_entry* index,
           size_t max_count) noexcept
  : max_count_(static_cast<uint32_t>(max_count)),
    capacity_(capacity),
    data_(data),
    index_(index) {
  // nop
}

slab::~slab() {
  clear();
}

void slab::append(std::string_view payload, message_kind kind) noexcept {
  auto* pos = data_ + payload_bytes_;
  std::copy(payload.begin(), payload.end(), pos);
  add(pos, payload.size(), kind);
}

void slab::add_detached(std::string_view payload, message_kind kind) {
  auto* block = static_cast<detached_block*>(
    ::operator new(sizeof(detached_block) + payload.size()));
  block->next = detached_;
  detached_ = block;
  detached_bytes_ += payload.size();
  if (!payload.empty())
    std::memcpy(block->bytes(), payload.data(), payload.size());
  add(block->bytes(), payload.size(), kind);
}

void slab::clear() noexcept {
  while (detached_ != nullptr)
    ::operator delete(std::exchange(detached_, detached_->next));
  count_ = 0;
  payload_bytes_ = 0;
  detached_bytes_ = 0;
}

void slab::recycle() noexcept {
  auto home = std::move(home_);
  if (home == nullptr)
    return slab_pool::destroy(this);
  clear();
  home->give_back(this);
}

// -- slab_pool ----------------------------------------------------------------

slab* slab_pool::free_list::pop() noexcept {
  if (local == nullptr)
    local = returned.exchange(nullptr, std::memory_order_acquire);
  auto* result = local;
  if (result == nullptr) {
    spare = 0;
    return nullptr;
  }
  local = std::exchange(result->next_free_, nullptr);
  auto left = kept.fetch_sub(1, std::memory_order_relaxed) - 1;
  spare = std::min(spare, left);
  return result;
}

std::shared_ptr<slab_pool> slab_pool::make() {
  return std::shared_ptr<slab_pool>{new slab_pool};
}

slab_pool::~slab_pool() {
  for (auto& list : lists_)
    while (auto* unused = list.pop())
      destroy(unused);
}

slab_ptr slab_pool::make_unpooled(size_t bytes, size_t count) {
  auto padded = (bytes + 15) & ~size_t{15};
  auto* block = static_cast<char*>(
    ::operator new(sizeof(slab) + padded + count * sizeof(slab_entry)));
  auto* data = block + sizeof(slab);
  auto* index = reinterpret_cast<slab_entry*>(data + padded);
  auto* result = new (block) slab(data, bytes, index, count);
  result->size_class_ = unpooled;
  return slab_ptr{result};
}

bool slab_pool::fits(size_t bytes, size_t count) noexcept {
  auto& largest = classes[num_classes - 1];
  return bytes <= largest.bytes && count <= largest.messages;
}

slab_ptr slab_pool::acquire(size_t bytes, size_t count) {
  auto fits = [=](const size_class& x) {
    return x.bytes >= bytes && x.messages >= count;
  };
  size_t cls = 0;
  while (cls < num_classes - 1 && !fits(classes[cls]))
    ++cls;
  if (--until_trim_ == 0)
    trim();
  auto* reused = lists_[cls].pop();
  if (reused == nullptr) {
    auto result = make_unpooled(classes[cls].bytes, classes[cls].messages);
    result->size_class_ = static_cast<uint32_t>(cls);
    result->home_ = shared_from_this();
    return result;
  }
  reused->home_ = shared_from_this();
  return slab_ptr{reused};
}

slab_ptr slab_pool::compact(slab_ptr full) {
  auto in_place = full->payload_bytes() - full->detached_bytes_;
  if (in_place > compact_limit || in_place * 4 > full->capacity())
    return full;
  auto result = acquire(in_place, full->count());
  if (result->capacity() >= full->capacity())
    return full;
  auto* pos = result->data();
  for (auto& entry : *full) {
    if (full->holds(entry.data)) {
      std::memcpy(pos, entry.data, entry.size);
      result->add(pos, entry.size, entry.kind);
      pos += entry.size;
    } else {
      result->add(entry.data, entry.size, entry.kind);
    }
  }
  result->detached_ = std::exchange(full->detached_, nullptr);
  result->detached_bytes_ = std::exchange(full->detached_bytes_, 0);
  result->received_at = full->received_at;
  return result;
}

void slab_pool::destroy(slab* ptr) noexcept {
  ptr->~slab();
  ::operator delete(ptr);
}

void slab_pool::give_back(slab* ptr) noexcept {
  auto& list = lists_[ptr->size_class_];
  if (list.kept.fetch_add(1, std::memory_order_relaxed)
      >= classes[ptr->size_class_].keep) {
    list.kept.fetch_sub(1, std::memory_order_relaxed);
    return destroy(ptr);
  }
  // Only whole lists are taken out, so that pushing needs no ABA guard.
  auto* head = list.returned.load(std::memory_order_relaxed);
  do {
    ptr->next_free_ = head;
  } while (!list.returned.compare_exchange_weak(
    head, ptr, std::memory_order_release, std::memory_order_relaxed));
}

size_t slab_pool::kept() const noexcept {
  size_t result = 0;
  for (auto& list : lists_)
    result += list.kept.load(std::memory_order_relaxed);
  return result;
}

void slab_pool::trim() noexcept {
  until_trim_ = trim_period;
  for (auto& list : lists_) {
    for (auto n = (list.spare + 1) / 2; n > 0; --n)
      if (auto* unused = list.pop())
        destroy(unused);
    list.spare = list.kept.load(std::memory_order_relaxed);
  }
}

} // namespace zenws
