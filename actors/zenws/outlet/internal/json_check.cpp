// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/outlet/internal/json_check.hpp"

#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

namespace zenws {

std::optional<size_t> find_json_fault(std::string_view text) {
  // The numbers are not converted: one that no double holds is valid as well.
  constexpr unsigned flags = rapidjson::kParseValidateEncodingFlag
                             | rapidjson::kParseIterativeFlag
                             | rapidjson::kParseNumbersAsStringsFlag;
  rapidjson::MemoryStream in{text.data(), text.size()};
  rapidjson::BaseReaderHandler<> ignore;
  rapidjson::Reader reader;
  auto outcome = reader.Parse<flags>(in, ignore);
  if (outcome.IsError())
    return outcome.Offset();
  // RapidJSON takes a NUL byte for the end.
  if (in.Tell() != text.size())
    return in.Tell();
  return std::nullopt;
}

} // namespace zenws
