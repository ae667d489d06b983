// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/caf/answering_actor.hpp"
#include "zenws/actors/desk/order_desk.hpp"
#include "zenws/desk/paper_account.hpp"
#include "zenws/market/order_book.hpp"
#include "zenws/venue/dialect.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace zenws {

namespace detail {

/// Time for a desk to look at what is due.
struct desk_due {};

template <class Inspector>
auto inspect(Inspector& f, desk_due&) {
  return caf_compat::inspect_as(f, "zenws::desk_due");
}

/// Time to ask for the channels of the account once more.
struct desk_channels_due {
  uint64_t attempt = 0;
};

template <class Inspector>
auto inspect(Inspector& f, desk_channels_due& x) {
  return caf_compat::inspect_as(f, "zenws::desk_channels_due", "attempt",
                                x.attempt);
}

/// Time to answer a request on paper.
struct desk_paper_due {};

template <class Inspector>
auto inspect(Inspector& f, desk_paper_due&) {
  return caf_compat::inspect_as(f, "zenws::desk_paper_due");
}

/// Time to ask for the events of a client once more.
struct desk_join_due {
  client_actor client;
};

template <class Inspector>
auto inspect(Inspector& f, desk_join_due& x) {
  return caf_compat::inspect_as(f, "zenws::desk_join_due", "client", x.client);
}

using order_desk_impl = order_desk_actor::extend<
  caf_compat::takes<message_batch>, caf_compat::takes<market_batch>,
  caf_compat::takes<client_event>, caf_compat::takes<desk_due>,
  caf_compat::takes<desk_channels_due>, caf_compat::takes<desk_paper_due>,
  caf_compat::takes<desk_join_due>>;

} // namespace detail

/// What a desk knows of its earlier incarnations, beside their orders.
struct desk_memory {
  std::vector<desk_watcher> watchers{};

  /// From whom the news come; null for the desk itself.
  caf::actor address{};

  /// Why the kill switch was thrown.
  std::optional<std::string> halt{};
};

using desk_memory_ptr = std::shared_ptr<desk_memory>;

/// The actor around a `desk_logic`: writes its journal, sends its requests, and
/// tells its watchers, in this order.
class order_desk : public answering_actor<detail::order_desk_impl::base> {
public:
  // -- member types -----------------------------------------------------------

  using super = answering_actor<detail::order_desk_impl::base>;

  // -- constructors, destructors, and assignment operators --------------------

  /// @param journal null for none.
  /// @param memory not null.
  order_desk(caf::actor_config& cfg, order_desk_options options,
             trading::order_ledger ledger,
             std::unique_ptr<trading::order_journal> journal,
             desk_memory_ptr memory);

  // -- implementation of local_actor ------------------------------------------

  const char* name() const override;

  behavior_type make_behavior() override;

  void before_end() override;

private:
  using clock = std::chrono::steady_clock;

  struct followed_book {
    market::order_book content;
    clock::time_point time{};
  };

  // -- requests ---------------------------------------------------------------

  caf::result<trading::order_key> place(const place_order& request);

  trading::book_view book_of(const market::instrument_name& instrument) const;

  caf::result<void> amend(const amend_order& request);

  caf::result<void> cancel(const cancel_order& request);

  caf::result<void> cancel_all(const cancel_orders& request);

  caf::result<void> halt(const halt_trading& request);

  caf::result<void> resume();

  // Keeps for the next desk whether the kill switch was thrown.
  error remember_halt(std::optional<std::string> reason);

  caf::result<void> reconcile();

  // -- watchers and questions -------------------------------------------------

  caf::result<void> watch(const watch_desk& request);

  // Tells a watcher how things stand.
  void greet(const desk_watcher& watcher);

  void watcher_ended(const caf::actor_addr& watcher);

  void cancel_unwatched();

  order_list orders(const get_orders& request) const;

  order_list find(const find_orders& request) const;

  position_list positions() const;

  desk_report report() const;

  // -- messages and events ----------------------------------------------------

  void handle(const message_batch& batch);

  void handle(const market_batch& batch);

  void handle(const client_event& event);

  // -- account ----------------------------------------------------------------

  // On paper, the account is there as long as its market is.
  const client_actor& account() const noexcept {
    return paper_ ? options_.market : options_.account;
  }

  const client_actor& channels() const noexcept {
    return paper_ ? options_.market : options_.channels;
  }

  std::vector<market::instrument_name> instruments() const;

  bool is_ready() const noexcept {
    return account_is_ready_ && channels_are_ready_;
  }

  // Asks for the events of a client, until it is there to tell them.
  void join(const client_actor& client);

  // Asks for the channels of the account: trading begins once they are there.
  void open_channels();

  void open_channels_later();

  void channels_opened();

  void open_market();

  // -- on paper ---------------------------------------------------------------

  // Orders of an earlier process were on its paper.
  void begin_on_paper();

  // Requests are answered in the order of messages, as by a venue: the answer
  // to `place_order` comes before what becomes of the order.
  void send_on_paper(desk_action::send& x);

  void answer_on_paper();

  void renew_on_paper();

  // -- actions ----------------------------------------------------------------

  // Carries out what the logic has decided.
  // @returns the error of the journal, in which case no order was sent.
  error follow_up();

  error write_journal(const trading::desk_actions& actions);

  // @param problem of the journal
  void carry_out(desk_action::send& x, const error& problem);

  void carry_out(const desk_action::renew_channels& x, const error& problem);

  void carry_out(const desk_action::tell& x, const error& problem);

  void carry_out(const desk_action::tell_position& x, const error& problem);

  void carry_out(const desk_action::tell_balance& x, const error& problem);

  void carry_out(const desk_action::tell_state& x, const error& problem);

  void carry_out(const desk_action::tell_failure& x, const error& problem);

  template <class T>
  void tell(const desk_watcher& watcher, const T& news);

  template <class T>
  void tell_watchers(const T& news);

  void arm();

  // Publish the figures: those that change with orders, and the rest.
  void publish();

  void publish_gates();

  trading::desk_time now() const;

  order_desk_options options_;
  dialect_ptr venue_;
  std::unique_ptr<trading::order_journal> journal_;
  trading::desk_logic logic_;
  std::optional<trading::paper_account> paper_; // nothing for a live desk
  std::deque<desk_action::send> on_paper_;      // to be answered
  trading::desk_actions actions_;
  std::map<std::string, followed_book, std::less<>> books_;
  std::vector<std::string> channel_names_;
  desk_memory_ptr memory_;
  bool account_is_ready_ = false;
  bool channels_are_ready_ = false;
  uint64_t attempt_ = 0; // to open the channels
  bool armed_ = false;
  bool cancel_due_ = false; // since nobody watches any more
};

template <class T>
void order_desk::tell(const desk_watcher& watcher, const T& news) {
  auto from = memory_->address
                ? caf::actor_cast<caf::strong_actor_ptr>(memory_->address)
                : caf::strong_actor_ptr{ctrl()};
  caf_compat::deliver(caf::actor_cast<caf::strong_actor_ptr>(watcher),
                      std::move(from), news, context());
}

} // namespace zenws

ZENWS_LOCAL_MESSAGE(2854, zenws::detail::desk_due)
ZENWS_LOCAL_MESSAGE(2855, zenws::detail::desk_channels_due)
ZENWS_LOCAL_MESSAGE(2856, zenws::detail::desk_paper_due)
ZENWS_LOCAL_MESSAGE(2857, zenws::detail::desk_join_due)
