// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "support/temporary_folder.hpp"

#include <array>
#include <cstddef>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <string>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace zenws::test_support {

/// The socket of a service manager.
class notify_socket {
public:
  enum kind { path, abstract };

  /// @throws std::runtime_error if there can be none.
  explicit notify_socket(kind where)
    : fd_(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    address_ = folder_.file("notify");
    sockaddr_un own{};
    own.sun_family = AF_UNIX;
    if (where == abstract)
      address_[0] = '@';
    std::memcpy(own.sun_path, address_.data(), address_.size());
    if (where == abstract)
      own.sun_path[0] = '\0';
    auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path)
                                         + address_.size());
    if (bind(fd_, reinterpret_cast<const sockaddr*>(&own), length) != 0)
      throw std::runtime_error("cannot bind " + address_);
  }

  notify_socket(const notify_socket&) = delete;

  notify_socket& operator=(const notify_socket&) = delete;

  ~notify_socket() {
    close(fd_);
  }

  /// For NOTIFY_SOCKET.
  const std::string& address() const noexcept {
    return address_;
  }

  /// Waits for a message and returns it.
  std::string receive() {
    return take(0).value_or("nothing could be received");
  }

  /// Returns a message that has arrived, if any.
  std::optional<std::string> poll() {
    return take(MSG_DONTWAIT);
  }

private:
  std::optional<std::string> take(int flags) {
    std::array<char, 4096> buffer;
    auto size = recv(fd_, buffer.data(), buffer.size(), flags);
    if (size < 0)
      return std::nullopt;
    return std::string(buffer.data(), static_cast<size_t>(size));
  }

  temporary_folder folder_;
  int fd_;
  std::string address_;
};

} // namespace zenws::test_support
