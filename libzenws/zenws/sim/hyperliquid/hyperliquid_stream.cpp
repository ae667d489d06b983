// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/hyperliquid/hyperliquid_stream.hpp"

namespace zenws::sim {

namespace {

bool has_coin(std::string_view type) {
  return type == "l2Book" || type == "trades" || type == "bbo"
         || type == "activeAssetCtx";
}

} // namespace

std::string hyperliquid_stream::name() const {
  return coin.empty() ? type : type + ':' + coin;
}

void hyperliquid_stream::write(json_writer& out) const {
  out.begin_object();
  out.member("type", type);
  if (!coin.empty())
    out.member("coin", coin);
  if (type == "l2Book") {
    out.key("nSigFigs").raw("null");
    out.key("mantissa").raw("null");
    out.member("fast", is_fast);
  }
  out.end_object();
}

std::string hyperliquid_stream::text() const {
  json_writer out;
  write(out);
  return out.text();
}

std::optional<hyperliquid_stream> read_hyperliquid_stream(const json& from) {
  hyperliquid_stream result{.type = std::string{text_member(from, "type")},
                            .coin = std::string{text_member(from, "coin")}};
  if (auto* fast = find(from, "fast"))
    result.is_fast = fast->IsBool() && fast->GetBool();
  // Aggregated books are not simulated.
  for (auto member : {"nSigFigs", "mantissa"})
    if (auto* value = find(from, member); value && !value->IsNull())
      return std::nullopt;
  if (result.type == "allMids")
    result.coin.clear();
  else if (!has_coin(result.type) || result.coin.empty())
    return std::nullopt;
  return result;
}

std::string hyperliquid_error(std::string_view words) {
  json_writer out;
  out.begin_object();
  out.member("channel", "error");
  out.member("data", words);
  out.end_object();
  return out.text();
}

std::string hyperliquid_confirmation(const char* method,
                                     const hyperliquid_stream& stream) {
  json_writer out;
  out.begin_object();
  out.member("channel", "subscriptionResponse");
  out.key("data").begin_object();
  out.member("method", method);
  out.key("subscription");
  stream.write(out);
  out.end_object();
  out.end_object();
  return out.text();
}

} // namespace zenws::sim
