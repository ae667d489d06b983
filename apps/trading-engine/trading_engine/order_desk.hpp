// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "instrument_terms.hpp"
#include "order_ledger.hpp"

#include "zenws/actors/all.hpp"
#include "zenws/timing/growing_pause.hpp"

#include <caf/all.hpp>

#include <chrono>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace zenws::engine {

/// Carries decisions out by orders at the venue, each sent once, and finds
/// unknown outcomes out. Part of one actor.
///
/// Before the first decision about an instrument it asks the venue for its
/// terms, cancels open orders of earlier engines of the same run, finds the
/// outcome of their orders, and reads the position. An order of open outcome
/// has the position read again.
class order_desk {
public:
  // -- constants --------------------------------------------------------------

  /// Time in which the venue may take an order, once it is sent: an order that
  /// was held up on the way must not be executed late.
  static constexpr std::chrono::seconds lifetime{2};

  /// Maximum difference of the clocks of the venue and of this machine.
  static constexpr std::chrono::seconds clock_margin{1};

  /// Pause after a failure, at first and at most.
  static constexpr std::chrono::seconds first_pause{1};
  static constexpr std::chrono::seconds longest_pause{60};

  // -- constructors, destructors, and assignment operators --------------------

  /// @param ledger may have orders of the engine before this one.
  /// @param opens_at when no order of an earlier process can arrive any more.
  order_desk(caf::event_based_actor& self, market_view& view,
             order_ledger_ptr ledger, growing_pause::time_point opens_at);

  // -- properties -------------------------------------------------------------

  const order_counters& counters() const noexcept {
    return ledger_->counters();
  }

  /// Returns the reason if an instrument takes no orders yet, else an empty
  /// text.
  std::string hindrance() const;

  // -- transitions ------------------------------------------------------------

  void carry_out(const client_actor& client, const decision& choice);

  /// Checks the clock: asks the venue for outcomes that are not known yet.
  void tick(const client_actor& client);

  /// A message of an order channel.
  void notified(std::string_view text);

private:
  // The next thing to find out about an instrument.
  enum class step : uint8_t {
    terms,
    open_orders,
    doubts,
    position,
    // Nothing, but the last order was refused, and the next one waits.
    patience,
    none,
  };

  struct instrument_state {
    step next = step::terms;
    instrument_terms terms;
    bool is_asking = false;
    std::string problem;
    growing_pause pause{first_pause, longest_pause};
  };

  using instrument_entry = std::pair<const std::string, instrument_state>;

  using answer_fun = std::function<error(std::string_view json)>;

  // -- before the first decision ----------------------------------------------

  void advance(const client_actor& client, instrument_entry& entry);

  void ask(const client_actor& client, instrument_entry& about, call command,
           const answer_fun& answered);

  error cancel_own(const client_actor& client, instrument_entry& entry,
                   std::string_view orders);

  void hinder(instrument_entry& entry, std::string problem);

  // -- outcome of orders ------------------------------------------------------

  void reconcile(const client_actor& client);

  void notified_of(const json_value& order);

  void failed(const std::string& label, const caf::error& reason);

  void told(const std::string& label, const std::string& instrument,
            std::string_view orders);

  void settle(const std::optional<decision>& choice);

  // The decision came to nothing: the next one waits.
  void drop(const std::optional<decision>& choice, const std::string& reason);

  // The position has to be read before the next decision.
  void doubt(const std::string& instrument);

  caf::event_based_actor& self_;
  market_view& view_;
  order_ledger_ptr ledger_;
  growing_pause::time_point opens_at_;
  std::map<std::string, instrument_state, std::less<>> instruments_;
  std::set<std::string> asking_; // labels
};

} // namespace zenws::engine
