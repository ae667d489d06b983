// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/nodes/internal/node_stream.hpp"

#include <algorithm>
#include <cstring>

namespace zenws {

namespace net = caf::io::network;

net::rw_state buffered_tcp::read_some(size_t& result, socket fd, void* to,
                                      size_t size) {
  result = 0;
  if (begin_ == end_) {
    if (std::exchange(drained_, false))
      return net::rw_state::success; // CAF's way to say "not now"
    auto directly = size >= buffer_.size();
    auto wanted = directly ? size : buffer_.size();
    size_t got = 0;
    auto state = tcp::read_some(got, fd, directly ? to : buffer_.data(),
                                wanted);
    drained_ = got > 0 && got < wanted;
    if (directly || state != net::rw_state::success) {
      result = got;
      return state;
    }
    begin_ = 0;
    end_ = got;
  }
  result = std::min(size, end_ - begin_);
  std::memcpy(to, buffer_.data() + begin_, result);
  begin_ += result;
  return net::rw_state::success;
}

} // namespace zenws
