// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/error.hpp"
#include "zenws/feed/book_status.hpp"
#include "zenws/feed/feed_config.hpp"
#include "zenws/market/update_list.hpp"
#include "zenws/subscription/subscription.hpp"
#include "zenws/timing/growing_pause.hpp"
#include "zenws/venue/dialect.hpp"
#include "zenws/venue/market_protocol.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace zenws {

/// Which questions about market data will be answered.
enum class question_scope : uint8_t {
  /// None: recordings have no answers.
  none,
  /// Those that the venue answers on the connection of its streams.
  streams,
  /// All of them.
  api,
};

/// Returns the name of the enumerator.
std::string_view to_string(question_scope value) noexcept;

/// A question of a feed, to be answered by `market_feed::answered` or
/// `unanswered`.
struct market_question {
  uint64_t token = 0;
  market_query query{};
};

/// The market data of one client: the wishes of its subscribers, the channels
/// that fulfill them, and the proof that nothing is missing.
///
/// Decodes each message once. Books are proven by the venue's rule, or told as
/// lost and begun anew by themselves; missed trades are asked for where the
/// venue tells them, and otherwise told as a gap.
///
/// Sans-I/O: takes events and the current time, adds the updates for
/// subscribers to a list. The owner subscribes to channels, renews those of
/// `take_renewals` and asks the questions of `take_questions`. Not thread-safe.
class market_feed {
public:
  // -- member types -----------------------------------------------------------

  using time_point = std::chrono::steady_clock::time_point;

  // -- constructors, destructors, and assignment operators --------------------

  /// @param venue outlives the feed.
  market_feed(market_protocol& venue, const feed_config& cfg,
              question_scope scope);

  ~market_feed();

  // -- wishes -----------------------------------------------------------------

  /// Returns the channels that bring the data wanted; none if it only has to be
  /// asked for. Changes nothing.
  /// @returns `ec::not_supported` if the venue does not have it, or only in
  ///          answers to questions that cannot be asked;
  ///          `ec::already_exists` if the same is followed with another depth
  ///          or pace.
  result<std::vector<channel_spec>> channels(const market_wish& wish) const;

  /// Follows the data wanted, once more.
  /// @pre `channels(wish)` is no error
  void add(const market_wish& wish, time_point now);

  /// Follows it once less.
  /// @returns the channels that are not needed any more.
  std::vector<std::string> remove(const market_wish& wish);

  /// Returns all that is followed.
  std::vector<market_wish> wishes() const;

  /// Returns the wishes that need a channel.
  std::vector<market_wish> wishes_of(std::string_view channel) const;

  /// Returns whether nothing is wanted.
  bool empty() const noexcept {
    return wishes_.empty();
  }

  /// Adds the data known by now: the book, if it is proven, or the terms of the
  /// instrument. For subscribers that come later.
  void tell(const market_wish& wish, market::update_list& out) const;

  /// Returns how the followed books stand, by the names of instruments.
  std::vector<book_status> books(time_point now) const;

  // -- data -------------------------------------------------------------------

  /// Decodes a message and adds the updates for subscribers.
  /// @param number of the message within the client.
  /// @returns the problem if the message cannot be read. The data of its
  ///          channel is told as lost.
  error received(const inbound& message, uint64_t number, time_point now,
                 market::update_list& out);

  /// Reads the answer to a question.
  void answered(uint64_t token, std::string_view json, time_point now,
                market::update_list& out);

  /// Reports that a question was not answered.
  void unanswered(uint64_t token, time_point now, market::update_list& out);

  // -- connection -------------------------------------------------------------

  /// Reports that a connection is ready.
  void connected(time_point now);

  /// Reports that another connection has taken over without a gap: it may
  /// repeat the last updates of the old one.
  void replaced() noexcept;

  /// Reports the end of a connection: books are lost, and trades missed.
  void disconnected(time_point now, market::update_list& out);

  /// Reports that messages of the connection were lost, nobody knows which.
  void lost_messages(time_point now, market::update_list& out);

  /// Reports that a channel brings nothing any more, or was ended.
  void channel_lost(std::string_view channel, market::loss_cause cause,
                    time_point now, market::update_list& out);

  /// Begins the book of an instrument anew. Does nothing without one.
  void renew(std::string_view instrument, market::loss_cause cause,
             time_point now, market::update_list& out);

  /// Forgets all data, but no wish: data to come has nothing to do with it.
  void forget_data();

  // -- time -------------------------------------------------------------------

  /// Returns the time to call `expired`, or nothing.
  std::optional<time_point> wake_at() const noexcept;

  void expired(time_point now, market::update_list& out);

  // -- results ----------------------------------------------------------------

  /// Returns the channels that have to begin anew since the last call.
  std::vector<std::string> take_renewals() {
    return std::exchange(renewals_, {});
  }

  /// Returns the questions to ask since the last call.
  std::vector<market_question> take_questions() {
    return std::exchange(questions_, {});
  }

private:
  struct followed_instrument;

  // A wish and how many want it.
  struct entry {
    market_wish wish;
    std::vector<channel_spec> channels;
    size_t count = 0;

    // Set if a question for it was not answered and will be asked again.
    bool asks_again = false;
    std::optional<growing_pause> next_try{};
  };

  using key = std::pair<market::data_kind, std::string>;

  // Subject of a question.
  struct open_question {
    market_query query;
    key about;
  };

  static key key_of(const market_wish& wish) {
    return {wish.kind, wish.instrument};
  }

  // -- instruments ------------------------------------------------------------

  followed_instrument* find(std::string_view name) noexcept;

  // Returns where data belongs, null if nobody wants it.
  followed_instrument* find(market::data_kind kind,
                            const market::instrument_name& name);

  followed_instrument& obtain(std::string_view name);

  // -- proofs -----------------------------------------------------------------

  // Judges the updates of a message, which begin at `first`.
  void prove(market::update_list& out, size_t first, uint64_t number,
             time_point now);

  // @returns `false` if subscribers do not get it.
  bool prove(market::update_list& list, size_t index, time_point now);

  bool prove(followed_instrument& about, const market::trade& x,
             time_point now);

  void lose_book(followed_instrument& about, market::loss_cause cause,
                 time_point now, market::update_list& out);

  // Loses the data that a message may have been about.
  void unreadable(std::string_view channel, time_point now,
                  market::update_list& out);

  // Loses the data of a wish so far.
  void lose(const market_wish& wish, market::loss_cause cause, time_point now,
            market::update_list& out);

  // Keeps the terms of an instrument, and adds those that are known to a
  // message that tells its state only.
  static void complete(std::optional<market::instrument_state>& known,
                       market::instrument_state& news);

  // -- late trades ------------------------------------------------------------

  // Asks for the missing trades.
  // @returns `false` if they cannot be asked for.
  bool ask_trades(followed_instrument& about, const market::trade_gap& gap,
                  time_point now);

  void read_late_trades(followed_instrument& about,
                        const market::update_list& answer, time_point now,
                        market::update_list& out);

  // Delivers the trades that were held while an answer was waited for.
  void release_trades(followed_instrument& about, time_point now,
                      market::update_list& out);

  // Nobody wants them any more.
  void forget_trades(followed_instrument& about);

  // -- questions --------------------------------------------------------------

  // Asks for the snapshot or renewal that a book needs by now.
  void follow_up(followed_instrument& about);

  // Asks for the terms of instruments, if that is the wish.
  void ask_instruments(const market_wish& wish);

  // Asks for the terms of instruments again after a pause.
  void ask_later(entry& about, time_point now);

  uint64_t ask(market_query query, key about);

  bool can_ask(const result<market_query>& query) const noexcept;

  // -- member variables -------------------------------------------------------

  market_protocol& venue_;
  feed_config cfg_;
  question_scope scope_;
  std::map<key, entry> wishes_;
  market::data_kinds wanted_of_all_; // without naming an instrument
  std::map<std::string, std::unique_ptr<followed_instrument>, std::less<>>
    instruments_;
  bool connected_ = false;
  std::map<uint64_t, open_question> open_;
  uint64_t last_token_ = 0;
  std::optional<time_point> next_check_;
  std::vector<std::string> renewals_;
  std::vector<market_question> questions_;

  // While a message is proven.
  std::optional<market::trade_gap> gap_before_;
  std::vector<std::pair<size_t, market::trade_gap>> gaps_;
  std::vector<followed_instrument*> overfull_;
};

} // namespace zenws
