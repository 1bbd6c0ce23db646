// Write the new value into the cache, then the database.
//
// Who uses it: nobody on purpose; code that treats the cache as the first store.
// Source: "How to Keep Cache and Database Consistent: 4 Common Strategies and Their Pitfalls", the first of
// the four, which it advises against (besthub.dev, article 16f4e660f4c0).
// Hole: a database write that fails leaves a value in the cache that never existed; two writers; a fill in
// between.
#include "strategies/registry.hpp"

namespace cacherace::strategies {
namespace {

class UpdateThenWrite final : public Strategy {
 public:
  explicit UpdateThenWrite(const Parameters& parameters)
      : abort_on_error_(parameters.choice("on_error") == "abort") {}

  void write(Session& session, Key key, WriteId value) const override {
    if (!session.cache().set(key, Row{.value = value}) && abort_on_error_) return;
    session.database().update(key, value);
  }

 private:
  bool abort_on_error_;
};

}  // namespace

extern const StrategyInfo update_then_write{
    .name = "update-then-write",
    .summary = "Set the cache entry, then write the database.",
    .writing = {"SET key to the new value (with on_error abort: give up if it fails)", "UPDATE key; commits"},
    .reading = cache_aside_reading(),
    .users = "Code that treats the cache as the first store.",
    .hole = "A database write that fails leaves a value that never existed; a reader's fill between the two.",
    .parameters = {{"on_error", ParameterKind::choice, 0, "what a failed SET does", {"continue", "abort"}}},
    .make = [](const Parameters& p) -> std::unique_ptr<Strategy> {
      return std::make_unique<UpdateThenWrite>(p);
    },
};

}  // namespace cacherace::strategies
