// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/json/envelope.hpp"

#include "zenws/internal/enum_names.hpp"
#include "zenws/json/internal/json_cursor.hpp"

#include <string>

namespace zenws {

namespace {

using internal::json_cursor;

// Fills an envelope while it walks through a message.
class envelope_reader {
public:
  envelope_reader(std::string_view text, const envelope_layout& layout) noexcept
    : in_(text), layout_(layout) {
    // nop
  }

  result<envelope> read() {
    if (in_.peek() == json_kind::object)
      read_root();
    else
      out_.root = in_.value();
    if (in_.finish())
      return out_;
    return error{ec::invalid_json, "byte " + std::to_string(in_.offset())};
  }

private:
  void read_root() {
    auto first = in_.offset();
    auto& usual = layout_.usual();
    if (!usual.text.empty() && in_.step_over(usual.text)) {
      read_after_beginning(usual, first);
    } else {
      in_.enter_object();
      read_members(envelope_layout::root);
    }
    out_.root = {json_kind::object, false, in_.text_from(first)};
  }

  void read_after_beginning(const usual_beginning& usual, size_t first) {
    auto method = in_.text_from(first).substr(usual.method_at,
                                              usual.method_size);
    out_.method = {json_kind::string, false, method};
    out_.channel = in_.value();
    read_members(layout_.find(envelope_layout::root, "params"));
    out_.params = {json_kind::object, false,
                   in_.text_from(first + usual.params_at)};
    read_members(envelope_layout::root);
  }

  // Reads the members that are left of an object. Calls itself once at most:
  // paths have no more than two names.
  void read_members(uint8_t parent) {
    json_value name;
    while (in_.next_member(name)) {
      auto index = name.escaped ? find_escaped(parent, name)
                                : layout_.find(parent, name.text);
      if (index == envelope_layout::none)
        in_.skip();
      else
        read_member(index);
    }
  }

  void read_member(uint8_t index) {
    const auto& node = layout_.at(index);
    if (!node.has_children || in_.peek() != json_kind::object)
      return store(node, in_.value());
    auto first = in_.offset();
    in_.enter_object();
    read_members(index);
    store(node, {json_kind::object, false, in_.text_from(first)});
  }

  void store(const envelope_layout::node& node, const json_value& value) {
    if (node.value == nullptr)
      return;
    if (out_.*node.value)
      in_.fail();
    out_.*node.value = value;
  }

  uint8_t find_escaped(uint8_t parent, const json_value& name) {
    auto text = name.string();
    if (text)
      return layout_.find(parent, *text);
    in_.fail();
    return envelope_layout::none;
  }

  json_cursor in_;
  const envelope_layout& layout_;
  envelope out_;
};

} // namespace

BOOST_DESCRIBE_ENUM(envelope_kind, answer, request, notification, other)

std::string_view to_string(envelope_kind kind) noexcept {
  return internal::enum_name(kind);
}

envelope_kind envelope::kind() const noexcept {
  // Kraken names the method in its answers too.
  if ((result || error) && (id || !method))
    return envelope_kind::answer;
  if (method && id && !id.is_null())
    return envelope_kind::request;
  if (method || channel || event)
    return envelope_kind::notification;
  return envelope_kind::other;
}

result<envelope> scan(std::string_view text, const envelope_layout& layout) {
  return envelope_reader{text, layout}.read();
}

result<envelope> scan(std::string_view text) {
  return scan(text, layouts::json_rpc);
}

} // namespace zenws
