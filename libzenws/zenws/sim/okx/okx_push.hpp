// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/json/json_writer.hpp"
#include "zenws/sim/okx/okx_arg.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace zenws::sim {

// The frame of OKX's messages.

/// Returns `SWAP` or `SPOT`.
const char* okx_type(std::string_view inst_id);

/// Returns a time since the Unix epoch as OKX writes it.
std::string okx_time(std::chrono::milliseconds time);

/// Returns a message around the objects that `rows` writes.
/// @param head writes members in front of them
/// @param uid of the account, in its private messages
template <class Head, class Fun>
std::string
push_rows(const okx_arg& arg, Head head, Fun rows, std::string_view uid) {
  json_writer out;
  out.begin_object();
  out.key("arg");
  arg.write(out, uid);
  head(out);
  out.key("data").begin_array();
  rows(out);
  out.end_array();
  out.end_object();
  return out.text();
}

/// Returns a message of public data.
/// @param action null for none
template <class Fun>
std::string push_rows(const okx_arg& arg, const char* action, Fun rows) {
  auto head = [&](json_writer& out) {
    if (action)
      out.member("action", action);
  };
  return push_rows(arg, head, rows, {});
}

/// Same around the members of one object.
template <class Fun>
std::string push(const okx_arg& arg, const char* action, Fun data) {
  auto row = [&](json_writer& out) {
    out.begin_object();
    data(out);
    out.end_object();
  };
  return push_rows(arg, action, row);
}

/// Returns a broken message of a channel.
std::string malformed_push(const okx_arg& arg, breakage mode);

} // namespace zenws::sim
