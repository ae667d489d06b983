// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/kraken/kraken_call.hpp"

namespace zenws::sim {

namespace {

// docs.kraken.com, "Executions": the counter's limit, with `ratecounter`.
constexpr int64_t max_rate_count = 125;

} // namespace

const json& kraken_call::params() const {
  static const json nothing{rapidjson::kObjectType};
  auto* result = find(request, "params");
  return result && result->IsObject() ? *result : nothing;
}

std::string_view kraken_call::method() const {
  auto result = text_member(request, "method");
  return result.empty() ? "error" : result;
}

bool kraken_call::flag(const char* name, bool otherwise) const {
  auto* value = find(params(), name);
  return value && value->IsBool() ? value->GetBool() : otherwise;
}

void kraken_call::refuse(std::string_view reason, std::string_view symbol) {
  answer(method(), [&](json_writer& out) {
    out.member("error", reason);
    out.member("success", false);
    if (!symbol.empty())
      out.member("symbol", symbol);
  });
}

void kraken_call::grant(const kraken_channel& channel) {
  succeed([&](json_writer& out) {
    out.member("channel", channel.kind);
    if (!channel.symbol.empty())
      out.member("symbol", channel.symbol);
    if (channel.depth > 0)
      out.member("depth", uint64_t{channel.depth});
    if (channel.kind == "executions" && method() == "subscribe") {
      out.member("maxratecount", max_rate_count);
      out.member("snap_orders", channel.tells_orders);
      out.member("snap_trades", channel.tells_trades);
    }
  });
}

} // namespace zenws::sim
