// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "connection_fixture.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace zenws::internal {

/// What a peer does when it has no more answers.
enum class peer_ending : uint8_t { silence, end_of_file };

/// A peer that answers the n-th message of a client with its n-th text, for one
/// connection at a time.
class answering_peer {
public:
  using tcp = asio::ip::tcp;

  answering_peer(asio::io_context& ctx, std::vector<std::string> answers,
                 peer_ending ending = peer_ending::silence)
    : acceptor_(ctx, {asio::ip::make_address("127.0.0.1"), 0}),
      client_(ctx),
      answers_(std::move(answers)),
      ending_(ending) {
    accept();
  }

  endpoint_type address() const {
    return acceptor_.local_endpoint();
  }

  /// Returns the messages of the clients.
  const std::vector<std::string>& received() const noexcept {
    return received_;
  }

private:
  void accept() {
    acceptor_.async_accept(client_, [this](error_code code) {
      if (code)
        return;
      next_ = 0;
      read();
    });
  }

  void read() {
    client_.async_read_some(asio::buffer(buffer_), [this](error_code code,
                                                          size_t n) {
      if (code == asio::error::operation_aborted)
        return;
      if (code)
        return restart();
      received_.emplace_back(buffer_.data(), n);
      if (next_ < answers_.size())
        asio::write(client_, asio::buffer(answers_[next_++]), code);
      if (next_ == answers_.size() && ending_ == peer_ending::end_of_file)
        return restart();
      read();
    });
  }

  void restart() {
    client_.close();
    accept();
  }

  tcp::acceptor acceptor_;
  tcp::socket client_;
  std::vector<std::string> answers_;
  peer_ending ending_;
  size_t next_ = 0;
  std::vector<std::string> received_;
  std::array<char, 4096> buffer_;
};

} // namespace zenws::internal
