#include "report.hpp"

#include <algorithm>
#include <iomanip>
#include <sstream>

namespace zenws::engine {

namespace {

/// Instruments that fit on a line.
constexpr size_t max_shown = 2;

std::string price_of(const std::optional<quote>& what) {
  return what ? to_string(what->price) : std::string{"-"};
}

void write(std::ostream& out, const instrument_report& what) {
  out << what.name << ' ';
  if (what.stale)
    out << (what.silent ? "(silent)" : "(stale)");
  else
    out << price_of(what.bid) << " / " << price_of(what.ask);
  out << "  position " << (what.position > 0 ? "+" : "") << what.position
      << " | ";
}

} // namespace

size_t engine_report::granted() const {
  return static_cast<size_t>(
    std::ranges::count_if(channels, &channel_activity::granted));
}

size_t engine_report::stale_books() const {
  return static_cast<size_t>(
    std::ranges::count_if(instruments, &instrument_report::stale));
}

double engine_report::pnl() const {
  double result = 0;
  for (const auto& x : instruments)
    result += x.pnl;
  return result;
}

std::string live_line(const engine_report& what) {
  std::ostringstream out;
  auto shown = std::min(what.instruments.size(), max_shown);
  for (size_t i = 0; i < shown; ++i)
    write(out, what.instruments[i]);
  if (what.instruments.size() > shown)
    out << "and " << what.instruments.size() - shown << " more | ";
  out << "pnl " << std::showpos << std::fixed << std::setprecision(2)
      << what.pnl() << std::noshowpos << " | " << what.messages_per_second
      << " msg/s | epoch " << what.epoch << (what.connected ? "" : " (down)")
      << " | channels " << what.granted() << '/' << what.channels.size();
  if (what.orders.sent > 0)
    out << " | orders " << what.orders.acked << '/' << what.orders.sent;
  if (what.orders.unknown > 0)
    out << ", " << what.orders.unknown << " unknown";
  if (what.orders.refused > 0)
    out << ", " << what.orders.refused << " refused";
  if (!what.hindrance.empty())
    out << " | no orders yet: " << what.hindrance;
  return out.str();
}

std::string last_line(const engine_report& what) {
  std::ostringstream out;
  out << "engine: messages=" << what.market.messages << " epoch=" << what.epoch
      << " gaps_detected=" << what.market.gaps_detected
      << " gaps_undetected=" << what.market.gaps_undetected
      << " stale=" << what.stale_books() << " channels=" << what.granted()
      << " of=" << what.channels.size() << " sent=" << what.orders.sent
      << " acked=" << what.orders.acked << " absent=" << what.orders.absent
      << " refused=" << what.orders.refused
      << " unknown=" << what.orders.unknown;
  return out.str();
}

} // namespace zenws::engine
