// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/recording/recording_tables.hpp"

#include "zenws/internal/enum_names.hpp"
#include "zenws/internal/utf8.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace zenws {

BOOST_DESCRIBE_ENUM(recording_table, trades, book, quotes, tickers, messages)

static_assert(static_cast<size_t>(recording_table::messages) + 1
              == num_recording_tables);

std::string_view to_string(recording_table value) noexcept {
  return internal::enum_name(value);
}

namespace {

constexpr auto trade_columns = std::to_array<std::string_view>(
  {"received_at", "epoch", "sequence", "instrument", "venue_time", "trade",
   "price", "amount", "direction", "kind"});

constexpr auto book_columns = std::to_array<std::string_view>(
  {"received_at", "epoch", "sequence", "instrument", "venue_time", "update",
   "book_sequence", "side", "action", "price", "amount"});

constexpr auto quote_columns = std::to_array<std::string_view>(
  {"received_at", "epoch", "sequence", "instrument", "venue_time", "bid_price",
   "bid_amount", "ask_price", "ask_amount"});

constexpr auto ticker_columns = std::to_array<std::string_view>(
  {"received_at", "epoch", "sequence", "instrument", "venue_time", "bid_price",
   "bid_amount", "ask_price", "ask_amount", "last_price", "mark_price",
   "index_price", "funding_rate", "open_interest"});

constexpr auto message_columns = std::to_array<std::string_view>(
  {"received_at", "epoch", "sequence", "direction", "type", "data"});

std::string_view action_name(market::level_action value) noexcept {
  switch (value) {
    case market::level_action::create:
      return "create";
    case market::level_action::change:
      return "change";
    case market::level_action::remove:
      return "remove";
    default:
      return "set";
  }
}

// Makes one row after another.
class row_builder {
public:
  // The columns that all tables begin with.
  explicit row_builder(const recorded_header& entry) {
    text(time_to_string(entry.at)).count(entry.epoch).count(entry.sequence);
  }

  template <class T>
  row_builder(const recorded_header& entry, const T& update)
    : row_builder(entry) {
    view(update.instrument.view());
    if (update.time == market::venue_time{})
      none();
    else
      text(time_to_string(update.time));
  }

  row_builder& none() {
    return add({});
  }

  row_builder& count(uint64_t value) {
    return add(value);
  }

  // Text that outlives the row.
  row_builder& view(std::string_view value) {
    return add(value);
  }

  row_builder& blob(std::string_view value) {
    return add(table_blob{value});
  }

  row_builder& text(std::string value) {
    return add(std::string_view{texts_[next_text_++] = std::move(value)});
  }

  row_builder& number(const std::optional<market::decimal>& value) {
    return value ? text(to_string(*value)) : none();
  }

  row_builder& level(const std::optional<market::price_level>& value) {
    return value ? number(value->price).number(value->amount) : none().none();
  }

  error write(recording_table table, table_writer& to) const {
    return to.write(table, {cells_.data(), size_});
  }

private:
  static constexpr size_t max_cells = ticker_columns.size();

  row_builder& add(table_cell value) {
    cells_[size_++] = value;
    return *this;
  }

  std::array<table_cell, max_cells> cells_;
  size_t size_ = 0;
  std::array<std::string, max_cells> texts_;
  size_t next_text_ = 0;
};

// One overload for each alternative that has a table.
class update_rows {
public:
  update_rows(const recorded_header& entry, table_writer& to)
    : entry_(entry), to_(to) {
    // nop
  }

  error operator()(const market::trade& x) const {
    return row_builder{entry_, x}
      .count(x.sequence)
      .number(x.price)
      .number(x.amount)
      .view(to_string(x.direction))
      .view(to_string(x.kind))
      .write(recording_table::trades, to_);
  }

  error operator()(const market::book_snapshot& x) const {
    return add_levels(x, "snapshot");
  }

  error operator()(const market::book_change& x) const {
    return add_levels(x, "change");
  }

  error operator()(const market::quote& x) const {
    return row_builder{entry_, x}.level(x.bid).level(x.ask).write(
      recording_table::quotes, to_);
  }

  error operator()(const market::ticker& x) const {
    return row_builder{entry_, x}
      .level(x.bid)
      .level(x.ask)
      .number(x.last_price)
      .number(x.mark_price)
      .number(x.index_price)
      .number(x.funding_rate)
      .number(x.open_interest)
      .write(recording_table::tickers, to_);
  }

  template <class T>
  error operator()(const T&) const {
    return {};
  }

private:
  error add_levels(const market::book_update& x,
                   std::string_view update) const {
    for (auto& level : x.levels) {
      auto problem = row_builder{entry_, x}
                       .view(update)
                       .count(x.sequence)
                       .view(level.side == market::book_side::bid ? "bid"
                                                                  : "ask")
                       .view(action_name(level.action))
                       .number(level.price)
                       .number(level.amount)
                       .write(recording_table::book, to_);
      if (problem)
        return problem;
    }
    return {};
  }

  const recorded_header& entry_;
  table_writer& to_;
};

bool has_table(const market::update& x) noexcept {
  return std::holds_alternative<market::trade>(x)
         || std::holds_alternative<market::quote>(x)
         || std::holds_alternative<market::ticker>(x)
         || book_update_of(x) != nullptr;
}

} // namespace

std::span<const std::string_view> columns_of(recording_table table) noexcept {
  switch (table) {
    case recording_table::trades:
      return trade_columns;
    case recording_table::book:
      return book_columns;
    case recording_table::quotes:
      return quote_columns;
    case recording_table::tickers:
      return ticker_columns;
    default:
      return message_columns;
  }
}

table_writer::~table_writer() {
  // nop
}

// -- table_reader -------------------------------------------------------------

table_reader::table_reader(dialect_ptr venue) : venue_(std::move(venue)) {
  if (venue_ && venue_->market() == nullptr)
    venue_ = nullptr;
}

error table_reader::add(const recorded_entry& entry, table_writer& to) {
  if (!decode(entry))
    return add_message(entry, to);
  for (auto& update : updates_)
    if (auto problem = std::visit(update_rows{entry, to}, update))
      return problem;
  return {};
}

bool table_reader::decode(const recorded_entry& entry) {
  if (!venue_ || entry.type != recorded_type::text
      || entry.direction != recorded_direction::in)
    return false;
  if (std::exchange(epoch_, entry.epoch) != entry.epoch) {
    venue_->connected();
    venue_->market()->forget_values();
  }
  auto message = venue_->read(entry.data);
  updates_.clear();
  if (message.kind != inbound_kind::data
      || venue_->market()->decode(message.content, updates_))
    return false;
  // Nothing is left out: what has no table stays a message.
  return !updates_.empty() && std::ranges::all_of(updates_, has_table);
}

error table_reader::add_message(const recorded_entry& entry, table_writer& to) {
  row_builder cells{entry};
  cells.view(to_string(entry.direction)).view(to_string(entry.type));
  if (entry.type == recorded_type::binary
      || !internal::valid_utf8(entry.data.data(), entry.data.size()))
    cells.blob(entry.data);
  else
    cells.view(entry.data);
  return cells.write(recording_table::messages, to);
}

} // namespace zenws
