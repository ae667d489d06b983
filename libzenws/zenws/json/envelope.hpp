// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/error.hpp"
#include "zenws/fwd.hpp"
#include "zenws/json/json_value.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <stdexcept>
#include <string_view>

namespace zenws {

/// Kind of a message by its envelope.
enum class envelope_kind : uint8_t {
  /// With a result or an error: answers one of our requests.
  answer,
  /// With a method and an id: a request of the peer.
  request,
  /// Names a method, a channel or an event, and wants no answer.
  notification,
  /// None of these.
  other,
};

/// Returns the name of the enumerator.
std::string_view to_string(envelope_kind kind) noexcept;

/// Members of a message that routing needs; the others are not read. All values
/// are views into the message. Which member of the message each of them is, an
/// `envelope_layout` says.
struct envelope {
  /// The message as a whole. Only an object has anything below; an array is a
  /// batch (JSON-RPC 2.0, section 6), see `elements_of`.
  json_value root{};

  /// Null is distinguished from absent.
  json_value id{};

  json_value method{};
  json_value params{};
  json_value result{};
  json_value error{};

  /// Topic of the message, as the venue names it.
  json_value channel{};

  /// Instrument, if it stands beside the channel (OKX).
  json_value instrument{};

  /// For example "subscribe" (OKX).
  json_value event{};

  /// Contents of the message.
  json_value data{};

  envelope_kind kind() const noexcept;
};

/// Path of a value of an envelope in a message.
struct envelope_path {
  json_value envelope::*value = nullptr;

  /// A member of the message, or of an object in it: "id", "params.channel".
  std::string_view path{};
};

/// Beginning of nearly all notifications of a venue, down to its spaces: a
/// match saves scanning it. Those that begin otherwise are read as well, only
/// slower.
struct usual_beginning {
  constexpr usual_beginning() = default;

  /// @param json up to the value of the channel, which is in `params`.
  /// @param name the value of the method, as it stands in `json`.
  constexpr usual_beginning(std::string_view json, std::string_view name)
    : text(json),
      method_at(json.find(name)),
      method_size(name.size()),
      params_at(json.rfind('{')) {
    // nop
  }

  std::string_view text{};
  size_t method_at = 0;
  size_t method_size = 0;
  size_t params_at = 0;
};

/// Paths of the values of an `envelope` in messages of one venue. Made once, at
/// compile time: it keeps views of the paths.
///
/// Several paths may lead to one value if no message has more than one of them.
class envelope_layout {
public:
  // -- constants --------------------------------------------------------------

  static constexpr size_t max_nodes = 16;

  // -- constructors, destructors, and assignment operators --------------------

  /// @throws std::length_error if the paths have more than `max_nodes` names.
  constexpr envelope_layout(std::initializer_list<envelope_path> paths,
                            usual_beginning usual = {})
    : usual_(usual) {
    for (const auto& path : paths)
      add(path);
  }

  // -- properties -------------------------------------------------------------

  /// Index of the message itself.
  static constexpr uint8_t root = 0xff;

  /// Index of a name that does not matter.
  static constexpr uint8_t none = 0xfe;

  /// A name that matters, in the message or in one of its members.
  struct node {
    std::string_view name{};
    uint8_t parent = root;
    bool has_children = false;
    json_value envelope::*value = nullptr;
  };

  /// Returns the index of a name within `parent`, or `none`.
  constexpr uint8_t find(uint8_t parent, std::string_view name) const noexcept {
    for (uint8_t i = 0; i < size_; ++i)
      if (nodes_[i].parent == parent && is_same(nodes_[i].name, name))
        return i;
    return none;
  }

  /// Empty if there is none.
  constexpr const usual_beginning& usual() const noexcept {
    return usual_;
  }

  /// @pre `index` is neither `root` nor `none`
  constexpr const node& at(uint8_t index) const noexcept {
    return nodes_[index];
  }

private:
  // Names differ in their sizes or first characters nearly always, and then
  // there is no need for a call.
  static constexpr bool is_same(std::string_view x,
                                std::string_view y) noexcept {
    return x.size() == y.size() && (x.empty() || x.front() == y.front())
           && x == y;
  }

  constexpr void add(const envelope_path& path) {
    auto dot = path.path.find('.');
    if (dot == std::string_view::npos) {
      nodes_[obtain(root, path.path)].value = path.value;
      return;
    }
    auto parent = obtain(root, path.path.substr(0, dot));
    nodes_[parent].has_children = true;
    nodes_[obtain(parent, path.path.substr(dot + 1))].value = path.value;
  }

  constexpr uint8_t obtain(uint8_t parent, std::string_view name) {
    auto known = find(parent, name);
    if (known != none)
      return known;
    if (size_ == max_nodes)
      throw std::length_error{"an envelope_layout has too many names"};
    nodes_[size_] = {name, parent};
    return size_++;
  }

  std::array<node, max_nodes> nodes_{};
  uint8_t size_ = 0;
  usual_beginning usual_{};
};

/// Finds the envelope of a message in one pass, without copying and without
/// allocating; nesting of any depth costs no stack.
///
/// Only the paths of the layout are looked at, at exactly that place: an "id"
/// within market data is no id. Names are recognized however they are escaped.
/// The message itself and the objects that paths lead through are checked
/// member by member. The content of other members is only known to end:
/// its strings end, its brackets are as many as they should be. Encoding is not
/// checked; text messages of a client have been.
///
/// Returns `ec::invalid_json` for anything that is not one JSON value, and for
/// a message with two members for one value of the envelope: taking either of
/// two ids could settle the wrong order.
result<envelope> scan(std::string_view text, const envelope_layout& layout);

/// Same for messages of plain JSON-RPC 2.0.
result<envelope> scan(std::string_view text);

/// Layouts of the venues' messages.
namespace layouts {

/// JSON-RPC 2.0 (jsonrpc.org/specification), answers as well as notifications.
inline constexpr envelope_layout json_rpc{
  {&envelope::id, "id"},         {&envelope::method, "method"},
  {&envelope::params, "params"}, {&envelope::result, "result"},
  {&envelope::error, "error"},
};

/// Deribit, version 2 (docs.deribit.com, "Notifications").
inline constexpr envelope_layout deribit{
  {
    {&envelope::id, "id"},
    {&envelope::method, "method"},
    {&envelope::params, "params"},
    {&envelope::result, "result"},
    {&envelope::error, "error"},
    {&envelope::channel, "params.channel"},
    {&envelope::data, "params.data"},
  },
  {R"({"jsonrpc":"2.0","method":"subscription","params":{"channel":)",
   "subscription"},
};

/// Ethereum nodes (geth.ethereum.org, "Real-time Events"): the channel is the
/// id of the subscription.
inline constexpr envelope_layout ethereum{
  {
    {&envelope::id, "id"},
    {&envelope::method, "method"},
    {&envelope::params, "params"},
    {&envelope::result, "result"},
    {&envelope::error, "error"},
    {&envelope::channel, "params.subscription"},
    {&envelope::data, "params.result"},
  },
  {R"({"jsonrpc":"2.0","method":"eth_subscription","params":{"subscription":)",
   "eth_subscription"},
};

/// Binance (developers.binance.com). Combined streams wrap an event in "data"
/// ("WebSocket Streams"), the WebSocket API in "event" ("User Data Stream");
/// single streams have no envelope but their event.
inline constexpr envelope_layout binance{
  {&envelope::id, "id"},         {&envelope::result, "result"},
  {&envelope::error, "error"},   {&envelope::channel, "stream"},
  {&envelope::data, "data"},     {&envelope::event, "e"},
  {&envelope::event, "event.e"}, {&envelope::instrument, "s"},
};

/// Coinbase Advanced Trade (docs.cdp.coinbase.com, "Advanced Trade WebSocket
/// Channels"). The id is the number of the message within its connection, and
/// the parameters are its time. Refusals have the type "error" and a message,
/// and no channel.
inline constexpr envelope_layout coinbase{
  {&envelope::channel, "channel"}, {&envelope::params, "timestamp"},
  {&envelope::data, "events"},     {&envelope::id, "sequence_num"},
  {&envelope::event, "type"},      {&envelope::error, "message"},
};

/// Kraken, version 2 (docs.kraken.com/api, "Spot WebSocket v2"). An answer
/// about a channel has its names within the result, a refusal the symbol beside
/// it.
inline constexpr envelope_layout kraken{
  {&envelope::id, "req_id"},         {&envelope::method, "method"},
  {&envelope::result, "result"},     {&envelope::error, "error"},
  {&envelope::channel, "channel"},   {&envelope::channel, "result.channel"},
  {&envelope::instrument, "symbol"}, {&envelope::instrument, "result.symbol"},
  {&envelope::event, "type"},        {&envelope::data, "data"},
};

/// OKX, version 5 (okx.com/docs-v5, "WebSocket").
inline constexpr envelope_layout okx{
  {&envelope::id, "id"},
  {&envelope::method, "op"},
  {&envelope::event, "event"},
  {&envelope::params, "arg"},
  {&envelope::channel, "arg.channel"},
  {&envelope::instrument, "arg.instId"},
  {&envelope::data, "data"},
};

} // namespace layouts

} // namespace zenws
