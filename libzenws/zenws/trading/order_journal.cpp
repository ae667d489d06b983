// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/trading/order_journal.hpp"

#include "zenws/internal/enum_names.hpp"
#include "zenws/trading/internal/database.hpp"

#include <set>
#include <utility>

namespace zenws::trading {

namespace {

using internal::database;
using internal::statement;
using market::decimal;

constexpr int64_t format = 1;

constexpr const char* definition = R"(
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

const order_key& key_of(const order_event& x) noexcept {
  return x.content.key;
}

const order_key& key_of(const fill& x) noexcept {
  return x.order;
}

const order_key& key_of(const ledger_news& x) noexcept {
  return std::visit(
    [](auto& y) -> auto& { return key_of(y); }, x);
}

error damaged(const std::string& path) {
  return {ec::journal_failed, path + ": a value makes no sense"};
}

} // namespace

BOOST_DESCRIBE_ENUM(journal_mode, off, async, sync)

std::string_view to_string(journal_mode value) noexcept {
  return internal::enum_name(value);
}

// -- tables -------------------------------------------------------------------

struct order_journal::tables {
  error prepare(const std::string& file, journal_mode mode,
                std::string_view owner) {
    path = file;
    // Another process would send orders by the same names.
    for (auto* sql :
         {"PRAGMA locking_mode = EXCLUSIVE", "PRAGMA journal_mode = WAL",
          mode == journal_mode::sync ? "PRAGMA synchronous = FULL"
                                     : "PRAGMA synchronous = OFF",
          "BEGIN IMMEDIATE", definition})
      if (auto problem = db.run(sql))
        return problem;
    if (auto problem = check_owner(owner))
      return problem;
    if (auto problem = db.run("COMMIT"))
      return problem;
    put_order = {db, "INSERT OR REPLACE INTO orders VALUES "
                     "(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"};
    put_fill = {db, "INSERT OR IGNORE INTO fills VALUES (?,?,?,?,?,?,?,?,?,?)"};
    put_position = {db, "INSERT OR REPLACE INTO positions VALUES (?,?)"};
    return {};
  }

  error check_owner(std::string_view owner) {
    statement query{db, "SELECT owner, format FROM journal"};
    if (query.next()) {
      auto known_owner = query.text();
      auto known_format = query.number();
      if (known_owner != owner)
        return {ec::journal_failed, path + ": it belongs to " + known_owner
                                      + ", not to " + std::string{owner}};
      if (known_format != format)
        return {ec::journal_failed,
                path + ": it has the format of another version"};
      return query.finish();
    }
    if (auto problem = query.finish())
      return problem;
    statement insert{db, "INSERT INTO journal VALUES (?,?)"};
    return insert.bind(owner).bind(format).finish();
  }

  error put(const order_record& record, uint64_t number) {
    auto& x = record.content;
    auto& terms = x.terms;
    auto amount = to_string(terms.amount);
    auto filled = to_string(x.filled);
    auto price = terms.price ? to_string(*terms.price) : std::string{};
    auto trigger = terms.trigger ? to_string(*terms.trigger) : std::string{};
    put_order.bind(x.key.id.view())
      .bind(static_cast<int64_t>(number))
      .bind(x.key.instrument.view())
      .bind(x.key.venue_id.view())
      .bind(number_of(terms.side))
      .bind(number_of(terms.type))
      .bind(amount);
    terms.price ? put_order.bind(price) : put_order.bind_null();
    terms.trigger ? put_order.bind(trigger) : put_order.bind_null();
    put_order.bind(number_of(terms.validity))
      .bind(int64_t{terms.post_only})
      .bind(int64_t{terms.reduce_only})
      .bind(terms.venue_members)
      .bind(number_of(x.state))
      .bind(filled)
      .bind(x.reason)
      .bind(int64_t{record.is_known});
    record.end ? put_order.bind(number_of(*record.end)) : put_order.bind_null();
    put_order.bind(number_of(record.terms_time))
      .bind(int64_t{!is_final(x.state)});
    return put_order.finish();
  }

  error put(const fill& x) {
    auto price = to_string(x.price);
    auto amount = to_string(x.amount);
    auto fee = x.fee ? to_string(*x.fee) : std::string{};
    put_fill.bind(x.order.id.view())
      .bind(x.id.view())
      .bind(x.order.instrument.view())
      .bind(number_of(x.side))
      .bind(price)
      .bind(amount);
    x.fee ? put_fill.bind(fee) : put_fill.bind_null();
    put_fill.bind(x.fee_currency.view())
      .bind(number_of(x.liquidity))
      .bind(number_of(x.time));
    return put_fill.finish();
  }

  error put_position_of(const order_ledger& ledger,
                        const market::instrument_name& instrument) {
    auto position = ledger.position(instrument.view());
    if (!position)
      return {ec::journal_failed, "a position is too large"};
    auto amount = to_string(*position);
    return put_position.bind(instrument.view()).bind(amount).finish();
  }

  error load_orders(order_ledger& to, size_t max_settled) {
    // Those that are over only as far as they are remembered.
    statement orders{
      db, "SELECT id, instrument, venue_id, side, type, amount, price, "
          "trigger_price, validity, post_only, reduce_only, venue_members, "
          "state, filled, reason, is_known, end, terms_time FROM orders "
          "WHERE is_open OR number IN (SELECT number FROM orders "
          "WHERE NOT is_open ORDER BY number DESC LIMIT ?) ORDER BY number"};
    orders.bind(static_cast<int64_t>(max_settled));
    statement fills{db, "SELECT id, amount FROM fills WHERE order_id = ?"};
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
    statement numbers{db, "SELECT max(number) FROM orders"};
    if (numbers.next())
      to.restore_number(static_cast<uint64_t>(numbers.number()));
    return numbers.finish();
  }

  result<order_record> read_order(statement& from) const {
    row_reader row{from};
    order_record result;
    auto& x = result.content;
    row.read(x.key.id);
    row.read(x.key.instrument);
    row.read(x.key.venue_id);
    row.read(x.terms.side, order_side::sell);
    row.read(x.terms.type, order_type::stop_market);
    row.read(x.terms.amount);
    row.read(x.terms.price);
    row.read(x.terms.trigger);
    row.read(x.terms.validity, time_in_force::fill_or_kill);
    row.read(x.terms.post_only);
    row.read(x.terms.reduce_only);
    x.terms.venue_members = row.text();
    row.read(x.state, order_state::unknown);
    row.read(x.filled);
    x.reason = row.text();
    row.read(result.is_known);
    row.read(result.end, venue_order_state::expired);
    row.read(result.terms_time);
    x.terms.instrument = x.key.instrument;
    if (row.is_damaged())
      return damaged(path);
    return result;
  }

  error load_fills(statement& from, order_record& to) const {
    from.bind(to.content.key.id.view());
    while (from.next()) {
      row_reader row{from};
      fill_id id;
      decimal amount;
      row.read(id);
      row.read(amount);
      if (row.is_damaged())
        return damaged(path);
      to.fills.emplace(id, amount);
    }
    return from.finish();
  }

  error load_positions(order_ledger& to) {
    statement positions{db, "SELECT instrument, amount FROM positions"};
    while (positions.next()) {
      row_reader row{positions};
      auto instrument = row.text();
      decimal amount;
      row.read(amount);
      if (row.is_damaged())
        return damaged(path);
      to.restore_position(instrument, amount);
    }
    return positions.finish();
  }

  std::string path;
  database db;
  statement put_order;
  statement put_fill;
  statement put_position;
};

// -- constructors, destructors, and assignment operators ----------------------

result<order_journal> order_journal::open(const std::string& path,
                                          journal_mode mode,
                                          std::string_view owner) {
  auto content = std::make_unique<tables>();
  if (auto problem = content->db.open(path))
    return problem;
  if (auto problem = content->prepare(path, mode, owner))
    return problem;
  return order_journal{std::move(content)};
}

order_journal::order_journal(std::unique_ptr<tables> content)
  : tables_(std::move(content)) {
  // nop
}

order_journal::order_journal(order_journal&&) noexcept = default;

order_journal& order_journal::operator=(order_journal&&) noexcept = default;

order_journal::~order_journal() = default;

// -- transitions --------------------------------------------------------------

error order_journal::write(const order_ledger& ledger,
                           std::span<const ledger_news> news) {
  std::set<client_order_id> orders;
  std::set<market::instrument_name> instruments;
  if (auto problem = tables_->db.run("BEGIN"))
    return problem;
  error problem;
  auto note = [&](error x) {
    if (!problem)
      problem = std::move(x);
  };
  for (auto& x : news) {
    auto& key = key_of(x);
    orders.insert(key.id);
    instruments.insert(key.instrument);
    if (auto* item = std::get_if<fill>(&x))
      note(tables_->put(*item));
  }
  for (auto& id : orders)
    if (ledger.find(id) != nullptr)
      note(tables_->put(ledger.record_of(id), ledger.number_of(id)));
  for (auto& name : instruments)
    note(tables_->put_position_of(ledger, name));
  if (!problem)
    problem = tables_->db.run("COMMIT");
  if (problem)
    (void) tables_->db.run("ROLLBACK");
  return problem;
}

result<order_ledger> order_journal::load(const ledger_config& cfg) {
  order_ledger result{cfg};
  if (auto problem = tables_->load_orders(result, cfg.max_settled))
    return problem;
  if (auto problem = tables_->load_positions(result))
    return problem;
  return result;
}

} // namespace zenws::trading
