// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/venue/dialect.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace zenws {

/// Any peer that speaks JSON-RPC 2.0, with subscriptions as Ethereum nodes have
/// them (geth.ethereum.org, "Real-time Events").
///
/// A channel is named by the first parameter of `eth_subscribe`, such as
/// "newHeads"; one that needs more has all parameters, as an array of JSON, in
/// `channel_spec::arguments`. The ids that the node gives to subscriptions stay
/// here; nodes send notifications before the answer that tells the id
/// (ethereum/go-ethereum, issue 2407).
class json_rpc_dialect : public dialect {
public:
  std::string_view name() const noexcept override;

  /// One channel a request.
  subscription_limits request_limits() const noexcept override;

  void connected() override;

  inbound read(std::string_view text) override;

  std::string_view channel_of(std::string_view id) const override;

  result<std::string> call(std::string_view method,
                           std::string_view params_json, int64_t id) override;

  result<std::string> subscription(const subscription_request& request,
                                   int64_t id) override;

  result<std::vector<std::string>>
  read_grants(const subscription_request& request,
              const inbound& answer) override;

private:
  // The node's id of a subscription.
  struct node_id {
    std::string text;
    std::string json;
  };

  std::map<std::string, std::string, std::less<>> channels_; // by id
  std::map<std::string, node_id, std::less<>> ids_;          // by channel
  std::string id_; // of the last message, if it was escaped
};

} // namespace zenws
