#include "trading_engine/requests.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

namespace zenws::engine {

namespace {

using json_writer = rapidjson::Writer<rapidjson::StringBuffer>;

void put(json_writer& out, std::string_view text) {
  out.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
}

template <class Fun>
std::string request(uint64_t id, const char* method, Fun write_params) {
  rapidjson::StringBuffer buffer;
  json_writer out{buffer};
  out.StartObject();
  out.Key("jsonrpc");
  out.String("2.0");
  out.Key("id");
  out.Uint64(id);
  out.Key("method");
  out.String(method);
  out.Key("params");
  out.StartObject();
  write_params(out);
  out.EndObject();
  out.EndObject();
  return {buffer.GetString(), buffer.GetSize()};
}

std::string channels_request(uint64_t id, const char* method,
                             const std::vector<std::string>& channels) {
  return request(id, method, [&](json_writer& out) {
    out.Key("channels");
    out.StartArray();
    for (const auto& channel : channels)
      put(out, channel);
    out.EndArray();
  });
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
  return request(id, "public/set_heartbeat", [&](json_writer& out) {
    out.Key("interval");
    out.Int64(interval.count());
  });
}

std::string test_answer(uint64_t id) {
  return request(id, "public/test", [](json_writer&) {
    // nop
  });
}

} // namespace zenws::engine
