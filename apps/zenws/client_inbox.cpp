// SPDX-License-Identifier: BSD-3-Clause

#include "client_inbox.hpp"

#include <cerrno>
#include <system_error>
#include <utility>

#include <sys/eventfd.h>
#include <unistd.h>

namespace zenws::tool {

client_inbox::client_inbox()
  : descriptor_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (descriptor_ < 0)
    throw std::system_error{errno, std::generic_category(), "eventfd"};
}

client_inbox::~client_inbox() {
  close(descriptor_);
}

void client_inbox::put(inbox_item item) {
  std::lock_guard guard{mtx_};
  if (items_.empty())
    eventfd_write(descriptor_, 1);
  items_.push_back(std::move(item));
  filled_.notify_one();
}

std::optional<inbox_item> client_inbox::try_take() {
  std::lock_guard guard{mtx_};
  return pop();
}

std::optional<inbox_item>
client_inbox::take_until(std::chrono::steady_clock::time_point t) {
  std::unique_lock guard{mtx_};
  filled_.wait_until(guard, t, [this] { return !items_.empty(); });
  return pop();
}

inbox_item client_inbox::take() {
  std::unique_lock guard{mtx_};
  filled_.wait(guard, [this] { return !items_.empty(); });
  return *pop();
}

std::optional<inbox_item> client_inbox::pop() {
  if (items_.empty())
    return std::nullopt;
  std::optional<inbox_item> result{std::move(items_.front())};
  items_.pop_front();
  if (items_.empty()) {
    eventfd_t ignored = 0;
    eventfd_read(descriptor_, &ignored);
  }
  return result;
}

} // namespace zenws::tool
