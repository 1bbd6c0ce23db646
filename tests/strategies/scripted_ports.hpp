// Ports that only note what a strategy asks of them, and answer as they are told.
#pragma once

#include <array>
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
  bool del(models::Key, std::optional<models::Slot> also) override {
    return note("DEL", also ? " and its " + std::string(models::slot_names[models::index_of(*also)]) : "");
  }
  models::ScriptReply answer;  // to every script that does not fail
  models::ScriptReply eval(const models::Script& script, models::Key,
                           const models::ScriptArguments&) override {
    return note(script.name) ? answer : models::ScriptReply{};
  }
  bool take(models::Key, models::Slot slot, models::Token, sim::Duration) override {
    return note("take " + std::string(models::slot_names[models::index_of(slot)]));
  }
  std::optional<models::Row> get_tracked(models::Key) override {
    return note("GET tracked") ? cached : std::nullopt;
  }
  bool wait(sim::Duration patience) override { return note("WAIT " + std::to_string(sim::nanos(patience))); }
  models::Token new_token() override { return models::Token{++tokens_}; }
  [[nodiscard]] std::optional<sim::Duration> ttl() const override { return std::nullopt; }

  std::optional<models::Row> select(models::Key, models::RowLock lock, models::ReadsFrom from) override {
    constexpr std::array<const char*, 3> locks = {"", " FOR SHARE", " FOR UPDATE"};
    const std::string primary = from == models::ReadsFrom::primary ? " at the primary" : "";
    if (!note("SELECT", locks[static_cast<std::size_t>(lock)] + primary)) return std::nullopt;
    return row;
  }
  void begin() override { note("BEGIN"); }
  bool commit() override { return note("COMMIT"); }
  void rollback() override { note("ROLLBACK"); }
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
  void start_over(sim::Duration pause, std::uint32_t) override {
    note("again after " + std::to_string(sim::nanos(pause)));
    alive_ = ++rounds_ < 3;
  }
  void acknowledge() override { note("acknowledge"); }
  void enqueue(models::Key, sim::Duration delay) override {
    note("enqueue " + std::to_string(sim::nanos(delay)));
  }
  void enter(models::Key) override { note("enter"); }
  void leave(models::Key) override { note("leave"); }
  void pin(models::Key, sim::Duration) override { note("pin"); }
  bool is_pinned(models::Key) override { return pinned; }
  std::optional<models::Row> copy(models::Key) override { return note("copy") ? copied : std::nullopt; }
  void expect_copy(models::Key) override { note("expect"); }
  void keep_copy(models::Key, models::Row kept, bool if_undisturbed) override {
    note("keep",
         " v" + std::to_string(models::number_of(kept.value)) + (if_undisturbed ? " if undisturbed" : ""));
  }
  std::optional<models::Row> copied;
  [[nodiscard]] bool alive() const override { return alive_; }
  bool pinned = false;

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
  int rounds_ = 0;
  std::uint32_t tokens_ = 0;
};

}  // namespace cacherace::strategies
