#include "trading_engine/requests.hpp"

#include "zenws/json_rpc.hpp"

#include <string_view>

namespace zenws::engine {

namespace {

std::string request(uint64_t id, std::string_view method,
                    const std::string& params) {
  return build_request(method, params, static_cast<int64_t>(id)).value();
}

std::string channels_request(uint64_t id, std::string_view method,
                             const std::vector<std::string>& channels) {
  std::string list;
  for (const auto& channel : channels) {
    if (!list.empty())
      list += ',';
    // The venue refuses a channel without a name, which is what a name that is
    // not text deserves.
    list += quoted_json(channel).value_or(R"("")");
  }
  return request(id, method, R"({"channels":[)" + list + "]}");
}

} // namespace

std::string subscribe_request(uint64_t id,
                              const std::vector<std::string>& channels) {
  return channels_request(id, "public/subscribe", channels);
}

std::string unsubscribe_request(uint64_t id,
                                const std::vector<std::string>& channels) {
  return channels_request(id, "public/unsubscribe", channels);
}

std::string heartbeat_request(uint64_t id, std::chrono::seconds interval) {
  return request(id, "public/set_heartbeat",
                 R"({"interval":)" + std::to_string(interval.count()) + '}');
}

std::string test_answer(uint64_t id) {
  return request(id, "public/test", "{}");
}

} // namespace zenws::engine
