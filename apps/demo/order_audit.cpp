// SPDX-License-Identifier: BSD-3-Clause

#include "order_audit.hpp"

#include "zenws/market/exact_sum.hpp"
#include "zenws/trading/order_journal.hpp"

#include <algorithm>
#include <iostream>
#include <map>
#include <optional>
#include <stdexcept>

namespace zenws::demo {

namespace {

using trading::order_ledger;
using trading::order_state;

// More than a demo places.
constexpr size_t all_orders = 10'000'000;

order_ledger load(const engine_journal& from) {
  auto journal = trading::order_journal::open(
    from.file.string(), trading::journal_mode::async, from.owner);
  if (!journal)
    throw std::runtime_error{to_string(journal.error())};
  auto result = journal->load({.owner = from.owner, .max_settled = all_orders});
  if (!result)
    throw std::runtime_error{to_string(result.error())};
  return std::move(*result);
}

// The journals of one venue.
class auditor {
public:
  explicit auditor(const venue_accounts& venue) : venue_(venue) {
    for (auto& x : venue.orders)
      untold_.emplace(x.label, &x);
    result_.at_venue = venue.orders.size();
    result_.duplicates = venue.duplicates;
  }

  void add(const engine_journal& from) {
    auto ledger = load(from);
    trading::order_numbers numbers{from.owner};
    for (uint64_t n = 1; n <= ledger.last_number(); ++n)
      if (auto* order = ledger.find(numbers.id_of(n)))
        add(*order);
    for (auto& [instrument, amount] : venue_.positions)
      if (auto held = ledger.position(instrument))
        positions_[instrument].add(*held);
  }

  order_audit finish() {
    for (auto& [label, order] : untold_)
      complain(label, "is in no journal");
    for (auto& [instrument, amount] : venue_.positions) {
      auto held = positions_[instrument].value();
      if (held == amount)
        continue;
      ++result_.wrong_positions;
      std::cout << "The position in " << instrument << " is "
                << to_string(amount) << ", not "
                << (held ? to_string(*held) : "a sum") << '.' << std::endl;
    }
    return result_;
  }

private:
  void add(const trading::order& x) {
    std::string label{x.key.id.view()};
    ++result_.sent;
    auto i = untold_.find(label);
    if (i == untold_.end()) {
      // It never arrived, and the ledger knows.
      if (x.state != order_state::rejected)
        complain(label, "is not at the venue");
      return;
    }
    ++result_.acked;
    auto& there = *i->second;
    result_.unknown += x.state == order_state::unknown;
    if (x.filled != there.filled || is_final(x.state) == there.is_open)
      complain(label, "is " + std::string{to_string(x.state)} + ", filled "
                        + to_string(x.filled) + "; at the venue "
                        + (there.is_open ? "open" : "over") + ", filled "
                        + to_string(there.filled));
    untold_.erase(i);
  }

  void complain(const std::string& label, const std::string& problem) {
    ++result_.unaccounted;
    std::cout << "Order " << label << ' ' << problem << '.' << std::endl;
  }

  const venue_accounts& venue_;
  std::map<std::string, const venue_order*> untold_;
  std::map<std::string, market::exact_sum> positions_;
  order_audit result_;
};

} // namespace

order_audit& order_audit::operator+=(const order_audit& other) noexcept {
  sent += other.sent;
  acked += other.acked;
  unknown += other.unknown;
  at_venue += other.at_venue;
  duplicates += other.duplicates;
  unaccounted += other.unaccounted;
  wrong_positions += other.wrong_positions;
  return *this;
}

uint64_t count_wrong_positions(const std::string& last_words,
                               const std::string& venue,
                               const venue_accounts& accounts) {
  uint64_t result = 0;
  for (auto& [instrument, amount] : accounts.positions) {
    auto name = "; " + venue + ' ' + instrument + ' ';
    auto words = last_words + ';';
    auto is_told = amount.is_zero() ? words.find(name) == std::string::npos
                                    : words.find(name + to_string(amount) + ';')
                                        != std::string::npos;
    result += !is_told;
  }
  return result;
}

order_audit audit(const venue_accounts& venue,
                  const std::vector<engine_journal>& journals) {
  auditor all{venue};
  for (auto& x : journals)
    all.add(x);
  return all.finish();
}

} // namespace zenws::demo
