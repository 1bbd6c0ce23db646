// Another strategy; but for a while after its own write a session reads the primary, past the cache.
//
// Who uses it: services with replicas that promise a user to see what they wrote (a cookie with the time of
// the last write).
// Source: Terry et al., "Session Guarantees for Weakly Consistent Replicated Data", PDIS 1994 (read your
// writes).
// Hole: other sessions see what they saw before; a pin that is shorter than the lag, or than the strategy's
// own window.
#include "strategies/registry.hpp"

namespace cacherace::strategies {
namespace {

class PrimaryPinned final : public Strategy {
 public:
  explicit PrimaryPinned(const Parameters& parameters)
      : pin_(parameters.duration("pin")), then_(make_strategy(parameters.choice("then"))) {}

  std::optional<Row> read(Session& session, Key key) const override {
    if (!session.is_pinned(key)) return then_->read(session, key);
    return session.database().select(key, models::RowLock::none, models::ReadsFrom::primary);
  }

  void write(Session& session, Key key, WriteId value) const override {
    then_->write(session, key, value);
    session.pin(key, pin_);
  }

  [[nodiscard]] ServiceSetup service() const override { return then_->service(); }

  void consume(Session& session, const BinlogEvent& event) const override { then_->consume(session, event); }

 private:
  sim::Duration pin_;
  std::unique_ptr<Strategy> then_;
};

}  // namespace

extern const StrategyInfo primary_pinned{
    .name = "primary-pinned",
    .summary = "After its own write a session reads the primary for a while; else as another strategy.",
    .writing = {"as the strategy `then`", "remember the key in the session for `pin`"},
    .reading = {"the session wrote the key less than `pin` ago: SELECT from the primary, and return",
                "else as the strategy `then`"},
    .users = "Services with replicas that promise read-your-writes.",
    .hole = "Other sessions; a pin shorter than the lag.",
    .parameters = {{"pin", ParameterKind::duration, 1000000000,
                    "how long a session reads the primary after its write"},
                   {"then", ParameterKind::choice, 1, "the strategy beneath, with its defaults",
                    names_of_others("primary-pinned")}},
    .make = [](const Parameters& p) -> std::unique_ptr<Strategy> {
      return std::make_unique<PrimaryPinned>(p);
    },
};

}  // namespace cacherace::strategies
