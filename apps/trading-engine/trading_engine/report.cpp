// SPDX-License-Identifier: BSD-3-Clause

#include "report.hpp"

#include <algorithm>
#include <iomanip>
#include <sstream>

namespace zenws::engine {

namespace {

// Instruments that fit on a line.
constexpr size_t max_shown = 2;

std::string price_of(const std::optional<market::price_level>& best) {
  return best ? to_string(best->price) : std::string{"-"};
}

void write(std::ostream& out, const instrument_report& report) {
  out << report.name << ' ';
  if (report.stale)
    out << '(' << (report.lost ? to_string(*report.lost) : "stale") << ')';
  else
    out << price_of(report.bid) << " / " << price_of(report.ask);
  out << "  position " << (report.position > 0 ? "+" : "") << report.position
      << " | ";
}

} // namespace

std::string subscription_name(market::data_kind kind,
                              std::string_view instrument) {
  return std::string{to_string(kind)} + " of " + std::string{instrument};
}

size_t engine_report::granted() const {
  return static_cast<size_t>(
    std::ranges::count_if(subscriptions, &subscription_activity::granted));
}

size_t engine_report::stale_books() const {
  return static_cast<size_t>(
    std::ranges::count_if(instruments, &instrument_report::stale));
}

double engine_report::pnl() const {
  double result = 0;
  for (auto& x : instruments)
    result += x.pnl;
  return result;
}

std::string live_line(const engine_report& report) {
  std::ostringstream out;
  auto shown = std::min(report.instruments.size(), max_shown);
  for (size_t i = 0; i < shown; ++i)
    write(out, report.instruments[i]);
  if (report.instruments.size() > shown)
    out << "and " << report.instruments.size() - shown << " more | ";
  out << "pnl " << std::showpos << std::fixed << std::setprecision(2)
      << report.pnl() << std::noshowpos << " | " << report.updates_per_second
      << " updates/s | epoch " << report.epoch
      << (report.connected ? "" : " (down)") << " | subscriptions "
      << report.granted() << '/' << report.subscriptions.size();
  if (report.orders.sent > 0)
    out << " | orders " << report.orders.acked << '/' << report.orders.sent;
  if (report.orders.unknown > 0)
    out << ", " << report.orders.unknown << " unknown";
  if (report.orders.refused > 0)
    out << ", " << report.orders.refused << " refused";
  if (!report.hindrance.empty())
    out << " | no orders yet: " << report.hindrance;
  return out.str();
}

std::string last_line(const engine_report& report) {
  std::ostringstream out;
  out << "engine: updates=" << report.market.updates
      << " epoch=" << report.epoch
      << " gaps_detected=" << report.market.gaps_detected
      << " gaps_undetected=" << report.market.gaps_undetected
      << " stale=" << report.stale_books()
      << " subscriptions=" << report.granted()
      << " of=" << report.subscriptions.size() << " sent=" << report.orders.sent
      << " acked=" << report.orders.acked << " absent=" << report.orders.absent
      << " refused=" << report.orders.refused
      << " unknown=" << report.orders.unknown;
  return out.str();
}

} // namespace zenws::engine
