#include "exploration/schedule.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "exploration/grains.hpp"
#include "models/roles.hpp"
#include "scenarios/durations.hpp"
#include "sim/world.hpp"

namespace cacherace::exploration {
namespace {

using models::Actor;

constexpr int format_version = 1;

// Moves after which what goes on is taken for endless.
constexpr std::size_t rest_max = 100'000;

// FNV-1a (Fowler, Noll, Vo).
class Fingerprint {
 public:
  void add(std::string_view text) {
    for (const char letter : text) value_ = (value_ ^ static_cast<unsigned char>(letter)) * 0x100000001b3U;
    value_ = (value_ ^ 0xffU) * 0x100000001b3U;
  }
  [[nodiscard]] std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_ = 0xcbf29ce484222325U;
};

std::string tag_text(sim::Tag tag) {
  const models::TagParts parts = models::parts_of(tag);
  switch (parts.actor) {
    case Actor::client:
    case Actor::announcement:
      return fmt::format("c{}", parts.who);
    case Actor::background:
      return fmt::format("c{}.b{}", parts.who, parts.number);
    case Actor::late_command:
      return fmt::format("c{}.l{}", parts.who, parts.number);
    case Actor::replica:
      return fmt::format("r{}", parts.who);
    case Actor::partition:
      return fmt::format("q{}", parts.who);
    case Actor::copy:
      return fmt::format("q{}.m{}", parts.who, parts.number);
    case Actor::pin:
      return fmt::format("c{}.p{}", parts.who, parts.number);
    case Actor::store_fault:
      return parts.number == 0 ? fmt::format("f{}", parts.who)
                               : fmt::format("f{}.s{}", parts.who, parts.number);
    case Actor::redis_replica:
      return "y0";
    case Actor::patience:
      return fmt::format("c{}.w{}", parts.who, parts.number);
    case Actor::invalidation:
      return fmt::format("c{}.i{}", parts.who, parts.number);
    case Actor::entry:
      break;
  }
  return parts.number == 0 ? fmt::format("k{}", parts.who) : fmt::format("k{}.s{}", parts.who, parts.number);
}

// In the largest unit in which it is whole.
std::string exact_text(sim::Duration duration) {
  const std::int64_t ns = sim::nanos(duration);
  for (const auto& [unit, length] : {std::pair("s", 1'000'000'000), {"ms", 1'000'000}, {"us", 1'000}}) {
    if (ns % length == 0) return fmt::format("{}{}", ns / length, ns == 0 ? "ms" : unit);
  }
  return fmt::format("{}ns", ns);
}

// Reads a move from left to right.
class MoveReader {
 public:
  explicit MoveReader(std::string_view word) : rest_(word) {}

  std::optional<Move> read(bool timed) {
    Move move;
    const auto tag = read_tag();
    if (!tag) return std::nullopt;
    move.tag = *tag;
    while (take(move.picks.empty() ? ':' : '.')) {
      const auto pick = number();
      if (!pick || *pick > UINT16_MAX) return std::nullopt;
      move.picks.push_back(static_cast<std::uint16_t>(*pick));
    }
    if (timed) {
      if (!take('@')) return std::nullopt;
      const auto at = scenarios::parse_duration(rest_);
      if (!std::holds_alternative<sim::Duration>(at)) return std::nullopt;
      move.at = sim::time_zero + std::get<sim::Duration>(at);
      rest_ = {};
    }
    if (!rest_.empty()) return std::nullopt;
    return move;
  }

 private:
  std::optional<sim::Tag> read_tag() {
    static constexpr std::array<std::pair<char, Actor>, 6> owners = {{{'y', Actor::redis_replica},
                                                                      {'c', Actor::client},
                                                                      {'r', Actor::replica},
                                                                      {'q', Actor::partition},
                                                                      {'k', Actor::entry},
                                                                      {'f', Actor::store_fault}}};
    const auto owner = std::ranges::find_if(owners, [&](const auto& entry) { return take(entry.first); });
    const auto who = owner == owners.end() ? std::nullopt : number();
    if (!who) return std::nullopt;
    if (!take('.')) return models::tag_of(owner->second, *who);
    static constexpr std::array<std::pair<char, Actor>, 7> works = {{{'w', Actor::patience},
                                                                     {'i', Actor::invalidation},
                                                                     {'b', Actor::background},
                                                                     {'l', Actor::late_command},
                                                                     {'p', Actor::pin},
                                                                     {'m', Actor::copy},
                                                                     {'s', Actor::entry}}};
    const auto work = std::ranges::find_if(works, [&](const auto& entry) { return take(entry.first); });
    const auto which = work == works.end() ? std::nullopt : number();
    if (!which) return std::nullopt;
    if (owner->first == 'f') return models::tag_of(Actor::store_fault, *who, *which);
    return models::tag_of(work->second, *who, *which);
  }

  bool take(char letter) {
    if (!rest_.starts_with(letter)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  std::optional<std::uint32_t> number() {
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    if (error != std::errc() || value > 0xffffffU) return std::nullopt;
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    return value;
  }

  std::string_view rest_;
};

std::vector<std::string_view> words_of(std::string_view text) {
  constexpr std::string_view spaces = " \t\r\n";
  std::vector<std::string_view> words;
  for (;;) {
    text.remove_prefix(std::min(text.find_first_not_of(spaces), text.size()));
    if (text.empty()) return words;
    words.push_back(text.substr(0, text.find_first_of(spaces)));
    text.remove_prefix(words.back().size());
  }
}

}  // namespace

std::uint64_t fingerprint(const scenarios::Scenario& scenario, const scenarios::StrategyChoice& strategy) {
  Fingerprint print;
  print.add(scenario.text);
  for (const auto& [name, text] : scenario.files) {
    print.add(name);
    print.add(text);
  }
  for (const auto& group : scenario.setup.clients) {
    print.add(fmt::format("{} {} {}", group.name, group.count, group.repeat));
    for (const auto& operation : group.plan) {
      print.add(fmt::format("{} {}", static_cast<int>(operation.kind), operation.key.value_or(UINT32_MAX)));
    }
  }
  print.add(strategy.info->name);
  for (const auto& declared : strategy.parameters.declared()) {
    print.add(fmt::format("{}", strategy.parameters.raw(declared.name)));
  }
  return print.value();
}

std::string schedule_text(const Schedule& schedule, std::uint64_t fingerprint) {
  std::string text =
      fmt::format("{} {} {:016x}", format_version, schedule.timed ? "timed" : "untimed", fingerprint);
  for (const Move& move : schedule.moves) {
    text += " " + tag_text(move.tag);
    if (!move.picks.empty()) text += fmt::format(":{}", fmt::join(move.picks, "."));
    if (schedule.timed) text += "@" + exact_text(move.at - sim::time_zero);
  }
  return text;
}

std::variant<Schedule, std::string> read_schedule(std::string_view text, std::uint64_t fingerprint) {
  const auto words = words_of(text);
  if (words.size() < 3 || (words[1] != "timed" && words[1] != "untimed")) {
    return "this is no schedule; expected \"1 untimed FINGERPRINT c0 c1 …\" as `explore` prints it";
  }
  if (words[0] != std::to_string(format_version)) {
    return fmt::format(
        "the schedule is of version {} of the format, this cacherace knows version {}: find it again",
        words[0].substr(0, 20), format_version);
  }
  if (words[2] != fmt::format("{:016x}", fingerprint)) {
    return "the schedule belongs to another scenario, strategy or crowd of clients (its fingerprint "
           "differs): "
           "give those that it was found with, or find it again";
  }
  Schedule schedule{.timed = words[1] == "timed"};
  for (std::size_t i = 3; i < words.size(); ++i) {
    auto move = MoveReader(words[i]).read(schedule.timed);
    if (!move) {
      return fmt::format("move {} of the schedule, \"{}\", cannot be read; expected {}", i - 2,
                         words[i].substr(0, 40), schedule.timed ? "c0@3ms, say" : "c0, say");
    }
    schedule.moves.push_back(std::move(*move));
  }
  return schedule;
}

Player::Player(const Schedule& schedule, bool faults)
    : ScriptChooser({}, schedule.timed ? legs_grain(faults) : sim::command_grain), schedule_(schedule) {}

std::string Player::trouble() const {
  if (!trouble_.empty() || place_ == schedule_.moves.size()) return trouble_;
  return fmt::format("move {}, {}: nothing is left to do then", place_ + 1,
                     tag_text(schedule_.moves[place_].tag));
}

sim::Time Player::instant(const sim::Pending& chosen, sim::Time now) {
  return schedule_.timed ? next_ : ScriptChooser::instant(chosen, now);
}

bool Player::between(std::span<const sim::Pending> pending) {
  meet(pending);
  const auto is_over = [](const sim::Pending& event) { return event.who->part() == sim::Part::expiry; };
  if (place_ < schedule_.moves.size()) return take_move(pending);
  if (std::ranges::all_of(pending, is_over) || ++rest_ > rest_max) return false;
  take_earliest(pending);
  return true;
}

// What was created by the last move was born with it.
void Player::meet(std::span<const sim::Pending> pending) {
  now_ = next_;
  std::erase_if(born_, [&](const auto& entry) {
    return std::ranges::none_of(pending, [&](const auto& event) { return event.order == entry.first; });
  });
  for (const sim::Pending& event : pending) {
    const auto known = std::ranges::find(born_, event.order, &std::pair<std::uint64_t, sim::Time>::first);
    if (known == born_.end()) born_.emplace_back(event.order, now_);
  }
}

sim::Time Player::born(const sim::Pending& event) const {
  return std::ranges::find(born_, event.order, &std::pair<std::uint64_t, sim::Time>::first)->second;
}

bool Player::take_move(std::span<const sim::Pending> pending) {
  const Move& move = schedule_.moves[place_];
  std::vector<std::size_t> possible;
  sim::possible_places(pending, possible);
  const auto chosen =
      std::ranges::find(possible, move.tag, [&](std::size_t place) { return pending[place].who->tag(); });
  if (chosen == possible.end()) {
    trouble_ = fmt::format("move {}, {}: it has nothing to do then", place_ + 1, tag_text(move.tag));
    return false;
  }
  if (schedule_.timed) {
    const sim::Pending& event = pending[*chosen];
    const sim::Time from = born(event) + event.delay.least, to = born(event) + event.delay.most;
    if (move.at < std::max(from, now_) || move.at > to) {
      trouble_ =
          fmt::format("move {}, {} at {}: it can only happen from {} to {}", place_ + 1, tag_text(move.tag),
                      exact_text(move.at - sim::time_zero), exact_text(std::max(from, now_) - sim::time_zero),
                      exact_text(to - sim::time_zero));
      return false;
    }
    next_ = moved_ = move.at;
  }
  sim::Choices choices = {static_cast<std::uint16_t>(chosen - possible.begin())};
  choices.insert(choices.end(), move.picks.begin(), move.picks.end());
  go_on(choices);
  ++place_;
  return true;
}

// A violation may need that what is still on its way was later than the last move (a commit, and the return
// of a read of it): so that waits an instant if it may.
void Player::take_earliest(std::span<const sim::Pending> pending) {
  if (!schedule_.timed) return;
  std::vector<std::size_t> possible;
  sim::possible_places(pending, possible);
  const auto when = [&](std::size_t place) {
    const sim::Pending& event = pending[place];
    const sim::Time after_moves = std::min(born(event) + event.delay.most, moved_ + sim::Duration{1});
    return std::pair(std::max({born(event) + event.delay.least, after_moves, now_}),
                     rank_of(event.who->part()));
  };
  const auto first = std::ranges::min_element(possible, {}, when);
  next_ = when(*first).first;
  go_on({static_cast<std::uint16_t>(first - possible.begin())});
}

}  // namespace cacherace::exploration
