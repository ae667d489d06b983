// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/delivery/market_codec.hpp"

#include <array>
#include <cstring>
#include <limits>
#include <optional>
#include <type_traits>
#include <utility>

namespace zenws {

namespace {

using namespace market;

// The first byte: batches of other versions are no batches.
constexpr uint8_t version = 2;

// Bytes of the shortest update, so that no count makes us allocate more than
// the batch has bytes for.
constexpr size_t least_update = 4;

// -- fields -------------------------------------------------------------------

// Each type lists its fields once, for the writer and the reader alike.

template <class Archive, class T>
requires std::is_same_v<std::remove_const_t<T>, price_level>
void fields(Archive& io, T& x) {
  io(x.price, x.amount);
}

template <class Archive, class T>
requires std::is_same_v<std::remove_const_t<T>, level_change>
void fields(Archive& io, T& x) {
  io(x.side, x.action, x.price_places, x.amount_places, x.price, x.amount);
}

template <class Archive, class T>
requires std::is_same_v<std::remove_const_t<T>, trade>
void fields(Archive& io, T& x) {
  io(x.instrument, x.time, x.message, x.sequence, x.first_sequence, x.price,
     x.amount, x.direction, x.kind, x.is_late);
}

template <class Archive, class T>
requires std::is_same_v<std::remove_const_t<T>, trade_gap>
void fields(Archive& io, T& x) {
  io(x.instrument, x.time, x.message, x.after, x.before, x.since);
}

template <class Archive, class T>
requires std::is_base_of_v<book_update, std::remove_const_t<T>>
void fields(Archive& io, T& x) {
  io(x.instrument, x.time, x.message, x.sequence, x.first_sequence, x.previous,
     x.checksum);
  io.levels(x);
}

template <class Archive, class T>
requires std::is_same_v<std::remove_const_t<T>, book_lost>
void fields(Archive& io, T& x) {
  io(x.instrument, x.time, x.message, x.cause);
}

template <class Archive, class T>
requires std::is_same_v<std::remove_const_t<T>, market::quote>
void fields(Archive& io, T& x) {
  io(x.instrument, x.time, x.message, x.sequence, x.bid, x.ask);
}

template <class Archive, class T>
requires std::is_same_v<std::remove_const_t<T>, ticker>
void fields(Archive& io, T& x) {
  io(x.instrument, x.time, x.message, x.sequence, x.bid, x.ask, x.last_price,
     x.mark_price, x.index_price, x.funding_rate, x.open_interest);
}

template <class Archive, class T>
requires std::is_same_v<std::remove_const_t<T>, instrument_state>
void fields(Archive& io, T& x) {
  io(x.instrument, x.time, x.message, x.state, x.kind, x.unit, x.is_inverse,
     x.base, x.quote, x.settlement, x.tick, x.lot, x.min_amount,
     x.contract_size, x.strike, x.expires, x.code);
}

// The last enumerator of each enumeration: a byte beyond it is no value.
constexpr auto last_of(book_side) {
  return book_side::ask;
}

constexpr auto last_of(level_action) {
  return level_action::set;
}

constexpr auto last_of(trade_direction) {
  return trade_direction::unknown;
}

constexpr auto last_of(trade_kind) {
  return trade_kind::placeholder;
}

constexpr auto last_of(loss_cause) {
  return loss_cause::ended;
}

constexpr auto last_of(trading_state) {
  return trading_state::closed;
}

constexpr auto last_of(instrument_kind) {
  return instrument_kind::combination;
}

constexpr auto last_of(amount_unit) {
  return amount_unit::contracts;
}

uint64_t zigzag(int64_t x) noexcept {
  return static_cast<uint64_t>(x) << 1 ^ static_cast<uint64_t>(x >> 63);
}

int64_t from_zigzag(uint64_t x) noexcept {
  return static_cast<int64_t>(x >> 1) ^ -static_cast<int64_t>(x & 1);
}

// -- writing ------------------------------------------------------------------

class writer {
public:
  explicit writer(std::string& out) : out_(out) {
    // nop
  }

  template <class... Ts>
  void operator()(const Ts&... xs) {
    (put(xs), ...);
  }

  void levels(const book_update& x) {
    put(uint64_t{x.levels.size()});
    for (auto& level : x.levels)
      fields(*this, level);
  }

  void put(uint64_t x) {
    for (; x >= 0x80; x >>= 7)
      out_ += static_cast<char>(x | 0x80);
    out_ += static_cast<char>(x);
  }

private:
  void put(uint32_t x) {
    put(uint64_t{x});
  }

  void put(uint8_t x) {
    out_ += static_cast<char>(x);
  }

  void put(bool x) {
    put(static_cast<uint8_t>(x));
  }

  template <class T>
  requires std::is_enum_v<T>
  void put(T x) {
    put(static_cast<uint8_t>(x));
  }

  void put(decimal x) {
    put(static_cast<uint8_t>(x.exponent()));
    put(zigzag(x.mantissa()));
  }

  // Times of one batch lie near each other.
  void put(venue_time x) {
    auto count = static_cast<uint64_t>(x.time_since_epoch().count());
    auto step = count - std::exchange(last_time_, count);
    put(zigzag(static_cast<int64_t>(step)));
  }

  // A name is its number among those that came before, or 0 and the text.
  void put(const instrument_name& x) {
    for (size_t i = 0; i < names_.size(); ++i)
      if (names_[i] == x)
        return put(uint64_t{i} + 1);
    if (names_.size() < max_names)
      names_.push_back(x);
    put(uint64_t{0});
    text(x.view());
  }

  void put(const asset_name& x) {
    text(x.view());
  }

  void put(const price_level& x) {
    fields(*this, x);
  }

  template <class T>
  void put(const std::optional<T>& x) {
    put(x.has_value());
    if (x)
      put(*x);
  }

  void text(std::string_view x) {
    put(uint64_t{x.size()});
    out_ += x;
  }

public:
  // Names of one batch that are looked for.
  static constexpr size_t max_names = 64;

private:
  std::string& out_;
  uint64_t last_time_ = 0;
  std::vector<instrument_name> names_;
};

// -- reading ------------------------------------------------------------------

// After the first problem it reads nothing but zeros.
class reader {
public:
  reader(std::string_view in, update_list& out) : in_(in), out_(out) {
    // nop
  }

  bool failed() const noexcept {
    return failed_;
  }

  size_t left() const noexcept {
    return in_.size();
  }

  template <class... Ts>
  void operator()(Ts&... xs) {
    (get(xs), ...);
  }

  void levels(book_update& x) {
    x.levels = {};
    auto size = number();
    if (size > in_.size())
      return fail();
    for (; size > 0 && !failed_; --size) {
      level_change level;
      fields(*this, level);
      if (!failed_)
        out_.add_level(x, level);
    }
  }

  template <class T>
  void get_update() {
    fields(*this, out_.add<T>());
  }

  uint64_t number() noexcept {
    uint64_t result = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      auto byte = this->byte();
      result |= uint64_t{byte & 0x7fu} << shift;
      if (byte < 0x80)
        return result;
    }
    fail();
    return 0;
  }

  void fail() noexcept {
    failed_ = true;
    in_ = {};
  }

private:
  uint8_t byte() noexcept {
    if (in_.empty()) {
      fail();
      return 0;
    }
    auto result = static_cast<uint8_t>(in_.front());
    in_.remove_prefix(1);
    return result;
  }

  void get(uint64_t& x) noexcept {
    x = number();
  }

  void get(uint32_t& x) noexcept {
    auto value = number();
    if (value > std::numeric_limits<uint32_t>::max())
      fail();
    x = static_cast<uint32_t>(value);
  }

  void get(uint8_t& x) noexcept {
    x = byte();
  }

  void get(bool& x) noexcept {
    auto value = byte();
    if (value > 1)
      fail();
    x = value == 1;
  }

  template <class T>
  requires std::is_enum_v<T>
  void get(T& x) noexcept {
    auto value = byte();
    if (value > static_cast<uint8_t>(last_of(T{})))
      return fail();
    x = static_cast<T>(value);
  }

  void get(decimal& x) noexcept {
    auto exponent = static_cast<int8_t>(byte());
    auto mantissa = from_zigzag(number());
    // The most negative one has no absolute value.
    auto value = mantissa == std::numeric_limits<int64_t>::min()
                   ? std::nullopt
                   : decimal::make(mantissa, exponent);
    if (!value)
      return fail();
    x = *value;
  }

  void get(venue_time& x) noexcept {
    last_time_ += static_cast<uint64_t>(from_zigzag(number()));
    x = venue_time{std::chrono::microseconds{static_cast<int64_t>(last_time_)}};
  }

  void get(instrument_name& x) {
    auto known = number();
    if (known > names_.size())
      return fail();
    if (known > 0) {
      x = names_[known - 1];
      return;
    }
    text(x);
    if (names_.size() < writer::max_names)
      names_.push_back(x);
  }

  void get(asset_name& x) noexcept {
    text(x);
  }

  void get(price_level& x) {
    fields(*this, x);
  }

  template <class T>
  void get(std::optional<T>& x) {
    bool there = false;
    get(there);
    x.reset();
    if (there)
      get(x.emplace());
  }

  template <size_t Size>
  void text(short_text<Size>& x) noexcept {
    auto size = number();
    if (size > in_.size())
      return fail();
    auto value = short_text<Size>::make(in_.substr(0, size));
    if (!value)
      return fail();
    in_.remove_prefix(size);
    x = *value;
  }

  std::string_view in_;
  update_list& out_;
  bool failed_ = false;
  uint64_t last_time_ = 0;
  std::vector<instrument_name> names_;
};

template <size_t... Is>
constexpr auto readers(std::index_sequence<Is...>) {
  return std::array{
    &reader::get_update<std::variant_alternative_t<Is, update>>...};
}

constexpr auto update_readers
  = readers(std::make_index_sequence<std::variant_size_v<update>>{});

} // namespace

std::string encode_market(const market_batch& batch) {
  using std::chrono::duration_cast;
  using std::chrono::nanoseconds;
  std::string result;
  result.reserve(64 + batch.size() * 64);
  result += static_cast<char>(version);
  writer out{result};
  auto received = batch.received_at().time_since_epoch();
  out(batch.client_id(), batch.epoch(),
      zigzag(duration_cast<nanoseconds>(received).count()),
      uint64_t{batch.size()});
  for (auto& x : batch) {
    out(static_cast<uint8_t>(x.index()));
    std::visit([&](auto& y) { fields(out, y); }, x);
  }
  return result;
}

result<market_batch> decode_market(std::string_view bytes) {
  using std::chrono::system_clock;
  auto broken = error{ec::invalid_data, "broken market data of another node"};
  if (bytes.empty() || static_cast<uint8_t>(bytes.front()) != version)
    return broken;
  update_list updates;
  reader in{bytes.substr(1), updates};
  uint64_t client_id = 0;
  uint64_t epoch = 0;
  in(client_id, epoch);
  std::chrono::nanoseconds received{from_zigzag(in.number())};
  auto count = in.number();
  if (count > in.left() / least_update)
    return broken;
  for (; count > 0 && !in.failed(); --count) {
    uint8_t kind = 0;
    in(kind);
    if (kind >= update_readers.size())
      return broken;
    (in.*update_readers[kind])();
  }
  if (in.failed() || in.left() > 0)
    return broken;
  boost::intrusive_ptr content{new market_block(updates)};
  content->client_id = client_id;
  content->epoch = epoch;
  content->received_at = system_clock::time_point{
    std::chrono::duration_cast<system_clock::duration>(received)};
  return market_batch{std::move(content)};
}

} // namespace zenws
