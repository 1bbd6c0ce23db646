// One virtual-time sleep, beside a heap whose front is replaced without any stack behind it.
#include <catch2/catch.hpp>
#include <vector>

#include "measure.hpp"
#include "sim/event_queue.hpp"
#include "sim/world.hpp"

namespace cacherace::bench {
namespace {

// Cheap pseudo-random sleeps (Knuth's MMIX constants), the same on both sides.
struct Sleeps {
  std::uint64_t state;
  sim::Duration next() {
    state = state * 6364136223846793005U + 1442695040888963407U;
    return sim::Duration((state >> 33U) % 1'000'000);
  }
};

void sleep_in_fibers(sim::World& world, std::uint64_t fibers, std::uint64_t sleeps) {
  for (std::uint64_t fiber = 0; fiber < fibers; ++fiber) {
    world.spawn({}, [&world, fiber, sleeps] {
      Sleeps mine{fiber};
      for (std::uint64_t i = 0; i < sleeps; ++i) world.wait(mine.next());
    });
  }
  world.run({});
}

void sleep_in_heap(std::uint64_t sleepers, std::uint64_t sleeps) {
  std::vector<Sleeps> all(sleepers);
  sim::EventQueue queue;
  std::uint64_t order = 0;
  for (std::uint64_t i = 0; i < sleepers; ++i) {
    all[i] = {i};
    queue.push({{}, order++, reinterpret_cast<sim::Wakeable*>(&all[i])});
  }
  for (std::uint64_t i = 0; i < sleepers * sleeps; ++i) {
    const sim::Event front = queue.front();
    auto* const sleeper = reinterpret_cast<Sleeps*>(front.who);
    queue.replace_front({front.at + sleeper->next(), order++, front.who});
  }
}

}  // namespace

TEST_CASE("one sleep") {
  for (const std::uint64_t fibers : {4U, 64U, 1024U}) {
    const std::uint64_t sleeps = 400'000 / fibers;
    sim::World world;
    const auto seconds =
        medians({[&] { sleep_in_fibers(world, fibers, sleeps); }, [&] { sleep_in_heap(fibers, sleeps); }});
    const double all = static_cast<double>(fibers * sleeps);
    fmt::print("one sleep, {:4} fibers: {:5.1f} ns; heap alone {:5.1f} ns; ratio {:.2f} (goal 1.5)\n", fibers,
               1e9 * seconds[0] / all, 1e9 * seconds[1] / all, seconds[0] / seconds[1]);
    CHECK(seconds[0] > 0.0);
  }
}

}  // namespace cacherace::bench
