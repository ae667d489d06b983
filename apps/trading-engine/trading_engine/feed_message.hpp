#pragma once

#include "trading_engine/decimal.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// What the venue says, as values. Form and meaning follow Deribit's JSON-RPC
/// interface, version 2 (docs.deribit.com).
namespace zenws::engine {

// -- answers ------------------------------------------------------------------

/// The result of a request that names channels: those which are granted.
struct channels_answer {
  uint64_t id = 0;
  std::vector<std::string> channels;
};

/// Any other result.
struct plain_answer {
  uint64_t id = 0;
};

/// The venue refused a request.
struct refusal {
  /// Nothing if the venue could not even read the request.
  std::optional<uint64_t> id;
  int64_t code = 0;
  std::string message;
};

// -- market data --------------------------------------------------------------

enum class book_side : uint8_t { bid, ask };

enum class level_action : uint8_t { create, change, remove };

/// What happened to one price of a book.
struct level_change {
  book_side side = book_side::bid;
  level_action action = level_action::create;
  decimal price;
  decimal amount;
};

enum class update_kind : uint8_t { snapshot, change };

/// `book.X.raw`: the whole book, or what changed in it.
struct book_update {
  std::string channel;
  std::string instrument;
  update_kind kind = update_kind::snapshot;
  uint64_t change_id = 0;
  /// What a change continues; 0 in a snapshot.
  uint64_t prev_change_id = 0;
  std::vector<level_change> levels;
};

enum class trade_direction : uint8_t { buy, sell };

struct trade {
  uint64_t sequence = 0;
  trade_direction direction = trade_direction::buy;
  decimal price;
  decimal amount;
};

/// `trades.X.raw`
struct trade_list {
  std::string channel;
  std::vector<trade> trades;
};

/// `ticker.X.raw`, as far as it interests us. The venue writes 0, or null,
/// for a side without orders.
struct ticker {
  std::string channel;
  std::string instrument;
  std::optional<decimal> best_bid;
  std::optional<decimal> best_ask;
};

// -- life signs ---------------------------------------------------------------

struct venue_heartbeat {};

/// Must be answered by `public/test`, or the venue hangs up.
struct test_request {};

// -- anything else ------------------------------------------------------------

/// Good JSON, but nothing this program knows.
struct unknown_message {
  std::string method;
};

enum class feed_fault : uint8_t {
  /// Longer than anything the venue sends.
  too_big,
  /// No JSON, or not in UTF-8.
  bad_json,
  /// A member is missing or has the wrong type.
  bad_shape,
  /// A number is none, or out of the range of `decimal`.
  bad_number,
};

std::string_view to_string(feed_fault what) noexcept;

struct feed_error {
  feed_fault fault = feed_fault::bad_json;
  /// Which member, or where in the text.
  std::string detail;
};

using feed_message
  = std::variant<channels_answer, plain_answer, refusal, book_update,
                 trade_list, ticker, venue_heartbeat, test_request,
                 unknown_message, feed_error>;

} // namespace zenws::engine
