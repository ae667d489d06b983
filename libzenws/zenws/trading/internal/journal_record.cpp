// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/trading/internal/journal_record.hpp"

#include <cstring>
#include <optional>
#include <type_traits>

namespace zenws::internal {

namespace {

enum class part : uint8_t { order, fill, position };

template <class T>
concept plain = std::is_integral_v<T> || std::is_enum_v<T>;

// -- writing ------------------------------------------------------------------

class field_writer {
public:
  explicit field_writer(std::string& to) : to_(to) {
    // nop
  }

  template <plain T>
  void operator()(T x) {
    to_.append(reinterpret_cast<const char*>(&x), sizeof(x));
  }

  void operator()(std::string_view x) {
    (*this)(static_cast<uint32_t>(x.size()));
    to_.append(x);
  }

  template <size_t MaxSize>
  void operator()(const market::short_text<MaxSize>& x) {
    (*this)(static_cast<uint8_t>(x.view().size()));
    to_.append(x.view());
  }

  void operator()(market::decimal x) {
    (*this)(x.mantissa());
    (*this)(static_cast<int8_t>(x.exponent()));
  }

  void operator()(market::venue_time x) {
    (*this)(x.time_since_epoch().count());
  }

  template <class T>
  void operator()(const std::optional<T>& x) {
    (*this)(x.has_value());
    if (x)
      (*this)(*x);
  }

private:
  std::string& to_;
};

// -- reading ------------------------------------------------------------------

class field_reader {
public:
  explicit field_reader(std::string_view from) : from_(from) {
    // nop
  }

  bool is_damaged() const noexcept {
    return is_damaged_;
  }

  bool is_at_end() const noexcept {
    return from_.empty() || is_damaged_;
  }

  template <plain T>
  void operator()(T& x) {
    auto bytes = take(sizeof(x));
    if (bytes.size() == sizeof(x))
      std::memcpy(&x, bytes.data(), sizeof(x));
  }

  void operator()(std::string& x) {
    uint32_t size = 0;
    (*this)(size);
    x = take(size);
  }

  template <size_t MaxSize>
  void operator()(market::short_text<MaxSize>& x) {
    uint8_t size = 0;
    (*this)(size);
    keep(market::short_text<MaxSize>::make(take(size)), x);
  }

  void operator()(market::decimal& x) {
    int64_t mantissa = 0;
    int8_t exponent = 0;
    (*this)(mantissa);
    (*this)(exponent);
    keep(market::decimal::make(mantissa, exponent), x);
  }

  void operator()(market::venue_time& x) {
    market::venue_time::rep count = 0;
    (*this)(count);
    x = market::venue_time{market::venue_time::duration{count}};
  }

  template <class T>
  void operator()(std::optional<T>& x) {
    auto is_there = false;
    (*this)(is_there);
    x.reset();
    if (is_there)
      (*this)(x.emplace());
  }

private:
  std::string_view take(size_t size) {
    is_damaged_ |= size > from_.size();
    if (is_damaged_)
      return {};
    auto result = from_.substr(0, size);
    from_.remove_prefix(size);
    return result;
  }

  template <class T>
  void keep(const std::optional<T>& value, T& to) {
    is_damaged_ |= !value;
    to = value.value_or(T{});
  }

  std::string_view from_;
  bool is_damaged_ = false;
};

// -- fields -------------------------------------------------------------------

// For both, in the same order.

template <class F, class Record>
void each_order_field(F& f, Record& x) {
  auto& content = x.content;
  auto& terms = content.terms;
  f(content.key.instrument);
  f(content.key.id);
  f(content.key.venue_id);
  f(terms.side);
  f(terms.type);
  f(terms.amount);
  f(terms.price);
  f(terms.trigger);
  f(terms.validity);
  f(terms.post_only);
  f(terms.reduce_only);
  f(terms.venue_members);
  f(content.state);
  f(content.filled);
  f(content.reason);
  f(x.is_known);
  f(x.end);
  f(x.terms_time);
}

template <class F, class Fill>
void each_fill_field(F& f, Fill& x) {
  f(x.order.instrument);
  f(x.order.id);
  f(x.order.venue_id);
  f(x.id);
  f(x.side);
  f(x.price);
  f(x.amount);
  f(x.fee);
  f(x.fee_currency);
  f(x.liquidity);
  f(x.time);
}

} // namespace

void journal_encoder::add(uint64_t number, const trading::order_record& x) {
  field_writer write{bytes_};
  write(part::order);
  write(number);
  each_order_field(write, x);
}

void journal_encoder::add(const trading::fill& x) {
  field_writer write{bytes_};
  write(part::fill);
  each_fill_field(write, x);
}

void journal_encoder::add(const market::instrument_name& instrument,
                          market::decimal amount) {
  field_writer write{bytes_};
  write(part::position);
  write(instrument);
  write(amount);
}

bool decode(std::string_view bytes, journal_record& out) {
  field_reader read{bytes};
  while (!read.is_at_end()) {
    auto next = part::order;
    read(next);
    switch (next) {
      case part::order: {
        auto& x = out.orders.emplace_back();
        read(x.number);
        each_order_field(read, x.content);
        x.content.content.terms.instrument = x.content.content.key.instrument;
        break;
      }
      case part::fill:
        each_fill_field(read, out.fills.emplace_back());
        break;
      case part::position: {
        auto& x = out.positions.emplace_back();
        read(x.instrument);
        read(x.amount);
        break;
      }
      default:
        return false;
    }
  }
  return !read.is_damaged();
}

} // namespace zenws::internal
