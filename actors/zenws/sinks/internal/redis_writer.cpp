// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sinks/internal/redis_writer.hpp"

#include "zenws/sinks/internal/socket_wait.hpp"

#include <hiredis/hiredis.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

#include <sys/socket.h>

namespace zenws {

namespace {

// For how long the number of the last batch stays: longer than a sink may try.
constexpr auto marker_seconds = "604800";

// hiredis writes to connections that may have ended, and asks for no error
// instead of the signal.
void block_pipe_signal() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

std::string text_of(const redisReply& x) {
  return x.str == nullptr ? std::string{} : std::string{x.str, x.len};
}

} // namespace

void redis_writer::close_context::operator()(redisContext* x) const noexcept {
  redisFree(x);
}

void redis_writer::free_reply::operator()(redisReply* x) const noexcept {
  freeReplyObject(x);
}

// -- constructors, destructors, and assignment operators ----------------------

redis_writer::redis_writer(store_options store)
  : store_(std::move(store)), address_(parse_redis_url(store_.url)) {
  // nop
}

redis_writer::~redis_writer() {
  // nop
}

// -- opening ------------------------------------------------------------------

error redis_writer::open(const sink_deadline& deadline) {
  if (context_ != nullptr)
    return {};
  if (!address_)
    return fail("not the address of a server");
  if (auto problem = connect(deadline))
    return problem;
  return log_in(deadline);
}

error redis_writer::connect(const sink_deadline& deadline) {
  block_pipe_signal();
  context_.reset(
    address_->path.empty()
      ? redisConnectNonBlock(address_->host.c_str(), address_->port)
      : redisConnectUnixNonBlock(address_->path.c_str()));
  if (context_ == nullptr || context_->err != 0)
    return fail();
  if (!wait_for_socket(context_->fd, socket_direction::write, deadline))
    return fail("no connection in time");
  auto problem = 0;
  socklen_t size = sizeof(problem);
  if (getsockopt(context_->fd, SOL_SOCKET, SO_ERROR, &problem, &size) != 0)
    problem = errno;
  return problem == 0 ? error{} : fail(std::strerror(problem));
}

error redis_writer::log_in(const sink_deadline& deadline) {
  size_t commands = 1;
  if (!store_.password.empty()) {
    words_ = {"AUTH"};
    if (!address_->user.empty())
      words_.push_back(address_->user);
    words_.push_back(store_.password);
    append(words_);
    ++commands;
  }
  append({"SELECT", std::to_string(address_->database)});
  auto answers = run(commands, deadline);
  return answers ? error{} : answers.error();
}

// -- writing ------------------------------------------------------------------

result<std::vector<size_t>> redis_writer::write(const sink_batch& batch,
                                                sink_attempt attempt,
                                                const sink_deadline& deadline) {
  if (attempt == sink_attempt::repeated) {
    auto last = last_number(batch, deadline);
    if (!last)
      return last.error();
    if (*last >= batch.number)
      return std::vector<size_t>{};
  }
  append({"MULTI"});
  for (auto& record : batch.records)
    append(record);
  append({"SET", marker_of(batch), std::to_string(batch.number), "EX",
          marker_seconds});
  append({"EXEC"});
  auto answers = run(batch.records.size() + 3, deadline);
  if (!answers)
    return answers.error();
  auto& outcome = *answers->back();
  if (outcome.type != REDIS_REPLY_ARRAY
      || outcome.elements != batch.records.size() + 1)
    return fail("the transaction was not executed");
  std::vector<size_t> refused;
  for (size_t i = 0; i < batch.records.size(); ++i)
    if (outcome.element[i]->type == REDIS_REPLY_ERROR)
      refused.push_back(i);
  return refused;
}

void redis_writer::append(const sink_record& record) {
  auto table = table_of(record);
  auto columns = columns_of(table);
  words_ = {"XADD", store_.prefix + ':' + std::string{to_string(table)}};
  if (store_.max_stream_length > 0)
    words_.insert(words_.end(),
                  {"MAXLEN", "~", std::to_string(store_.max_stream_length)});
  words_.push_back("*");
  read_cells(record, cells_);
  for (size_t i = 0; i < columns.size(); ++i)
    if (!std::holds_alternative<std::monostate>(cells_[i])) {
      words_.emplace_back(columns[i].name);
      words_.push_back(to_text(cells_[i]));
    }
  append(words_);
}

result<uint64_t> redis_writer::last_number(const sink_batch& batch,
                                           const sink_deadline& deadline) {
  append({"GET", marker_of(batch)});
  auto answers = run(1, deadline);
  if (!answers)
    return answers.error();
  return std::strtoull(text_of(*answers->front()).c_str(), nullptr, 10);
}

std::string redis_writer::marker_of(const sink_batch& batch) const {
  return store_.prefix + ":sink:" + std::to_string(batch.origin);
}

// -- talking to the server ----------------------------------------------------

void redis_writer::append(const std::vector<std::string>& words) {
  std::vector<const char*> texts;
  std::vector<size_t> sizes;
  for (auto& word : words) {
    texts.push_back(word.data());
    sizes.push_back(word.size());
  }
  redisAppendCommandArgv(context_.get(), static_cast<int>(words.size()),
                         texts.data(), sizes.data());
}

// Reads while it writes: the server does so as well, and would wait otherwise.
result<std::vector<redis_writer::reply>>
redis_writer::run(size_t commands, const sink_deadline& deadline) {
  std::vector<reply> result;
  auto all_sent = 0;
  while (result.size() < commands) {
    if (!wait_for_socket(
          context_->fd,
          all_sent ? socket_direction::read : socket_direction::both, deadline))
      return fail("no answer in time");
    if (!all_sent && redisBufferWrite(context_.get(), &all_sent) != REDIS_OK)
      return fail();
    if (redisBufferRead(context_.get()) != REDIS_OK)
      return fail();
    void* next = nullptr;
    while (redisGetReplyFromReader(context_.get(), &next) == REDIS_OK
           && next != nullptr) {
      reply answer{static_cast<redisReply*>(std::exchange(next, nullptr))};
      if (answer->type == REDIS_REPLY_ERROR)
        return fail(text_of(*answer));
      result.push_back(std::move(answer));
    }
    if (context_->err != 0)
      return fail();
  }
  return result;
}

error redis_writer::fail(std::string reason) {
  if (reason.empty() && context_ != nullptr)
    reason = context_->errstr;
  context_ = nullptr;
  return {ec::sink_failed, "Redis: " + reason};
}

} // namespace zenws
