// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/trading/internal/journal_tables.hpp"

#include "zenws/trading/internal/order_log.hpp"

#include <map>
#include <random>
#include <type_traits>
#include <unordered_map>
#include <utility>

namespace zenws::internal {

using market::decimal;
using trading::journal_mode;
using trading::order_ledger;
using trading::order_record;

namespace {

constexpr int64_t journal_format = 1;

constexpr const char* journal_definition = R"(
CREATE TABLE IF NOT EXISTS journal (owner TEXT, format INTEGER);
CREATE TABLE IF NOT EXISTS orders (
  id TEXT PRIMARY KEY, number INTEGER, instrument TEXT, venue_id TEXT,
  side INTEGER, type INTEGER, amount TEXT, price TEXT, trigger_price TEXT,
  validity INTEGER, post_only INTEGER, reduce_only INTEGER, venue_members TEXT,
  state INTEGER, filled TEXT, reason TEXT, is_known INTEGER, end INTEGER,
  terms_time INTEGER, is_open INTEGER) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS open_orders ON orders (number) WHERE is_open;
CREATE INDEX IF NOT EXISTS numbers ON orders (number);
CREATE TABLE IF NOT EXISTS fills (
  order_id TEXT, id TEXT, instrument TEXT, side INTEGER, price TEXT,
  amount TEXT, fee TEXT, fee_currency TEXT, liquidity INTEGER, time INTEGER,
  PRIMARY KEY (order_id, id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS positions (
  instrument TEXT PRIMARY KEY, amount TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS log (last_record INTEGER);
CREATE TABLE IF NOT EXISTS halt (reason TEXT);
)";

// -- values -------------------------------------------------------------------

template <class Enum>
requires std::is_enum_v<Enum> int64_t number_of(Enum value) {
  return static_cast<int64_t>(value);
}

int64_t number_of(market::venue_time value) {
  return value.time_since_epoch().count();
}

/// Reads the values of a row. What does not fit its type is damage.
class row_reader {
public:
  explicit row_reader(statement& from) : from_(from) {
    // nop
  }

  bool is_damaged() const noexcept {
    return is_damaged_;
  }

  std::string text() {
    return from_.text();
  }

  template <class Text>
  void read(Text& to) {
    if (auto value = Text::make(from_.text()))
      to = *value;
    else
      is_damaged_ = true;
  }

  void read(decimal& to) {
    if (auto value = decimal::parse(from_.text()))
      to = *value;
    else
      is_damaged_ = true;
  }

  void read(std::optional<decimal>& to) {
    if (from_.is_null())
      from_.skip();
    else
      read(to.emplace());
  }

  void read(bool& to) {
    to = from_.number() != 0;
  }

  void read(market::venue_time& to) {
    to = market::venue_time{std::chrono::microseconds{from_.number()}};
  }

  /// @param most the last enumerator
  template <class Enum>
  void read(Enum& to, Enum most) {
    auto value = from_.number();
    if (value < 0 || value > number_of(most))
      is_damaged_ = true;
    else
      to = static_cast<Enum>(value);
  }

  template <class Enum>
  void read(std::optional<Enum>& to, Enum most) {
    if (from_.is_null())
      from_.skip();
    else
      read(to.emplace(), most);
  }

private:
  statement& from_;
  bool is_damaged_ = false;
};

error damaged_journal(const std::string& path) {
  return {ec::journal_failed, path + ": a value makes no sense"};
}

} // namespace

// -- transitions --------------------------------------------------------------

error journal_tables::open(const std::string& path, journal_mode mode,
                           std::string_view owner) {
  path_ = path;
  if (auto problem = db_.open(path))
    return problem;
  return prepare(mode, owner);
}

error journal_tables::apply(std::string_view log_image) {
  journal_record content;
  auto last = last_record_;
  auto is_damaged = false;
  log_image::for_each(log_image, [&](uint64_t number, std::string_view bytes) {
    if (number <= last_record_)
      return;
    is_damaged |= !decode(bytes, content);
    last = number;
  });
  if (is_damaged)
    return damaged_journal(path_);
  if (last == last_record_)
    return {};
  if (auto problem = db_.run("BEGIN"))
    return problem;
  auto problem = put(content, last);
  if (!problem)
    problem = db_.run("COMMIT");
  if (problem)
    (void) db_.run("ROLLBACK");
  else
    last_record_ = last;
  return problem;
}

error journal_tables::load(order_ledger& to, size_t max_settled) {
  if (auto problem = load_orders(to, max_settled))
    return problem;
  return load_positions(to);
}

error journal_tables::put_halt(const std::optional<std::string>& reason) {
  if (auto problem = db_.run("BEGIN"))
    return problem;
  auto problem = db_.run("DELETE FROM halt");
  if (!problem && reason) {
    statement insert{db_, "INSERT INTO halt VALUES (?)"};
    problem = insert.bind(*reason).finish();
  }
  if (!problem)
    problem = db_.run("COMMIT");
  if (problem)
    (void) db_.run("ROLLBACK");
  return problem;
}

result<std::optional<std::string>> journal_tables::load_halt() {
  statement query{db_, "SELECT reason FROM halt"};
  std::optional<std::string> result;
  if (query.next())
    result = query.text();
  if (auto problem = query.finish())
    return problem;
  return result;
}

// -- opening ------------------------------------------------------------------

error journal_tables::prepare(journal_mode mode, std::string_view owner) {
  // Another process would send orders by the same names.
  for (auto* sql :
       {"PRAGMA locking_mode = EXCLUSIVE",
        mode == journal_mode::sync ? "PRAGMA synchronous = FULL"
                                   : "PRAGMA synchronous = OFF",
        "PRAGMA journal_mode = WAL", "BEGIN IMMEDIATE", journal_definition})
    if (auto problem = db_.run(sql))
      return problem;
  if (auto problem = check_owner(owner))
    return problem;
  if (auto problem = begin_log())
    return problem;
  if (auto problem = db_.run("COMMIT"))
    return problem;
  put_order_ = {db_, "INSERT OR REPLACE INTO orders VALUES "
                     "(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"};
  put_fill_ = {db_, "INSERT OR IGNORE INTO fills VALUES (?,?,?,?,?,?,?,?,?,?)"};
  put_position_ = {db_, "INSERT OR REPLACE INTO positions VALUES (?,?)"};
  put_last_record_ = {db_, "UPDATE log SET last_record = ?"};
  return {};
}

// The numbers of records begin anywhere: those in the log of another journal,
// left behind by somebody who has removed that, do not follow.
error journal_tables::begin_log() {
  statement query{db_, "SELECT last_record FROM log"};
  if (query.next()) {
    last_record_ = static_cast<uint64_t>(query.number());
    return query.finish();
  }
  if (auto problem = query.finish())
    return problem;
  std::random_device seed;
  last_record_ = uint64_t{seed()} << 30 | seed() >> 2;
  statement insert{db_, "INSERT INTO log VALUES (?)"};
  return insert.bind(static_cast<int64_t>(last_record_)).finish();
}

error journal_tables::check_owner(std::string_view owner) {
  statement query{db_, "SELECT owner, format FROM journal"};
  if (query.next()) {
    auto known_owner = query.text();
    auto known_format = query.number();
    if (known_owner != owner)
      return {ec::journal_failed, path_ + ": it belongs to " + known_owner
                                    + ", not to " + std::string{owner}};
    if (known_format != journal_format)
      return {ec::journal_failed,
              path_ + ": it has the format of another version"};
    return query.finish();
  }
  if (auto problem = query.finish())
    return problem;
  statement insert{db_, "INSERT INTO journal VALUES (?,?)"};
  return insert.bind(owner).bind(journal_format).finish();
}

// -- writing ------------------------------------------------------------------

error journal_tables::put(const journal_record& content, uint64_t last_record) {
  error result;
  auto note = [&](error problem) {
    if (!result)
      result = std::move(problem);
  };
  // Of each order and position, only the last one counts.
  std::unordered_map<uint64_t, const order_record*> orders;
  for (auto& x : content.orders)
    orders[x.number] = &x.content;
  for (auto& [number, order] : orders)
    note(put(*order, number));
  for (auto& x : content.fills)
    note(put(x));
  std::map<market::instrument_name, decimal> positions;
  for (auto& x : content.positions)
    positions[x.instrument] = x.amount;
  for (auto& [instrument, amount] : positions)
    note(put({instrument, amount}));
  note(put_last_record_.bind(static_cast<int64_t>(last_record)).finish());
  return result;
}

error journal_tables::put(const order_record& record, uint64_t number) {
  auto& x = record.content;
  auto& terms = x.terms;
  auto amount = to_string(terms.amount);
  auto filled = to_string(x.filled);
  auto price = terms.price ? to_string(*terms.price) : std::string{};
  auto trigger = terms.trigger ? to_string(*terms.trigger) : std::string{};
  put_order_.bind(x.key.id.view())
    .bind(static_cast<int64_t>(number))
    .bind(x.key.instrument.view())
    .bind(x.key.venue_id.view())
    .bind(number_of(terms.side))
    .bind(number_of(terms.type))
    .bind(amount);
  terms.price ? put_order_.bind(price) : put_order_.bind_null();
  terms.trigger ? put_order_.bind(trigger) : put_order_.bind_null();
  put_order_.bind(number_of(terms.validity))
    .bind(int64_t{terms.post_only})
    .bind(int64_t{terms.reduce_only})
    .bind(terms.venue_members)
    .bind(number_of(x.state))
    .bind(filled)
    .bind(x.reason)
    .bind(int64_t{record.is_known});
  record.end ? put_order_.bind(number_of(*record.end)) : put_order_.bind_null();
  put_order_.bind(number_of(record.terms_time))
    .bind(int64_t{!is_final(x.state)});
  return put_order_.finish();
}

error journal_tables::put(const trading::fill& x) {
  auto price = to_string(x.price);
  auto amount = to_string(x.amount);
  auto fee = x.fee ? to_string(*x.fee) : std::string{};
  put_fill_.bind(x.order.id.view())
    .bind(x.id.view())
    .bind(x.order.instrument.view())
    .bind(number_of(x.side))
    .bind(price)
    .bind(amount);
  x.fee ? put_fill_.bind(fee) : put_fill_.bind_null();
  put_fill_.bind(x.fee_currency.view())
    .bind(number_of(x.liquidity))
    .bind(number_of(x.time));
  return put_fill_.finish();
}

error journal_tables::put(const journal_record::instrument_position& x) {
  auto amount = to_string(x.amount);
  return put_position_.bind(x.instrument.view()).bind(amount).finish();
}

// -- reading ------------------------------------------------------------------

error journal_tables::load_orders(order_ledger& to, size_t max_settled) {
  // Those that are over only as far as they are remembered.
  statement orders{
    db_, "SELECT id, instrument, venue_id, side, type, amount, price, "
         "trigger_price, validity, post_only, reduce_only, venue_members, "
         "state, filled, reason, is_known, end, terms_time FROM orders "
         "WHERE is_open OR number IN (SELECT number FROM orders "
         "WHERE NOT is_open ORDER BY number DESC LIMIT ?) ORDER BY number"};
  orders.bind(static_cast<int64_t>(max_settled));
  statement fills{db_, "SELECT id, amount FROM fills WHERE order_id = ?"};
  while (orders.next()) {
    auto record = read_order(orders);
    if (!record)
      return record.error();
    if (auto problem = load_fills(fills, *record))
      return problem;
    to.restore(*record);
  }
  if (auto problem = orders.finish())
    return problem;
  statement numbers{db_, "SELECT max(number) FROM orders"};
  if (numbers.next())
    to.restore_number(static_cast<uint64_t>(numbers.number()));
  return numbers.finish();
}

result<order_record> journal_tables::read_order(statement& from) const {
  row_reader row{from};
  order_record result;
  auto& x = result.content;
  row.read(x.key.id);
  row.read(x.key.instrument);
  row.read(x.key.venue_id);
  row.read(x.terms.side, trading::order_side::sell);
  row.read(x.terms.type, trading::order_type::stop_market);
  row.read(x.terms.amount);
  row.read(x.terms.price);
  row.read(x.terms.trigger);
  row.read(x.terms.validity, trading::time_in_force::fill_or_kill);
  row.read(x.terms.post_only);
  row.read(x.terms.reduce_only);
  x.terms.venue_members = row.text();
  row.read(x.state, trading::order_state::unknown);
  row.read(x.filled);
  x.reason = row.text();
  row.read(result.is_known);
  row.read(result.end, trading::venue_order_state::expired);
  row.read(result.terms_time);
  x.terms.instrument = x.key.instrument;
  if (row.is_damaged())
    return damaged_journal(path_);
  return result;
}

error journal_tables::load_fills(statement& from, order_record& to) const {
  from.bind(to.content.key.id.view());
  while (from.next()) {
    row_reader row{from};
    trading::fill_id id;
    decimal amount;
    row.read(id);
    row.read(amount);
    if (row.is_damaged())
      return damaged_journal(path_);
    to.fills.emplace(id, amount);
  }
  return from.finish();
}

error journal_tables::load_positions(order_ledger& to) {
  statement positions{db_, "SELECT instrument, amount FROM positions"};
  while (positions.next()) {
    row_reader row{positions};
    auto instrument = row.text();
    decimal amount;
    row.read(amount);
    if (row.is_damaged())
      return damaged_journal(path_);
    to.restore_position(instrument, amount);
  }
  return positions.finish();
}

} // namespace zenws::internal
