// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/monitor/internal/update_streams.hpp"

#include <functional>
#include <string_view>
#include <utility>

namespace zenws::monitoring {

namespace {

void add_event(std::string& to, std::string_view name, std::string_view json) {
  to.append("event: ").append(name).append("\ndata: ").append(json);
  to += "\n\n";
}

// The time at the beginning changes always.
std::string_view without_time(std::string_view state) {
  return state.substr(state.find(','));
}

} // namespace

struct update_streams::stream {
  // A text as it was sent last.
  class sent_text {
  public:
    // Returns whether `text` is another one, and remembers it.
    bool changes_to(std::string_view text) {
      auto hash = std::hash<std::string_view>{}(text);
      return std::exchange(hash_, hash) != hash;
    }

  private:
    size_t hash_ = 0;
  };

  http_session_ptr session;
  stream_request request;
  live_state::clock::time_point last_sent{};

  // Empty until it is known.
  std::string detail{};

  sent_text sent_state{};
  sent_text sent_rows{};
  sent_text sent_detail{};
};

// -- constructors, destructors, and assignment operators ----------------------

update_streams::update_streams(boost::asio::io_context& context,
                               program_info program,
                               std::shared_ptr<live_state> source)
  : program_(std::move(program)), source_(std::move(source)), timer_(context) {
  // nop
}

// -- streams ------------------------------------------------------------------

bool update_streams::is_full() const {
  size_t open = 0;
  for (auto& x : streams_)
    open += !x->session->is_closed();
  return open >= max_streams;
}

void update_streams::add(http_session_ptr session, stream_request request) {
  auto added = std::make_shared<stream>();
  added->session = std::move(session);
  added->request = std::move(request);
  streams_.push_back(added);
  added->session->begin_stream("text/event-stream",
                               [this, weak = std::weak_ptr{added}] {
                                 if (auto x = weak.lock(); x && state_)
                                   send_news(*x);
                               });
  source_->request([this, weak = std::weak_ptr{added}](auto& state) {
    take(state);
    if (auto x = weak.lock())
      send_news(*x);
  });
  if (!std::exchange(is_ticking_, true))
    tick();
}

void update_streams::close() {
  timer_.cancel();
  for (auto& x : std::exchange(streams_, {}))
    x->session->close();
}

void update_streams::tick() {
  timer_.expires_after(period);
  timer_.async_wait([this](boost::system::error_code canceled) {
    if (canceled)
      return;
    std::erase_if(streams_, [](auto& x) { return x->session->is_closed(); });
    is_ticking_ = !streams_.empty();
    if (!is_ticking_) {
      state_ = nullptr;
      return;
    }
    update();
    tick();
  });
}

void update_streams::update() {
  for (auto& x : streams_)
    if (!x->request.client.empty() && x->session->may_send())
      source_->request_detail(
        x->request.client, [weak = std::weak_ptr{x}](const client_row* row,
                                                     const client_view& view) {
          if (auto to = weak.lock())
            to->detail = row != nullptr ? detail_json(*row, view) : "null";
        });
  source_->request([this](const monitor_state_ptr& state) {
    take(state);
    for (auto& x : streams_)
      send_news(*x);
  });
}

void update_streams::take(const monitor_state_ptr& state) {
  if (std::exchange(state_, state) == state)
    return;
  state_texts_.clear();
  row_texts_.clear();
}

void update_streams::send_news(stream& to) {
  if (!to.session->may_send())
    return;
  std::string news;
  auto& state = state_text(to.request.may_act);
  if (to.sent_state.changes_to(without_time(state)))
    add_event(news, "state", state);
  auto& rows = row_text(to.request.rows);
  if (to.sent_rows.changes_to(rows))
    add_event(news, "clients", rows);
  if (!to.detail.empty() && to.sent_detail.changes_to(to.detail))
    add_event(news, "client", to.detail);
  auto now = live_state::clock::now();
  if (news.empty() && now - to.last_sent >= max_silence)
    news = ":\n\n";
  if (news.empty())
    return;
  to.last_sent = now;
  to.session->send(std::move(news));
}

const std::string& update_streams::state_text(bool may_act) {
  auto& result = state_texts_[may_act];
  if (result.empty())
    result = state_json(program_, *state_, may_act);
  return result;
}

const std::string& update_streams::row_text(const row_query& query) {
  auto& result = row_texts_[query];
  if (result.empty())
    result = rows_json(*state_, query);
  return result;
}

} // namespace zenws::monitoring
