// SPDX-License-Identifier: BSD-3-Clause

#include "config_file/desk_settings.hpp"

#include "config_file/settings.hpp"

#include <chrono>

namespace zenws {

namespace {

void read_instruments(config_section& from, trading::desk_config& to) {
  auto instruments = from.table("instruments");
  if (!instruments)
    return;
  for (auto& name : instruments->keys())
    if (auto limits = instruments->table(name))
      read_risk_limits(*limits, to.instruments[name]);
}

void read_guard(config_section& from, std::chrono::seconds& to) {
  std::chrono::milliseconds guard{to};
  if (!from.read("guard", guard))
    return;
  if (guard.count() % 1000 != 0)
    from.complain("guard", "must be a whole number of seconds");
  to = std::chrono::duration_cast<std::chrono::seconds>(guard);
}

} // namespace

void read_risk_limits(config_section& from, trading::risk_limits& to) {
  from.read("order_amount", to.order_amount);
  from.read("order_value", to.order_value);
  from.read("position", to.position);
  from.read("price_distance", to.price_distance);
  from.read("orders_per_second", to.orders_per_second);
  from.read("open_orders", to.open_orders);
  from.read("book_age", to.book_age);
  for (auto& [field, message] : validate(to, ""))
    from.complain(field.substr(1), message); // behind the point
}

void read_desk(config_section& from, order_desk_options& to) {
  auto& desk = to.desk;
  from.read("owner", desk.ledger.owner);
  from.read("max_settled", desk.ledger.max_settled);
  from.read("journal_path", to.journal_path);
  from.read_choice("journal", to.journal,
                   {trading::journal_mode::off, trading::journal_mode::async,
                    trading::journal_mode::sync});
  from.read_choice("when_unwatched", to.when_unwatched,
                   {unwatched_orders::keep, unwatched_orders::cancel});
  from.read("lifetime", desk.lifetime);
  from.read("margin", desk.margin);
  read_guard(from, desk.guard);
  from.read("first_pause", desk.first_pause);
  from.read("longest_pause", desk.longest_pause);
  read_instruments(from, desk);
  // The limits have been checked where they stand.
  auto checked = desk;
  for (auto& [name, limits] : checked.instruments)
    limits = {};
  complain(from, validate(checked));
  if (to.journal != trading::journal_mode::off && to.journal_path.empty())
    from.complain("journal_path", "must not be empty; or set journal = "
                                  "\"off\"");
}

} // namespace zenws
