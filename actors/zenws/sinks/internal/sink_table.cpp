// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sinks/internal/sink_table.hpp"

#include "zenws/internal/enum_names.hpp"
#include "zenws/json/internal/json_writer.hpp"
#include "zenws/recording/recording.hpp"

#include <array>
#include <optional>

namespace zenws {

BOOST_DESCRIBE_ENUM(sink_table, messages, trades, quotes, tickers, losses)

std::string_view to_string(sink_table value) noexcept {
  return internal::enum_name(value);
}

namespace {

template <size_t First, size_t Second>
constexpr auto joined(const std::array<sink_column, First>& first,
                      const std::array<sink_column, Second>& second) {
  std::array<sink_column, First + Second> result{};
  for (size_t i = 0; i < First; ++i)
    result[i] = first[i];
  for (size_t i = 0; i < Second; ++i)
    result[First + i] = second[i];
  return result;
}

template <size_t Size>
constexpr auto with_key(const std::array<sink_column, Size>& more) {
  return joined(std::array<sink_column, num_key_columns>{{
                  {"time", column_type::time},
                  {"client"},
                  {"run", column_type::integer},
                  {"epoch", column_type::integer},
                  {"sequence", column_type::integer},
                  {"item", column_type::integer},
                }},
                more);
}

constexpr sink_column maybe(std::string_view name, column_type type) {
  return {name, type, column_presence::optional};
}

constexpr auto message_columns = with_key(std::array{
  sink_column{"kind"},
  maybe("payload", column_type::text),
  maybe("payload_bytes", column_type::bytes),
});

constexpr auto trade_columns = with_key(std::array{
  sink_column{"instrument"},
  maybe("venue_time", column_type::time),
  maybe("trade", column_type::integer),
  sink_column{"price", column_type::number},
  sink_column{"amount", column_type::number},
  sink_column{"direction"},
  sink_column{"cause"},
  sink_column{"late", column_type::integer},
});

constexpr std::array best_prices{
  sink_column{"instrument"},
  maybe("venue_time", column_type::time),
  maybe("bid_price", column_type::number),
  maybe("bid_amount", column_type::number),
  maybe("ask_price", column_type::number),
  maybe("ask_amount", column_type::number),
};

constexpr auto quote_columns = with_key(best_prices);

constexpr auto ticker_columns
  = with_key(joined(best_prices, std::array{
                                   maybe("last_price", column_type::number),
                                   maybe("mark_price", column_type::number),
                                   maybe("index_price", column_type::number),
                                   maybe("funding_rate", column_type::number),
                                   maybe("open_interest", column_type::number),
                                 }));

constexpr auto loss_columns = with_key(std::array{
  sink_column{"cause"},
  maybe("lost", column_type::integer),
  maybe("first_epoch", column_type::integer),
  maybe("first_sequence", column_type::integer),
  maybe("last_epoch", column_type::integer),
  maybe("last_sequence", column_type::integer),
  maybe("instrument", column_type::text),
});

// Appends the values of one record.
class cell_reader {
public:
  explicit cell_reader(std::vector<sink_cell>& out) : out_(out) {
    // nop
  }

  void operator()(const sink_key& x) {
    add(x.time).text(*x.client).count(x.run).count(x.epoch);
    count(x.sequence).count(x.item);
  }

  void operator()(const sink_message& x) {
    text(to_string(x.kind));
    // Stores take no NUL in texts.
    if (x.kind == message_kind::text
        && x.payload.find('\0') == std::string::npos)
      text(x.payload).add({});
    else
      add({}).add(sink_bytes{x.payload});
  }

  void operator()(const market::trade& x) {
    instrument(x).known(x.sequence).add(x.price).add(x.amount);
    text(to_string(x.direction)).text(to_string(x.kind));
    count(x.is_late ? 1 : 0);
  }

  void operator()(const market::quote& x) {
    instrument(x).level(x.bid).level(x.ask);
  }

  void operator()(const market::ticker& x) {
    instrument(x).level(x.bid).level(x.ask).number(x.last_price);
    number(x.mark_price).number(x.index_price).number(x.funding_rate);
    number(x.open_interest);
  }

  void operator()(const sink_loss& x) {
    text(to_string(x.cause)).known(x.lost).known(x.first_epoch);
    known(x.first_sequence).known(x.last_epoch).known(x.last_sequence);
    if (x.instrument.empty())
      add({});
    else
      text(x.instrument.view());
  }

private:
  template <class T>
  cell_reader& instrument(const T& x) {
    text(x.instrument.view());
    return x.time == market::venue_time{} ? add({}) : add(x.time);
  }

  cell_reader& add(sink_cell x) {
    out_.push_back(x);
    return *this;
  }

  cell_reader& text(std::string_view x) {
    return add(x);
  }

  cell_reader& count(uint64_t x) {
    return add(static_cast<int64_t>(x));
  }

  // A number that is 0 if nobody knows.
  cell_reader& known(uint64_t x) {
    return x > 0 ? count(x) : add({});
  }

  cell_reader& number(const std::optional<market::decimal>& x) {
    return x ? add(*x) : add({});
  }

  cell_reader& level(const std::optional<market::price_level>& x) {
    return x ? add(x->price).add(x->amount) : add({}).add({});
  }

  std::vector<sink_cell>& out_;
};

struct cell_text {
  std::string operator()(std::monostate) const {
    return {};
  }

  std::string operator()(sink_time x) const {
    return time_to_string(x);
  }

  std::string operator()(int64_t x) const {
    return std::to_string(x);
  }

  std::string operator()(market::decimal x) const {
    return market::to_string(x);
  }

  std::string operator()(std::string_view x) const {
    return std::string{x};
  }

  std::string operator()(const sink_bytes& x) const {
    return std::string{x.content};
  }
};

class cell_json {
public:
  cell_json(internal::json_writer& out, std::string_view name)
    : out_(out), name_(name) {
    // nop
  }

  void operator()(std::monostate) const {
    // nop
  }

  void operator()(const sink_bytes&) const {
    // nop
  }

  void operator()(sink_time x) const {
    out_.key(name_).number(x.time_since_epoch().count());
  }

  void operator()(int64_t x) const {
    out_.key(name_).number(x);
  }

  void operator()(market::decimal x) const {
    out_.key(name_).string(market::to_string(x));
  }

  void operator()(std::string_view x) const {
    out_.key(name_).lenient_string(x);
  }

private:
  internal::json_writer& out_;
  std::string_view name_;
};

} // namespace

std::span<const sink_column> columns_of(sink_table table) noexcept {
  switch (table) {
    case sink_table::messages:
      return message_columns;
    case sink_table::trades:
      return trade_columns;
    case sink_table::quotes:
      return quote_columns;
    case sink_table::tickers:
      return ticker_columns;
    default:
      return loss_columns;
  }
}

void read_cells(const sink_record& record, std::vector<sink_cell>& out) {
  out.clear();
  cell_reader reader{out};
  reader(record.key);
  std::visit(reader, record.content);
}

std::string to_text(const sink_cell& cell) {
  return std::visit(cell_text{}, cell);
}

std::string to_json(const sink_record& record) {
  std::vector<sink_cell> cells;
  read_cells(record, cells);
  auto columns = columns_of(table_of(record));
  internal::json_writer out;
  out.begin_object();
  for (size_t i = 0; i < cells.size(); ++i)
    std::visit(cell_json{out, columns[i].name}, cells[i]);
  out.end_object();
  auto result = out.take();
  return result ? std::move(*result) : std::string{"{}"};
}

} // namespace zenws
