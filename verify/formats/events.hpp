// Histories as logs of events: a process invokes an operation, and later learns that it went well (ok),
// certainly did not happen (fail), or how it went is not known (info).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "verify/formats/drafts.hpp"
#include "verify/formats/edn_forms.hpp"

namespace cacherace::verify::formats {

struct LogEvent {
  Form type;     // :invoke, :ok, :fail, :info
  Form f;        // :read, :write, :cas; of text :get, :put, :append
  Form process;  // what is no number (:nemesis) is no client
  Form value;
  Form key;  // missing: the value may have it (independent [k v]), or there is but one
  Form time;
  Form index;
  std::uint64_t line = 0;
  std::uint64_t column = 0;
};

class Events {
 public:
  Events(Draft& draft, const Meaning& meaning, Faults& faults)
      : draft_(draft), meaning_(meaning), faults_(faults) {}

  // At most one fault.
  void take(const LogEvent& event);

  // Whether any event of a client was taken.
  [[nodiscard]] bool any() const { return place_ != 0; }

 private:
  static constexpr OperationIndex none = UINT32_MAX;
  enum class Type : std::uint8_t { invoke, ok, fail, info };

  bool wrong(const Form& form, std::string message);
  bool read_type(Type& type);
  bool read_kind(OperationKind& kind);
  bool read_index();
  bool read_time();
  bool invoke(OperationKind kind, ClientIndex client);
  bool complete(Type type, OperationKind kind, ClientIndex client);
  bool written(OperationKind kind, const Form& value, Operation& operation);
  bool value_of(const Form& form, Value& value);
  bool key_name(const Form& form, std::string& name);
  // The value without its key, if it has one.
  const Form& bare(OperationKind kind) const;

  Draft& draft_;
  const Meaning& meaning_;
  Faults& faults_;
  const LogEvent* event_ = nullptr;
  std::vector<OperationIndex> open_;  // by client
  std::optional<bool> timed_;         // as the first event was
  std::optional<bool> independent_;
  Nanos place_ = 0;  // of this event among those of clients, from 1
  Nanos time_ = 0;
  std::optional<std::int64_t> last_index_;
};

}  // namespace cacherace::verify::formats
