// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE recorder

#include "support/unit_test.hpp"
#include "support/world.hpp"

#include "recording_fixture.hpp"

#include <future>
#include <sstream>
#include <sys/stat.h>

using namespace zenws;
using namespace zenws::test_support;

namespace {

struct fixture : recording_fixture {
  std::unique_ptr<sim::server> server = start_server();

  client_spec recorded(const std::string& path) {
    return {.name = "feed",
            .config = quick(server->url(path)),
            .record_to = options()};
  }

  // Starts a client that is recorded and a subscriber that sees all of it.
  std::pair<client_actor, inbox_ptr> connect(world& where, client_spec spec) {
    auto to = std::make_shared<inbox>();
    spec.subscribers.push_back({where.sys.spawn(collecting, to)});
    auto client = where.rt.connect(std::move(spec));
    CAF_REQUIRE(client);
    CAF_REQUIRE(where.ask<uint64_t>(*client, await_ready{}));
    return {*client, to};
  }
};

recording_index index_of(const std::string& file) {
  std::istringstream in{file};
  return recording_index::load(in);
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(recorder_tests, fixture)

CAF_TEST(all that is received and sent is recorded with events and frames) {
  {
    world w;
    auto [uut, in] = connect(w, recorded("/echo"));
    CAF_CHECK_EQUAL(w.tell(uut, send_text{"hello"}), caf::none);
    CAF_CHECK_EQUAL(w.tell(uut, send_binary{"\x01\xff"}), caf::none);
    CAF_CHECK(in->wait_for_messages(2));
    server->ping("x");
    CAF_CHECK_EQUAL(w.tell(uut, send_text{"bye"}), caf::none);
    CAF_CHECK(in->wait_for_text("bye"));
    CAF_CHECK_EQUAL(w.tell(uut, close_client{1000, "done"}), caf::none);
  }
  auto entries = read_recording();
  CAF_CHECK_EQUAL(count(entries, recorded_direction::out, recorded_type::text),
                  2u);
  CAF_CHECK_EQUAL(count(entries, recorded_direction::in, recorded_type::text),
                  2u);
  CAF_CHECK_EQUAL(
    count(entries, recorded_direction::out, recorded_type::binary), 1u);
  CAF_CHECK_EQUAL(count(entries, recorded_direction::in, recorded_type::binary),
                  1u);
  CAF_CHECK_EQUAL(count(entries, recorded_direction::in, recorded_type::ping),
                  1u);
  CAF_CHECK_EQUAL(count(entries, recorded_direction::out, recorded_type::close),
                  1u);
  auto events = events_in(entries);
  CAF_REQUIRE(events.size() >= 3);
  CAF_CHECK(events.front().state == client_state::resolving);
  CAF_CHECK(events.back().state == client_state::stopped);
  CAF_CHECK_EQUAL(events.back().client, "feed");
  auto first = std::find_if(entries.begin(), entries.end(), [](auto& x) {
    return x.direction == recorded_direction::in
           && x.type == recorded_type::text;
  });
  CAF_REQUIRE(first != entries.end());
  CAF_CHECK_EQUAL(first->data, "hello");
  CAF_CHECK_EQUAL(first->epoch, 1u);
  CAF_CHECK_EQUAL(first->sequence, 1u);
}

CAF_TEST(pings of the client and their pongs are recorded) {
  {
    world w;
    auto spec = recorded("/echo");
    spec.config.heartbeat = {.kind = heartbeat_kind::ping_pong, .interval = 1s};
    auto [uut, in] = connect(w, std::move(spec));
    auto alive = [&, &uut = uut] {
      auto status = w.ask<client_status>(uut, get_status{});
      return status && status->round_trip.count() > 0;
    };
    CAF_REQUIRE(eventually(alive));
  }
  auto entries = read_recording();
  auto pings = count(entries, recorded_direction::out, recorded_type::ping);
  auto pongs = count(entries, recorded_direction::in, recorded_type::pong);
  CAF_CHECK(pings >= 1);
  CAF_CHECK(pongs >= 1);
}

CAF_TEST(no secret is in the recording of a login) {
  {
    world w;
    auto spec = recorded("/ws/api/v2");
    spec.config.venue.dialect = "deribit";
    auto [uut, in] = connect(w, std::move(spec));
    CAF_CHECK(w.ask<rpc_result>(
      uut, call{"public/auth", R"({"grant_type":"client_credentials",)"
                               R"("client_id":"demo",)"
                               R"("client_secret":"demo-secret"})"}));
  }
  auto entries = read_recording();
  std::string all;
  for (auto& entry : entries)
    all += entry.data + '\n';
  CAF_CHECK(all.find("public/auth") != std::string::npos);
  CAF_CHECK(all.find("\"demo\"") != std::string::npos);
  CAF_CHECK(all.find("demo-secret") == std::string::npos);
  for (auto name : {"access_token", "refresh_token", "client_secret"}) {
    auto member = '"' + std::string{name} + "\":";
    for (auto pos = all.find(member); pos != std::string::npos;
         pos = all.find(member, pos + 1))
      CAF_CHECK_EQUAL(all.substr(pos + member.size(), 5), "\"***\"");
  }
  CAF_CHECK(all.find("\"access_token\":\"***\"") != std::string::npos);
}

CAF_TEST(no token of a request is in its recording) {
  auto token = server->issue_token();
  {
    world w;
    auto spec = recorded("/kraken-auth");
    spec.config.venue.dialect = "kraken";
    spec.config.venue.login = login_mode::required;
    spec.credentials = [token] {
      return result<credentials>{credentials{.secret = token}};
    };
    auto [uut, in] = connect(w, std::move(spec));
    CAF_CHECK(w.ask<rpc_result>(uut, call{"cancel_all", "{}"}));
    auto subscriber = w.sys.spawn(collecting, std::make_shared<inbox>());
    CAF_CHECK(w.ask<channel_report>(
      uut, subscribe_channels{{{.name = "executions"}}, subscriber}));
  }
  std::string all;
  for (auto& entry : read_recording())
    all += entry.data + '\n';
  CAF_CHECK(all.find("cancel_all") != std::string::npos);
  CAF_CHECK(all.find("executions") != std::string::npos);
  CAF_CHECK(all.find(R"("token":"***")") != std::string::npos);
  CAF_CHECK(all.find(token) == std::string::npos);
}

CAF_TEST(a restarted client goes on in the same file) {
  {
    world w;
    auto to = std::make_shared<inbox>();
    auto spec = recorded("/echo");
    spec.subscribers.push_back({w.sys.spawn(collecting, to)});
    auto supervisor = w.rt.supervise();
    auto uut = w.ask<client_actor>(supervisor, start_client{spec});
    CAF_REQUIRE(uut);
    CAF_REQUIRE(w.ask<uint64_t>(*uut, await_ready{}));
    CAF_CHECK_EQUAL(w.tell(*uut, send_text{"one"}), caf::none);
    CAF_CHECK(to->wait_for_text("one"));
    w.self->send_exit(*uut, caf::exit_reason::kill);
    CAF_REQUIRE(to->wait_for_kind(event_kind::restarted));
    CAF_REQUIRE(to->wait_for_state(client_state::ready, 2));
    CAF_CHECK_EQUAL(w.tell(*uut, send_text{"two"}), caf::none);
    CAF_CHECK(to->wait_for_text("two"));
  }
  auto entries = read_recording();
  auto events = events_in(entries);
  auto has = [&](event_kind kind) {
    return std::any_of(events.begin(), events.end(),
                       [=](auto& x) { return x.kind == kind; });
  };
  CAF_CHECK(has(event_kind::restarting));
  CAF_CHECK(has(event_kind::restarted));
  std::vector<uint64_t> epochs;
  for (auto& entry : entries)
    if (entry.direction == recorded_direction::in
        && entry.type == recorded_type::text)
      epochs.push_back(entry.epoch);
  CAF_CHECK_EQUAL(epochs, (std::vector<uint64_t>{1, 2}));
}

CAF_TEST(existing lines stay and a torn line is ended) {
  append("{\"torn");
  {
    world w;
    auto spec = recorded("/echo");
    spec.record_to->compression = recording_compression::none;
    connect(w, std::move(spec));
  }
  CAF_CHECK(contents().starts_with("{\"torn\n{\"ts\""));
}

CAF_TEST(no two clients are recorded to one file) {
  world w;
  auto [uut, in] = connect(w, recorded("/echo"));
  auto spec = recorded("/echo");
  spec.record_to->path = directory() + "/./client.jsonl";
  auto second = w.rt.connect(spec);
  CAF_REQUIRE(!second);
  CAF_CHECK_EQUAL(caf_compat::code_of(second.error()), ec::already_exists);
  auto third = w.ask<client_actor>(w.rt.supervise(), start_client{spec});
  CAF_REQUIRE(!third);
  CAF_CHECK_EQUAL(caf_compat::code_of(third.error()), ec::already_exists);
  // The file is free as soon as its client has ended.
  CAF_CHECK_EQUAL(w.tell(uut, close_client{}), caf::none);
  w.await_end_of(uut);
  CAF_CHECK(w.rt.connect(spec));
}

CAF_TEST(full files are rotated and old ones removed) {
  {
    world w;
    auto spec = recorded("/flood?count=1000&size=100&close=no");
    spec.record_to->compression = recording_compression::none;
    spec.record_to->max_bytes = 4096;
    spec.record_to->max_files = 3;
    auto [uut, in] = connect(w, std::move(spec));
    CAF_CHECK(in->wait_for_messages(1000));
  }
  auto files = recording_files(path());
  CAF_CHECK_EQUAL(files.size(), 3u);
  for (auto& file : files)
    CAF_CHECK_LESS(std::filesystem::file_size(file), 4097u);
  auto entries = read_recording();
  CAF_CHECK(entries.size() > 20);
  CAF_CHECK(entries.size() < 100);
  CAF_CHECK(events_in(entries).back().state == client_state::stopped);
}

CAF_TEST(compressed files are rotated and small) {
  {
    world w;
    auto spec = recorded("/flood?count=20000&size=100&close=no");
    spec.record_to->max_bytes = 16 * 1024;
    spec.record_to->max_files = 3;
    auto [uut, in] = connect(w, std::move(spec));
    CAF_CHECK(in->wait_for_messages(20'000));
  }
  auto files = recording_files(path());
  CAF_CHECK(files.size() <= 3);
  for (auto& file : files)
    CAF_CHECK_LESS(std::filesystem::file_size(file), 17u * 1024);
  CAF_CHECK(events_in(read_recording()).back().state == client_state::stopped);
}

CAF_TEST(a run of compressed blocks ends with its index) {
  for (auto text : {"one", "two"}) {
    world w;
    auto [uut, in] = connect(w, recorded("/echo"));
    CAF_CHECK_EQUAL(w.tell(uut, send_text{text}), caf::none);
    CAF_CHECK(in->wait_for_text(text));
  }
  CAF_CHECK(recording_reader::is_compressed(contents().substr(0, 12)));
  // The heads of the blocks tell the same.
  auto indexed = index_of(contents());
  auto lost = contents();
  lost.back() = static_cast<char>(lost.back() ^ 1);
  CAF_CHECK(indexed.stretches() == index_of(lost).stretches());
  CAF_CHECK(!indexed.empty());
  uint64_t entries = 0;
  for (auto& x : indexed.stretches())
    entries += x.span.entries;
  CAF_CHECK_EQUAL(entries, read_recording().size());
}

CAF_TEST(a file of the other format is not continued) {
  for (auto compression :
       {recording_compression::none, recording_compression::zstd,
        recording_compression::none}) {
    world w;
    auto spec = recorded("/echo");
    spec.record_to->compression = compression;
    connect(w, std::move(spec));
  }
  CAF_CHECK_EQUAL(recording_files(path()).size(), 3u);
  CAF_CHECK(contents().starts_with("{\"ts\""));
  auto events = events_in(read_recording());
  CAF_CHECK_EQUAL(
    std::count_if(events.begin(), events.end(),
                  [](auto& x) { return x.state == client_state::ready; }),
    3);
}

CAF_TEST(a recording goes on behind a block that was cut off) {
  {
    world w;
    connect(w, recorded("/echo"));
  }
  auto whole = read_recording().size();
  // As if it had been killed while it wrote.
  auto first = contents();
  append(std::string_view{first}.substr(0, 100));
  {
    world w;
    connect(w, recorded("/echo"));
  }
  recording_source source{recording_files(path())};
  size_t entries = 0;
  for (; source.peek() != nullptr; source.pop())
    ++entries;
  CAF_CHECK(entries > whole);
  CAF_CHECK_EQUAL(source.account().corrupt, 1u);
  CAF_CHECK(!source.account().torn);
}

CAF_TEST(a full disk is told once and the client goes on) {
  world w;
  auto spec = recorded("/echo");
  spec.record_to->path = "/dev/full";
  auto [uut, in] = connect(w, std::move(spec));
  auto told = in->wait_for_kind(event_kind::recorder_failed);
  CAF_REQUIRE(told);
  CAF_CHECK_EQUAL(told->reason.code, ec::recording_failed);
  for (int i = 0; i < 100; ++i)
    CAF_CHECK_EQUAL(w.tell(uut, send_text{"x"}), caf::none);
  CAF_CHECK(in->wait_for_messages(100));
  auto events = in->events();
  CAF_CHECK_EQUAL(std::count_if(events.begin(), events.end(),
                                [](auto& x) {
                                  return x.kind == event_kind::recorder_failed;
                                }),
                  1);
}

CAF_TEST(a directory that comes back is recorded to again) {
  {
    world w;
    auto [uut, in] = connect(w, recorded("/echo"));
    CAF_REQUIRE(eventually([&] { return !contents().empty(); }));
    std::filesystem::remove_all(directory());
    CAF_CHECK_EQUAL(w.tell(uut, send_text{"one"}), caf::none);
    CAF_REQUIRE(in->wait_for_kind(event_kind::recorder_failed));
    std::filesystem::create_directory(directory());
    CAF_CHECK_EQUAL(w.tell(uut, send_text{"two"}), caf::none);
    CAF_CHECK(in->wait_for_text("two"));
  }
  // The memory had room for messages that came while there was no file.
  auto entries = read_recording();
  CAF_CHECK_EQUAL(count(entries, recorded_direction::out, recorded_type::text),
                  2u);
}

CAF_TEST(entries that a slow disk has no time for are counted) {
  constexpr uint64_t total = 100'000;
  CAF_REQUIRE_EQUAL(::mkfifo(path().c_str(), 0600), 0);
  std::future<std::string> written;
  uint64_t events = 0;
  {
    world w;
    auto spec = recorded("/flood?count=100000&size=128&close=no");
    spec.record_to->budget_bytes = 256 * 1024;
    // Compressed, all of it may fit into the pipe.
    spec.record_to->compression = recording_compression::none;
    // Nobody reads: the pipe takes 64 KiB and no more.
    auto [uut, in] = connect(w, std::move(spec));
    CAF_CHECK(in->wait_for_messages(total));
    events = in->events().size();
    written = std::async(std::launch::async, [this] { return contents(); });
  }
  recording_reader reader;
  reader.feed(written.get());
  reader.finish();
  uint64_t messages = 0;
  uint64_t left_out = 0;
  while (auto entry = reader.next()) {
    messages += entry->direction == recorded_direction::in
                && entry->type == recorded_type::text;
    if (entry->type != recorded_type::event)
      continue;
    auto event = event_from_json(entry->data);
    CAF_REQUIRE(event);
    left_out += event->dropped_messages;
  }
  CAF_CHECK_EQUAL(reader.corrupt(), 0u);
  CAF_CHECK(left_out > 0);
  // Events may be left out as well: reading is paused now and then.
  CAF_CHECK(messages + left_out >= total);
  CAF_CHECK(messages + left_out <= total + events + 10);
}

CAF_TEST(options are checked) {
  world w;
  auto spec = recorded("/echo");
  spec.record_to = recorder_options{.path = {},
                                    .compression_level = 0,
                                    .max_bytes = 0,
                                    .max_files = 0,
                                    .flush_interval = 0ms,
                                    .retry_interval = -1ms,
                                    .budget_bytes = 0};
  CAF_CHECK_EQUAL(validate(spec).size(), 7u);
  auto uut = w.rt.connect(spec);
  CAF_REQUIRE(!uut);
  CAF_CHECK_EQUAL(caf_compat::code_of(uut.error()), ec::invalid_config);
}

CAF_TEST_FIXTURE_SCOPE_END()
