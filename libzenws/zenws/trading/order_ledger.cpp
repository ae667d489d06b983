// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/trading/order_ledger.hpp"

#include "zenws/trading/internal/ledger_entry.hpp"

#include <algorithm>
#include <utility>

namespace zenws::trading {

namespace {

// Most orders between two that were seen of the same owner.
constexpr uint64_t longest_jump = 1'000'000'000;

} // namespace

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
  auto i = entries_.find(id);
  return i != entries_.end() ? &i->second->content : nullptr;
}

const order* order_ledger::find(const order_key& key) const noexcept {
  auto* x = find_entry(key);
  return x != nullptr ? &x->content : nullptr;
}

bool order_ledger::is_own(const order_key& key) const noexcept {
  return key.id.empty() ? ids_.contains({key.instrument, key.venue_id})
                        : numbers_.number_of(key.id).has_value();
}

std::vector<const order*> order_ledger::open_orders() const {
  std::vector<const order*> result;
  result.reserve(open_.size());
  for (auto& id : open_)
    result.push_back(find(id));
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

std::vector<const order*>
order_ledger::placed_after(const client_order_id& id) const {
  auto number = numbers_.number_of(id);
  std::map<uint64_t, const order*> found;
  for (auto& [other, x] : entries_)
    if (auto later = numbers_.number_of(other); number && later > number)
      found.emplace(*later, &x->content);
  std::vector<const order*> result;
  for (auto& [key, x] : found)
    result.push_back(x);
  return result;
}

bool order_ledger::is_unclear(std::string_view instrument) const noexcept {
  return unclear_.contains(instrument);
}

std::optional<market::decimal>
order_ledger::position(std::string_view instrument) const {
  auto i = positions_.find(instrument);
  return i != positions_.end() ? i->second.value() : market::decimal{};
}

// -- keeping ------------------------------------------------------------------

order_record order_ledger::record_of(const client_order_id& id) const {
  return *entries_.at(id);
}

void order_ledger::restore(const order_record& record) {
  auto& key = record.content.key;
  auto owned = std::make_unique<entry>(record, cfg_);
  auto& x = *owned;
  x.is_lost = record.content.state == order_state::unknown;
  // Over by an answer.
  x.is_absent = is_final(record.content.state) && !record.end
                && record.content.state != order_state::filled;
  if (!entries_.emplace(key.id, std::move(owned)).second)
    return;
  restore_number(numbers_.number_of(key.id).value_or(0));
  if (!key.venue_id.empty()) {
    ids_.emplace(std::pair{key.instrument, key.venue_id}, key.id);
    x.venue_ids.push_back(key.venue_id);
  }
  if (is_final(x.content.state)) {
    settle(x);
    return;
  }
  open_.insert(key.id);
  if (x.is_lost) {
    doubtful_.insert(key.id);
    count_unclear(key.instrument.view(), true);
  }
}

void order_ledger::restore_position(std::string_view instrument,
                                    market::decimal amount) {
  auto& sum = positions_[std::string{instrument}];
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
  auto& x = add({.content = std::move(content)}, out);
  x.arrives_by = arrives_by;
  return x.content.key;
}

void order_ledger::kept_back(const client_order_id& id, std::string reason,
                             news& out) {
  auto* x = find_entry({.id = id});
  if (x == nullptr || x->has_facts() || is_final(x->content.state))
    return;
  ++counters_.kept_back;
  refused(id, std::move(reason), out);
}

void order_ledger::acknowledged(const client_order_id& id, news& out) {
  auto* x = find_entry({.id = id});
  if (x == nullptr)
    return;
  auto before = x->snapshot();
  refute(*x);
  x->is_known = true;
  follow_up(*x, before, {}, out);
}

void order_ledger::refused(const client_order_id& id, std::string reason,
                           news& out) {
  auto* x = find_entry({.id = id});
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
  auto* x = find_entry({.id = id});
  if (x == nullptr || is_final(x->content.state))
    return;
  auto before = x->snapshot();
  x->is_lost = true;
  x->arrives_by = std::max(x->arrives_by, arrives_by);
  doubtful_.insert(id);
  follow_up(*x, before, {}, out);
}

void order_ledger::doubt(const client_order_id& id) {
  if (auto* x = find_entry({.id = id});
      x != nullptr && !is_final(x->content.state))
    doubtful_.insert(id);
}

void order_ledger::clear_doubt(const client_order_id& id) {
  auto* x = find_entry({.id = id});
  if (x == nullptr || x->content.state == order_state::unknown)
    return;
  doubtful_.erase(id);
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
  x->is_lost = false;
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
    doubtful_.insert(x->content.key.id); // its terms are not known
  if (!x->fills.emplace(news_of.id, news_of.amount).second) {
    ++counters_.repeated;
    return;
  }
  auto before = x->snapshot();
  learn_venue_id(*x, news_of.order.venue_id);
  refute(*x);
  x->is_known = true;
  x->is_lost = false;
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
  auto* x = find_entry({.id = id});
  if (x == nullptr || x->is_over_by_venue() || x->may_arrive(now))
    return;
  auto before = x->snapshot();
  x->is_absent = true;
  x->is_lost = false;
  doubtful_.erase(id);
  x->pause.reset();
  if (x->state() != order_state::filled)
    x->content.reason = x->is_known ? "the venue does not have it any more"
                                    : "it never arrived";
  follow_up(*x, before, {}, out);
}

void order_ledger::all_open(std::string_view instrument,
                            std::span<const order_report> reports,
                            uint64_t asked_after, news& out) {
  std::set<client_order_id> told;
  for (auto& report : reports) {
    apply(report, out);
    if (auto* x = find_entry(report.order))
      told.insert(x->content.key.id);
  }
  for (auto& id : open_) {
    auto& key = entries_.at(id)->content.key;
    auto number = numbers_.number_of(id).value_or(0);
    if (key.instrument == instrument && number <= asked_after
        && !told.contains(id))
      doubtful_.insert(id);
  }
}

// -- questions ----------------------------------------------------------------

std::vector<order_key> order_ledger::due_questions(time_point now) {
  std::vector<order_key> result;
  for (auto& id : doubtful_) {
    auto& x = *entries_.at(id);
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
  for (auto& id : doubtful_) {
    auto& x = *entries_.find(id)->second;
    auto due = x.pause.until();
    if (x.is_lost || !x.is_known)
      due = std::max(due, x.arrives_by);
    result = std::min(result.value_or(due), due);
  }
  return result;
}

void order_ledger::begin_anew(time_point arrives_by, news& out) {
  auto open = open_;
  for (auto& id : open)
    lost(id, arrives_by, out);
}

// -- entries ------------------------------------------------------------------

order_ledger::entry*
order_ledger::find_entry(const order_key& key) const noexcept {
  auto id = key.id;
  if (id.empty()) {
    auto known = ids_.find({key.instrument, key.venue_id});
    if (known == ids_.end())
      return nullptr;
    id = known->second;
  }
  auto i = entries_.find(id);
  return i != entries_.end() ? i->second.get() : nullptr;
}

order_ledger::entry* order_ledger::obtain(const order_key& key, order_side side,
                                          news& out) {
  if (auto* known = find_entry(key))
    return known;
  auto number = numbers_.number_of(key.id);
  // Far ahead, it only looks like ours.
  if (!number || *number > last_number_ + longest_jump)
    return nullptr;
  if (issued_.contains(*number)) {
    ++counters_.repeated; // over for long
    return nullptr;
  }
  ++counters_.adopted;
  issue(*number);
  order content{.key = key,
                .terms = {.instrument = key.instrument, .side = side}};
  auto& result = add({.content = std::move(content)}, out);
  result.is_known = true;
  return &result;
}

order_ledger::entry& order_ledger::add(order_record record, news& out) {
  auto id = record.content.key.id;
  auto& result
    = *entries_.emplace(id, std::make_unique<entry>(std::move(record), cfg_))
         .first->second;
  open_.insert(id);
  out.emplace_back(order_event{order_event_kind::pending, result.content});
  return result;
}

void order_ledger::refute(entry& x) {
  if (!x.is_refused && !x.is_absent)
    return;
  x.is_refused = x.is_absent = false;
  x.content.reason.clear();
  ++counters_.contradicted;
  doubtful_.insert(x.content.key.id);
}

void order_ledger::learn_venue_id(entry& x, const venue_order_id& id) {
  if (id.empty() || id == x.content.key.venue_id)
    return;
  x.content.key.venue_id = id;
  if (ids_.emplace(std::pair{x.content.key.instrument, id}, x.content.key.id)
        .second)
    x.venue_ids.push_back(id);
}

void order_ledger::follow_up(entry& x, const internal::order_snapshot& before,
                             market::venue_time time, news& out) {
  auto& content = x.content;
  content.state = x.state();
  if (content.filled != before.filled) {
    auto& sum = positions_[std::string{content.key.instrument.view()}];
    auto is_buy = content.terms.side == order_side::buy;
    is_buy ? sum.add(content.filled) : sum.subtract(content.filled);
    is_buy ? sum.subtract(before.filled) : sum.add(before.filled);
    if (!content.terms.amount.is_zero() && content.filled > content.terms.amount
        && before.filled <= content.terms.amount)
      ++counters_.contradicted;
  }
  auto was_unclear = before.state == order_state::unknown;
  auto is_unclear = content.state == order_state::unknown;
  if (was_unclear != is_unclear)
    count_unclear(content.key.instrument.view(), is_unclear);
  counters_.ever_unknown += is_unclear && !was_unclear;
  internal::append_changes(content, before, time, out);
  if (is_final(content.state) && !is_final(before.state))
    settle(x);
  else if (is_final(content.state) && x.is_over_by_venue())
    doubtful_.erase(content.key.id);
  else if (!is_final(content.state) && is_final(before.state))
    revive(x);
}

void order_ledger::count_unclear(std::string_view instrument, bool is_unclear) {
  auto i = unclear_.try_emplace(std::string{instrument}, 0).first;
  i->second += is_unclear ? 1 : -size_t{1};
  if (i->second == 0)
    unclear_.erase(i);
}

void order_ledger::revive(entry& x) {
  std::erase(settled_, x.content.key.id);
  open_.insert(x.content.key.id);
}

void order_ledger::issue(uint64_t number) {
  issued_.add(number, number);
  last_number_ = std::max(last_number_, number);
}

void order_ledger::settle(entry& x) {
  auto id = x.content.key.id;
  open_.erase(id);
  settled_.push_back(id);
  if (x.is_over_by_venue()) {
    doubtful_.erase(id);
  } else if (doubtful_.insert(id).second) {
    // By its fills; but its amount may have been changed.
    x.waits_for_news = true;
  }
  while (settled_.size() > cfg_.max_settled) {
    auto oldest = entries_.find(settled_.front());
    settled_.pop_front();
    for (auto& venue_id : oldest->second->venue_ids)
      ids_.erase({oldest->second->content.key.instrument, venue_id});
    doubtful_.erase(oldest->first);
    entries_.erase(oldest);
  }
}

} // namespace zenws::trading
