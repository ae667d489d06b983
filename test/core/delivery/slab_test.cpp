// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE slab

#include "zenws/delivery/message_batch.hpp"
#include "zenws/delivery/slab.hpp"

#include "support/seed.hpp"
#include "support/unit_test.hpp"

#include <algorithm>
#include <atomic>
#include <barrier>
#include <cstring>
#include <deque>
#include <mutex>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

using namespace zenws;
using namespace zenws::test_support;

namespace {

constexpr size_t largest = slab_pool::read_size;

std::vector<std::string> texts(const slab_ptr& x) {
  std::vector<std::string> result;
  for (auto& entry : *x)
    result.emplace_back(entry.payload());
  return result;
}

// Copies a payload to `offset` and adds it.
void put(const slab_ptr& to, size_t offset, std::string_view payload) {
  std::memcpy(to->data() + offset, payload.data(), payload.size());
  to->add(to->data() + offset, payload.size(), message_kind::text);
}

} // namespace

// -- slab ---------------------------------------------------------------------

CAF_TEST(a slab indexes messages in place and detached ones in order) {
  auto uut = slab_pool::make_unpooled(10, 2);
  put(uut, 3, "abc");
  uut->add_detached("detached", message_kind::binary);
  CAF_CHECK(texts(uut) == std::vector<std::string>({"abc", "detached"}));
  CAF_CHECK(uut->holds(uut->begin()[0].data));
  CAF_CHECK(!uut->holds(uut->begin()[1].data));
  CAF_CHECK(uut->begin()[1].kind == message_kind::binary);
  CAF_CHECK(uut->index_full());
  CAF_CHECK_EQUAL(uut->payload_bytes(), 11u);
  CAF_CHECK_EQUAL(uut->footprint(), 18u);
}

CAF_TEST(new numbers of a batch concern no copy of it) {
  auto content = slab_pool::make_unpooled(10, 2);
  put(content, 0, "abc");
  content->add_detached("detached", message_kind::binary);
  message_batch uut{std::move(content)};
  auto place = (*uut.begin()).payload.data();
  uut.renumber(7, 3, 100);
  CAF_CHECK((*uut.begin()).payload.data() == place);
  auto copy = uut;
  auto shared = uut.content();
  uut.renumber(8, 4, 200);
  CAF_CHECK_EQUAL(copy.client_id(), 7u);
  CAF_CHECK_EQUAL(copy.epoch(), 3u);
  CAF_CHECK_EQUAL(copy.first_sequence(), 100u);
  CAF_CHECK_EQUAL(shared->first_sequence, 100u);
  CAF_CHECK_EQUAL(uut.client_id(), 8u);
  CAF_CHECK_EQUAL(uut.epoch(), 4u);
  CAF_CHECK_EQUAL(uut.first_sequence(), 200u);
  CAF_CHECK(std::equal(uut.begin(), uut.end(), copy.begin(), copy.end(),
                       [](const message_view& x, const message_view& y) {
                         return x.kind == y.kind && x.payload == y.payload;
                       }));
}

CAF_TEST(a slab holds its first byte and not the one behind its last) {
  auto uut = slab_pool::make_unpooled(10, 2);
  CAF_CHECK(uut->holds(uut->data()));
  CAF_CHECK(uut->holds(uut->data() + 9));
  CAF_CHECK(!uut->holds(uut->data() + 10));
  CAF_CHECK(!uut->holds(uut->data() - 1));
}

// -- slab_pool ----------------------------------------------------------------

CAF_TEST(a slab has room for the bytes and the messages that were asked for) {
  auto uut = slab_pool::make();
  for (size_t bytes : {0u, 1u, 512u, 513u, 5000u, 20'000u, 65'536u})
    for (size_t count : {0u, 16u, 17u, 600u, 2048u}) {
      CAF_REQUIRE(slab_pool::fits(bytes, count));
      auto slab = uut->acquire(bytes, count);
      CAF_CHECK(slab->capacity() >= bytes);
      for (size_t i = 0; i < count; ++i) {
        CAF_REQUIRE(!slab->index_full());
        slab->add(slab->data(), 0, message_kind::text);
      }
    }
  CAF_CHECK(!slab_pool::fits(largest + 1, 0));
  CAF_CHECK(!slab_pool::fits(0, 2049));
}

CAF_TEST(a request that no class fits gets a slab of the largest) {
  auto uut = slab_pool::make();
  CAF_CHECK_EQUAL(uut->acquire(largest + 1)->capacity(), largest);
}

CAF_TEST(a slab that comes back is used again and is empty) {
  auto uut = slab_pool::make();
  auto first = uut->acquire(100);
  auto* address = &*first;
  put(first, 0, "x");
  first->add_detached("y", message_kind::text);
  first = slab_ptr{};
  auto second = uut->acquire(100);
  CAF_CHECK(&*second == address);
  CAF_CHECK_EQUAL(second->count(), 0u);
  CAF_CHECK_EQUAL(second->payload_bytes(), 0u);
  CAF_CHECK_EQUAL(second->footprint(), second->capacity());
}

CAF_TEST(a slab does not come back while a reference is left) {
  auto uut = slab_pool::make();
  auto first = uut->acquire(100);
  auto copy = first;
  first = slab_ptr{};
  CAF_CHECK(&*uut->acquire(100) != &*copy);
}

CAF_TEST(no slab is in use twice) {
  auto uut = slab_pool::make();
  std::vector<slab_ptr> used;
  std::set<slab*> addresses;
  for (int round = 0; round < 3; ++round) {
    used.clear();
    addresses.clear();
    for (int i = 0; i < 100; ++i) {
      used.push_back(uut->acquire(largest));
      CAF_REQUIRE(addresses.insert(&*used.back()).second);
    }
  }
}

CAF_TEST(a pool keeps a bounded number of free slabs) {
  auto uut = slab_pool::make();
  std::vector<slab_ptr> used;
  for (int i = 0; i < 200; ++i)
    used.push_back(uut->acquire(largest));
  used.clear();
  // Those that were not kept are new: they never had the ID of a client.
  for (int i = 0; i < 200; ++i) {
    used.push_back(uut->acquire(largest));
    used.back()->client_id = 1;
  }
  used.clear();
  size_t reused = 0;
  for (int i = 0; i < 200; ++i) {
    used.push_back(uut->acquire(largest));
    reused += used.back()->client_id == 1;
  }
  CAF_CHECK_EQUAL(reused, 64u);
}

CAF_TEST(what a burst has needed is freed by and by) {
  auto uut = slab_pool::make();
  std::vector<slab_ptr> burst;
  for (int i = 0; i < 40; ++i)
    burst.push_back(uut->acquire(largest));
  burst.clear();
  CAF_CHECK_EQUAL(uut->kept(), 40u);
  auto pass = [&](size_t periods) {
    for (size_t i = 0; i < periods * slab_pool::trim_period; ++i)
      uut->acquire(100);
  };
  pass(2);
  CAF_CHECK_EQUAL(uut->kept(), 20u + 1);
  pass(10);
  CAF_CHECK_EQUAL(uut->kept(), 1u);
}

CAF_TEST(what is needed again and again is kept) {
  auto uut = slab_pool::make();
  std::vector<slab_ptr> used;
  for (size_t i = 0; i < slab_pool::trim_period; ++i) {
    for (int j = 0; j < 4; ++j)
      used.push_back(uut->acquire(largest));
    used.clear();
  }
  CAF_CHECK_EQUAL(uut->kept(), 4u);
}

CAF_TEST(a slab keeps its pool until it has come back) {
  auto uut = slab_pool::make();
  std::weak_ptr<slab_pool> watched = uut;
  auto slab = uut->acquire(100);
  uut.reset();
  CAF_CHECK(!watched.expired());
  slab = slab_ptr{};
  CAF_CHECK(watched.expired());
}

// -- compacting ---------------------------------------------------------------

CAF_TEST(a few messages move to a smaller slab with all that belongs to them) {
  auto uut = slab_pool::make();
  auto full = uut->acquire(largest);
  full->received_at
    = std::chrono::system_clock::time_point{std::chrono::seconds{5}};
  put(full, 1000, "first");
  full->add_detached("second", message_kind::binary);
  put(full, 30'000, "third");
  auto result = uut->compact(full);
  CAF_CHECK(&*result != &*full);
  CAF_CHECK(result->capacity() < full->capacity());
  CAF_CHECK(texts(result)
            == std::vector<std::string>({"first", "second", "third"}));
  CAF_CHECK(result->begin()[1].kind == message_kind::binary);
  CAF_CHECK(result->received_at == full->received_at);
  // The detached bytes belong to the result alone.
  full = slab_ptr{};
  CAF_CHECK(texts(result)[1] == "second");
}

CAF_TEST(a slab that is well used stays as it is) {
  auto uut = slab_pool::make();
  auto full = uut->acquire(largest);
  put(full, 0, std::string(largest / 4 + 1, 'x'));
  CAF_CHECK(&*uut->compact(full) == &*full);
  auto smallest = uut->acquire(1);
  put(smallest, 0, "x");
  CAF_CHECK(&*uut->compact(smallest) == &*smallest);
}

// -- threads ------------------------------------------------------------------

namespace {

// Releases slabs on threads of its own, as subscribers do.
class releasers {
public:
  static constexpr size_t count = 3;

  // Fewer than the pool keeps, so that it deletes none.
  static constexpr size_t max_held = 1000;

  releasers() {
    for (auto& x : queues_)
      x.thread = std::thread{[this, &x] { run(x); }};
  }

  ~releasers() {
    done_ = true;
    for (auto& x : queues_)
      x.thread.join();
  }

  void release(size_t index, slab_ptr ptr) {
    wait_until_held(max_held);
    ++held_;
    std::lock_guard guard{queues_[index].mtx};
    queues_[index].slabs.push_back(std::move(ptr));
  }

  // Waits until there are at most `n` references.
  void wait_until_held(size_t n) const {
    while (held_ > n)
      std::this_thread::yield();
  }

  size_t num_corrupt() const noexcept {
    return num_corrupt_;
  }

private:
  struct queue {
    std::mutex mtx;
    std::deque<slab_ptr> slabs;
    std::thread thread;
  };

  void run(queue& from) {
    while (!done_) {
      std::deque<slab_ptr> slabs;
      {
        std::lock_guard guard{from.mtx};
        slabs.swap(from.slabs);
      }
      for (auto& x : slabs) {
        // Each of its messages repeats the slab's number.
        for (auto& entry : *x)
          num_corrupt_ += entry.payload() != std::to_string(x->first_sequence);
        x = slab_ptr{};
        --held_;
      }
      std::this_thread::yield();
    }
  }

  std::atomic<bool> done_{false};
  std::atomic<size_t> held_{0};
  std::atomic<size_t> num_corrupt_{0};
  queue queues_[count];
};

// Checks that the pool hands out all slabs that it keeps, each of them once.
bool reuses_all(slab_pool& uut, const std::set<slab*>& created) {
  std::vector<slab_ptr> held;
  std::set<slab*> reused;
  while (auto kept = uut.kept()) {
    held.push_back(uut.acquire(0));
    auto trimmed = uut.kept() + 1 != kept;
    if (!trimmed && created.count(&*held.back()) == 0)
      return false;
    reused.insert(&*held.back());
  }
  return !held.empty() && reused.size() == held.size();
}

} // namespace

CAF_TEST(slabs that other threads release are neither mixed up nor lost) {
  std::mt19937_64 random{choose_seed()};
  auto uut = slab_pool::make();
  std::set<slab*> created;
  releasers others;
  for (size_t i = 0; i < 100'000; ++i) {
    auto slab = uut->acquire(0);
    created.insert(&*slab);
    auto text = std::to_string(i);
    slab->first_sequence = i;
    for (size_t n = 1 + random() % 8; n > 0; --n)
      if (random() % 8 == 0)
        slab->add_detached(text, message_kind::text);
      else
        put(slab, slab->payload_bytes(), text);
    // Some are shared by several threads: the last one gives them back.
    if (random() % 4 == 0)
      others.release(random() % releasers::count, slab);
    others.release(random() % releasers::count, std::move(slab));
  }
  others.wait_until_held(0);
  CAF_CHECK_EQUAL(others.num_corrupt(), 0u);
  CAF_CHECK(reuses_all(*uut, created));
}

CAF_TEST(slabs that are released at the same time are all used again) {
  constexpr size_t num_threads = 3;
  auto uut = slab_pool::make();
  std::set<slab*> created;
  auto acquire = [&] {
    std::vector<slab_ptr> result(300);
    for (auto& x : result)
      x = uut->acquire(0);
    for (auto& x : result)
      created.insert(&*x);
    return result;
  };
  for (int round = 0; round < 300; ++round) {
    std::barrier start{num_threads + 1};
    std::vector<std::thread> threads;
    for (size_t i = 0; i < num_threads; ++i)
      threads.emplace_back([&, slabs = acquire()]() mutable {
        start.arrive_and_wait();
        slabs.clear();
      });
    start.arrive_and_wait();
    acquire(); // while others release
    for (auto& x : threads)
      x.join();
  }
  CAF_CHECK(reuses_all(*uut, created));
}
