// A key that a client's session remembers, until its time is over.
#pragma once

#include "models/client.hpp"
#include "models/roles.hpp"

namespace cacherace::models {

class Client::Pin final : public sim::Wakeable {
 public:
  Pin(Client& client, Key key)
      : Wakeable([](Wakeable& self) { static_cast<Pin&>(self).end(); }, sim::Part::expiry,
                 tag_of(Actor::pin, client.number_, index_of(key))),
        client_(client),
        key_(key) {}

  void begin_run() { is_on_ = false; }
  [[nodiscard]] Key key() const { return key_; }

  void begin(sim::Duration duration) {
    sim::World& world = client_.servers_.world();
    is_on_ = true;
    const bool stays = !client_.servers_.setup().expires || duration >= sim::time_never - world.now();
    until_ = stays ? sim::time_never : world.now() + duration;
    if (!world.is_chosen() || !world.holds(sim::Part::expiry)) return;
    until_ = sim::time_never;
    world.cancel(*this);
    world.schedule(duration, *this);
  }

  [[nodiscard]] bool is_on() const { return is_on_ && client_.servers_.world().now() < until_; }

 private:
  void end() {
    is_on_ = false;
    client_.tell(Fact::unpinned, key_);
  }

  Client& client_;
  Key key_;
  bool is_on_ = false;
  sim::Time until_{};
};

}  // namespace cacherace::models
