// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <caf/io/network/stream_impl.hpp>
#include <caf/openssl/session.hpp>
#include <caf/policy/tcp.hpp>

#include <array>
#include <cstddef>
#include <utility>

namespace zenws {

/// Reads and writes TCP for a stream of CAF, which asks for the header of a
/// message and for its payload in turn: small ones come by one system call.
class buffered_tcp : public caf::policy::tcp {
public:
  using socket = caf::io::network::native_socket;

  caf::io::network::rw_state read_some(size_t& result, socket fd, void* to,
                                       size_t size);

  /// Returns whether to read on although CAF wants to see to other sockets: no
  /// event would tell of what is here.
  bool must_read_more(socket, size_t) const noexcept {
    return begin_ != end_;
  }

private:
  std::array<char, 4096> buffer_;
  size_t begin_ = 0;
  size_t end_ = 0;
  // The socket had less than was asked for; the next event will tell.
  bool drained_ = false;
};

/// Reads and writes TLS for a stream of CAF.
class session_tls {
public:
  using socket = caf::io::network::native_socket;

  using rw_state = caf::io::network::rw_state;

  explicit session_tls(caf::openssl::session_ptr session)
    : session_(std::move(session)) {
    // nop
  }

  rw_state read_some(size_t& result, socket fd, void* to, size_t size) {
    return session_->read_some(result, fd, to, size);
  }

  rw_state write_some(size_t& result, socket fd, const void* from,
                      size_t size) {
    return session_->write_some(result, fd, from, size);
  }

  bool must_read_more(socket fd, size_t threshold) {
    return session_->must_read_more(fd, threshold);
  }

private:
  caf::openssl::session_ptr session_;
};

/// A stream of CAF that can write at once.
template <class Policy>
class node_stream : public caf::io::network::stream_impl<Policy> {
public:
  using super = caf::io::network::stream_impl<Policy>;

  using super::super;

  /// Writes what the socket takes now, and what is left when it is writable:
  /// CAF waits for that first, by three more system calls. Not from a handler
  /// of the broker, which hears of a failure at once.
  void write_now(caf::io::network::stream_manager* owner) {
    using caf::io::network::operation;
    if (this->state_.writing)
      return;
    this->flush(owner);
    if (!this->state_.writing)
      return;
    this->handle_event(operation::write);
    // The multiplexer has not heard of it yet.
    if (!this->state_.writing || owner->detached())
      this->removed_from_loop(operation::write);
  }
};

} // namespace zenws
