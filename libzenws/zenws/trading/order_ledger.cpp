// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/trading/order_ledger.hpp"

#include "zenws/trading/internal/ledger_entry.hpp"

#include <algorithm>
#include <utility>

namespace zenws::trading {

// -- constructors, destructors, and assignment operators ----------------------

order_ledger::order_ledger(ledger_config cfg)
  : cfg_(std::move(cfg)), numbers_(cfg_.owner) {
  // nop
}

order_ledger::order_ledger(order_ledger&&) noexcept = default;

order_ledger& order_ledger::operator=(order_ledger&&) noexcept = default;

order_ledger::~order_ledger() = default;

// -- properties ---------------------------------------------------------------

const order* order_ledger::find(const client_order_id& id) const noexcept {
  auto* x = find_entry(id);
  return x != nullptr ? &x->content : nullptr;
}

const order* order_ledger::find(const order_key& key) const noexcept {
  auto* x = find_entry(key);
  return x != nullptr ? &x->content : nullptr;
}

bool order_ledger::is_own(const order_key& key) const noexcept {
  return key.id.empty() ? venue_names_.contains({key.instrument, key.venue_id})
                        : numbers_.number_of(key.id).has_value();
}

std::vector<const order*> order_ledger::open_orders() const {
  std::vector<const order*> result;
  result.reserve(open_.size());
  for (auto number : open_)
    result.push_back(&find_entry(number)->content);
  return result;
}

size_t order_ledger::num_unknown() const noexcept {
  size_t result = 0;
  for (auto& [instrument, sums] : sums_)
    result += sums.unclear;
  return result;
}

std::vector<const order*>
order_ledger::open_orders(std::string_view instrument) const {
  auto result = open_orders();
  std::erase_if(result, [=](const order* x) {
    return x->key.instrument != instrument;
  });
  return result;
}

open_amounts
order_ledger::open_amounts_of(std::string_view instrument) const noexcept {
  auto* sums = find_sums(instrument);
  return sums != nullptr ? sums->open : open_amounts{};
}

std::vector<const order*>
order_ledger::placed_after(const client_order_id& id) const {
  auto number = numbers_.number_of(id);
  std::map<uint64_t, const order*> found;
  for (auto& [other, x] : entries_)
    if (number && other > *number)
      found.emplace(other, &x->content);
  std::vector<const order*> result;
  for (auto& [other, x] : found)
    result.push_back(x);
  return result;
}

bool order_ledger::is_unclear(std::string_view instrument) const noexcept {
  auto* sums = find_sums(instrument);
  return sums != nullptr && sums->unclear > 0;
}

bool order_ledger::is_in_question(const client_order_id& id) const noexcept {
  auto* x = find_entry(id);
  return x != nullptr && (x->is_lost || x->is_doubted);
}

std::optional<market::decimal>
order_ledger::position(std::string_view instrument) const {
  auto* sums = find_sums(instrument);
  return sums != nullptr ? sums->position.value() : market::decimal{};
}

// -- keeping ------------------------------------------------------------------

const order_record& order_ledger::record_of(const client_order_id& id) const {
  return *find_entry(id);
}

const order_record* order_ledger::find_record(uint64_t number) const noexcept {
  return find_entry(number);
}

void order_ledger::restore(const order_record& record) {
  auto& key = record.content.key;
  auto number = numbers_.number_of(key.id);
  if (!number)
    return; // another owner's
  auto owned = std::make_unique<entry>(record, *number, cfg_);
  auto& x = *owned;
  x.is_lost = record.content.state == order_state::unknown;
  // Over by an answer.
  x.is_absent = is_final(record.content.state) && !record.end
                && record.content.state != order_state::filled;
  if (!entries_.emplace(*number, std::move(owned)).second)
    return;
  restore_number(*number);
  if (!key.venue_id.empty()) {
    venue_names_.emplace(venue_name{key.instrument, key.venue_id}, *number);
    x.venue_ids.push_back(key.venue_id);
  }
  if (is_final(x.content.state)) {
    settle(x);
    return;
  }
  open_.insert(*number);
  auto& sums = sums_of(key.instrument.view());
  sums.open.add(x.content);
  if (x.is_lost) {
    doubtful_.insert(*number);
    ++sums.unclear;
  }
}

void order_ledger::restore_position(std::string_view instrument,
                                    market::decimal amount) {
  auto& sum = sums_of(instrument).position;
  sum = {};
  sum.add(amount);
}

void order_ledger::restore_number(uint64_t last_number) {
  issued_.add(1, last_number);
  last_number_ = std::max(last_number_, last_number);
}

// -- requests -----------------------------------------------------------------

order_key order_ledger::place(const order_request& terms, time_point arrives_by,
                              news& out) {
  order content{.key = {.instrument = terms.instrument, .id = next_id()},
                .terms = terms};
  issue(last_number_ + 1);
  ++counters_.placed;
  auto& x = add({.content = std::move(content)}, last_number_, out);
  x.arrives_by = arrives_by;
  return x.content.key;
}

void order_ledger::kept_back(const client_order_id& id, std::string reason,
                             news& out) {
  auto* x = find_entry(id);
  if (x == nullptr || x->has_facts() || is_final(x->content.state))
    return;
  ++counters_.kept_back;
  refused(id, std::move(reason), out);
}

void order_ledger::acknowledged(const client_order_id& id, news& out) {
  auto* x = find_entry(id);
  if (x == nullptr)
    return;
  auto before = x->snapshot();
  refute(*x);
  x->is_known = true;
  follow_up(*x, before, {}, out);
}

void order_ledger::refused(const client_order_id& id, std::string reason,
                           news& out) {
  auto* x = find_entry(id);
  // What the venue has told weighs more than an error.
  if (x == nullptr || x->has_facts())
    return;
  auto before = x->snapshot();
  x->is_refused = true;
  x->content.reason = std::move(reason);
  follow_up(*x, before, {}, out);
}

void order_ledger::lost(const client_order_id& id, time_point arrives_by,
                        news& out) {
  auto* x = find_entry(id);
  if (x == nullptr || is_final(x->content.state))
    return;
  auto before = x->snapshot();
  x->is_lost = true;
  x->arrives_by = std::max(x->arrives_by, arrives_by);
  doubtful_.insert(x->number);
  follow_up(*x, before, {}, out);
}

void order_ledger::doubt(const client_order_id& id) {
  if (auto* x = find_entry(id); x != nullptr && !is_final(x->content.state)) {
    x->is_doubted = true;
    doubtful_.insert(x->number);
  }
}

void order_ledger::clear_doubt(const client_order_id& id) {
  auto* x = find_entry(id);
  if (x == nullptr || x->content.state == order_state::unknown)
    return;
  doubtful_.erase(x->number);
  x->is_doubted = false;
  x->pause.reset();
}

// -- facts --------------------------------------------------------------------

void order_ledger::apply(const account_update& update, news& out) {
  if (auto* report = std::get_if<order_report>(&update))
    apply(*report, out);
  else if (auto* x = std::get_if<fill>(&update))
    apply(*x, out);
}

void order_ledger::apply(const order_report& report, news& out) {
  auto* x = obtain(report.order, report.side, out);
  if (x == nullptr)
    return;
  auto before = x->snapshot();
  learn_venue_id(*x, report.order.venue_id);
  auto is_rejection = report.state == venue_order_state::rejected;
  if (x->is_absent && x->is_known && is_final(report.state))
    x->is_absent = false; // it was over
  else if (!is_rejection)
    refute(*x);
  x->is_known |= !is_rejection;
  x->is_lost = x->is_doubted = false;
  if (report.time >= x->terms_time) {
    x->terms_time = report.time;
    x->content.terms.amount = report.amount.value_or(x->content.terms.amount);
    if (report.price)
      x->content.terms.price = report.price;
  }
  if (report.filled)
    x->told_filled(*report.filled);
  else if (report.state == venue_order_state::filled)
    x->told_filled(x->content.terms.amount);
  if (is_final(report.state)) {
    // Of two ends, the one that leaves nothing open.
    if (!x->end || report.state == venue_order_state::filled)
      x->end = report.state;
    if (!report.reason.empty())
      x->content.reason = report.reason;
  }
  follow_up(*x, before, report.time, out);
}

void order_ledger::apply(const fill& news_of, news& out) {
  auto* x = obtain(news_of.order, news_of.side, out);
  if (x == nullptr)
    return;
  if (x->content.terms.amount.is_zero())
    doubtful_.insert(x->number); // its terms are not known
  if (!x->fills.emplace(news_of.id, news_of.amount).second) {
    ++counters_.repeated;
    return;
  }
  auto before = x->snapshot();
  learn_venue_id(*x, news_of.order.venue_id);
  refute(*x);
  x->is_known = true;
  x->is_lost = x->is_doubted = false;
  ++counters_.fills;
  if (x->sum_of_fills.add(news_of.amount))
    if (auto sum = x->sum_of_fills.value())
      x->told_filled(*sum);
  auto complete = news_of;
  complete.order = x->content.key;
  out.emplace_back(complete);
  follow_up(*x, before, news_of.time, out);
}

void order_ledger::absent(const client_order_id& id, time_point now,
                          news& out) {
  auto* x = find_entry(id);
  if (x == nullptr || x->is_over_by_venue() || x->may_arrive(now))
    return;
  auto before = x->snapshot();
  x->is_absent = true;
  x->is_lost = false;
  doubtful_.erase(x->number);
  x->pause.reset();
  if (x->state() != order_state::filled)
    x->content.reason = x->is_known ? "the venue does not have it any more"
                                    : "it never arrived";
  follow_up(*x, before, {}, out);
}

void order_ledger::all_open(std::string_view instrument,
                            std::span<const order_report> reports,
                            uint64_t asked_after, news& out) {
  std::set<uint64_t> told;
  for (auto& report : reports) {
    apply(report, out);
    if (auto* x = find_entry(report.order))
      told.insert(x->number);
  }
  for (auto number : open_)
    if (number <= asked_after && !told.contains(number)
        && find_entry(number)->content.key.instrument == instrument)
      doubtful_.insert(number);
}

// -- questions ----------------------------------------------------------------

std::vector<order_key> order_ledger::due_questions(time_point now) {
  std::vector<order_key> result;
  for (auto number : doubtful_) {
    auto& x = *find_entry(number);
    // Before, the venue's "no" would prove nothing.
    if (x.may_arrive(now) || !x.pause.is_over(now))
      continue;
    x.pause.begin(now);
    if (!std::exchange(x.waits_for_news, false))
      result.push_back(x.content.key);
  }
  return result;
}

std::optional<order_ledger::time_point>
order_ledger::next_question() const noexcept {
  std::optional<time_point> result;
  for (auto number : doubtful_) {
    auto& x = *find_entry(number);
    auto due = x.pause.until();
    if (x.is_lost || !x.is_known)
      due = std::max(due, x.arrives_by);
    result = std::min(result.value_or(due), due);
  }
  return result;
}

void order_ledger::begin_anew(time_point arrives_by, news& out) {
  auto open = open_;
  for (auto number : open)
    lost(find_entry(number)->content.key.id, arrives_by, out);
}

} // namespace zenws::trading
