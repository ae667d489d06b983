#include "exchange_sim/okx_arg.hpp"

namespace zenws::sim {

void okx_arg::write(json_writer& out) const {
  out.begin_object();
  out.member("channel", channel);
  if (!inst_type.empty())
    out.member("instType", inst_type);
  if (!inst_id.empty())
    out.member("instId", inst_id);
  out.end_object();
}

std::string okx_arg::text() const {
  json_writer out;
  write(out);
  return out.text();
}

std::optional<okx_arg> read_okx_arg(const json& from) {
  auto channel = text_member(from, "channel");
  if (channel.empty())
    return std::nullopt;
  okx_arg result{.channel = std::string{channel},
                 .inst_id = std::string{text_member(from, "instId")}};
  if (result.is_private())
    result.inst_type = text_member(from, "instType");
  return result;
}

} // namespace zenws::sim
