// Delete the cache first, then write the database.
//
// Who uses it: the first answer of many tutorials; the article's "delete first".
// Source: JavaGuide, "3 commonly used cache read and write strategies", which asks whether one may delete
// first and why not (github.com/Snailclimb/JavaGuide, docs/database/redis).
// Hole: a reader between the DEL and the COMMIT puts the old value back, and nothing removes it.
#include "strategies/registry.hpp"

namespace cacherace::strategies {
namespace {

class DeleteThenWrite final : public Strategy {
 public:
  explicit DeleteThenWrite(const Parameters& parameters)
      : abort_on_error_(parameters.choice("on_error") == "abort") {}

  void write(Session& session, Key key, WriteId value) const override {
    if (!session.cache().del(key) && abort_on_error_) return;
    session.database().update(key, value);
  }

 private:
  bool abort_on_error_;
};

}  // namespace

extern const StrategyInfo delete_then_write{
    .name = "delete-then-write",
    .summary = "Delete the cache entry, then write the database.",
    .writing = {"DEL key (with on_error abort: give up if it fails)", "UPDATE key; commits"},
    .reading = cache_aside_reading(),
    .users = "The first answer of many tutorials and interview notes.",
    .hole =
        "A reader that misses between the DEL and the COMMIT puts the old value back, and nothing removes "
        "it.",
    .parameters =
        {{"on_error", ParameterKind::choice, 0, "what a failed first DEL does", {"continue", "abort"}}},
    .make = [](const Parameters& p) -> std::unique_ptr<Strategy> {
      return std::make_unique<DeleteThenWrite>(p);
    },
};

}  // namespace cacherace::strategies
