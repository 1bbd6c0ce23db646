#include "models/scripts.hpp"

#include <array>

namespace cacherace::models {
namespace {

bool is_held_by(CacheView& key, Slot slot, Token token) {
  return key.slot(slot) == number_of(token);
}

std::optional<sim::Duration> lifetime(const ScriptArguments& sent) {
  return sent.ttl > sim::Duration{0} ? std::optional(sent.ttl) : std::nullopt;
}

void take(CacheView& key, Slot slot, const ScriptArguments& sent) {
  key.set_slot(slot, number_of(sent.token), lifetime(sent));
}

ScriptReply lease_if_free(CacheView& key, const ScriptArguments& sent) {
  if (key.slot(Slot::lease)) return {.busy = true};
  take(key, Slot::lease, sent);
  return {.done = true};
}

ScriptReply put_mark(CacheView& key, const ScriptArguments& sent, std::uint32_t count) {
  key.erase_value();
  key.erase_slot(Slot::lease);
  key.set_slot(Slot::marker, count, lifetime(sent));
  return {.done = true};
}

}  // namespace

const Script set_if_newer{
    .name = "set_if_newer",
    .number = 1,
    .lua =
        "local cached = tonumber(redis.call('HGET', KEYS[1], 'version') or -1)\n"
        "local buried = tonumber(redis.call('GET', KEYS[5]) or -1)\n"
        "local version = tonumber(ARGV[2])\n"
        "if cached >= version or buried > version then return 0 end\n"
        "redis.call('HSET', KEYS[1], 'value', ARGV[1], 'version', ARGV[2])\n"
        "return 1\n",
    .model = [](CacheView& key, const ScriptArguments& sent) -> ScriptReply {
      if (key.value() && key.value()->version >= sent.row.version) return {};
      if (key.slot(Slot::tombstone).value_or(0) > sent.row.version) return {};
      key.set_value(sent.row);
      return {.done = true};
    },
    .fills = true,
};

const Script bury{
    .name = "bury",
    .number = 2,
    .lua =
        "local cached = tonumber(redis.call('HGET', KEYS[1], 'version') or -1)\n"
        "local buried = tonumber(redis.call('GET', KEYS[5]) or -1)\n"
        "local version = tonumber(ARGV[2])\n"
        "if cached < version then redis.call('DEL', KEYS[1]) end\n"
        "if buried < version then redis.call('SET', KEYS[5], ARGV[2], 'PX', ARGV[4]) end\n"
        "return 1\n",
    .model = [](CacheView& key, const ScriptArguments& sent) -> ScriptReply {
      if (!key.value() || key.value()->version < sent.row.version) key.erase_value();
      if (key.slot(Slot::tombstone).value_or(0) < sent.row.version) {
        key.set_slot(Slot::tombstone, sent.row.version, lifetime(sent));
      }
      return {.done = true};
    },
};

const Script get_or_lease{
    .name = "get_or_lease",
    .number = 3,
    .lua =
        "local value = redis.call('HMGET', KEYS[1], 'value', 'version')\n"
        "if value[1] then return {value[1], value[2], 'hit'} end\n"
        "if redis.call('SET', KEYS[3], ARGV[3], 'PX', ARGV[4], 'NX') then return {false, false, 'lease'} "
        "end\n"
        "return {false, false, 'busy'}\n",
    .model = [](CacheView& key, const ScriptArguments& sent) -> ScriptReply {
      if (key.value()) return {.row = key.value()};
      return lease_if_free(key, sent);
    },
    .reads = true,
};

const Script set_with_lease{
    .name = "set_with_lease",
    .number = 4,
    .lua =
        "if redis.call('GET', KEYS[3]) ~= ARGV[3] then return 0 end\n"
        "redis.call('HSET', KEYS[1], 'value', ARGV[1], 'version', ARGV[2])\n"
        "redis.call('DEL', KEYS[3])\n"
        "return 1\n",
    .model = [](CacheView& key, const ScriptArguments& sent) -> ScriptReply {
      if (!is_held_by(key, Slot::lease, sent.token)) return {};
      key.set_value(sent.row);
      key.erase_slot(Slot::lease);
      return {.done = true};
    },
    .fills = true,
};

const Script unlock{
    .name = "unlock",
    .number = 5,
    .lua =
        "if redis.call('GET', KEYS[2]) ~= ARGV[3] then return 0 end\n"
        "return redis.call('DEL', KEYS[2])\n",
    .model = [](CacheView& key, const ScriptArguments& sent) -> ScriptReply {
      if (!is_held_by(key, Slot::lock, sent.token)) return {};
      key.erase_slot(Slot::lock);
      return {.done = true};
    },
    .touches_value = false,
};

const Script set_if_locked{
    .name = "set_if_locked",
    .number = 6,
    .lua =
        "if redis.call('GET', KEYS[2]) ~= ARGV[3] then return 0 end\n"
        "redis.call('HSET', KEYS[1], 'value', ARGV[1], 'version', ARGV[2])\n"
        "return 1\n",
    .model = [](CacheView& key, const ScriptArguments& sent) -> ScriptReply {
      if (!is_held_by(key, Slot::lock, sent.token)) return {};
      key.set_value(sent.row);
      return {.done = true};
    },
    .fills = true,
};

const Script mark{
    .name = "mark",
    .number = 7,
    .lua =
        "redis.call('DEL', KEYS[1], KEYS[3])\n"
        "redis.call('SET', KEYS[4], 1, 'PX', ARGV[4])\n"
        "return 1\n",
    .model = [](CacheView& key, const ScriptArguments& sent) { return put_mark(key, sent, 1); },
};

const Script mark_counted{
    .name = "mark_counted",
    .number = 8,
    .lua =
        "redis.call('DEL', KEYS[1], KEYS[3])\n"
        "redis.call('INCR', KEYS[4])\n"
        "redis.call('PEXPIRE', KEYS[4], ARGV[4])\n"
        "return 1\n",
    .model =
        [](CacheView& key, const ScriptArguments& sent) {
          return put_mark(key, sent, key.slot(Slot::marker).value_or(0) + 1);
        },
};

const Script clear_mark{
    .name = "clear_mark",
    .number = 9,
    .lua = "return redis.call('DEL', KEYS[4])\n",
    .model = [](CacheView& key, const ScriptArguments&) -> ScriptReply {
      key.erase_slot(Slot::marker);
      return {.done = true};
    },
    .touches_value = false,
};

const Script clear_mark_counted{
    .name = "clear_mark_counted",
    .number = 10,
    .lua =
        "local count = tonumber(redis.call('GET', KEYS[4]) or 0)\n"
        "if count <= 1 then return redis.call('DEL', KEYS[4]) end\n"
        "redis.call('DECR', KEYS[4])\n"
        "return 1\n",
    .model = [](CacheView& key, const ScriptArguments& sent) -> ScriptReply {
      const std::uint32_t count = key.slot(Slot::marker).value_or(0);
      if (count <= 1) {
        key.erase_slot(Slot::marker);
      } else {
        key.set_slot(Slot::marker, count - 1, lifetime(sent));
      }
      return {.done = true};
    },
    .touches_value = false,
};

const Script get_unless_marked{
    .name = "get_unless_marked",
    .number = 11,
    .lua =
        "if redis.call('EXISTS', KEYS[4]) == 1 then return {false, false, 'busy'} end\n"
        "local value = redis.call('HMGET', KEYS[1], 'value', 'version')\n"
        "return {value[1], value[2], 'read'}\n",
    .model = [](CacheView& key, const ScriptArguments&) -> ScriptReply {
      if (key.slot(Slot::marker)) return {.busy = true};
      return {.row = key.value()};
    },
    .reads = true,
};

const Script get_unless_marked_or_lease{
    .name = "get_unless_marked_or_lease",
    .number = 12,
    .lua =
        "if redis.call('EXISTS', KEYS[4]) == 1 then return {false, false, 'busy'} end\n"
        "local value = redis.call('HMGET', KEYS[1], 'value', 'version')\n"
        "if value[1] then return {value[1], value[2], 'hit'} end\n"
        "if redis.call('SET', KEYS[3], ARGV[3], 'PX', ARGV[4], 'NX') then return {false, false, 'lease'} "
        "end\n"
        "return {false, false, 'busy'}\n",
    .model = [](CacheView& key, const ScriptArguments& sent) -> ScriptReply {
      if (key.slot(Slot::marker)) return {.busy = true};
      if (key.value()) return {.row = key.value()};
      return lease_if_free(key, sent);
    },
    .reads = true,
};

const Script get_tagged{
    .name = "get_tagged",
    .number = 13,
    .lua =
        "local value = redis.call('HMGET', KEYS[1], 'value', 'version')\n"
        "if redis.call('EXISTS', KEYS[2]) == 1 then return {value[1], value[2], 'busy'} end\n"
        "if value[1] and redis.call('EXISTS', KEYS[4]) == 0 then return {value[1], value[2], 'hit'} end\n"
        "redis.call('SET', KEYS[2], ARGV[3], 'PX', ARGV[4])\n"
        "return {value[1], value[2], 'load'}\n",
    .model = [](CacheView& key, const ScriptArguments& sent) -> ScriptReply {
      if (key.slot(Slot::lock)) return {.busy = true, .row = key.value()};
      if (key.value() && !key.slot(Slot::marker)) return {.row = key.value()};
      take(key, Slot::lock, sent);
      return {.done = true, .row = key.value()};
    },
    .reads = true,
};

const Script set_tagged{
    .name = "set_tagged",
    .number = 14,
    .lua =
        "if redis.call('GET', KEYS[2]) ~= ARGV[3] then return 0 end\n"
        "redis.call('HSET', KEYS[1], 'value', ARGV[1], 'version', ARGV[2])\n"
        "redis.call('DEL', KEYS[2], KEYS[4])\n"
        "return 1\n",
    .model = [](CacheView& key, const ScriptArguments& sent) -> ScriptReply {
      if (!is_held_by(key, Slot::lock, sent.token)) return {};
      key.set_value(sent.row);
      key.erase_slot(Slot::lock);
      key.erase_slot(Slot::marker);
      return {.done = true};
    },
    .fills = true,
};

const Script tag_deleted{
    .name = "tag_deleted",
    .number = 15,
    .lua =
        "redis.call('SET', KEYS[4], 1)\n"
        "return redis.call('DEL', KEYS[2])\n",
    .model = [](CacheView& key, const ScriptArguments&) -> ScriptReply {
      key.retire_value();
      key.set_slot(Slot::marker, 1, std::nullopt);
      key.erase_slot(Slot::lock);
      return {.done = true};
    },
};

const Script get_or_rebuild{
    .name = "get_or_rebuild",
    .number = 16,
    .lua =
        "local value = redis.call('HMGET', KEYS[1], 'value', 'version')\n"
        "if not value[1] then return {false, false, 'miss'} end\n"
        "if redis.call('EXISTS', KEYS[6]) == 1 then return {value[1], value[2], 'hit'} end\n"
        "if redis.call('SET', KEYS[2], ARGV[3], 'PX', ARGV[4], 'NX') then\n"
        "  return {value[1], value[2], 'rebuild'}\n"
        "end\n"
        "return {value[1], value[2], 'busy'}\n",
    .model = [](CacheView& key, const ScriptArguments& sent) -> ScriptReply {
      if (!key.value() || key.slot(Slot::fresh)) return {.row = key.value()};
      if (key.slot(Slot::lock)) return {.busy = true, .row = key.value()};
      take(key, Slot::lock, sent);
      return {.done = true, .row = key.value()};
    },
    .reads = true,
};

const Script set_rebuilt{
    .name = "set_rebuilt",
    .number = 17,
    .lua =
        "redis.call('HSET', KEYS[1], 'value', ARGV[1], 'version', ARGV[2])\n"
        "if ARGV[4] == '0' then redis.call('SET', KEYS[6], 1)\n"
        "else redis.call('SET', KEYS[6], 1, 'PX', ARGV[4]) end\n"
        "if redis.call('GET', KEYS[2]) == ARGV[3] then redis.call('DEL', KEYS[2]) end\n"
        "return 1\n",
    .model = [](CacheView& key, const ScriptArguments& sent) -> ScriptReply {
      key.set_value(sent.row);
      key.set_slot(Slot::fresh, 1, lifetime(sent));
      if (is_held_by(key, Slot::lock, sent.token)) key.erase_slot(Slot::lock);
      return {.done = true};
    },
    .fills = true,
};

std::span<const Script* const> all_scripts() {
  static constexpr std::array all = {
      &set_if_newer,
      &bury,
      &get_or_lease,
      &set_with_lease,
      &unlock,
      &set_if_locked,
      &mark,
      &mark_counted,
      &clear_mark,
      &clear_mark_counted,
      &get_unless_marked,
      &get_unless_marked_or_lease,
      &get_tagged,
      &set_tagged,
      &tag_deleted,
      &get_or_rebuild,
      &set_rebuilt,
  };
  return all;
}

}  // namespace cacherace::models
