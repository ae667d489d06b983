#include "zenws/venue/internal/json_text.hpp"

#include "zenws/json/json_value.hpp"

namespace zenws::internal {

result<std::string> names_as_json(const std::vector<channel_spec>& channels) {
  std::string text = "[";
  for (auto& channel : channels) {
    auto name = quoted(channel.name, "the name of a channel");
    if (!name)
      return name.error();
    if (text.size() > 1)
      text += ',';
    text += *name;
  }
  return text + ']';
}

result<std::string> quoted(std::string_view text, std::string_view field) {
  if (auto literal = quoted_json(text))
    return std::move(*literal);
  return error{ec::invalid_message, std::string{field} + " is not UTF-8"};
}

} // namespace zenws::internal
