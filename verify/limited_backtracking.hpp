// LBT: whether every read returned one of the two latest values, in some order of the writes. Source and
// deviations: versions_behind.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "verify/zones.hpp"

namespace cacherace::verify {

class LimitedBacktracking {
 public:
  explicit LimitedBacktracking(const Zones& zones);

  // If so, `order` holds the writes from first to last. Nothing where it would take too long. Once.
  std::optional<bool> two_atomic(std::vector<ZoneIndex>& order);

 private:
  // The zones that are left, by one of their times, the greatest first; what was taken out last can be put
  // back first (Knuth, "Dancing links", 2000).
  class Left {
   public:
    template <typename Key>
    void build(std::size_t zones, const std::vector<ZoneIndex>& entries, Key key);
    [[nodiscard]] ZoneIndex first() const { return next_.back(); }
    [[nodiscard]] ZoneIndex after(ZoneIndex zone) const { return next_[zone]; }
    void take_out(ZoneIndex zone);
    void put_back(ZoneIndex zone);

   private:
    [[nodiscard]] ZoneIndex end() const { return static_cast<ZoneIndex>(next_.size() - 1); }
    std::vector<ZoneIndex> next_, previous_;  // the last entry is both ends

    friend class LimitedBacktracking;
  };

  enum class Epoch : std::uint8_t { done, failed, too_long };

  bool lay_epoch();
  Epoch lay_from(ZoneIndex candidate, std::size_t steps_max);
  [[nodiscard]] bool can_be_last(ZoneIndex zone) const;
  [[nodiscard]] int asked_for(ZoneIndex last, ZoneIndex& asked) const;
  void take_out(ZoneIndex zone);
  void put_back_to(std::size_t laid);
  [[nodiscard]] ZoneIndex end() const { return by_return_.end(); }

  const Zones& zones_;
  Left by_invocation_, by_return_, by_last_;
  std::vector<ZoneIndex> laid_;  // from the last write
  std::size_t entries_ = 0;
  std::size_t steps_ = 0;
  std::size_t steps_max_ = 0;
};

}  // namespace cacherace::verify
