// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/okx/okx_push.hpp"

#include "zenws/sim/orders/symbol.hpp"

namespace zenws::sim {

const char* okx_type(std::string_view inst_id) {
  return is_okx_swap(inst_id) ? "SWAP" : "SPOT";
}

std::string okx_time(std::chrono::milliseconds time) {
  return std::to_string(time.count());
}

std::string malformed_push(const okx_arg& arg, breakage mode) {
  json_writer out;
  out.begin_object();
  out.key("arg");
  arg.write(out);
  out.member("data", int64_t{7});
  out.end_object();
  return broken(out.text(), mode);
}

} // namespace zenws::sim
