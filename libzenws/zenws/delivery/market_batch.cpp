// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/delivery/market_batch.hpp"

#include <algorithm>
#include <new>

namespace zenws {

namespace {

using market::book_change;
using market::book_snapshot;
using market::book_update;
using market::level_change;
using market::update;

static_assert(alignof(update) >= alignof(level_change));

book_update* book_in(update& x) noexcept {
  if (auto* change = std::get_if<book_change>(&x))
    return change;
  return std::get_if<book_snapshot>(&x);
}

// Moves the levels of a book to their place behind the updates.
level_change* take_levels(book_update& book, level_change* to) noexcept {
  auto size = book.levels.size();
  std::copy(book.levels.begin(), book.levels.end(), to);
  book.levels = {to, size};
  return to + size;
}

market_block_ptr copy_of(const market_batch& original) {
  market::update_list updates;
  for (auto& x : original)
    updates.add_copy(x);
  boost::intrusive_ptr result{new market_block(updates)};
  result->received_at = original.received_at();
  return result;
}

} // namespace

// -- market_block -------------------------------------------------------------

market_block::market_block(const market::update_list& content)
  : size_(content.size()) {
  auto levels = content.num_levels();
  footprint_ = size_ * sizeof(update) + levels * sizeof(level_change);
  updates_ = static_cast<update*>(::operator new(footprint_));
  auto* next = reinterpret_cast<level_change*>(updates_ + size_);
  std::uninitialized_copy(content.begin(), content.end(), updates_);
  for (size_t i = 0; i < size_; ++i)
    if (auto* book = book_in(updates_[i]))
      next = take_levels(*book, next);
}

market_block::~market_block() {
  ::operator delete(updates_);
}

// -- market_batch -------------------------------------------------------------

market_batch::lease::lease(market_block_ptr ptr,
                           std::shared_ptr<delivery_budget> account,
                           market_selection indices)
  : content(std::move(ptr)),
    budget(std::move(account)),
    selection(std::move(indices)) {
  if (budget != nullptr)
    budget->charge(content->footprint());
}

market_batch::lease::~lease() {
  if (budget != nullptr)
    budget->release(content->footprint());
}

market_batch::market_batch(market_block_ptr content,
                           std::shared_ptr<delivery_budget> budget,
                           market_selection selection) {
  if (content == nullptr || content->size() == 0)
    return;
  lease_ = new lease(std::move(content), std::move(budget),
                     std::move(selection));
}

size_t market_batch::size() const noexcept {
  if (!lease_)
    return 0;
  return lease_->selection != nullptr ? lease_->selection->size()
                                      : lease_->content->size();
}

void market_batch::renumber(uint64_t client_id, uint64_t epoch, uint64_t from,
                            uint64_t to) {
  if (!lease_)
    return;
  if (lease_->use_count() > 1 || lease_->content->use_count() > 1)
    *this = market_batch{copy_of(*this), lease_->budget};
  auto& content
    = const_cast<market_block&>(*lease_->content); // only we have it
  content.client_id = client_id;
  content.epoch = epoch;
  for (size_t i = 0; i < content.size_; ++i)
    std::visit(
      [&](auto& x) {
        x.message = x.message < from ? 0 : x.message - from + to;
      },
      content.updates_[i]);
}

market_batch::iterator market_batch::at(size_t pos) const noexcept {
  if (!lease_)
    return {};
  auto& selected = lease_->selection;
  return {lease_->content->begin(),
          selected != nullptr ? selected->data() : nullptr, pos};
}

} // namespace zenws
