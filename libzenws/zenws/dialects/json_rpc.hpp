#pragma once

#include "zenws/dialect.hpp"

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
/// here.
class json_rpc_dialect : public dialect {
public:
  std::string_view name() const noexcept override;

  /// One channel a request.
  subscription_limits request_limits() const noexcept override;

  void connected() override;

  inbound read(std::string_view text) override;

  result<std::string> call(std::string_view method,
                           std::string_view params_json, int64_t id) override;

  result<std::string> subscription(const subscription_request& what,
                                   int64_t id) override;

  subscription_answer read_answer(const subscription_request& what,
                                  const inbound& answer) override;

private:
  using name_map = std::map<std::string, std::string, std::less<>>;

  name_map channels_;      // by id of the subscription
  name_map subscriptions_; // ids by channel
};

} // namespace zenws
