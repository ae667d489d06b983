// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/config/client_config.hpp"
#include "zenws/connection/internal/fast_path.hpp"
#include "zenws/connection/internal/refusal.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/beast/_experimental/test/stream.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

/// The same stream of bytes read by Beast alone and by the fast path over it.
namespace zenws::internal {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = boost::beast::websocket;

// -- outcome ------------------------------------------------------------------

struct outcome {
  std::vector<std::pair<bool, std::string>> messages; // text?, payload
  error_code end;
  int close_code = 0;
  std::string written; // frames, unmasked

  bool operator==(const outcome&) const = default;
};

/// Takes the mask off the frames that a client wrote.
inline std::string unmask(const std::string& bytes) {
  std::string result;
  size_t i = 0;
  while (i + 6 <= bytes.size()) {
    auto n = static_cast<size_t>(bytes[i + 1] & 0x7f);
    auto* mask = bytes.data() + i + 2;
    result += bytes[i];
    result += static_cast<char>(n);
    for (size_t k = 0; k < n && i + 6 + k < bytes.size(); ++k)
      result += static_cast<char>(bytes[i + 6 + k] ^ mask[k % 4]);
    i += 6 + n;
  }
  return result;
}

inline std::string without_request(const std::string& written) {
  auto i = written.find("\r\n\r\n");
  return i == std::string::npos ? written : written.substr(i + 4);
}

/// Answers an upgrade request, if need be with extensions.
inline std::string response_to(const std::string& request,
                               const std::string& extensions) {
  constexpr std::string_view field = "Sec-WebSocket-Key: ";
  auto i = request.find(field) + field.size();
  auto key = request.substr(i, request.find("\r\n", i) - i);
  websocket::detail::sec_ws_accept_type accept;
  websocket::detail::make_sec_ws_accept(accept, key);
  return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
         "Connection: Upgrade\r\nSec-WebSocket-Accept: "
         + std::string{accept.data(), accept.size()}
         + (extensions.empty() ? ""
                               : "\r\nSec-WebSocket-Extensions: " + extensions)
         + "\r\n\r\n";
}

/// Any fault of compressed data counts as the same, and any fault
/// of a Close frame.
inline error_code without_detail(error_code ec) {
  if (ec == websocket::error::bad_close_size
      || ec == websocket::error::bad_close_payload)
    return websocket::error::bad_close_code;
  auto of_zlib = beast::zlib::make_error_code(beast::zlib::error::general);
  return ec.category() == of_zlib.category() ? of_zlib : ec;
}

/// Beast 1.81 echoes any code from 3000 on, where the fast path refuses those
/// that must not be sent.
inline void refuse_forbidden_code(outcome& x) {
  if (x.end != websocket::error::closed || x.close_code == 0
      || is_close_code(static_cast<uint16_t>(x.close_code)))
    return;
  x.end = websocket::error::bad_close_code;
  x.close_code = 0;
  x.written.replace(x.written.size() - 2, 2, "\x03\xea"); // 1002
}

// -- Beast alone --------------------------------------------------------------

/// @param extensions in the server's answer to an offer of compression.
inline outcome read_with_beast(const std::string& frames, size_t limit,
                               const std::string& extensions = {}) {
  outcome result;
  asio::io_context ctx;
  beast::test::stream remote{ctx};
  websocket::stream<beast::test::stream> ws{ctx};
  ws.next_layer().connect(remote);
  ws.read_message_max(limit);
  websocket::permessage_deflate deflate;
  deflate.client_enable = !extensions.empty();
  ws.set_option(deflate);
  beast::flat_buffer buffer;
  // Beast 1.81 decompresses the end of a message twice where it meets the end
  // of the buffer: so there is always more room.
  constexpr size_t room = 64 * 1024;
  std::function<void()> read_next = [&] {
    ws.async_read_some(buffer.prepare(room), [&](error_code ec, size_t n) {
      if (ec) {
        result.end = without_detail(ec);
        result.close_code = ws.reason().code;
        return;
      }
      buffer.commit(n);
      if (!ws.is_message_done())
        return read_next();
      auto payload = beast::buffers_to_string(buffer.data());
      // Errors that Beast misses and the fast path must not.
      if (ws.got_text() && !valid_utf8(payload.data(), payload.size())) {
        result.end = websocket::error::bad_frame_payload;
        return ws.async_close(websocket::close_code::bad_payload,
                              [](error_code) { /* nop */ });
      }
      result.messages.emplace_back(ws.got_text(), payload);
      buffer.clear();
      read_next();
    });
  };
  ws.async_handshake("host", "/", [&](error_code ec) {
    if (ec)
      result.end = ec;
    else
      read_next();
  });
  while (remote.str().find("\r\n\r\n") == std::string::npos)
    ctx.run_one();
  ws.next_layer().append(response_to(std::string{remote.str()}, extensions)
                         + frames);
  ws.next_layer().close_remote();
  ctx.run();
  result.written = unmask(without_request(std::string{remote.str()}));
  refuse_forbidden_code(result);
  return result;
}

// -- the fast path over Beast -------------------------------------------------

/// Bytes that arrive in given pieces.
class scripted_transport {
public:
  struct script {
    std::string frames;
    std::vector<size_t> cuts; // sizes of the pieces; the last one repeats
    std::string extensions{};
  };

  scripted_transport(asio::io_context& ctx, script reads)
    : ctx_(ctx), script_(std::move(reads)) {
    // nop
  }

  executor_type get_executor() {
    return ctx_.get_executor();
  }

  size_t read_some(char* data, size_t size, error_code& ec) {
    if (available_ == 0) {
      ec = pos_ < input_.size() || !answered_
             ? error_code{asio::error::would_block}
             : error_code{asio::error::eof};
      return 0;
    }
    auto n = std::min(size, available_);
    std::memcpy(data, input_.data() + pos_, n);
    pos_ += n;
    available_ -= n;
    return n;
  }

  bool drained() const noexcept {
    return available_ == 0 && pos_ < input_.size();
  }

  template <class Handler>
  void async_wait_readable(Handler handler) {
    ready_ = [h = std::make_shared<Handler>(std::move(handler))] {
      (*h)(error_code{});
    };
    next_piece();
  }

  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    auto n = asio::buffer_size(buffers);
    auto at = written_.size();
    written_.resize(at + n);
    asio::buffer_copy(asio::buffer(written_.data() + at, n), buffers);
    if (!answered_ && written_.find("\r\n\r\n") != std::string::npos) {
      answered_ = true;
      input_ = response_to(written_, script_.extensions) + script_.frames;
      next_piece();
    }
    auto init = [this, n](auto handler) {
      asio::post(ctx_,
                 [h = std::move(handler), n]() mutable { h(error_code{}, n); });
    };
    return asio::async_initiate<Token, void(error_code, size_t)>(init, token);
  }

  void shutdown_write() {
    // nop
  }

  void close() {
    ready_ = nullptr;
  }

  const std::string& written() const {
    return written_;
  }

private:
  void next_piece() {
    if (!ready_ || !answered_)
      return;
    if (available_ == 0 && pos_ < input_.size()) {
      auto& cuts = script_.cuts;
      auto size = cuts.empty() ? input_.size()
                               : cuts[std::min(piece_++, cuts.size() - 1)];
      available_ = std::min(std::max<size_t>(size, 1), input_.size() - pos_);
    }
    asio::post(ctx_, std::exchange(ready_, nullptr));
  }

  asio::io_context& ctx_;
  script script_;
  std::string input_;
  std::string written_;
  size_t pos_ = 0;
  size_t available_ = 0;
  size_t piece_ = 0;
  bool answered_ = false;
  std::function<void()> ready_;
};

class fast_path_reader : public frame_listener,
                         public std::enable_shared_from_this<fast_path_reader> {
public:
  using path_type = fast_path<scripted_transport>;

  fast_path_reader(asio::io_context& ctx, scripted_transport::script reads,
                   size_t limit)
    : limit_(limit),
      extensions_(reads.extensions),
      ws_(static_cast<frame_listener&>(*this), slab_pool::make(),
          path_limits{limit, 8192}, ctx, std::move(reads)) {
    ws_.read_message_max(limit);
  }

  void start() {
    ws_.async_handshake("host", "/",
                        [this, self = shared_from_this()](error_code ec) {
                          if (ec)
                            return end(ec);
                          open();
                          read_next();
                        });
  }

  std::shared_ptr<void> keep_alive() override {
    return shared_from_this();
  }

  void on_burst(slab_ptr messages) override {
    ++bursts;
    for (auto& x : *messages)
      result.messages.emplace_back(x.kind == message_kind::text,
                                   std::string{x.payload()});
  }

  bool on_refusal(std::string_view, error_code) override {
    return true;
  }

  void on_peer_close(error) override {
    // nop
  }

  void on_teardown() override {
    // nop
  }

  void on_drained() override {
    // nop
  }

  outcome result;
  size_t bursts = 0;

private:
  void open() {
    compression_config cfg{.offer = !extensions_.empty()};
    auto terms = read_deflate_answer(cfg, extensions_);
    ws_.next_layer().open(
      *terms ? std::make_unique<inflate_path>(**terms, cfg, limit_) : nullptr);
  }

  void read_next() {
    ws_.async_read(buffer_, [this, self = shared_from_this()](error_code ec,
                                                              size_t) {
      if (ec)
        return end(ec);
      auto bytes = buffer_.cdata();
      std::string_view payload{static_cast<const char*>(bytes.data()),
                               bytes.size()};
      auto kind = ws_.got_text() ? message_kind::text : message_kind::binary;
      if (auto bad = ws_.next_layer().add(payload, kind); bad != ec::none)
        return fail(bad);
      buffer_.clear();
      read_next();
    });
  }

  // As a connection does.
  void fail(ec reason) {
    ws_.next_layer().retire();
    ws_.async_close(close_code_for(reason),
                    [this, reason, self = shared_from_this()](error_code) {
                      end(as_beast_says(reason));
                      result.close_code = 0; // the peer's came too late
                    });
  }

  static error_code as_beast_says(ec reason) {
    switch (reason) {
      case ec::message_too_big:
        return websocket::error::message_too_big;
      case ec::invalid_utf8:
        return websocket::error::bad_frame_payload;
      default:
        return beast::zlib::error::general;
    }
  }

  void end(error_code ec) {
    result.end = without_detail(ec);
    result.close_code = ws_.reason().code;
    auto& transport = ws_.next_layer().transport();
    result.written = unmask(without_request(transport.written()));
    ws_.next_layer().close();
  }

  size_t limit_;
  std::string extensions_;
  websocket::stream<path_type, false> ws_;
  beast::flat_buffer buffer_;
};

inline outcome read_on_fast_path(const std::string& frames,
                                 std::vector<size_t> cuts, size_t limit,
                                 size_t* bursts = nullptr,
                                 const std::string& extensions = {}) {
  asio::io_context ctx;
  auto reader = std::make_shared<fast_path_reader>(
    ctx, scripted_transport::script{frames, std::move(cuts), extensions},
    limit);
  reader->start();
  ctx.run();
  if (bursts != nullptr)
    *bursts = reader->bursts;
  return reader->result;
}

} // namespace zenws::internal
