// Ports that only note what a strategy asks of them, and answer as they are told.
#pragma once

#include <string>
#include <vector>

#include "models/ports.hpp"

namespace cacherace::strategies {

class ScriptedPorts final : public models::CachePort,
                            public models::DatabasePort,
                            public models::RuntimePort {
 public:
  // Commands whose name stands in `failing` fail.
  explicit ScriptedPorts(std::vector<std::string> failing = {}, bool alive = true)
      : failing_(std::move(failing)), alive_(alive) {}

  models::Session session() { return {*this, *this, *this}; }
  [[nodiscard]] const std::string& log() const { return log_; }
  std::optional<models::Row> cached;
  models::Row row{models::WriteId{41}, 7};

  std::optional<models::Row> get(models::Key) override { return note("GET") ? cached : std::nullopt; }
  bool set(models::Key, models::Row sent, models::SetOptions) override {
    return note("SET",
                " v" + std::to_string(models::number_of(sent.value)) + "/" + std::to_string(sent.version));
  }
  bool del(models::Key) override { return note("DEL"); }
  bool eval(const models::Script& script, models::Key, models::Row) override { return note(script.name); }
  std::optional<models::Row> select(models::Key) override {
    if (!note("SELECT")) return std::nullopt;
    return row;
  }
  std::optional<models::Row> update(models::Key, models::WriteId value) override {
    if (!note("UPDATE")) return std::nullopt;
    return models::Row{value, row.version + 1};
  }
  void sleep(sim::Duration duration) override { note("sleep " + std::to_string(sim::nanos(duration))); }
  void background(models::BackgroundWork work) override {
    note("return");
    models::Session timer = session();
    work(timer);
  }
  [[nodiscard]] bool alive() const override { return alive_; }

 private:
  bool note(const std::string& what, const std::string& more = "") {
    bool fails = false;
    for (const std::string& failing : failing_) fails = fails || failing == what;
    log_ += (log_.empty() ? "" : ", ") + what + more + (fails ? " fails" : "");
    return !fails;
  }

  std::vector<std::string> failing_;
  bool alive_;
  std::string log_;
};

}  // namespace cacherace::strategies
