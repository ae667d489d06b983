// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/okx/okx_arg.hpp"

namespace zenws::sim {

namespace {

void write_given(json_writer& out, const char* name, const std::string& value) {
  if (!value.empty())
    out.member(name, value);
}

} // namespace

okx_arg okx_arg::pushed() const {
  if (is_private())
    return *this;
  if (lists_instruments())
    return {.channel = channel, .inst_type = inst_type};
  return {.channel = channel, .inst_id = inst_id};
}

std::string okx_arg::name() const {
  return inst_id.empty() ? channel : channel + ':' + inst_id;
}

bool okx_arg::covers(std::string_view instrument) const {
  auto is_swap = instrument.ends_with(okx_swap_suffix);
  auto type = is_swap ? "SWAP" : "SPOT";
  if (inst_type != "ANY" && inst_type != type)
    return false;
  if (!inst_id.empty() && inst_id != instrument)
    return false;
  return inst_family.empty()
         || (is_swap && instrument.starts_with(inst_family)
             && instrument.size()
                  == inst_family.size() + okx_swap_suffix.size());
}

void okx_arg::write(json_writer& out, std::string_view uid) const {
  out.begin_object();
  out.member("channel", channel);
  write_given(out, "instType", inst_type);
  write_given(out, "instFamily", inst_family);
  write_given(out, "instId", inst_id);
  if (!uid.empty())
    out.member("uid", uid);
  out.end_object();
}

std::string okx_arg::described() const {
  auto result = "channel:" + channel;
  if (!inst_type.empty())
    result += ",instType:" + inst_type;
  if (!inst_family.empty())
    result += ",instFamily:" + inst_family;
  if (!inst_id.empty())
    result += ",instId:" + inst_id;
  return result;
}

std::string okx_arg::text() const {
  json_writer out;
  write(out);
  return out.text();
}

std::optional<okx_arg> read_okx_arg(const json& from) {
  auto given = [&](const char* name) {
    return std::string{text_member(from, name)};
  };
  okx_arg result{given("channel"), given("instType"), given("instFamily"),
                 given("instId")};
  if (result.channel.empty())
    return std::nullopt;
  return result;
}

} // namespace zenws::sim
