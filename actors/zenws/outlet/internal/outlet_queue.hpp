// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/delivery/market_batch.hpp"
#include "zenws/delivery/message_batch.hpp"
#include "zenws/outlet/internal/outlet_source.hpp"

#include <cstddef>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace zenws {

/// What waits for one program to read it, in order. Batches wait as they were
/// received, and are encoded one message at a time, when the last one has been
/// written: what waits costs the memory of the slabs, which all subscribers
/// share, and one text.
///
/// Used by one thread.
class outlet_queue {
public:
  // -- member types -----------------------------------------------------------

  enum class admission : uint8_t {
    taken,
    /// Left out, to be told with the next message or once there is room.
    dropped,
    /// There is no room, and the subscription has to end.
    must_end,
  };

  // -- constants --------------------------------------------------------------

  /// Events, losses and news that may wait, of all subscriptions.
  static constexpr size_t max_events = 4'096;

  // -- constructors, destructors, and assignment operators --------------------

  /// @param budget_bytes of batches that may wait, of all subscriptions.
  /// @param filled called when something was added, until `close`.
  outlet_queue(size_t budget_bytes, std::function<void()> filled);

  // -- properties -------------------------------------------------------------

  /// Bytes of the batches that wait.
  size_t held_bytes() const noexcept {
    return held_bytes_;
  }

  /// Answers that wait.
  size_t answers() const noexcept {
    return answers_;
  }

  /// Returns whether more events wait than may: the program does not read.
  bool has_too_many_events() const noexcept {
    return events_ > max_events;
  }

  // -- adding -----------------------------------------------------------------

  admission add(const outlet_source_ptr& source, const message_batch& batch);

  admission add(const outlet_source_ptr& source, const market_batch& batch);

  /// Adds what follows what came before, whatever there is room for.
  void add_event(const outlet_source_ptr& source, std::string text);

  void add_answer(std::string text);

  /// Takes nothing any more; what waits stays.
  void close();

  // -- taking -----------------------------------------------------------------

  /// Encodes and removes the next message; nothing if none waits.
  std::optional<std::string> next();

  /// Removes all that belongs to a subscription, and takes nothing of it any
  /// more.
  void remove(const outlet_source_ptr& source);

private:
  // A batch and what is left of it.
  template <class Batch>
  struct rest_of {
    explicit rest_of(const Batch& x) : batch(x), next(batch.begin()) {
      // nop
    }

    // The batch is a reference: its messages stay where they are.
    Batch batch;
    typename Batch::iterator next;
  };

  struct item {
    outlet_source_ptr source; // null for answers
    std::variant<std::string, rest_of<message_batch>, rest_of<market_batch>>
      content;
    size_t footprint = 0;
    size_t additional_bytes = 0; // beyond those of the item before
  };

  void push(item x);

  template <class Batch>
  admission add_batch(const outlet_source_ptr& source, const Batch& batch);

  // Bytes that a batch keeps in memory beyond those that the last one does.
  template <class Batch>
  size_t additional_bytes(const Batch& batch) const;

  // Adds what was left out before a message.
  void tell_loss(const outlet_source_ptr& source, uint64_t next_sequence);

  void forget(const item& x);

  // Tells losses that no message follows.
  void tell_losses();

  size_t budget_bytes_;
  std::function<void()> filled_;
  std::deque<item> items_;
  std::vector<outlet_source_ptr> lossy_; // with losses to tell
  size_t held_bytes_ = 0;
  size_t answers_ = 0;
  size_t events_ = 0;
  bool is_closed_ = false;
};

} // namespace zenws
