#define CAF_SUITE fast_lane

#include "zenws/internal/fast_lane.hpp"

#include "caf/test/unit_test.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/beast/_experimental/test/stream.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <cstdlib>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

using namespace zenws;
using namespace zenws::internal;

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = boost::beast::websocket;

namespace {

// -- what a peer sends ----------------------------------------------------------

std::string frame(int first_byte, std::string payload,
                  int length_bytes = -1, bool masked = false) {
  std::string result;
  result += static_cast<char>(first_byte);
  auto n = payload.size();
  auto mask_bit = masked ? 0x80 : 0;
  if (length_bytes < 0)
    length_bytes = n < 126 ? 0 : n < 65536 ? 2 : 8;
  if (length_bytes == 0)
    result += static_cast<char>(mask_bit | static_cast<int>(n));
  else
    result += static_cast<char>(mask_bit | (length_bytes == 2 ? 126 : 127));
  for (int i = length_bytes - 1; i >= 0; --i)
    result += static_cast<char>(n >> (8 * i));
  if (masked)
    result += std::string(4, '\0');
  return result + payload;
}

std::string text(std::string payload) {
  return frame(0x81, std::move(payload));
}

std::string close_frame(int code, std::string reason = {}) {
  std::string payload;
  payload += static_cast<char>(code >> 8);
  payload += static_cast<char>(code);
  return frame(0x88, payload + reason);
}

/// Answers an upgrade request.
std::string response_to(const std::string& request) {
  constexpr std::string_view field = "Sec-WebSocket-Key: ";
  auto i = request.find(field) + field.size();
  auto key = request.substr(i, request.find("\r\n", i) - i);
  websocket::detail::sec_ws_accept_type accept;
  websocket::detail::make_sec_ws_accept(accept, key);
  return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
         "Connection: Upgrade\r\nSec-WebSocket-Accept: "
         + std::string{accept.data(), accept.size()} + "\r\n\r\n";
}

// -- what came of it --------------------------------------------------------------

struct outcome {
  std::vector<std::pair<bool, std::string>> messages; // text?, payload
  error_code end;
  int close_code = 0;
  std::string written; // frames, unmasked

  bool operator==(const outcome&) const = default;
};

/// Takes the mask off the frames that a client wrote.
std::string unmask(const std::string& bytes) {
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

std::string without_request(const std::string& written) {
  auto i = written.find("\r\n\r\n");
  return i == std::string::npos ? written : written.substr(i + 4);
}

constexpr size_t max_message = 3000;

// -- Beast alone ------------------------------------------------------------------

outcome read_with_beast(const std::string& frames, size_t limit) {
  outcome result;
  asio::io_context ctx;
  beast::test::stream remote{ctx};
  websocket::stream<beast::test::stream> ws{ctx};
  ws.next_layer().connect(remote);
  ws.read_message_max(limit);
  beast::flat_buffer buffer;
  std::function<void()> read_next = [&] {
    ws.async_read(buffer, [&](error_code ec, size_t) {
      if (ec) {
        result.end = ec;
        result.close_code = ws.reason().code;
        return;
      }
      auto payload = beast::buffers_to_string(buffer.data());
      // What Beast misses and the lane must not.
      if (ws.got_text() && !valid_utf8(payload.data(), payload.size())) {
        result.end = websocket::error::bad_frame_payload;
        return;
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
  ws.next_layer().append(response_to(std::string{remote.str()}) + frames);
  ws.next_layer().close_remote();
  ctx.run();
  result.written = unmask(without_request(std::string{remote.str()}));
  return result;
}

// -- the lane over Beast ------------------------------------------------------------

/// Bytes that arrive in given pieces.
class scripted_transport {
public:
  struct script {
    std::string frames;
    std::vector<size_t> cuts; // sizes of the pieces; the last one repeats
  };

  scripted_transport(asio::io_context& ctx, script what)
    : ctx_(ctx), script_(std::move(what)) {
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
      input_ = response_to(written_) + script_.frames;
      next_piece();
    }
    auto init = [this, n](auto handler) {
      asio::post(ctx_, [h = std::move(handler), n]() mutable {
        h(error_code{}, n);
      });
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

class lane_reader : public lane_owner,
                    public std::enable_shared_from_this<lane_reader> {
public:
  using lane_type = fast_lane<scripted_transport>;

  lane_reader(asio::io_context& ctx, scripted_transport::script what,
              size_t limit)
    : ws_(static_cast<lane_owner&>(*this), slab_pool::make(),
          lane_limits{limit, 8192}, ctx, std::move(what)) {
    ws_.read_message_max(limit);
  }

  void start() {
    ws_.async_handshake("host", "/",
                        [this, self = shared_from_this()](error_code ec) {
                          if (ec)
                            return end(ec);
                          ws_.next_layer().open();
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

  void on_teardown() override {
    // nop
  }

  outcome result;
  size_t bursts = 0;

private:
  void read_next() {
    ws_.async_read(buffer_, [this, self = shared_from_this()](error_code ec,
                                                              size_t) {
      if (ec)
        return end(ec);
      auto bytes = buffer_.cdata();
      std::string_view payload{static_cast<const char*>(bytes.data()),
                               bytes.size()};
      auto kind = ws_.got_text() ? message_kind::text : message_kind::binary;
      if (!ws_.next_layer().add(payload, kind))
        return end(websocket::error::bad_frame_payload);
      buffer_.clear();
      read_next();
    });
  }

  void end(error_code ec) {
    result.end = ec;
    result.close_code = ws_.reason().code;
    auto& transport = ws_.next_layer().transport();
    result.written = unmask(without_request(transport.written()));
    ws_.next_layer().close();
  }

  websocket::stream<lane_type, false> ws_;
  beast::flat_buffer buffer_;
};

outcome read_with_lane(const std::string& frames, std::vector<size_t> cuts,
                       size_t limit, size_t* bursts = nullptr) {
  asio::io_context ctx;
  auto reader = std::make_shared<lane_reader>(
    ctx, scripted_transport::script{frames, std::move(cuts)}, limit);
  reader->start();
  ctx.run();
  if (bursts != nullptr)
    *bursts = reader->bursts;
  return reader->result;
}

// -- comparison -------------------------------------------------------------------

std::string show(const outcome& x) {
  auto result = std::to_string(x.messages.size()) + " messages, "
                + x.end.message() + ", close code "
                + std::to_string(x.close_code) + ", wrote "
                + std::to_string(x.written.size()) + " bytes";
  return result;
}

bool same(const std::string& frames, std::vector<size_t> cuts,
          size_t limit = max_message) {
  auto expected = read_with_beast(frames, limit);
  auto got = read_with_lane(frames, std::move(cuts), limit);
  if (got == expected)
    return true;
  CAF_MESSAGE("Beast: " << show(expected) << "; lane: " << show(got));
  return false;
}

/// Compares for one cut at every position, and for byte-wise arrival.
size_t differences(const std::string& frames, size_t limit = max_message) {
  size_t result = 0;
  auto expected = read_with_beast(frames, limit);
  constexpr size_t header = 129; // of the response: cut there and beyond
  for (size_t cut = header - 4; cut <= header + frames.size(); ++cut)
    result += read_with_lane(frames, {cut, size_t{1} << 20}, limit)
              != expected;
  result += read_with_lane(frames, {1}, limit) != expected;
  return result;
}

// -- random streams ---------------------------------------------------------------

class frame_generator {
public:
  explicit frame_generator(uint64_t seed) : random_(seed) {
    // nop
  }

  std::string stream() {
    std::string result;
    auto n = below(12) + 1;
    for (size_t i = 0; i < n; ++i)
      result += one();
    if (chance(4))
      result.resize(below(result.size() + 1));
    return result;
  }

  std::vector<size_t> cuts() {
    std::vector<size_t> result;
    auto n = below(6);
    for (size_t i = 0; i < n; ++i)
      result.push_back(chance(2) ? below(8) + 1 : below(400) + 1);
    result.push_back(chance(3) ? 1 + below(16) : size_t{1} << 20);
    return result;
  }

private:
  size_t below(size_t n) {
    return std::uniform_int_distribution<size_t>{0, n - 1}(random_);
  }

  bool chance(size_t n) {
    return below(n) == 0;
  }

  std::string payload(size_t max) {
    static const std::vector<std::string> pieces{
      "a", "{\"x\":1}", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "z z"};
    std::string result;
    auto n = chance(8) ? max : below(40);
    while (result.size() < n)
      result += pieces[below(pieces.size())];
    if (chance(12))
      result += static_cast<char>(0x80 + below(128)); // not UTF-8
    return result;
  }

  std::string control() {
    return frame(chance(2) ? 0x89 : 0x8a, payload(125).substr(0, 125));
  }

  std::string fragmented() {
    auto whole = payload(400);
    std::string result;
    auto parts = below(4) + 2;
    for (size_t i = 0; i < parts; ++i) {
      auto n = i + 1 < parts ? below(whole.size() + 1) : whole.size();
      auto opcode = i == 0 ? (chance(2) ? 1 : 2) : 0;
      auto fin = i + 1 == parts ? 0x80 : 0;
      result += frame(fin | opcode, whole.substr(0, n));
      whole.erase(0, n);
      if (chance(3))
        result += control();
    }
    return result;
  }

  std::string one() {
    switch (below(24)) {
      default:
        return text(payload(200));
      case 0:
      case 1:
      case 2:
        return frame(0x82, payload(200));
      case 3:
      case 4:
      case 5:
        return control();
      case 6:
      case 7:
        return fragmented();
      case 8:
        return text(std::string(max_message - 5 + below(10), 'x'));
      case 9:
        return chance(3) ? close_frame(900 + static_cast<int>(below(4200)),
                                       payload(20))
                         : text("");
      case 10:
        return chance(3) ? frame(static_cast<int>(below(256)), payload(50))
                         : text("b");
      case 11:
        return chance(3) ? frame(0x81, payload(60), chance(2) ? 2 : 8)
                         : text("c");
      case 12:
        return chance(4) ? frame(0x81, "masked", -1, true) : text("d");
      case 13:
        return chance(4) ? frame(0x01, "never ends") : text("e");
      case 14:
        return chance(4) ? frame(0x88, "") : frame(0x89, "");
    }
  }

  std::mt19937_64 random_;
};

uint64_t test_seed() {
  if (auto* text = std::getenv("ZENWS_SEED"))
    return std::strtoull(text, nullptr, 10);
  return std::random_device{}();
}

} // namespace

// -- one kind of frame at every cut -----------------------------------------------

CAF_TEST(plain frames survive any cut) {
  CAF_CHECK_EQUAL(differences(text("one") + text("two")
                              + frame(0x82, "\x01\x02") + text("")
                              + text(std::string(200, 'x'))),
                  0u);
}

CAF_TEST(frames behind the response header in the same segment are not lost) {
  auto got = read_with_lane(text("first") + text("second"), {}, max_message);
  CAF_REQUIRE_EQUAL(got.messages.size(), 2u);
  CAF_CHECK_EQUAL(got.messages[0].second, "first");
}

CAF_TEST(pings between plain frames are answered in order) {
  CAF_CHECK_EQUAL(differences(text("a") + frame(0x89, "p1") + text("b")
                              + frame(0x89, "") + frame(0x8a, "") + text("c")),
                  0u);
}

CAF_TEST(fragments with control frames in between survive any cut) {
  CAF_CHECK_EQUAL(differences(text("a") + frame(0x01, "he")
                              + frame(0x89, "p") + frame(0x00, "l")
                              + frame(0x80, "lo") + text("b")),
                  0u);
}

CAF_TEST(an empty final fragment ends a message) {
  CAF_CHECK_EQUAL(differences(frame(0x01, "x") + frame(0x80, "") + text("y")),
                  0u);
}

CAF_TEST(text that is not UTF-8 fails the connection) {
  CAF_CHECK_EQUAL(differences(text("ok") + text("a\xff z") + text("no")), 0u);
  CAF_CHECK_EQUAL(differences(text("cut short \xe2\x82")), 0u);
}

CAF_TEST(a code point cut by an empty last fragment is noticed) {
  auto got = read_with_lane(frame(0x01, "a\xe2\x82") + frame(0x80, "")
                              + text("b"),
                            {}, max_message);
  CAF_CHECK_EQUAL(got.messages.size(), 0u);
  CAF_CHECK(got.end == websocket::error::bad_frame_payload);
}

CAF_TEST(masked frames and reserved bits or opcodes fail the connection) {
  for (auto& bad : {frame(0x81, "m", -1, true), frame(0xc1, "r"),
                    frame(0x83, "o"), frame(0x8b, "o"), frame(0x09, "p"),
                    frame(0x89, std::string(126, 'x')), frame(0x80, "c")})
    CAF_CHECK_EQUAL(differences(text("a") + bad + text("b")), 0u);
}

CAF_TEST(lengths must be encoded in as few bytes as possible) {
  CAF_CHECK_EQUAL(differences(frame(0x81, "x", 2)), 0u);
  CAF_CHECK_EQUAL(differences(frame(0x81, "x", 8)), 0u);
  CAF_CHECK_EQUAL(differences(std::string{"\x81\x7f\xff\xff\xff\xff\xff\xff"
                                          "\xff\xff payload",
                                          18}),
                  0u);
}

CAF_TEST(the limit of a message holds in both lanes) {
  CAF_CHECK_EQUAL(differences(text(std::string(100, 'x')), 100), 0u);
  CAF_CHECK_EQUAL(differences(text(std::string(101, 'x')), 100), 0u);
  CAF_CHECK_EQUAL(differences(frame(0x01, std::string(60, 'x'))
                                + frame(0x80, std::string(60, 'x')),
                              100),
                  0u);
}

CAF_TEST(a close ends the stream with its code) {
  CAF_CHECK_EQUAL(differences(text("a") + close_frame(1001, "bye")
                              + text("b")),
                  0u);
  CAF_CHECK_EQUAL(differences(frame(0x88, "")), 0u);
  CAF_CHECK_EQUAL(differences(frame(0x88, "\x03")), 0u);
  CAF_CHECK_EQUAL(differences(close_frame(1005)), 0u);
}

CAF_TEST(an end in the middle of a frame is seen as such) {
  auto whole = text("whole") + text("this one is cut");
  for (size_t n = 1; n < whole.size(); ++n)
    CAF_CHECK(same(whole.substr(0, n), {}));
}

// -- sizes around the slab ----------------------------------------------------------

CAF_TEST(frames around the size of a slab arrive whole) {
  constexpr size_t limit = 1 << 20;
  for (auto size : {65400u, 65531u, 65532u, 65533u, 65535u, 65536u, 65537u,
                    200000u}) {
    auto frames = text("before") + text(std::string(size, 'x'))
                  + text("after");
    CAF_CHECK(same(frames, {}, limit));
    CAF_CHECK(same(frames, {1000}, limit));
    CAF_CHECK(same(frames, {129, 65536}, limit));
  }
}

CAF_TEST(more small frames than an index holds come in several batches) {
  std::string frames;
  for (size_t i = 0; i < 20000; ++i)
    frames += text("");
  size_t bursts = 0;
  auto got = read_with_lane(frames, {}, max_message, &bursts);
  CAF_CHECK_EQUAL(got.messages.size(), 20000u);
  CAF_CHECK_GREATER(bursts, 1u);
}

// -- random streams -----------------------------------------------------------------

CAF_TEST(random streams mean the same to the lane and to Beast alone) {
  auto seed = test_seed();
  CAF_MESSAGE("ZENWS_SEED=" << seed);
  size_t wrong = 0;
  for (uint64_t i = 0; i < 4000 && wrong == 0; ++i) {
    frame_generator gen{seed + i};
    auto frames = gen.stream();
    if (!same(frames, gen.cuts())) {
      ++wrong;
      CAF_MESSAGE("differs with ZENWS_SEED=" << seed + i);
    }
  }
  CAF_CHECK_EQUAL(wrong, 0u);
}
