// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/connection/internal/key_log.hpp"

#include <openssl/ssl.h>

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace zenws::internal {

namespace {

// Returns the other end if a file is a pipe, else -1: a pipe that nobody reads
// any more would raise SIGPIPE.
int open_reader(const std::string& path, int file) {
  struct stat info {};
  if (::fstat(file, &info) != 0 || !S_ISFIFO(info.st_mode))
    return -1;
  return ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
}

} // namespace

result<std::unique_ptr<key_log>> key_log::open(const std::string& path) {
  // Does not wait for the reader of a pipe.
  auto file = ::open(path.c_str(),
                     O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK,
                     S_IRUSR | S_IWUSR);
  if (file < 0)
    return error{.code = ec::tls_failed,
                 .detail = "cannot open tls.key_log_file " + path + ": "
                           + std::generic_category().message(errno)};
  return std::unique_ptr<key_log>{new key_log{file, open_reader(path, file)}};
}

key_log::~key_log() {
  ::close(file_);
  if (reader_ >= 0)
    ::close(reader_);
}

void key_log::attach(SSL_CTX* ctx) {
  SSL_CTX_set_app_data(ctx, this);
  SSL_CTX_set_keylog_callback(ctx, write_line);
}

void key_log::write_line(const SSL* connection, const char* line) {
  auto* self
    = static_cast<key_log*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(connection)));
  auto text = std::string{line} + '\n';
  // A connection does not end because its log cannot be written.
  [[maybe_unused]] auto n = ::write(self->file_, text.data(), text.size());
}

} // namespace zenws::internal
