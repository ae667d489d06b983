// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/coinbase/coinbase_session.hpp"

#include "zenws/sim/config/call_faults.hpp"
#include "zenws/sim/json/json_reader.hpp"
#include "zenws/sim/json/json_writer.hpp"

#include <algorithm>
#include <utility>

namespace zenws::sim {

namespace {

constexpr std::string_view coinbase_kinds[] = {
  "heartbeats", "candles",      "status",        "ticker",
  "level2",     "ticker_batch", "market_trades",
};

std::string coinbase_name(std::string_view kind, std::string_view product) {
  std::string result{kind};
  if (product != kind)
    result.append(":").append(product);
  return result;
}

} // namespace

// A request while it is being carried out.
struct coinbase_session::call {
  std::string kind;
  std::vector<std::string> products;
  bool names_products;
};

coinbase_outcome coinbase_session::handle(std::string_view text) {
  rapidjson::Document doc;
  parse_json(text, doc);
  auto type = text_member(doc, "type");
  if (type != "subscribe" && type != "unsubscribe")
    return {.refusal = "subscribe or unsubscribe required"};
  call command{std::string{text_member(doc, "channel")}, {}, false};
  // There are no tokens here: a private channel is one that does not exist.
  if (std::ranges::find(coinbase_kinds, command.kind)
      == std::ranges::end(coinbase_kinds))
    return {.refusal = "authentication failure"};
  if (auto* names = find(doc, "product_ids"); names && names->IsArray()) {
    command.names_products = !names->Empty();
    for (auto& x : names->GetArray())
      if (auto product = x.IsString() ? find_(text_of(x)) : std::nullopt)
        command.products.push_back(std::move(*product));
  }
  coinbase_outcome result;
  if (type == "subscribe")
    subscribe(command, result);
  else
    unsubscribe(command, result);
  return result;
}

// Unknown products are left out without a word.
void coinbase_session::subscribe(const call& command, coinbase_outcome& out) {
  auto fresh = command.kind == "heartbeats" ? std::vector{command.kind}
                                            : command.products;
  auto known = kinds_.find(command.kind);
  std::erase_if(fresh, [&](const std::string& x) {
    return known != kinds_.end() && known->second.contains(x);
  });
  auto count = known != kinds_.end() ? known->second.size() : 0;
  if (command.kind == "level2" && max_books_ > 0
      && count + fresh.size() > max_books_) {
    out.refusal = "too many L2 streams requested in a single session";
    return;
  }
  for (auto& product : fresh)
    if (kinds_[command.kind].insert(product).second)
      out.subscribed.push_back(coinbase_name(command.kind, product));
}

// "You can also unsubscribe from a channel entirely by providing no product
// IDs."
void coinbase_session::unsubscribe(const call& command, coinbase_outcome& out) {
  auto known = kinds_.find(command.kind);
  if (known == kinds_.end())
    return;
  auto products = command.products;
  if (!command.names_products)
    products.assign(known->second.begin(), known->second.end());
  for (auto& product : products)
    if (known->second.erase(product) > 0)
      out.unsubscribed.push_back(coinbase_name(command.kind, product));
  if (known->second.empty())
    kinds_.erase(known);
}

std::string coinbase_session::list() const {
  json_writer out;
  out.begin_array();
  out.begin_object();
  out.key("subscriptions").begin_object();
  for (auto& [kind, products] : kinds_) {
    out.key(kind).begin_array();
    for (auto& product : products)
      out.value(std::string_view{product});
    out.end_array();
  }
  out.end_object();
  out.end_object();
  out.end_array();
  return out.text();
}

std::vector<std::string>
coinbase_session::covered(std::string_view pattern) const {
  std::vector<std::string> result;
  for (auto& [kind, products] : kinds_)
    for (auto& product : products)
      if (auto name = coinbase_name(kind, product);
          covers_channel(pattern, name))
        result.push_back(std::move(name));
  return result;
}

void coinbase_session::remove(std::string_view channel) {
  auto kind = channel.substr(0, channel.find(':'));
  auto known = kinds_.find(kind);
  if (known == kinds_.end())
    return;
  auto product = channel.substr(std::min(kind.size() + 1, channel.size()));
  auto i = known->second.find(product.empty() ? kind : product);
  if (i != known->second.end())
    known->second.erase(i);
  if (known->second.empty())
    kinds_.erase(known);
}

} // namespace zenws::sim
