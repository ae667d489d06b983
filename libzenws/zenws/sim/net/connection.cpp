// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/net/connection.hpp"

#include "zenws/sim/net/journal.hpp"

#include <utility>

namespace zenws::sim {

namespace {

// Chunks below this size share a write.
constexpr size_t coalesce_below = 16 * 1024;

// Bytes that go into a shared write.
constexpr size_t coalesce_up_to = 64 * 1024;

// Returns whether frames begin with one that has a text.
bool is_text(const std::string& frames) noexcept {
  constexpr unsigned char opcode_bits = 0x0f;
  auto first = static_cast<unsigned char>(frames.empty() ? 0 : frames.front());
  return (first & opcode_bits) == static_cast<unsigned char>(opcode::text);
}

} // namespace

// -- constructors, destructors, and assignment operators ----------------------

connection::connection(connection_owner& owner, uint64_t id, std::string host)
  : owner_(owner),
    id_(id),
    host_(std::move(host)),
    request_(std::make_unique<request_parser>()),
    parser_(owner.config().limits.max_message_bytes),
    deadline_(owner.executor()) {
  // nop
}

connection::~connection() {
  // nop
}

// -- sending ------------------------------------------------------------------

void connection::send(opcode op, std::string_view payload) {
  // Unsent messages must not be compressed: later ones would refer to them.
  if (!is_open() || overflowed_)
    return;
  auto compressed = deflate_ && (op == opcode::text || op == opcode::binary);
  send(std::make_shared<const std::string>(
    compressed ? encode_compressed_frame(op, deflate_->compress(payload))
               : encode_frame(op, payload)));
}

void connection::send(shared_bytes frames) {
  auto size = frames->size();
  send(std::move(frames), size);
}

void connection::send(shared_bytes frames, size_t size) {
  if (!is_open() || overflowed_)
    return;
  auto limit = owner_.config().limits.max_queued_bytes;
  if (!queue_.empty() && queued_bytes_ + size > limit)
    return overflow();
  auto is_data = is_text(*frames);
  push(std::move(frames), size);
  if (is_data)
    for (auto& text : std::exchange(behind_next_, {}))
      send(opcode::text, text);
}

void connection::send_after_next(std::string text) {
  behind_next_.push_back(std::move(text));
}

void connection::push(shared_bytes bytes, size_t size) {
  queued_bytes_ += size;
  queue_.push_back({std::move(bytes), size});
  flush();
}

// A peer that is stalled by a fault is silent: it closes when it wakes up.
void connection::overflow() {
  overflowed_ = true;
  queue_.clear();
  queued_bytes_ = 0;
  owner_.log().count([](server_stats& x) { ++x.slow_consumers_total; });
  if (!stalled_)
    close(policy_violation, "slow consumer");
}

void connection::flush() {
  if (writing_ || stalled_ || phase_ == phase::ended)
    return;
  if (queue_.empty()) {
    if (drop_when_drained_)
      drop(*drop_when_drained_);
    else if (finish_when_drained_ && phase_ != phase::finishing)
      finish();
    return;
  }
  coalesced_.clear();
  while (!queue_.empty() && coalesced_.size() < coalesce_up_to) {
    auto& next = queue_.front();
    auto direct = next.size >= coalesce_below;
    if (direct && !coalesced_.empty())
      break;
    queued_bytes_ -= next.size;
    if (direct)
      in_flight_ = std::move(next);
    else
      coalesced_.append(*next.bytes, 0, next.size);
    queue_.pop_front();
    if (direct)
      break;
  }
  writing_ = true;
  if (in_flight_.bytes)
    do_write(std::string_view{*in_flight_.bytes}.substr(0, in_flight_.size));
  else
    do_write(coalesced_);
}

void connection::on_written() {
  writing_ = false;
  in_flight_ = chunk{nullptr, 0};
  if (queue_.empty())
    coalesced_ = std::string{};
  if (queue_.empty() && is_open() && !stalled_)
    endpoint_->drained();
  flush();
}

// -- receiving ----------------------------------------------------------------

void connection::expect_upgrade() {
  expire_after(owner_.config().limits.handshake_timeout);
}

void connection::start_reading() {
  continue_reading();
}

void connection::continue_reading() {
  if (reading_ || stalled_ || phase_ == phase::ended)
    return;
  reading_ = true;
  do_read();
}

void connection::on_bytes(std::string_view bytes) {
  reading_ = false;
  if (phase_ == phase::upgrading)
    read_request(bytes);
  else if (phase_ != phase::finishing)
    parser_.append(bytes);
  process();
  continue_reading();
}

void connection::process() {
  while (!stalled_ && (is_open() || phase_ == phase::closing)) {
    auto next = parser_.next();
    if (!next)
      break;
    handle(*next);
  }
  if (parser_.violation() != 0 && !stalled_)
    close(parser_.violation(), "");
}

void connection::handle(const message& received) {
  switch (received.op) {
    case opcode::ping:
      owner_.log().count([](server_stats& x) { ++x.pings_received_total; });
      if (!muted_)
        send(opcode::pong, received.payload);
      if (is_open())
        endpoint_->pinged();
      break;
    case opcode::pong:
      owner_.log().count([](server_stats& x) { ++x.pongs_received_total; });
      if (is_open())
        endpoint_->ponged(received.payload);
      break;
    case opcode::close:
      handle_close(received.payload);
      break;
    default:
      if (!is_open())
        break;
      if (received.compressed)
        owner_.log().count([](server_stats& x) { ++x.compressed_total; });
      owner_.record(*this, received);
      endpoint_->received(received);
  }
}

void connection::handle_close(std::string_view payload) {
  owner_.record(*this, message{opcode::close, std::string{payload}});
  if (is_open()) {
    begin_closing();
    auto answer = encode_close(close_code(payload), "");
    auto size = answer.size();
    push(std::make_shared<const std::string>(std::move(answer)), size);
  }
  finish_when_drained_ = true;
  flush();
}

// -- upgrade ------------------------------------------------------------------

void connection::read_request(std::string_view bytes) {
  switch (request_->feed(bytes)) {
    case request_parser::state::incomplete:
      break;
    case request_parser::state::malformed:
      refuse({400, {}, "malformed request\n"});
      break;
    case request_parser::state::complete:
      auto parser = std::move(request_);
      answer_request(parser->take_request());
      parser_.append(parser->rest());
  }
}

void connection::answer_request(const upgrade_request& request) {
  if (request.method == "POST")
    return run_command(request);
  auto verdict = owner_.judge(request);
  if (auto* refusal = std::get_if<http_refusal>(&verdict))
    return refuse(*refusal);
  where_ = std::move(std::get<route>(verdict));
  if (auto offers = request.header("Sec-WebSocket-Extensions");
      offers && owner_.config().deflate)
    deflate_ = deflate::accept(*offers);
  if (deflate_)
    parser_.decompress(*deflate_);
  auto response = accept_response(request, deflate_ ? deflate_->answer() : "");
  auto size = response.size();
  push(std::make_shared<const std::string>(std::move(response)), size);
  if (phase_ == phase::ended)
    return;
  deadline_.cancel();
  phase_ = phase::open;
  endpoint_ = owner_.make_endpoint(*this);
  owner_.opened(*this);
  if (is_open())
    endpoint_->opened();
}

// Runs a command to the whole server that came without a WebSocket.
void connection::run_command(const upgrade_request& request) {
  auto where = parse_route(request.target);
  auto* target = std::get_if<route>(&where);
  if (!target || target->kind != service::control)
    return refuse({405, {{"Allow", "GET"}}, "POST is for /control\n"});
  // Keeps the command from affecting the connection it came by.
  where_ = std::move(*target);
  answer_and_finish(json_response(owner_.execute(request.body)));
}

void connection::refuse(const http_refusal& refusal) {
  owner_.log().count([](server_stats& x) { ++x.refused_total; });
  answer_and_finish(refusal_response(refusal));
}

void connection::answer_and_finish(std::string response) {
  phase_ = phase::closing;
  finish_when_drained_ = true;
  auto size = response.size();
  push(std::make_shared<const std::string>(std::move(response)), size);
}

// -- ending -------------------------------------------------------------------

void connection::close(std::optional<uint16_t> code, std::string_view reason) {
  if (!is_open())
    return;
  begin_closing();
  auto frame = encode_close(code, reason);
  auto size = frame.size();
  push(std::make_shared<const std::string>(std::move(frame)), size);
}

void connection::begin_closing() {
  phase_ = phase::closing;
  leave_endpoint();
  if (!stalled_)
    expire_after(owner_.config().limits.close_timeout);
}

void connection::finish() {
  phase_ = phase::finishing;
  expire_after(owner_.config().limits.close_timeout);
  do_shutdown();
}

void connection::drop_when_written(disconnect mode) {
  drop_when_drained_ = mode;
  flush();
}

void connection::cut_after(std::chrono::milliseconds notice) {
  if (!is_open())
    return;
  endpoint_->ending();
  if (is_open())
    expire_after(notice);
}

void connection::on_end() {
  reading_ = false;
  drop(disconnect::fin);
}

void connection::drop(disconnect mode) {
  if (phase_ == phase::ended)
    return;
  if (phase_ == phase::upgrading)
    owner_.log().count([](server_stats& x) { ++x.handshake_failures_total; });
  auto self = shared_from_this();
  phase_ = phase::ended;
  leave_endpoint();
  deadline_.cancel();
  queue_.clear();
  queued_bytes_ = 0;
  do_close(mode);
  owner_.remove(*this);
}

void connection::leave_endpoint() {
  if (!endpoint_ || left_)
    return;
  left_ = true;
  owner_.closed(*this);
  endpoint_->closed();
}

void connection::expire_after(std::chrono::milliseconds timeout) {
  deadline_.expires_after(timeout);
  deadline_.async_wait([self = shared_from_this()](auto ec) {
    if (!ec)
      self->on_deadline();
  });
}

void connection::on_deadline() {
  if (deadline_.expiry() <= std::chrono::steady_clock::now())
    drop(is_open() ? disconnect::fin : disconnect::reset);
}

// -- faults -------------------------------------------------------------------

void connection::stall() {
  if (is_open() || phase_ == phase::closing)
    stalled_ = true;
}

void connection::resume() {
  if (!stalled_)
    return;
  stalled_ = false;
  if (phase_ == phase::closing)
    expire_after(owner_.config().limits.close_timeout);
  if (overflowed_)
    close(policy_violation, "slow consumer");
  process();
  if (!writing_ && queue_.empty() && is_open())
    endpoint_->drained();
  flush();
  continue_reading();
}

void connection::mute_pings() {
  muted_ = true;
}

void connection::unmute_pings() {
  muted_ = false;
}

} // namespace zenws::sim
