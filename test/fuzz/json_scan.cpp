// SPDX-License-Identifier: BSD-3-Clause

// Finding the envelope of any message.

#include "zenws/json/envelope.hpp"
#include "zenws/json/json_rpc.hpp"
#include "zenws/json/json_value.hpp"

#include <cstdint>
#include <cstdlib>
#include <string_view>

using namespace zenws;

namespace {

// Values that are found must lie in the message.
void check(std::string_view text, const json_value& found) {
  if (!found || found.text.empty())
    return;
  if (found.text.data() < text.data()
      || found.text.data() + found.text.size() > text.data() + text.size())
    std::abort();
}

void scan_by(std::string_view text, const envelope_layout& layout) {
  auto content = scan(text, layout);
  if (!content)
    return;
  for (auto* x : {&content->id, &content->method, &content->params,
                  &content->result, &content->error, &content->channel,
                  &content->instrument, &content->event, &content->data}) {
    check(text, *x);
    (void) x->integer();
    (void) x->string();
  }
  (void) parse_response(*content);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view text{reinterpret_cast<const char*>(data), size};
  for (auto* layout : {&layouts::json_rpc, &layouts::deribit,
                       &layouts::ethereum, &layouts::binance, &layouts::okx})
    scan_by(text, *layout);
  (void) elements_of(text);
  check(text, find_member(text, "id"));
  (void) quoted_json(text);
  return 0;
}
