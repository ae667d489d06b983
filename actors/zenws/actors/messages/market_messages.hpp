// SPDX-License-Identifier: BSD-3-Clause

#pragma once

/// @file
/// Requests for typed market data.

#include "zenws/actors/caf/caf_compat.hpp"
#include "zenws/actors/messages/inspect.hpp"
#include "zenws/config_problem.hpp"
#include "zenws/delivery/market_batch.hpp"
#include "zenws/delivery/market_codec.hpp"
#include "zenws/delivery/subscription_options.hpp"
#include "zenws/events.hpp"
#include "zenws/feed/book_status.hpp"
#include "zenws/subscription/subscription.hpp"
#include "zenws/venue/market_protocol.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace zenws {

/// An actor that may subscribe to market data. A dynamically typed actor may as
/// well, by `caf::actor_cast<market_subscriber>`.
using market_subscriber = caf::typed_actor<caf_compat::takes<market_batch>,
                                           caf_compat::takes<client_event>>;

/// Subscribes an actor to market data, across reconnects and restarts, until it
/// unsubscribes or terminates: it receives `market_batch` and `client_event`.
/// Channels, their snapshots and their renewal are the client's business.
///
/// A book begins with a snapshot, also for a subscriber that comes late. Data
/// that it has already stays as it is; of a book, it is told the snapshot of
/// the moment, which helps a subscriber that has lost updates.
///
/// Answered with a `market_report` once the venue has answered for all; or with
/// an error: `ec::not_supported` if the dialect has no market data,
/// `ec::invalid_config`, `ec::too_many_channels`, `ec::disconnected`, in which
/// case nothing has changed.
struct subscribe_market {
  /// As the venue writes them. An empty name stands for all instruments, for
  /// kinds that the venue sends of all at once.
  std::vector<std::string> instruments;

  market::data_kinds kinds;

  market_subscriber subscriber;

  /// Levels of books that are enough; 0 for as many as the venue shows. Of one
  /// instrument, a client follows one book.
  uint32_t depth = 0;

  market_pace pace = market_pace::usual;

  /// Of a subscriber that is new.
  subscription_options options{};
};

/// Gives market data up; data that the subscriber does not have is ignored.
struct unsubscribe_market {
  std::vector<std::string> instruments;
  market::data_kinds kinds;
  market_subscriber subscriber;
};

/// Begins the books of instruments anew, for all subscribers. For those who
/// know that the client's is wrong; whatever the venue shows is handled by
/// itself.
struct renew_market {
  std::vector<std::string> instruments;
};

/// Asks a client how the books stand that its subscribers follow.
struct get_books {};

struct book_report {
  /// By the names of instruments.
  std::vector<book_status> books;
};

/// Outcome of a request for one kind of data of one instrument.
struct market_outcome {
  std::string instrument;
  market::data_kind kind = market::data_kind::trades;
  outcome_kind outcome = outcome_kind::granted;

  /// Why not, else no error.
  error reason{};
};

/// Outcomes of one request.
struct market_report {
  std::vector<market_outcome> outcomes;

  bool all_granted() const noexcept {
    return std::ranges::all_of(outcomes, [](auto& x) {
      return x.outcome == outcome_kind::granted;
    });
  }
};

/// Returns the wishes of a request.
std::vector<market_wish> wishes_of(const subscribe_market& request);

std::vector<market_wish> wishes_of(const unsubscribe_market& request);

/// Returns requests for wishes, each for all that can go together.
std::vector<subscribe_market>
requests_for(const std::vector<market_wish>& wishes,
             const market_subscriber& subscriber = {},
             const subscription_options& options = {});

/// Returns every problem of a request.
std::vector<config_problem> validate(const subscribe_market& request);

/// Makes market data of the messages of a client.
using market_source_actor
  = caf::typed_actor<caf_compat::answers<subscribe_market, market_report>,
                     caf_compat::answers<unsubscribe_market>,
                     caf_compat::answers<renew_market>,
                     caf_compat::answers<get_books, book_report>>;

// -- inspection -------------------------------------------------------------------

namespace market {

template <class Inspector>
auto inspect(Inspector& f, data_kinds& x) {
  auto bits = x.bits();
  auto restore = [&]() -> caf::error {
    x = data_kinds::from_bits(bits);
    return {};
  };
  return caf_compat::inspect_and_load(f, "data_kinds", restore, "bits", bits);
}

} // namespace market

template <class Inspector>
auto inspect(Inspector& f, market_batch& x) {
  if constexpr (caf_compat::is_for_people<Inspector>) {
    auto size = x.size();
    return caf_compat::inspect_as(f, "zenws::market_batch", "size", size);
  } else {
    std::string bytes;
    if constexpr (caf_compat::is_saving<Inspector>)
      bytes = encode_market(x);
    auto restore = [&]() -> caf::error {
      auto batch = decode_market(bytes);
      if (!batch)
        return make_error(batch.error());
      x = std::move(*batch);
      return {};
    };
    return caf_compat::inspect_and_load(f, "zenws::market_batch", restore,
                                        "bytes", bytes);
  }
}

template <class Inspector>
auto inspect(Inspector& f, subscribe_market& x) {
  return caf_compat::inspect_as(f, "zenws::subscribe_market", "instruments",
                                x.instruments, "kinds", x.kinds, "subscriber",
                                x.subscriber, "depth", x.depth, "pace", x.pace,
                                "options", x.options);
}

template <class Inspector>
auto inspect(Inspector& f, unsubscribe_market& x) {
  return caf_compat::inspect_as(f, "zenws::unsubscribe_market", "instruments",
                                x.instruments, "kinds", x.kinds, "subscriber",
                                x.subscriber);
}

template <class Inspector>
auto inspect(Inspector& f, renew_market& x) {
  return caf_compat::inspect_as(f, "zenws::renew_market", "instruments",
                                x.instruments);
}

template <class Inspector>
auto inspect(Inspector& f, get_books&) {
  return caf_compat::inspect_as(f, "zenws::get_books");
}

template <class Inspector>
auto inspect(Inspector& f, book_status& x) {
  return caf_compat::inspect_as(f, "book_status", "instrument", x.instrument,
                                "is_valid", x.is_valid, "problem", x.problem,
                                "bid", x.bid, "ask", x.ask, "last_update_ago",
                                x.last_update_ago);
}

template <class Inspector>
auto inspect(Inspector& f, book_report& x) {
  return caf_compat::inspect_as(f, "zenws::book_report", "books", x.books);
}

template <class Inspector>
auto inspect(Inspector& f, market_outcome& x) {
  return caf_compat::inspect_as(f, "market_outcome", "instrument", x.instrument,
                                "kind", x.kind, "outcome", x.outcome, "reason",
                                x.reason);
}

template <class Inspector>
auto inspect(Inspector& f, market_report& x) {
  return caf_compat::inspect_as(f, "zenws::market_report", "outcomes",
                                x.outcomes);
}

} // namespace zenws
